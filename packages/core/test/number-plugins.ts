import {
  type AnyPlugin,
  type Controller,
  corePlugins,
  definePlugin,
  numericGrader,
  type Policy,
  type Role,
  readVerdict,
  seedKey,
  uniform
} from "@tracer-sdk/core"
import { Effect, Schema } from "effect"

/** A controller that learns by a running mean of values: small, stateful, and with a snapshot. */
const meanController = (start: Record<string, ReadonlyArray<number>>): Controller => {
  const sums = new Map(Object.entries(start))
  return {
    name: "mean",
    strategy: (info, { names }) => {
      const sum = sums.get(info)
      if (sum === undefined) return names.map(() => 1 / names.length)
      const best = sum.indexOf(Math.max(...sum))
      return names.map((_, i) => (i === best ? 0.8 : 0.2 / (names.length - 1)))
    },
    update: (info, { names }, values) =>
      void sums.set(
        info,
        names.map((_, i) => (sums.get(info)?.[i] ?? 0) + (values[i] ?? 0))
      ),
    snapshot: () => ({ kind: "mean", version: 1, state: Object.fromEntries(sums) })
  }
}

const State = Schema.Record(Schema.String, Schema.Array(Schema.Number))

const role = (name: string, read: Role["read"]): Role => ({
  name,
  prompt: ({ task }) => ({ messages: [{ role: "user", content: task.question }] }),
  read
})

const numberProposer = role("proposer", (_, text) => {
  const read = numericGrader.read(text)
  return read.kind === "answer"
    ? { kind: "proposal", answer: read.answer }
    : { kind: "unreadable", expected: "proposal", reason: read.reason }
})
const numberReviewer = role("reviewer", (_, text) => {
  const read = readVerdict(text)
  return read.kind === "verdict" ? read : { ...read, expected: "verdict" }
})

/** Proposes 42 in two of three draws and 41 else; reviews by a coin. */
const guesser = (delay: number): Policy => ({
  name: "guesser",
  generate: ({ samples, seed, role: speaker }) => {
    const completions = Array.from({ length: samples }, (_, i) => {
      const u = uniform(seedKey(seed), i)
      return {
        text: speaker === "proposer" ? (u < 2 / 3 ? "42" : "41") : u < 0.5 ? "RIGHT" : "WRONG",
        usage: { prompt: 3, completion: 1 },
        finish: "stop" as const
      }
    })
    return delay === 0 ? Effect.succeed(completions) : Effect.delay(Effect.succeed(completions), delay)
  }
})

/** A whole set of plug-ins of a third party, beside core's own. */
export const numberPlugins: ReadonlyArray<AnyPlugin> = [
  ...corePlugins,
  definePlugin({
    kind: "policy",
    name: "guesser",
    options: Schema.Struct({ delay: Schema.optionalKey(Schema.Finite) }),
    make: ({ delay = 1 }) => Effect.succeed(guesser(delay))
  }),
  definePlugin({
    kind: "role",
    name: "proposer",
    options: Schema.Struct({}),
    make: () => Effect.succeed(numberProposer)
  }),
  definePlugin({
    kind: "role",
    name: "reviewer",
    options: Schema.Struct({}),
    make: () => Effect.succeed(numberReviewer)
  }),
  definePlugin({
    kind: "controller",
    name: "mean",
    options: Schema.Struct({}),
    make: (_, { snapshot }) =>
      Effect.succeed(
        meanController(snapshot === undefined ? {} : Schema.decodeUnknownSync(State)(snapshot.state))
      )
  }),
  definePlugin({
    kind: "controller",
    name: "silent",
    options: Schema.Struct({}),
    make: () =>
      Effect.succeed({
        ...meanController({}),
        strategy: (_info, { names }) => names.map((_, i) => (i === 0 ? 1 : 0))
      })
  }),
  definePlugin({
    kind: "tasks",
    name: "forty-two",
    options: Schema.Struct({ count: Schema.Int }),
    make: ({ count }) =>
      Effect.succeed(
        Array.from({ length: count }, (_, i) => ({ id: `q${i}`, question: `Question ${i}?`, gold: "42" }))
      )
  })
]

export const numberConfig = {
  name: "numbers",
  agents: [
    { name: "ada", policy: "model" },
    { name: "bob", policy: "model" }
  ],
  policies: { model: { use: "guesser" } },
  protocol: { use: "propose-review", rounds: 3 },
  controller: { use: "mean" },
  training: { batchSize: 5, forkSamples: 2 },
  tasks: { train: { use: "forty-two", count: 20 }, test: { use: "forty-two", count: 10 } },
  systems: [
    { name: "single", protocol: { use: "single" }, when: "before" as const },
    { name: "team", when: "after" as const }
  ]
}
