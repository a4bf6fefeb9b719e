import type {
  ActionValues,
  Controller,
  ControllerSnapshot,
  LegalActions,
  StoreError,
  StrategyMode,
  UpdateContext
} from "@tracer-sdk/core"
import { Effect, Result, Schema } from "effect"
import { playedAction } from "../played-action.ts"
import { requireReach, requireSameActions, requireValues } from "../require-lesson.ts"
import { readSnapshot } from "../snapshot.ts"
import { untrainedStrategy } from "../untrained-strategy.ts"
import { rowsByInfo } from "./saved-rows.ts"

/** Options of `exp3Controller`. */
export const Exp3ControllerOptions = Schema.Struct({
  /** The share of uniform play, which also sets how fast it learns; above 0, at most 1. */
  gamma: Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(1)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0.1))
  ),
  /** The range of values, which is mapped to [0, 1]; what lies beyond is cut off. By default a wrong answer, and tokens for 1. */
  low: Schema.Finite.pipe(Schema.withDecodingDefaultKey(Effect.succeed(-2))),
  high: Schema.Finite.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1)))
}).check(
  Schema.makeFilter(({ low, high }) => (low < high ? undefined : `low (${low}) is not below high (${high})`))
)
export type Exp3ControllerOptions = typeof Exp3ControllerOptions.Encoded

/** The bandit of one information state; arrays have one entry for each action. */
interface Row {
  readonly actions: ReadonlyArray<string>
  /** Sums of the estimated gains. */
  readonly gains: Array<number>
  readonly strategySum: Array<number>
  visits: number
}

const kind = "exp3"
const version = 1
const Numbers = Schema.Array(Schema.Finite)
const State = Schema.Struct({
  rows: Schema.Array(
    Schema.Struct({
      info: Schema.String,
      actions: Schema.Array(Schema.String),
      gains: Numbers,
      strategySum: Numbers,
      visits: Schema.Int
    })
  )
})

const overRows = (options: Exp3ControllerOptions, rows: Map<string, Row>): Controller => {
  const { gamma, low, high } = Schema.decodeSync(Exp3ControllerOptions)(options)

  /** Exponential weights, `exp(gamma G(a) / K)` normalised. */
  const weights = ({ gains }: Row): ReadonlyArray<number> => {
    const most = Math.max(...gains)
    const unscaled = gains.map((gain) => Math.exp((gamma * (gain - most)) / gains.length))
    const total = unscaled.reduce((sum, weight) => sum + weight, 0)
    return unscaled.map((weight) => weight / total)
  }
  const gainOf = (value: number) => (Math.min(Math.max(value, low), high) - low) / (high - low)

  const strategy = (info: string, legal: LegalActions, mode: StrategyMode) => {
    const row = rows.get(info)
    if (row === undefined) return untrainedStrategy(legal, mode)
    requireSameActions(row, info, legal)
    if (mode === "current") {
      return weights(row).map((weight) => (1 - gamma) * weight + gamma / row.actions.length)
    }
    const total = row.strategySum.reduce((sum, share) => sum + share, 0)
    return total > 0 ? row.strategySum.map((share) => share / total) : untrainedStrategy(legal, mode)
  }

  const update = (
    info: string,
    legal: LegalActions,
    values: ActionValues,
    { reach = 1, played }: UpdateContext = {}
  ) => {
    requireValues(info, legal, values)
    requireReach(info, reach)
    const zeros = () => legal.names.map(() => 0)
    const row = rows.get(info) ?? {
      actions: [...legal.names],
      gains: zeros(),
      strategySum: zeros(),
      visits: 0
    }
    requireSameActions(row, info, legal)
    rows.set(info, row)
    row.visits++
    for (const [a, weight] of weights(row).entries()) {
      row.strategySum[a] = (row.strategySum[a] ?? 0) + reach * row.visits * weight
    }
    const only = played === undefined ? undefined : playedAction(info, legal, played)
    for (const [a, value] of values.entries()) {
      if (only !== undefined && only.index !== a) continue
      row.gains[a] = (row.gains[a] ?? 0) + gainOf(value) / (only?.probability ?? 1)
    }
  }

  return {
    name: kind,
    strategy,
    update,
    snapshot: () => ({
      kind,
      version,
      state: {
        rows: [...rows].map(([info, { actions, gains, strategySum, visits }]) => ({
          info,
          actions,
          gains: [...gains],
          strategySum: [...strategySum],
          visits
        }))
      }
    })
  }
}

/**
 * EXP3, one bandit for each information state: it learns from the value of the action that was played, and from no other.
 *
 * The gain x in [0, 1] of action a, drawn with probability p, counts as x / p, so that sums are right on average; play is
 * `(1 - gamma) w(a) + gamma / K` with `w(a) ~ exp(gamma G(a) / K)`. The average strategy is that of w, without the uniform share, the
 * t-th weighing t. Where no action is said to have been played, it learns from all values as Hedge does. Whatever the values, regret is
 * at most `(e - 1) gamma G + K ln(K) / gamma` on average, G the gain of the best action.
 *
 * Source: Auer, Cesa-Bianchi, Freund and Schapire 2002.
 */
export const exp3Controller = (options: Exp3ControllerOptions = {}): Controller =>
  overRows(options, new Map())

/** EXP3 that goes on where a snapshot was taken; fails with `StoreError` where it cannot. */
export const restoreExp3Controller = (
  options: Exp3ControllerOptions,
  snapshot: ControllerSnapshot
): Effect.Effect<Controller, StoreError> =>
  Effect.fromResult(
    Result.flatMap(readSnapshot(snapshot, { kind, version, state: State }), ({ rows: saved }) =>
      Result.map(
        rowsByInfo(
          kind,
          saved,
          ({ gains, strategySum }) => [gains, strategySum],
          ({ actions, gains, strategySum, visits }) => ({
            actions,
            gains: [...gains],
            strategySum: [...strategySum],
            visits
          })
        ),
        (rows) => overRows(options, rows)
      )
    )
  )
