import type { BenchmarkResult, BenchmarkSummary, BenchmarkSystem, Interval } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { indexBenchmark } from "../benchmark-index.ts"
import { findingsOf } from "../findings.ts"
import { wordsToMarkdown } from "../markdown/words-to-markdown.ts"
import { sayFindings } from "./say-findings.ts"

const system = (name: string, learns: BenchmarkSystem["learns"] = "nothing"): BenchmarkSystem => ({
  name,
  group: "systems",
  learns,
  differs: []
})

const result = (
  name: string,
  accuracy: number,
  half: number,
  tokens: number,
  [wrongToRight, rightToWrong]: readonly [number, number] = [0, 0]
): BenchmarkResult => ({
  system: name,
  dataset: "d",
  seeds: [1, 2, 3],
  accuracy: { mean: accuracy, low: accuracy - half, high: accuracy + half },
  promptTokens: tokens - 10,
  completionTokens: 10,
  calls: 1,
  unparsed: 0,
  wrongToRight,
  rightToWrong,
  correction: { count: wrongToRight, of: 100 },
  preservation: { count: 200 - rightToWrong, of: 200 },
  belowChance: false,
  bySeed: [],
  trainingTokens: 0
})

const pair = (name: string, baseline: string, mean: number, half: number) => {
  const accuracy: Interval = { mean, low: mean - half, high: mean + half }
  return { system: name, baseline, dataset: "d", accuracy, tokens: { mean: 0, low: -1, high: 1 } }
}

const say = (changed: Partial<BenchmarkSummary>): ReadonlyArray<string> => {
  const summary: BenchmarkSummary = {
    version: 1,
    name: "bench",
    seeds: [1, 2, 3],
    datasets: [{ name: "d", tasks: 100 }],
    systems: [system("single"), system("debate"), system("RM", "controllers"), system("TRACER", "weights")],
    baseline: "single",
    results: [],
    comparisons: [],
    curves: [],
    regret: [],
    strategies: [],
    equilibria: [],
    audits: [],
    dialogues: [],
    missing: [],
    ...changed
  }
  return sayFindings(findingsOf(indexBenchmark(summary), "d"), summary.baseline).map(wordsToMarkdown)
}

const single = result("single", 0.6, 0.05, 50)
const debate = result("debate", 0.62, 0.05, 400, [10, 6])
const rm = result("RM", 0.7, 0.05, 150, [40, 10])
const tracer = result("TRACER", 0.9, 0.03, 100, [8, 20])

describe("sayFindings", () => {
  it("says who is best, by how much, and what learning gave", () => {
    expect(
      say({
        results: [single, debate, rm, tracer],
        comparisons: [
          pair("debate", "single", 0.02, 0.04),
          pair("RM", "single", 0.1, 0.04),
          pair("TRACER", "single", 0.3, 0.05),
          pair("RM", "debate", 0.08, 0.1),
          pair("TRACER", "debate", 0.28, 0.06)
        ]
      })
    ).toEqual([
      "**Best:** **TRACER** has the highest accuracy, 90.0% (95% interval 87.0 to 93.0), at 100.0 tokens per task. That is +30.0 points (+25.0 to +35.0) against the baseline **single**, which has 60.0% at 50.0 tokens per task.",
      "**Against the baseline:** Of 3 systems compared with **single**, 2 did better (**TRACER** +30.0 and **RM** +10.0) and for 1 no difference could be shown, since the interval holds zero.",
      "**Learning helped:** **TRACER** against **debate** +28.0 points (+22.0 to +34.0).",
      "**No difference by learning could be shown:** **RM** against **debate** +8.0 points (-2.0 to +18.0).",
      "**Tokens:** On the efficient frontier, where no other system is both cheaper and at least as accurate: **single** (50.0 tokens, 60.0%) and **TRACER** (100.0 tokens, 90.0%).",
      "**What talking did:** Most was mended on balance in **RM** (40 answers from wrong to right, 10 from right to wrong). More was broken than mended in **TRACER** (8 mended, 20 broken)."
    ])
  })

  it("shows no difference where the interval holds zero, and no order where intervals overlap", () => {
    expect(say({ results: [single, debate], comparisons: [pair("debate", "single", 0.02, 0.04)] })).toEqual([
      "**Best:** **debate** has the highest accuracy, 62.0% (95% interval 57.0 to 67.0), at 400.0 tokens per task. No difference from the baseline **single** could be shown: +2.0 points (-2.0 to +6.0). The interval of **single** overlaps with its own, so that the order among them is not settled.",
      "**Against the baseline:** Of 1 system compared with **single**, for 1 no difference could be shown, since the interval holds zero.",
      "**Learning:** None of these systems learns.",
      "**Tokens:** On the efficient frontier, where no other system is both cheaper and at least as accurate: **single** (50.0 tokens, 60.0%) and **debate** (400.0 tokens, 62.0%).",
      "**What talking did:** Most was mended on balance in **debate** (10 answers from wrong to right, 6 from right to wrong)."
    ])
  })

  it("says where nothing beats the baseline, and what did harm", () => {
    const [best, against, learning] = say({
      results: [result("single", 0.9, 0.02, 50), rm],
      comparisons: [pair("RM", "single", -0.2, 0.05)]
    })
    expect(best).toBe(
      "**Best:** **single** has the highest accuracy, 90.0% (95% interval 88.0 to 92.0), at 50.0 tokens per task. No system is more accurate than the baseline."
    )
    expect(against).toBe(
      "**Against the baseline:** Of 1 system compared with **single**, 1 did worse (**RM** -20.0)."
    )
    expect(learning).toBe(
      "**Learning and more:** 1 system that learns was compared only with **single**, which differs in more than learning. Worse: **RM** -20.0."
    )
  })

  it("names all that share the highest accuracy", () => {
    const [best] = say({ results: [single, result("debate", 0.6, 0.05, 400)] })
    expect(best).toBe(
      "**Best:** **single** and **debate** share the highest accuracy, 60.0% (95% interval 55.0 to 65.0). No system is more accurate than the baseline, which is among them."
    )
  })

  it("turns comparisons round whose baseline learned more, as that of an ablation", () => {
    const sentences = say({
      results: [rm, tracer, single],
      comparisons: [pair("RM", "TRACER", -0.2, 0.05)]
    })
    expect(sentences).toContain(
      "**Learning helped:** **TRACER** against **RM** +20.0 points (+15.0 to +25.0)."
    )
  })

  it("takes the baseline for a counterpart where the configuration names it as one", () => {
    const sentences = say({
      systems: [system("single"), { ...system("RM", "controllers"), against: ["single"] }],
      results: [single, rm],
      comparisons: [pair("RM", "single", 0.1, 0.04)]
    })
    expect(sentences).toContain(
      "**Learning helped:** **RM** against **single** +10.0 points (+6.0 to +14.0)."
    )
  })

  it("says what an ablation lost, and not that it was compared with the baseline alone", () => {
    const ablation = (name: string) => ({ ...system(name, "weights"), against: ["TRACER"] })
    const sentences = say({
      systems: [system("single"), system("TRACER", "weights"), ablation("mute"), ablation("blind")],
      results: [single, tracer, result("mute", 0.7, 0.05, 80), result("blind", 0.88, 0.05, 80)],
      comparisons: [
        pair("TRACER", "single", 0.3, 0.05),
        pair("mute", "single", 0.1, 0.05),
        pair("blind", "single", 0.28, 0.05),
        pair("mute", "TRACER", -0.2, 0.05),
        pair("blind", "TRACER", -0.02, 0.05)
      ]
    })
    expect(sentences.slice(2, -2)).toEqual([
      "**Learning and more:** 1 system that learns was compared only with **single**, which differs in more than learning. Better: **TRACER** +30.0.",
      "**Worse than a counterpart that learns as much:** **mute** against **TRACER** -20.0 points (-25.0 to -15.0).",
      "**No difference from a counterpart that learns as much could be shown:** **blind** against **TRACER** -2.0 points (-7.0 to +3.0)."
    ])
  })

  it("does not credit learning with what the baseline learned", () => {
    const sentences = say({
      baseline: "TRACER",
      results: [debate, tracer],
      comparisons: [pair("debate", "TRACER", -0.28, 0.05)]
    })
    expect(sentences).toContain(
      "**Learning:** One system learns, but none was compared with one that learns less, so that what learning gave cannot be told."
    )
  })

  it("says how many of many intervals leave zero out by chance", () => {
    const many = Array.from({ length: 24 }, (_, i) => `s${i}`)
    const [, against] = say({
      systems: [system("single"), ...many.map((name) => system(name))],
      results: [single, ...many.map((name) => result(name, 0.5, 0.05, 60))],
      comparisons: many.map((name) => pair(name, "single", -0.1, 0.2))
    })
    expect(against).toBe(
      "**Against the baseline:** Of 24 systems compared with **single**, for 24 no difference could be shown, since their intervals hold zero. Were all of them its equals, about 1 of so many intervals would still leave zero out, by chance."
    )
  })

  it("tells of one system alone, of none, and of a baseline that is missing", () => {
    expect(say({ results: [rm] })).toEqual([
      "**Best:** Only **RM** was measured: 70.0% (95% interval 65.0 to 75.0), at 150.0 tokens per task.",
      "**Against the baseline:** The baseline **single** was not measured, so that nothing is compared with it.",
      "**Learning:** One system learns, but none was compared with one that learns less, so that what learning gave cannot be told.",
      "**What talking did:** Most was mended on balance in **RM** (40 answers from wrong to right, 10 from right to wrong)."
    ])
    expect(say({ results: [] })).toEqual(["**Best:** Nothing was measured."])
  })

  it("warns of what is worse than guessing", () => {
    const sentences = say({ results: [single, { ...debate, belowChance: true }] })
    expect(sentences.at(-1)).toBe(
      "**Take care:** **debate** did worse than guessing would: read dialogues before scores."
    )
  })
})
