import type { EvaluationReport, RunSummary } from "@tracer-sdk/core"

const report = (
  system: string,
  accuracy: EvaluationReport["accuracy"],
  rest: Pick<
    EvaluationReport,
    "promptTokens" | "completionTokens" | "calls" | "correction" | "preservation" | "unparsed"
  > &
    Partial<EvaluationReport>
): EvaluationReport => ({
  system,
  tasks: 40,
  accuracy,
  wrongToRight: rest.correction.count,
  rightToWrong: rest.preservation.of - rest.preservation.count,
  speakRates: [],
  belowChance: false,
  perTask: [],
  ...rest
})

const single = report(
  "single proposer",
  { mean: 0.6, low: 0.446, high: 0.737 },
  {
    promptTokens: 200,
    completionTokens: 60,
    calls: 1,
    correction: { count: 0, of: 16 },
    preservation: { count: 24, of: 24 },
    unparsed: 2
  }
)

const always = report(
  "always speaks",
  { mean: 0.675, low: 0.52, high: 0.799 },
  {
    promptTokens: 1000,
    completionTokens: 300,
    calls: 5,
    correction: { count: 9, of: 16 },
    preservation: { count: 18, of: 24 },
    unparsed: 0
  }
)

/** A trained team's evaluation, with reviews and speak rates. */
export const teamReport: EvaluationReport = report(
  "team",
  { mean: 0.85, low: 0.709, high: 0.929 },
  {
    promptTokens: 610.5,
    completionTokens: 183.15,
    calls: 3.0525,
    correction: { count: 11, of: 16 },
    preservation: { count: 23, of: 24 },
    unparsed: 0,
    reviews: {
      wrongGivenWrong: { count: 15, of: 18 },
      wrongGivenRight: { count: 3, of: 30 },
      unreadable: 1,
      precision: 15 / 18,
      recall: 15 / 18,
      balancedAccuracy: (15 / 18 + 27 / 30) / 2
    },
    speakRates: [
      { controller: "alice.proposer", info: "vote=-1 round=open", spoke: 12, of: 13 },
      { controller: "bob.reviewer", info: "vote=0 round=open", spoke: 40, of: 40 }
    ]
  }
)

const systems: RunSummary["systems"] = [
  { when: "before", report: single },
  { when: "before", report: always },
  { when: "after", report: teamReport }
]

const learned = (
  controller: string,
  info: string,
  [silent, spoken]: readonly [string, string],
  speak: number,
  visits: number
): RunSummary["learned"][number] => ({
  controller,
  info,
  visits,
  actions: [silent, spoken],
  average: [1 - speak, speak],
  averageRegret: 0.0125,
  bound: 0.125,
  invariantHolds: true
})

const keepOrPropose = ["keep", "propose"] as const
const skipOrReview = ["skip", "review"] as const

/** A run's outcome that was made by hand: small, with every kind of line in it. */
export const summaryExample: RunSummary = {
  version: 1,
  name: "word problems",
  seed: 7,
  trainingTasks: 1200,
  systems,
  gains: [
    { system: "team", baseline: "single proposer", difference: { mean: 0.25, low: 0.114, high: 0.386 } },
    { system: "team", baseline: "always speaks", difference: { mean: 0.175, low: -0.021, high: 0.371 } }
  ],
  learned: [
    learned("alice.proposer", "vote=+1 round=open", keepOrPropose, 0.0041, 812),
    learned("alice.proposer", "vote=-1 round=open", keepOrPropose, 0.97, 388),
    learned("alice.proposer", "vote=unparsed round=last", keepOrPropose, 1, 3),
    learned("bob.reviewer", "vote=0 round=open", skipOrReview, 0.98, 1200),
    learned("bob.reviewer", "vote=+1 round=last", skipOrReview, 0, 640)
  ],
  curve: [0.5, 0.55, 0.5, 0.7, 0.75, 0.8, 0.85, 0.85].map((accuracy, batch) => ({
    batch,
    accuracy,
    tokensPerTask: 1300 - 60 * batch
  }))
}
