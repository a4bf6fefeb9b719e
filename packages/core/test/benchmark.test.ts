import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import {
  type BenchmarkNews,
  type BenchmarkSummary,
  benchmarkFiles,
  type Completion,
  type Controller,
  createRegistry,
  decodeBenchmarkConfig,
  definePlugin,
  type Policy,
  PolicyError,
  runBenchmark,
  seedKey,
  uniform
} from "@tracer-sdk/core"
import { Effect, Fiber, Schema } from "effect"
import { numberPlugins } from "./number-plugins.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "tracer-bench-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const base = {
  agents: [
    { name: "ada", policy: "model" },
    { name: "bob", policy: "model" }
  ],
  policies: { model: { use: "guesser" } },
  protocol: { use: "propose-review", rounds: 3 },
  controller: { use: "mean" },
  training: { batchSize: 5, forkSamples: 2 },
  prices: { perMillionTokens: { model: { prompt: 1, completion: 10 } } }
}

const input = {
  name: "numbers",
  seeds: [1, 2],
  base,
  datasets: { answers: { train: { use: "forty-two", count: 15 }, test: { use: "forty-two", count: 12 } } },
  systems: [
    { name: "single", protocol: { use: "single" } },
    { name: "Tracer (learned)", group: "learned", against: ["silent"] },
    { name: "silent", controllers: { reviewer: { use: "mute" }, proposer: { use: "mute" } } },
    {
      name: "learned, always speaking",
      learnedBy: "Tracer (learned)",
      protocol: { use: "propose-review", alwaysSpeak: true }
    },
    { name: "longer", protocol: { use: "single" }, sampling: { maxTokens: 1024 } }
  ]
}

/** Takes the first action, which in propose-review is the silent one, and learns nothing. */
const mute: Controller = {
  name: "mute",
  strategy: (_, { names }) => names.map((__, i) => (i === 0 ? 1 : 0)),
  update: () => {},
  snapshot: () => ({ kind: "mute", version: 1, state: {} })
}
const plugins = [
  ...numberPlugins,
  definePlugin({
    kind: "controller",
    name: "mute",
    options: Schema.Struct({}),
    make: () => Effect.succeed(mute)
  })
]
const fortyTwo: Completion = { text: "42", usage: { prompt: 1, completion: 1 }, finish: "stop" }
const registry = createRegistry(plugins)

const run = (directory: string, changes: object = {}, onNews?: (news: BenchmarkNews) => void) =>
  Effect.flatMap(decodeBenchmarkConfig({ ...input, ...changes }), (config) =>
    runBenchmark({ config, registry, directory, ...(onNews === undefined ? {} : { onNews }) })
  )

const summaryText = (directory: string) => readFileSync(benchmarkFiles(directory).summary, "utf8")
const resultOf = (summary: BenchmarkSummary, system: string) =>
  summary.results.find((result) => result.system === system)

describe("runBenchmark", () => {
  it.live("measures every system on every seed, and says what learns and what differs", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const summary = yield* run(directory)
      expect(summary.systems.map(({ name, group, learns }) => [name, group, learns])).toEqual([
        ["single", "systems", "nothing"],
        ["Tracer (learned)", "learned", "controllers"],
        ["silent", "systems", "nothing"],
        ["learned, always speaking", "systems", "controllers"],
        ["longer", "systems", "nothing"]
      ])
      expect(summary.systems.map(({ differs }) => differs)).toEqual([
        [],
        [],
        [],
        [],
        ["sampling.maxTokens is 1024, not 512"]
      ])
      expect(summary.datasets).toEqual([{ name: "answers", tasks: 12, trainingTasks: 15 }])
      expect(summary.missing).toEqual([])
      expect(summary.results.map(({ seeds }) => seeds)).toEqual(Array(5).fill([1, 2]))
      const single = resultOf(summary, "single")
      // 3 tokens read and 1 written, at 1 and 10 a million.
      expect(single).toMatchObject({ promptTokens: 3, completionTokens: 1, calls: 1, trainingTokens: 0 })
      expect(single?.cost).toBeCloseTo(13e-6, 15)
      expect(summary.currency).toBe("USD")
      expect(single?.accuracy.mean).toBeCloseTo(
        ((single?.bySeed[0]?.accuracy ?? 0) + (single?.bySeed[1]?.accuracy ?? 0)) / 2,
        12
      )
      // A limit that no utterance reaches changes nothing but what is said of it.
      expect(resultOf(summary, "longer")?.bySeed).toEqual(single?.bySeed)
      // Silent after its first proposal, a team does what a single proposer does.
      expect(resultOf(summary, "silent")?.bySeed).toEqual(single?.bySeed)
      expect(resultOf(summary, "learned, always speaking")?.calls).toBe(5)
      expect(resultOf(summary, "Tracer (learned)")?.trainingTokens).toBeGreaterThan(2 * 15 * 4)
      expect(summary.comparisons.map(({ system, baseline }) => [system, baseline])).toEqual([
        ["Tracer (learned)", "single"],
        ["Tracer (learned)", "silent"],
        ["silent", "single"],
        ["learned, always speaking", "single"],
        ["longer", "single"]
      ])
      expect(summary.comparisons[2]).toMatchObject({
        accuracy: { mean: 0, low: 0, high: 0 },
        tokens: { mean: 0, low: 0, high: 0 }
      })
      // What was learned is told once, of the system that learned it.
      expect(summary.curves.map(({ system, seed }) => [system, seed])).toEqual([
        ["Tracer (learned)", 1],
        ["Tracer (learned)", 2]
      ])
      expect(summary.curves[0]?.points).toHaveLength(3)
      expect(summary.equilibria[0]?.decisions).toBeGreaterThan(0)
    })
  )

  it.live("ends in the same summary when it is stopped and started again, and does nothing twice", () =>
    Effect.gen(function* () {
      const root = yield* folder
      const whole = join(root, "whole")
      yield* run(whole, { concurrency: 3 })
      const broken = join(root, "broken")
      let batches = 0
      const fiber = yield* Effect.forkChild(
        run(broken, {}, (news) => {
          if (news.kind === "batch") batches += 1
        })
      )
      while (batches < 2) yield* Effect.sleep(1)
      yield* Fiber.interrupt(fiber)
      expect(JSON.parse(summaryText(broken)).missing).toContainEqual(
        expect.objectContaining({ reason: "not run yet" })
      )
      const resumedAt: Array<number> = []
      yield* run(broken, {}, (news) => {
        if (news.kind === "batch" && news.cell.seed === 1) resumedAt.push(news.done)
      })
      expect(resumedAt[0]).toBeGreaterThan(1)
      expect(summaryText(broken)).toBe(summaryText(whole))
      const started: Array<string> = []
      yield* run(broken, {}, (news) => {
        if (news.kind === "cell-start") started.push(news.cell.system)
      })
      expect(started).toEqual([])
      expect(summaryText(broken)).toBe(summaryText(whole))
    })
  )

  it.live("stops at its budget, lists what is missing, and goes on when it is raised", () =>
    Effect.gen(function* () {
      const directory = join(yield* folder, "bench")
      const stopped = yield* run(directory, { budget: { calls: 60 } })
      expect(stopped.results.length).toBeGreaterThan(0)
      expect(stopped.missing.length).toBeGreaterThan(0)
      for (const { reason } of stopped.missing) expect(reason).toBe("the budget of 60 calls is used up")
      const again = yield* run(directory, { budget: { calls: 60 } })
      expect(again).toEqual(stopped)
      const raised = yield* run(directory, { budget: { calls: 100_000 } })
      expect(raised).toEqual(yield* run(join(directory, "..", "other")))
    })
  )

  it.live("goes on without a cell whose model fails, and tries it again", () =>
    Effect.gen(function* () {
      const directory = join(yield* folder, "bench")
      let down = true
      const policy: Policy = {
        name: "flaky",
        generate: ({ samples }) =>
          Effect.suspend(() =>
            down
              ? Effect.fail(new PolicyError({ message: "The server is down.", hint: "", retryable: false }))
              : Effect.succeed(Array.from({ length: samples }, () => fortyTwo))
          )
      }
      const flaky = definePlugin({
        kind: "policy",
        name: "flaky",
        options: Schema.Struct({}),
        make: () => Effect.succeed(policy)
      })
      const config = yield* decodeBenchmarkConfig({
        ...input,
        systems: [
          ...input.systems,
          { name: "flaky", protocol: { use: "single" }, policies: { model: { use: "flaky" } } }
        ]
      })
      const both = createRegistry([...plugins, flaky])
      const first = yield* runBenchmark({ config, registry: both, directory })
      expect(first.missing).toEqual(
        [1, 2].map((seed) => ({ system: "flaky", dataset: "answers", seed, reason: "The server is down." }))
      )
      expect(first.systems.at(-1)?.differs).toEqual([
        'ada speaks through {"use":"flaky"}, which no agent of the base team does',
        'bob speaks through {"use":"flaky"}, which no agent of the base team does'
      ])
      down = false
      const second = yield* runBenchmark({ config, registry: both, directory })
      expect(second.missing).toEqual([])
      expect(resultOf(second, "flaky")?.accuracy.mean).toBe(1)
    })
  )

  it.live("shares draws among systems without changing a result, and asks nothing twice over starts", () =>
    Effect.gen(function* () {
      const root = yield* folder
      let calls = 0
      const prompted: Policy = {
        name: "prompted",
        repeatable: true,
        generate: ({ samples, seed }) =>
          Effect.sync(() => {
            calls += 1
            return Array.from({ length: samples }, (_, i) => {
              const u = uniform(seedKey(seed), i)
              return { ...fortyTwo, text: u < 0.4 ? "42" : u < 0.6 ? "41" : u < 0.8 ? "RIGHT" : "WRONG" }
            })
          })
      }
      const both = createRegistry([
        ...plugins,
        definePlugin({
          kind: "policy",
          name: "prompted",
          options: Schema.Struct({}),
          make: () => Effect.succeed(prompted)
        })
      ])
      const start = (directory: string, cache: boolean) =>
        Effect.gen(function* () {
          calls = 0
          const config = yield* decodeBenchmarkConfig({
            ...{ ...input, cache },
            base: { ...base, policies: { model: { use: "prompted" } } }
          })
          yield* runBenchmark({ config, registry: both, directory })
          return calls
        })
      const cached = join(root, "cached")
      const withCache = yield* start(cached, true)
      expect(withCache).toBeLessThan(0.9 * (yield* start(join(root, "bare"), false)))
      expect(summaryText(cached)).toBe(summaryText(join(root, "bare")))
      // Without the cells, but with what was said to them.
      rmSync(benchmarkFiles(cached).cells, { recursive: true })
      expect(yield* start(cached, true)).toBe(0)
      expect(summaryText(cached)).toBe(summaryText(join(root, "bare")))
    })
  )

  it.live("refuses a folder in which a cell was run otherwise, and takes more systems", () =>
    Effect.gen(function* () {
      const directory = join(yield* folder, "bench")
      const few = { seeds: [1], systems: input.systems.slice(0, 1) }
      yield* run(directory, few)
      const error = yield* Effect.flip(
        run(directory, { ...few, base: { ...base, sampling: { temperature: 0.5 } } })
      )
      expect(error.message).toContain("holds the result of a cell with another configuration")
      const more = yield* run(directory, { seeds: [1, 2] })
      expect(more.missing).toEqual([])
      expect(existsSync(benchmarkFiles(directory).ledger)).toBe(true)
    })
  )

  it.live("says where a configuration is wrong before anything is run", () =>
    Effect.gen(function* () {
      const directory = join(yield* folder, "never")
      const system = (entry: object) => ({ systems: [...input.systems, entry] })
      const cases: ReadonlyArray<readonly [object, string]> = [
        [system({ name: "x", protcol: { use: "single" } }), "systems[5].protcol: is not a known key"],
        [
          system({ name: "x", protocol: { use: "chorus" } }),
          'systems[5].protocol.use: there is no protocol plug-in "chorus"'
        ],
        [system({ name: "single" }), 'systems[5].name: there is a system "single" already'],
        [system({ name: "x", seed: 3 }), "systems[5].seed: is for the benchmark to say"],
        [system({ name: "x", learnedBy: "nobody" }), 'systems[5].learnedBy: there is no system "nobody"'],
        [
          system({ name: "x", learnedBy: "single", controller: { use: "mute" } }),
          "systems[5].controller: cannot be changed"
        ],
        [{ baseline: "best" }, 'baseline: there is no system "best"'],
        [{ base: { ...base, tasks: {} } }, "base.tasks: is for the benchmark to say"],
        [
          { datasets: { answers: { test: { use: "forty-two", count: 12 } } } },
          "datasets.answers.train is missing"
        ],
        [{ datasets: { answers: { test: { use: "forty-two", count: 1 } } } }, "intervals take two or more"],
        [{ base: { ...base, prices: null }, budget: { cost: 1 } }, "prices"]
      ]
      for (const [changes, message] of cases) {
        const error = yield* Effect.flip(run(directory, changes))
        expect(error.message, message).toContain(message)
        expect(error._tag).toBe("ConfigError")
      }
      expect(existsSync(directory)).toBe(false)
    })
  )
})
