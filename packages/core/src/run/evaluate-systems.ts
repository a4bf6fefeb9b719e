import { existsSync } from "node:fs"
import { Effect } from "effect"
import type { Episode } from "../engine/play-episode.ts"
import { evaluate } from "../evaluation/evaluate.ts"
import { EvaluationReport } from "../evaluation/report.ts"
import { readJsonFile, writeJsonFile } from "../store/json-file.ts"
import type { Task } from "../task.ts"
import type { Assembly } from "../team/assemble.ts"
import { runFiles } from "./run-directory.ts"
import type { EvaluatedSystem } from "./summary.ts"

/** One side of learning, to be evaluated. */
export interface SystemsEvaluation {
  readonly assembly: Assembly
  readonly directory: string
  readonly when: "before" | "after"
  readonly test: ReadonlyArray<Task>
  readonly onSystem?: (name: string) => void
  readonly onEpisode?: (episode: Episode) => void
}

/** Evaluates the configured systems; a report that an earlier start of the run has left is read, not made again. */
export const evaluateSystems = Effect.fnUntraced(function* (evaluation: SystemsEvaluation) {
  const { assembly, directory, when, test, onSystem, onEpisode } = evaluation
  const { config } = assembly
  const files = runFiles(directory)
  const systems: Array<EvaluatedSystem> = []
  if (test.length === 0) return systems
  for (const [index, system] of config.systems.entries()) {
    if (system.when !== when && system.when !== "both") continue
    const file = files.evaluation(when, index)
    if (existsSync(file)) {
      systems.push({ when, report: yield* readJsonFile(file, EvaluationReport, "an evaluation") })
      continue
    }
    onSystem?.(system.name)
    const game =
      system.protocol === undefined
        ? assembly.game
        : yield* assembly.under(system.protocol, `systems[${index}].protocol`)
    const report = yield* evaluate(game, test, {
      system: system.name,
      seed: config.seed,
      strategy: "average",
      selection: system.selection,
      concurrency: config.training.concurrency,
      prices: assembly.prices,
      ...(onEpisode === undefined ? {} : { onEpisode })
    })
    yield* writeJsonFile(file, EvaluationReport, report)
    systems.push({ when, report })
  }
  return systems
})
