import type {
  ActionValues,
  ControllerSnapshot,
  LegalActions,
  RegretController,
  StoreError,
  Strategy,
  StrategyMode,
  UpdateContext
} from "@tracer-sdk/core"
import { Effect, Result } from "effect"
import { playedAction } from "../played-action.ts"
import { requireReach, requireSameActions, requireValues } from "../require-lesson.ts"
import { untrainedStrategy } from "../untrained-strategy.ts"
import { diagnose } from "./regret-diagnostic.ts"
import { averageStrategy, emptyRow, learnValues, matchRegrets, type RegretRow } from "./regret-row.ts"
import { rowsOf, snapshotOf } from "./regret-snapshot.ts"
import { type RegretMatchingOptions, type RegretVariant, regretVariant } from "./regret-variant.ts"

/** The played action's value over its probability, and 0 for the others. */
const sampledValues = (
  info: string,
  legal: LegalActions,
  values: ActionValues,
  played: NonNullable<UpdateContext["played"]>
): ActionValues => {
  const { index, probability } = playedAction(info, legal, played)
  return values.map((value, a) => (a === index ? value / probability : 0))
}

const overRows = (variant: RegretVariant, rows: Map<string, RegretRow>): RegretController => {
  const scratch: Array<number> = []

  const strategy = (info: string, legal: LegalActions, mode: StrategyMode): Strategy => {
    const row = rows.get(info)
    if (row === undefined) return untrainedStrategy(legal, mode)
    requireSameActions(row, info, legal)
    const result = new Array<number>(legal.names.length)
    if (mode === "current") matchRegrets(row, result)
    else if (!averageStrategy(row, result)) return untrainedStrategy(legal, mode)
    return result
  }

  const update = (
    info: string,
    legal: LegalActions,
    values: ActionValues,
    { reach = 1, played }: UpdateContext = {}
  ): void => {
    requireValues(info, legal, values)
    requireReach(info, reach)
    // Before there is a row, which a lesson that is refused must not leave behind.
    const lesson =
      variant.outcomeOnly && played !== undefined ? sampledValues(info, legal, values, played) : values
    let row = rows.get(info)
    if (row === undefined) {
      row = emptyRow([...legal.names], variant)
      rows.set(info, row)
    } else requireSameActions(row, info, legal)
    learnValues(row, variant, lesson, reach, scratch)
  }

  return {
    name: "regret-matching",
    strategy,
    update,
    snapshot: () => snapshotOf(variant, rows),
    regret: () => Array.from(rows, ([info, row]) => diagnose(info, row, variant))
  }
}

/**
 * Regret matching over any finite number of actions.
 *
 * The current strategy is proportional to the positive cumulative regrets, uniform where none is; a state never seen
 * is uniform in training and plays `legal.fallback` on average. Throws `RangeError` for values that are not finite, and
 * where one information state shows different actions. A discount follows the state's own count of updates: the iterations of a
 * solver, the visits of sampled play.
 *
 * - `rm`: regrets as they are. Hart and Mas-Colell 2000.
 * - `rm+`: clipped at 0 after every update. Tammelin 2014.
 * - `linear`: the t-th regret weighs t: discounted with alpha = beta = 1. Brown and Sandholm 2019.
 * - `dcfr`: positive and negative regrets are discounted with an exponent each. Brown and Sandholm 2019.
 * - `predictive`: RM+ that plays as if the last instantaneous regret came again. Farina, Kroer and Sandholm 2021.
 *
 * With `sampling: "outcome"` it learns from the played action's value alone, as outcome-sampling MCCFR does (Lanctot et al. 2009); what it
 * then measures is the regret of those estimates.
 */
export const regretMatching = (options: RegretMatchingOptions = {}): RegretController =>
  overRows(regretVariant(options), new Map())

/**
 * Regret matching that goes on exactly where a snapshot was taken.
 *
 * Fails with `StoreError` for a snapshot of another kind, version or variant, and for a damaged one.
 */
export const restoreRegretMatching = (
  options: RegretMatchingOptions,
  snapshot: ControllerSnapshot
): Effect.Effect<RegretController, StoreError> => {
  const variant = regretVariant(options)
  return Effect.fromResult(Result.map(rowsOf(snapshot, variant), (rows) => overRows(variant, rows)))
}
