import { Effect, Schema } from "effect"
import { decodeConfig } from "../config/decode.ts"
import { readConfigFile } from "../config/read-config.ts"
import { PluginUse } from "../config/team-config.ts"

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
const limit = Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0)))
const countDefault = (value: number) => count.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)))
const textsDefault = Schema.Array(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed([])))

/** What a benchmark may use up, over all its starts; each limit alone stops it. */
export const BudgetConfig = Schema.Struct({
  tokens: limit,
  /** Calls to language models. */
  calls: limit,
  /** Wall-clock time; asked before each cell. */
  seconds: limit,
  /** In the currency of the base team's prices. */
  cost: limit
})
export type BudgetConfig = typeof BudgetConfig.Type

/** What is looked into beyond the answers. */
export const AuditConfig = Schema.Struct({
  /** The first so many dialogues of a cell; 0 for none. */
  dialogues: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(100))
  ),
  /**
   * What the others do without a turn: `frozen`, they say what they said, which asks no model but leaves a review without an effect that
   * the proposer answered already; `anew`, those are asked again who would have seen something else.
   */
  replay: Schema.Literals(["frozen", "anew"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("frozen" as const))
  )
})
export type AuditConfig = typeof AuditConfig.Type

/** A data set: what systems that learn learn on, and what all are measured on. */
export const DatasetConfig = Schema.Struct({ train: Schema.optionalKey(PluginUse), test: PluginUse })

/** A system: the base team with some of its parts replaced, which stand beside these keys as in a team's configuration. */
export const SystemEntry = Schema.StructWithRest(
  Schema.Struct({
    name: Schema.NonEmptyString,
    /** The part of the tables that it stands in. */
    group: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("systems"))),
    selection: Schema.Literals(["sample", "greedy"]).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed("sample" as const))
    ),
    /** Systems that it is compared with, besides the baseline. */
    against: textsDefault,
    /** Does not learn itself, but plays with what that system has learned, under a protocol of its own where it states one. */
    learnedBy: Schema.optionalKey(Schema.String)
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)
export type SystemEntry = typeof SystemEntry.Type

/** Systems, data sets and seeds to compare, each with each. */
export const BenchmarkConfig = Schema.Struct({
  name: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("benchmark"))),
  seeds: Schema.Array(Schema.Int).pipe(
    Schema.check(Schema.isMinLength(1)),
    Schema.withDecodingDefaultKey(Effect.succeed([1, 2, 3]))
  ),
  /** The system that the others are compared with; by default the first. */
  baseline: Schema.optionalKey(Schema.String),
  /** Cells that run at the same time; those that change weights run one after the other. */
  concurrency: countDefault(1),
  budget: BudgetConfig.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** Keeps the answers of models whose weights do not change, so that systems share their draws. */
  cache: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true))),
  audit: AuditConfig.pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** The team that every system is a variation of: a configuration without `name`, `seed`, `tasks` and `systems`. */
  base: Schema.Record(Schema.String, Schema.Json),
  datasets: Schema.Record(Schema.String, DatasetConfig).check(Schema.isMinProperties(1)),
  systems: Schema.Array(SystemEntry).check(Schema.isMinLength(1))
})
export type BenchmarkConfig = typeof BenchmarkConfig.Type
export type BenchmarkConfigInput = typeof BenchmarkConfig.Encoded

/** A benchmark's configuration from a value of unknown shape; `where` names it in errors. */
export const decodeBenchmarkConfig = (input: unknown, where = "the configuration") =>
  Effect.fromResult(decodeConfig(BenchmarkConfig, input, where))

/** Reads a benchmark's configuration from a JSON or YAML file. */
export const readBenchmarkConfig = Effect.fnUntraced(function* (file: string) {
  return yield* decodeBenchmarkConfig(yield* readConfigFile(file), file)
})
