import type {
  ActionValues,
  ControllerSnapshot,
  LegalActions,
  RegretController,
  RegretDiagnostic,
  StoreError,
  Strategy,
  StrategyMode,
  UpdateContext
} from "@tracer-sdk/core"
import { Effect, Result, Schema } from "effect"
import { rowsOf, snapshotOf } from "./regret-snapshot.ts"
import {
  averageStrategy,
  emptyRow,
  learnValues,
  matchRegrets,
  type RegretRow,
  requireSameActions
} from "./regret-table.ts"

/** Options of `regretMatching`. */
export const RegretMatchingOptions = Schema.Struct({
  /** RM+ (Tammelin 2014): regrets are clipped at 0 after every update. */
  plus: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  /** How strategies are averaged: `linear`, which weighs the t-th by t and soon forgets the first guesses, or `uniform`. */
  averaging: Schema.Literals(["linear", "uniform"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("linear" as const))
  )
})
export type RegretMatchingOptions = typeof RegretMatchingOptions.Encoded

const onFallback = ({ names, fallback }: LegalActions): Strategy => {
  const known = names.includes(fallback)
  return names.map((name) => (known ? (name === fallback ? 1 : 0) : 1 / names.length))
}

/** Rounding may lift the left side of the invariant this much, relatively. */
const tolerance = 1e-9

/**
 * `Delta / sqrt(visits)` for two actions, `Delta sqrt(|A|) / sqrt(visits)` for more: what a visit adds to the squared
 * norm of the positive regrets is `((1 - pi)^2 + pi^2) Delta^2 <= Delta^2` for two, and `|A| Delta^2` at most for any.
 */
const boundOf = ({ actions, high, low, visits }: RegretRow): number =>
  ((high - low) * (actions.length <= 2 ? 1 : Math.sqrt(actions.length))) / Math.sqrt(visits)

const diagnose = (info: string, row: RegretRow): RegretDiagnostic => {
  const { actions, visits, squaredRegret, regrets, external } = row
  const average = Array.from(actions, () => 1 / actions.length)
  averageStrategy(row, average)
  let positive = 0
  for (const regret of regrets) if (regret > 0) positive += regret * regret
  return {
    info,
    actions,
    average,
    visits,
    averageRegret: Math.max(0, ...external) / visits,
    bound: boundOf(row),
    invariantHolds: positive <= squaredRegret * (1 + tolerance)
  }
}

const variantOf = Schema.decodeSync(RegretMatchingOptions)

const overRows = (variant: ReturnType<typeof variantOf>, rows: Map<string, RegretRow>): RegretController => {
  const scratch: Array<number> = []
  const linear = variant.averaging === "linear"

  const strategy = (info: string, legal: LegalActions, mode: StrategyMode): Strategy => {
    const row = rows.get(info)
    const result = new Array<number>(legal.names.length)
    if (row === undefined) return mode === "average" ? onFallback(legal) : result.fill(1 / result.length)
    requireSameActions(row, info, legal)
    if (mode === "current") matchRegrets(row.regrets, result)
    else if (!averageStrategy(row, result)) return onFallback(legal)
    return result
  }

  const update = (
    info: string,
    legal: LegalActions,
    values: ActionValues,
    { reach = 1 }: UpdateContext = {}
  ): void => {
    if (values.length !== legal.names.length || !values.every(Number.isFinite) || !(reach >= 0)) {
      throw new RangeError(
        `Information state "${info}" was given the values [${values.join(", ")}] and the reach ${reach}; ` +
          `regret matching needs one finite number for each of [${legal.names.join(", ")}] and a reach of 0 or more.`
      )
    }
    let row = rows.get(info)
    if (row === undefined) {
      row = emptyRow([...legal.names], variant.plus)
      rows.set(info, row)
    } else requireSameActions(row, info, legal)
    learnValues(row, values, linear ? reach * (row.visits + 1) : reach, scratch)
  }

  return {
    name: "regret-matching",
    strategy,
    update,
    snapshot: () => snapshotOf(variant, rows),
    regret: () => Array.from(rows, ([info, row]) => diagnose(info, row))
  }
}

/**
 * Regret matching over any finite number of actions: RM or RM+.
 *
 * The current strategy is proportional to the positive cumulative regrets, uniform where none is; a state never seen
 * is uniform in training and plays `legal.fallback` on average. Throws `RangeError` for values that are not finite, and
 * where one information state shows different actions.
 *
 * Source: Hart and Mas-Colell 2000; RM+ and linear averaging: Tammelin 2014.
 */
export const regretMatching = (options: RegretMatchingOptions = {}): RegretController =>
  overRows(variantOf(options), new Map())

/**
 * Regret matching that goes on exactly where a snapshot was taken.
 *
 * Fails with `StoreError` for a snapshot of another kind, version or variant, and for a damaged one.
 */
export const restoreRegretMatching = (
  options: RegretMatchingOptions,
  snapshot: ControllerSnapshot
): Effect.Effect<RegretController, StoreError> => {
  const variant = variantOf(options)
  return Effect.fromResult(Result.map(rowsOf(snapshot, variant), (rows) => overRows(variant, rows)))
}
