import { existsSync } from "node:fs"
import {
  type AnyPlugin,
  type Controller,
  controllerUse,
  createRegistry,
  learnedStates,
  type Registry,
  readTeamFile,
  runFiles,
  sqliteEventLog,
  type TeamFile
} from "@tracer-sdk/core"
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { type Inspection, renderInspection } from "../render/inspection.ts"
import { listRun, requireTeam } from "../run-folder.ts"
import { terminalLook } from "../terminal/terminal.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

/** Brings back the controllers alone: a look at what they learned needs no model. */
const restoreControllers = Effect.fnUntraced(function* (
  { config, controllers }: TeamFile,
  registry: Registry
) {
  const agents = config.agents.map(({ name }) => name)
  const protocol = yield* registry.make("protocol", config.protocol, { agents }, "protocol")
  const restored = new Map<string, Controller>()
  for (const seat of protocol.seats) {
    const snapshot = controllers[seat.controller]
    if (snapshot === undefined) continue
    const { use, path } = controllerUse(config, seat)
    const context = { seat, snapshot, policies: new Map() }
    restored.set(seat.controller, yield* registry.make("controller", use, context, path))
  }
  return learnedStates({ controllers: restored })
})

const readLog = Effect.fnUntraced(function* (file: string) {
  if (!existsSync(file)) return { curve: [], regret: [], equilibrium: undefined }
  const log = yield* sqliteEventLog(file)
  const batches = yield* log.read("batch-end")
  const measured = yield* log.read("regret-measured")
  const equilibrium = (yield* log.read("equilibrium-measured")).at(-1)
  return {
    curve: batches.flatMap((event) =>
      event.type === "batch-end"
        ? [
            {
              batch: event.batch,
              accuracy: event.correct / event.episodes,
              tokensPerTask: event.tokens / event.episodes
            }
          ]
        : []
    ),
    regret: measured.flatMap((event) => (event.type === "regret-measured" ? [event] : [])),
    equilibrium: equilibrium?.type === "equilibrium-measured" ? equilibrium : undefined
  }
})

const inspect = Effect.fnUntraced(function* (directory: string, plugins: ReadonlyArray<AnyPlugin>) {
  yield* requireTeam(directory)
  const files = runFiles(directory)
  const team = yield* readTeamFile(directory)
  const inspection: Inspection = {
    directory,
    team,
    learned: yield* restoreControllers(team, createRegistry(plugins)),
    ...(yield* readLog(files.events)),
    finished: existsSync(files.summary),
    files: yield* listRun(directory)
  }
  return inspection
}, Effect.scoped)

/** `tracer inspect`: what a run's folder holds, from the files alone. */
export const inspectCommand = (plugins: ReadonlyArray<AnyPlugin>) =>
  Command.make(
    "inspect",
    { run: flags.run, json: flags.json },
    handler(
      Effect.fnUntraced(function* (given: { readonly run: string; readonly json: boolean }) {
        const { style } = yield* terminalLook
        const inspection = yield* inspect(given.run, plugins)
        if (!given.json) return yield* Console.log(renderInspection(inspection, style))
        const { team, ...rest } = inspection
        yield* Console.log(JSON.stringify({ config: team.config, progress: team.progress, ...rest }, null, 2))
      })
    )
  ).pipe(
    Command.withShortDescription("See how a run went and what its controllers learned"),
    Command.withDescription(
      paragraph(
        "Shows a run's folder without starting a model: the configuration in brief, how far training is, the learned strategy of every information state, regret against its bound, the learning curve, and the files. Works while the run is still going."
      )
    ),
    Command.withExamples([{ command: "tracer inspect --run runs/first", description: "Look at a run" }])
  )
