import type { BenchmarkResult, BenchmarkSummary, BenchmarkSystem } from "@tracer-sdk/core"

type Learns = BenchmarkSystem["learns"]

/** What a system of the example is like: its accuracy, prompt and completion tokens, and calls per task. */
type Kind = readonly [
  name: string,
  group: string,
  learns: Learns,
  accuracy: number,
  tokens: number,
  calls: number
]

const kinds: ReadonlyArray<Kind> = [
  ["single", "protocols", "nothing", 0.67, 44.5, 1],
  ["self-consistency (10)", "protocols", "nothing", 0.83, 445, 10],
  ["weighted vote", "protocols", "nothing", 0.84, 560, 12],
  ["debate 2 x 3", "protocols", "nothing", 0.71, 410, 6],
  ["propose-review, always speaks", "protocols", "nothing", 0.59, 293.1, 5],
  ["propose-review-refine", "protocols", "nothing", 0.69, 250, 4],
  ["best of 4 with a verifier", "protocols", "nothing", 0.79, 330, 8],
  ["tree of thoughts", "protocols", "nothing", 0.78, 1290, 22],
  ["MCTS", "protocols", "nothing", 0.8, 2400, 41],
  ["selected speaker", "protocols", "nothing", 0.66, 390, 7],
  ["RM", "controllers", "controllers", 0.74, 152, 2.6],
  ["RM+", "controllers", "controllers", 0.745, 149, 2.5],
  ["DCFR", "controllers", "controllers", 0.742, 150, 2.5],
  ["linear CFR", "controllers", "controllers", 0.74, 151, 2.5],
  ["predictive RM+", "controllers", "controllers", 0.747, 148, 2.5],
  ["Bayesian", "controllers", "controllers", 0.76, 190, 3.2],
  ["EXP3", "controllers", "controllers", 0.69, 175, 2.9],
  ["Thompson", "controllers", "controllers", 0.73, 160, 2.7],
  ["LLM selector", "controllers", "nothing", 0.7, 420, 8.1],
  ["TRACER", "learners", "weights", 0.957, 136.7, 2.31],
  ["single-agent GRPO", "learners", "weights", 0.93, 44.2, 1],
  ["single-agent GSPO", "learners", "weights", 0.943, 44.3, 1],
  ["shared outcome", "learners", "weights", 0.9, 290, 5],
  ["per turn", "learners", "weights", 0.91, 288, 5],
  ["no reviewer", "ablations", "weights", 0.943, 44.3, 1],
  ["no proposer controller", "ablations", "weights", 0.95, 180, 3],
  ["no reviewer GSPO", "ablations", "weights", 0.94, 150, 2.5],
  ["no vote state", "ablations", "weights", 0.946, 170, 2.8],
  ["no iteration state", "ablations", "weights", 0.952, 140, 2.4]
]

/** Numbers from 0 to 1 that look random; the same for the same start. */
const numbers = (start: number) => {
  let state = start
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const baseline = "single"
const tasks = 300
const around = (mean: number, half: number) => ({
  mean,
  low: Math.max(0, mean - half),
  high: Math.min(1, mean + half)
})

const resultOf = (
  [system, , learns, accuracy, tokens, calls]: Kind,
  dataset: string,
  seeds: ReadonlyArray<number>,
  next: () => number
): BenchmarkResult => {
  const n = tasks * seeds.length
  const startedWrong = Math.round(n * (learns === "weights" ? 0.06 : 0.33))
  const talks = calls > 1
  const right = Math.round(n * accuracy)
  const rightToWrong = talks ? Math.round((n - startedWrong) * (0.3 - 0.29 * accuracy) * next()) : 0
  const wrongToRight = talks ? Math.max(0, right - (n - startedWrong) + rightToWrong) : 0
  return {
    system,
    dataset,
    seeds: [...seeds],
    accuracy: around(accuracy, 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / tasks)),
    promptTokens: tokens * 0.76,
    completionTokens: tokens * 0.24,
    calls,
    ...(system === "MCTS" ? {} : { cost: tokens * 2.5e-7 }),
    unparsed: Math.round(next() * 5),
    wrongToRight,
    rightToWrong,
    correction: { count: wrongToRight, of: talks ? startedWrong : 0 },
    preservation: { count: n - startedWrong - rightToWrong, of: talks ? n - startedWrong : 0 },
    ...(talks && calls < 7
      ? {
          reviews: {
            precision: 0.5 + accuracy / 3,
            recall: 0.6 + accuracy / 4,
            balancedAccuracy: 0.55 + accuracy / 3,
            unreadable: Math.round(next() * 9)
          }
        }
      : {}),
    belowChance: dataset === "gpqa-diamond" && accuracy < 0.3,
    bySeed: seeds.map((seed, i) => ({ seed, accuracy: accuracy + (i - 1) * 0.01, tokens, calls })),
    trainingTokens: learns === "nothing" ? 0 : 300_000 + Math.round(1e5 * next())
  }
}

const controllers: ReadonlyArray<readonly [string, readonly [string, string]]> = [
  ["ada.proposer", ["keep", "propose"]],
  ["bob.reviewer", ["skip", "review"]]
]
const states = [
  "vote=none round=open",
  "vote=-1 round=open",
  "vote=0 round=open",
  "vote=+1 round=open",
  "vote=unparsed round=open",
  "vote=-1 round=last",
  "vote=0 round=last",
  "vote=+1 round=last"
]

/** What an example is made with. */
export interface BenchmarkExampleOptions {
  /** Put in place of every name and every text that a user or a model could have written. */
  readonly hostile?: string
}

/**
 * A benchmark's summary that was made by hand: as many systems as a real one has, with every kind of section, and some cells missing.
 * It measured nothing.
 */
export const benchmarkExample = ({ hostile }: BenchmarkExampleOptions = {}): BenchmarkSummary => {
  const next = numbers(7)
  const seeds = [1, 2, 3]
  const batches = 24
  const named = (name: string) => (hostile === undefined ? name : `${name} ${hostile}`)
  const told = (text: string) => (hostile === undefined ? text : `${hostile}\n${text}\n\n${hostile}`)
  const datasets = ["arithmetic", "gpqa-diamond"]
  const present = (name: string, dataset: string): boolean =>
    dataset === "arithmetic" ? name !== "MCTS" || hostile !== undefined : name.length < 9 && name !== "MCTS"
  const cells = kinds.flatMap((kind) =>
    datasets.filter((dataset) => present(kind[0], dataset)).map((dataset) => ({ kind, dataset }))
  )
  const levelOf = (accuracy: number, dataset: string) =>
    dataset === "arithmetic" ? accuracy : 0.2 + (accuracy - 0.5) * 0.35
  const results = cells.map(({ kind, dataset }) => {
    const [system, group, learns, accuracy, tokens, calls] = kind
    const level = levelOf(accuracy, dataset)
    const own = system === "tree of thoughts" ? [1, 2] : seeds
    return resultOf([system, group, learns, level, tokens, calls], dataset, own, next)
  })
  const compare = (system: string, other: string, dataset: string) => {
    const find = (name: string) =>
      results.find((result) => result.system === name && result.dataset === dataset)
    const [a, b] = [find(system), find(other)]
    if (a === undefined || b === undefined) return []
    const mean = a.accuracy.mean - b.accuracy.mean
    const tokens = a.promptTokens + a.completionTokens - b.promptTokens - b.completionTokens
    return [
      {
        system: named(system),
        baseline: named(other),
        dataset: named(dataset),
        accuracy: { mean, low: mean - 0.035, high: mean + 0.035 },
        tokens: { mean: tokens, low: tokens - 4, high: tokens + 4 }
      }
    ]
  }
  const learners = cells.filter(({ kind: [, , learns] }) => learns !== "nothing")
  const inSeeds = learners.flatMap((cell) => seeds.map((seed) => ({ ...cell, seed })))
  const cellOf = ({ kind: [system], dataset, seed }: (typeof inSeeds)[number]) => ({
    system: named(system),
    dataset: named(dataset),
    seed
  })
  const learningAlone = inSeeds.filter(({ kind: [, , , , , calls] }) => calls > 1)
  return {
    version: 1,
    name: named("Protocols, controllers and learners on word problems"),
    seeds,
    currency: "USD",
    datasets: datasets.map((name) => ({ name: named(name), tasks, trainingTasks: 192 })),
    systems: kinds.map(([name, group, learns]) => ({
      name: named(name),
      group: named(group),
      learns,
      differs:
        name === "MCTS" || name === "tree of thoughts"
          ? [named("at most 32 tokens a step, others 64 an utterance")]
          : name === "no reviewer"
            ? [named("one agent in place of two")]
            : []
    })),
    baseline: named(baseline),
    results: results.map((result) => ({
      ...result,
      system: named(result.system),
      dataset: named(result.dataset)
    })),
    comparisons: [
      ...cells.flatMap(({ kind: [system], dataset }) =>
        system === baseline ? [] : compare(system, baseline, dataset)
      ),
      ...kinds
        .filter(([, group]) => group === "ablations")
        .flatMap(([system]) => compare(system, "TRACER", "arithmetic")),
      ...["RM", "EXP3", "Thompson", "TRACER"].flatMap((system) =>
        compare(system, "propose-review, always speaks", "arithmetic")
      ),
      ...compare("single-agent GSPO", "single-agent GRPO", "arithmetic"),
      ...compare("single-agent GRPO", "single", "arithmetic")
    ],
    curves: inSeeds.map((cell) => {
      const [, , , accuracy, tokens] = cell.kind
      const end = levelOf(accuracy, cell.dataset)
      return {
        ...cellOf(cell),
        points: Array.from({ length: batches }, (_, batch) => ({
          batch,
          accuracy: Math.min(1, end - 0.3 * Math.exp(-batch / 6) + 0.12 * (next() - 0.5)),
          tokensPerTask: tokens * (1 + 0.8 * Math.exp(-batch / 5)) + 10 * next()
        }))
      }
    }),
    regret: learningAlone.flatMap((cell) =>
      controllers.map(([controller], i) => ({
        ...cellOf(cell),
        controller,
        points: Array.from({ length: batches }, (_, batch) => {
          const visits = 6 * (batch + 1)
          const bound = 2 / Math.sqrt(visits)
          return {
            batch,
            averageRegret: bound * (0.15 + 0.2 * i + 0.25 * next()),
            bound,
            visits,
            invariantHolds: true
          }
        })
      }))
    ),
    strategies: learningAlone.map((cell) => ({
      ...cellOf(cell),
      states: controllers.flatMap(([controller, actions], i) =>
        states.map((info, j) => {
          const speak = Math.min(1, Math.max(0, (i === 0 ? 1 - j / 7 : j / 7) + 0.2 * (next() - 0.5)))
          return {
            controller,
            info: named(
              cell.kind[0] === "no vote state"
                ? info.replace(/^\S+ /, "")
                : cell.kind[0] === "no iteration state"
                  ? info.replace(/ .*/, "")
                  : info
            ),
            visits: Math.round(next() ** 3 * 700),
            actions: [...actions],
            average: [1 - speak, speak],
            averageRegret: 0.0125,
            bound: 0.125,
            invariantHolds: true
          }
        })
      )
    })),
    equilibria: learningAlone.map((cell) => ({
      ...cellOf(cell),
      decisions: 192,
      correlated: 0.02 + 0.02 * next(),
      coarse: 0.01 + 0.01 * next()
    })),
    audits: cells
      .filter(({ kind: [, , , , , calls] }) => calls > 1 && calls < 7)
      .flatMap(({ kind: [system], dataset }) =>
        seeds.map((seed) => ({
          system: named(system),
          dataset: named(dataset),
          seed,
          speakers: controllers.map(([controller], i) => {
            const mean = i === 0 ? 0.6 : 0.04 * (next() - 0.4)
            return {
              agent: named(controller.split(".")[0] ?? ""),
              seat: controller.split(".")[1] ?? "",
              role: controller.split(".")[1] ?? "",
              dialogues: 300,
              spoke: 280 + Math.round(20 * next()),
              silent: 90,
              tokens: 9000 + Math.round(3000 * next()),
              contribution: { mean, low: mean - 0.015, high: mean + 0.015 },
              freeRiding: 0.2 + 0.7 * i * next(),
              harmful: Math.round(9 * next()),
              helpful: Math.round(40 * next()),
              contradictions: Math.round(4 * next()),
              emptyAgreement: Math.round(80 * i * next())
            }
          })
        }))
      ),
    dialogues: (["best", "worst"] as const).flatMap((kind) =>
      [0, 1, 2, 3, 4].map((n) => ({
        system: named(n % 2 === 0 ? "TRACER" : "propose-review, always speaks"),
        dataset: named("arithmetic"),
        seed: 1 + (n % 3),
        kind,
        task: named(`test-${n + 1}`),
        question: told("Mia has 3 bags with 4 apples each and loses 2. How many apples are left?"),
        gold: "10",
        answer: kind === "best" ? "10" : told("14"),
        correct: kind === "best",
        turns: [
          {
            round: 1,
            agent: named("ada"),
            seat: "proposer",
            action: "propose",
            text: told(
              kind === "best" ? "3 + 4 = 7. 7 - 2 = 5.\nAnswer: 5" : "3 x 4 = 12. 12 - 2 = 10.\nAnswer: 10"
            ),
            reading: kind === "best" ? "proposal 5" : "proposal 10",
            credit: 0
          },
          {
            round: 2,
            agent: named("bob"),
            seat: "reviewer",
            action: "review",
            text: told("3 bags with 4 apples each are 12 apples, not 7. The answer is WRONG."),
            reading: "verdict wrong",
            credit: kind === "best" ? 2 : -2
          },
          {
            round: 3,
            agent: named("ada"),
            seat: "proposer",
            action: "propose",
            text: told(kind === "best" ? "3 x 4 = 12. 12 - 2 = 10.\nAnswer: 10" : "12 + 2 = 14.\nAnswer: 14"),
            reading: kind === "best" ? "proposal 10" : "proposal 14",
            credit: kind === "best" ? 2 : -2
          },
          { round: 4, agent: named("bob"), seat: "reviewer", action: "skip", credit: 0 }
        ]
      }))
    ),
    missing: [
      ...(hostile === undefined
        ? seeds.map((seed) => ({
            system: "MCTS",
            dataset: "arithmetic",
            seed,
            reason: "the budget of 2,000,000 tokens was spent"
          }))
        : []),
      {
        system: named("tree of thoughts"),
        dataset: named("arithmetic"),
        seed: 3,
        reason: named("the model's server gave no answer for 60 s")
      }
    ]
  }
}
