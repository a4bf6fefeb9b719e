import type { RunSummary } from "@tracer-sdk/core"
import { type RunFile, renderFiles } from "./files.ts"
import { renderLearned } from "./learned.ts"
import { type RunPlace, renderNextSteps } from "./next-steps.ts"
import { counted } from "./number.ts"
import { plainStyle, type Style } from "./style.ts"
import { renderGains, renderSystems } from "./systems.ts"
import { printable } from "./text.ts"

/** What a summary is rendered with. */
export interface SummaryOptions {
  /** Without colours by default. */
  readonly style?: Style
  /** Adds where the files are and what to try next. */
  readonly place?: RunPlace & { readonly files: ReadonlyArray<RunFile> }
}

/** Joins blocks of lines with an empty line between them; empty blocks vanish. */
export const page = (blocks: ReadonlyArray<ReadonlyArray<string>>): string =>
  blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")

/** A training run's outcome for a person: systems, gains, what the controllers learned, and what to do next. */
export const renderSummary = (
  summary: RunSummary,
  { style = plainStyle, place }: SummaryOptions = {}
): string => {
  const { name, seed, systems, trainingTasks, learned } = summary
  const tested = systems[0]?.report.tasks
  return page([
    [
      style.strong(`${printable(name)}, seed ${seed}`),
      `Learned on ${counted(trainingTasks, "task")}${
        tested === undefined
          ? "; not measured, since the configuration names no test tasks"
          : `, measured on ${counted(tested, "other task")}`
      }.`
    ],
    systems.length === 0 ? [] : renderSystems(systems, style),
    renderGains(summary, style),
    learned.length === 0
      ? []
      : [style.strong("What the controllers learned"), ...renderLearned(learned, style)],
    place === undefined ? [] : renderFiles(place.directory, place.files, style),
    place === undefined ? [] : renderNextSteps(place, style)
  ])
}
