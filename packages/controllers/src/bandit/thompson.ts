import type {
  ActionValues,
  Controller,
  ControllerSnapshot,
  LegalActions,
  StoreError,
  Strategy,
  StrategyMode,
  UpdateContext
} from "@tracer-sdk/core"
import { Effect, Result, Schema } from "effect"
import { playedAction } from "../played-action.ts"
import { requireSameActions, requireValues } from "../require-lesson.ts"
import { readSnapshot } from "../snapshot.ts"
import { untrainedStrategy } from "../untrained-strategy.ts"
import { probabilitiesOfLargest } from "./normal.ts"
import { rowsByInfo } from "./saved-rows.ts"

const above0 = Schema.Finite.check(Schema.isGreaterThan(0))

/** Options of `thompsonController`. */
export const ThompsonControllerOptions = Schema.Struct({
  /** The standard deviation of a value around its action's mean. */
  noise: above0.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  /** What an action's mean is thought to be before it is tried: its own mean and standard deviation. */
  priorMean: Schema.Finite.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0))),
  priorDeviation: above0.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1)))
})
export type ThompsonControllerOptions = typeof ThompsonControllerOptions.Encoded

/** The bandit of one information state; arrays have one entry for each action. */
interface Row {
  readonly actions: ReadonlyArray<string>
  readonly counts: Array<number>
  readonly sums: Array<number>
  /** The strategy, until the next update. */
  strategy?: Strategy | undefined
}

const kind = "thompson"
const version = 1
const State = Schema.Struct({
  rows: Schema.Array(
    Schema.Struct({
      info: Schema.String,
      actions: Schema.Array(Schema.String),
      counts: Schema.Array(Schema.Int),
      sums: Schema.Array(Schema.Finite)
    })
  )
})

const overRows = (options: ThompsonControllerOptions, rows: Map<string, Row>): Controller => {
  const { noise, priorMean, priorDeviation } = Schema.decodeSync(ThompsonControllerOptions)(options)
  const priorPrecision = 1 / priorDeviation ** 2
  const valuePrecision = 1 / noise ** 2

  const posterior = ({ counts, sums }: Row) =>
    counts.map((count, a) => {
      const precision = priorPrecision + count * valuePrecision
      const mean = (priorMean * priorPrecision + (sums[a] ?? 0) * valuePrecision) / precision
      return { mean, deviation: 1 / Math.sqrt(precision) }
    })

  const strategy = (info: string, legal: LegalActions, mode: StrategyMode): Strategy => {
    const row = rows.get(info)
    if (row === undefined) return untrainedStrategy(legal, mode)
    requireSameActions(row, info, legal)
    row.strategy ??= probabilitiesOfLargest(posterior(row))
    return row.strategy
  }

  const update = (
    info: string,
    legal: LegalActions,
    values: ActionValues,
    { played }: UpdateContext = {}
  ) => {
    requireValues(info, legal, values)
    const only = played === undefined ? undefined : playedAction(info, legal, played).index
    const zeros = () => legal.names.map(() => 0)
    const row = rows.get(info) ?? { actions: [...legal.names], counts: zeros(), sums: zeros() }
    requireSameActions(row, info, legal)
    for (const [a, value] of values.entries()) {
      if (only !== undefined && only !== a) continue
      row.counts[a] = (row.counts[a] ?? 0) + 1
      row.sums[a] = (row.sums[a] ?? 0) + value
    }
    row.strategy = undefined
    rows.set(info, row)
  }

  return {
    name: kind,
    strategy,
    update,
    snapshot: () => ({
      kind,
      version,
      state: {
        rows: [...rows].map(([info, { actions, counts, sums }]) => ({
          info,
          actions,
          counts: [...counts],
          sums: [...sums]
        }))
      }
    })
  }
}

/**
 * Thompson sampling, one bandit for each information state: it learns from the value of the action that was played, and from no other.
 *
 * Each action's mean has a normal prior, and values are normal around it, so that the posterior has the precision
 * `1/prior^2 + n/noise^2` and the mean `(priorMean/prior^2 + sum/noise^2) / precision`. The strategy is the probability of each action
 * that its mean is the largest: a draw from it is a draw of all means whose best action is played. It is the average strategy,
 * too; played greedily, it takes the action that is most probably the best. Where no action is said to have been played, it learns
 * from all values.
 *
 * Source: Thompson 1933; normal priors as in Agrawal and Goyal 2013.
 */
export const thompsonController = (options: ThompsonControllerOptions = {}): Controller =>
  overRows(options, new Map())

/** Thompson sampling that goes on where a snapshot was taken; fails with `StoreError` where it cannot. */
export const restoreThompsonController = (
  options: ThompsonControllerOptions,
  snapshot: ControllerSnapshot
): Effect.Effect<Controller, StoreError> =>
  Effect.fromResult(
    Result.flatMap(readSnapshot(snapshot, { kind, version, state: State }), ({ rows: saved }) =>
      Result.map(
        rowsByInfo(
          kind,
          saved,
          ({ counts, sums }) => [counts, sums],
          ({ actions, counts, sums }) => ({ actions, counts: [...counts], sums: [...sums] })
        ),
        (rows) => overRows(options, rows)
      )
    )
  )
