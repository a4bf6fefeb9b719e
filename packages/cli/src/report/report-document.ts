import type { BenchmarkSummary } from "@tracer-sdk/core"
import { counted } from "../render/number.ts"
import { indexBenchmark } from "./benchmark-index.ts"
import type { ReportDocument } from "./document.ts"
import { counterparts } from "./sections/counterparts.ts"
import { dialogues } from "./sections/dialogues.ts"
import { efficiency } from "./sections/efficiency.ts"
import { equilibria } from "./sections/equilibria.ts"
import { howItWasMade } from "./sections/how-it-was-made.ts"
import { inShort } from "./sections/in-short.ts"
import { learningCurves } from "./sections/learning-curves.ts"
import { missing } from "./sections/missing.ts"
import { regret } from "./sections/regret.ts"
import { results } from "./sections/results.ts"
import { reviewers } from "./sections/reviewers.ts"
import { speakers } from "./sections/speakers.ts"
import { strategies } from "./sections/strategies.ts"
import { turnedAnswers } from "./sections/turned-answers.ts"

const order = [
  inShort,
  results,
  counterparts,
  efficiency,
  learningCurves,
  regret,
  strategies,
  equilibria,
  turnedAnswers,
  reviewers,
  speakers,
  dialogues,
  missing,
  howItWasMade
]

/** A benchmark's report, whatever it is rendered to; a section that there is nothing for is left out. */
export const reportDocument = (summary: BenchmarkSummary): ReportDocument => {
  const benchmark = indexBenchmark(summary)
  const { systems, datasets, seeds } = summary
  return {
    title: summary.name,
    subtitle: `${counted(systems.length, "system")} on ${counted(datasets.length, "dataset")} (${datasets.map(({ name }) => name).join(", ")}) under ${counted(seeds.length, "seed")}`,
    sections: order.flatMap((section) => section(benchmark) ?? [])
  }
}
