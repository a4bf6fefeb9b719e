import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { readTeamFile, runFiles, StoreError, type TeamFile } from "@tracer-sdk/core"
import { Effect } from "effect"
import { UsageError } from "./usage-error.ts"

/** What a run trained for one (agent, role): the base model as the configuration names it, and the folder of the adapter. */
export interface RunAdapter {
  readonly name: string
  readonly model: string
  readonly directory: string
}

/** The model of the agent that an adapter's folder is named for before its dot, as in `ada.proposer`. */
const modelOf = ({ config }: TeamFile, folder: string): string => {
  const speaker = decodeURIComponent(folder.split(".")[0] ?? "")
  const agent = config.agents.find(({ name }) => name === speaker)
  const model = config.policies[agent?.policy ?? ""]?.model
  return typeof model === "string" ? model : "nano"
}

/** The adapters of a run, by name as in `ada.proposer`. */
export const runAdapters = Effect.fnUntraced(function* (run: string) {
  const team = yield* readTeamFile(run)
  const { weights } = team
  if (weights === undefined) {
    return yield* new UsageError({
      message: `--run: nothing that ${run} has learned is in a model's weights.`,
      hint: "Give the folder of a run whose configuration has a learner and that has finished a batch."
    })
  }
  const directory = runFiles(run).weights(weights)
  const entries = yield* Effect.tryPromise({
    try: () => readdir(directory, { withFileTypes: true }),
    catch: (cause) =>
      new StoreError({
        path: directory,
        message: `The learned weights in ${directory} cannot be read.`,
        hint: "The folder belongs to the run: bring it back, or train again.",
        cause
      })
  })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return folders.toSorted().map(
    (folder): RunAdapter => ({
      name: decodeURIComponent(folder),
      model: modelOf(team, folder),
      directory: join(directory, folder)
    })
  )
})
