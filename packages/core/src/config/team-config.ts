import { Effect, Schema } from "effect"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** A plug-in by its name, with its own options beside it, as in `{ use: "regret-matching", variant: "dcfr" }`. */
export const PluginUse = Schema.StructWithRest(Schema.Struct({ use: Schema.String }), [
  Schema.Record(Schema.String, Schema.Json)
])
export type PluginUse = typeof PluginUse.Type

const useDefault = (use: string) => PluginUse.pipe(Schema.withDecodingDefaultKey(Effect.succeed({ use })))

const intDefault = (value: number) => positive.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))

/** A way for the team's agents to work on evaluation tasks: the trained protocol itself, or a baseline beside it. */
export const SystemConfig = Schema.Struct({
  name: Schema.String,
  /** Replaces the team's protocol, as in a single proposer. */
  protocol: Schema.optionalKey(PluginUse),
  /** Whether it is evaluated before learning, after it, or both. */
  when: Schema.Literals(["before", "after", "both"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("after" as const))
  ),
  selection: Schema.Literals(["sample", "greedy"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("sample" as const))
  )
})
export type SystemConfig = typeof SystemConfig.Type

export const TrainingConfig = Schema.Struct({
  /** Dialogues between two updates. */
  batchSize: intDefault(32),
  /** Passes over the training tasks. */
  epochs: intDefault(1),
  /** Dialogues played at the same time. */
  concurrency: intDefault(64),
  /** Utterances drawn at a turn that speaks (G). */
  groupSize: intDefault(4),
  /** Utterances drawn, and dialogues played out, for an action that was not played. */
  forkSamples: intDefault(4),
  /** Share of uniformly taken decisions in the first batch; it falls to 0 at half of the batches. */
  exploration: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(1))
  )
})
export type TrainingConfig = typeof TrainingConfig.Type

export const SamplingConfig = Schema.Struct({
  temperature: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(1))
  ),
  /** The longest utterance, in tokens. */
  maxTokens: intDefault(512),
  /** Speaks with the likeliest tokens alone that together have at least this probability. Not where a learner is to learn. */
  topP: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(1))),
  /** Speaks with this many of the likeliest tokens alone. Not where a learner is to learn. */
  topK: Schema.optionalKey(positive),
  /** An utterance ends where it says one of these, which are left out of it. */
  stop: Schema.optionalKey(Schema.Array(Schema.NonEmptyString))
})

const price = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/** What models cost, so that evaluations can say what a task costs. */
export const PricesConfig = Schema.Struct({
  currency: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("USD"))),
  /** By policy: the price of a million tokens read, and of a million written. */
  perMillionTokens: Schema.Record(Schema.String, Schema.Struct({ prompt: price, completion: price }))
})
export type PricesConfig = typeof PricesConfig.Type

/** A whole team: who speaks through what, by which rules, and how it learns. */
export const TeamConfig = Schema.Struct({
  name: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("team"))),
  seed: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  agents: Schema.Array(Schema.Struct({ name: Schema.String, policy: Schema.String })).check(
    Schema.isMinLength(1)
  ),
  policies: Schema.Record(Schema.String, PluginUse),
  protocol: useDefault("propose-review"),
  /** Roles by the name that the protocol gives them; one that is not listed is the plug-in of its own name. */
  roles: Schema.Record(Schema.String, PluginUse).pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  controller: useDefault("regret-matching"),
  /** Other controllers for single seats, by seat (`reviewer`) or by agent and seat (`bob.reviewer`). */
  controllers: Schema.Record(Schema.String, PluginUse).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ),
  credit: useDefault("tracer"),
  /** Without one only the controllers learn. */
  learner: Schema.optionalKey(PluginUse),
  sampling: SamplingConfig.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  training: TrainingConfig.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  prices: Schema.optionalKey(PricesConfig),
  /** By data set: how its answers are read and compared, where that is not as the data set's own are. */
  graders: Schema.Record(Schema.String, PluginUse).pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  tasks: Schema.optionalKey(Schema.Struct({ train: PluginUse, test: Schema.optionalKey(PluginUse) })),
  systems: Schema.Array(SystemConfig).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed([{ name: "team", when: "both" as const }]))
  )
})
export type TeamConfig = typeof TeamConfig.Type
export type TeamConfigInput = typeof TeamConfig.Encoded
