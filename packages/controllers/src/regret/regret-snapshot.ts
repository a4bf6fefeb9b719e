import type { ControllerSnapshot, StoreError } from "@tracer-sdk/core"
import { Result, Schema } from "effect"
import { damaged, readSnapshot, unusable } from "../snapshot.ts"
import type { RegretRow } from "./regret-row.ts"
import { RegretMatchingOptions, type RegretVariant, regretVariant, variantTitle } from "./regret-variant.ts"

const kind = "regret-matching"

/** The version of the format that is written. */
const version = 2

const Numbers = Schema.Array(Schema.Finite)

const rowFields = {
  info: Schema.String,
  actions: Schema.Array(Schema.String),
  regrets: Numbers,
  /** Absent for plain RM, where it is `regrets`. */
  external: Schema.optionalKey(Numbers),
  strategySum: Numbers,
  visits: Schema.Int,
  squaredRegret: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite
}

/** Knew RM and RM+ alone. */
const FirstState = Schema.Struct({
  plus: Schema.Boolean,
  averaging: Schema.Literals(["uniform", "linear"]),
  rows: Schema.Array(Schema.Struct(rowFields))
})

const State = Schema.Struct({
  options: RegretMatchingOptions,
  rows: Schema.Array(
    Schema.Struct({
      ...rowFields,
      /** Of variants that predict. */
      prediction: Schema.optionalKey(Numbers),
      weightSum: Schema.Finite
    })
  )
})
type State = typeof State.Type

const upgraded = ({ plus, averaging, rows }: typeof FirstState.Type): State => ({
  options: { variant: plus ? "rm+" : "rm", gamma: averaging === "linear" ? 1 : 0, sampling: "external" },
  rows: rows.map((row) => ({ ...row, weightSum: row.visits }))
})

const stateOf = (snapshot: ControllerSnapshot): Result.Result<State, StoreError> =>
  snapshot.version === 1
    ? Result.map(readSnapshot(snapshot, { kind, version: 1, state: FirstState }), upgraded)
    : readSnapshot(snapshot, { kind, version, state: State })

/** A table as plain JSON; every number in it is finite and comes back bit by bit. */
export const snapshotOf = (
  { name, gamma, discount, outcomeOnly }: RegretVariant,
  rows: ReadonlyMap<string, RegretRow>
): ControllerSnapshot => ({
  kind,
  version,
  state: {
    options: {
      variant: name,
      gamma,
      ...(name === "dcfr" ? discount : {}),
      ...(outcomeOnly ? { sampling: "outcome" } : {})
    },
    rows: [...rows].map(([info, row]) => ({
      info,
      actions: row.actions,
      regrets: [...row.regrets],
      ...(row.external === row.regrets ? {} : { external: [...row.external] }),
      ...(row.prediction === undefined ? {} : { prediction: [...row.prediction] }),
      strategySum: [...row.strategySum],
      visits: row.visits,
      weightSum: row.weightSum,
      squaredRegret: row.squaredRegret,
      low: row.low,
      high: row.high
    }))
  }
})

/** The table of a snapshot; fails where it is of another kind, version or variant, or is damaged. */
export const rowsOf = (
  snapshot: ControllerSnapshot,
  variant: RegretVariant
): Result.Result<Map<string, RegretRow>, StoreError> =>
  Result.flatMap(stateOf(snapshot), (state) => {
    const wanted = variantTitle(variant)
    const found = variantTitle(regretVariant(state.options))
    if (found !== wanted) {
      return Result.fail(
        unusable(
          `A snapshot of ${found} cannot be restored as ${wanted}.`,
          "Give the controller the options with which it was saved."
        )
      )
    }
    const rows = new Map<string, RegretRow>()
    for (const { info, external, prediction, ...row } of state.rows) {
      const regrets = Float64Array.from(row.regrets)
      const restored: RegretRow = {
        ...row,
        regrets,
        external: external === undefined ? regrets : Float64Array.from(external),
        ...(prediction === undefined ? {} : { prediction: Float64Array.from(prediction) }),
        strategySum: Float64Array.from(row.strategySum)
      }
      const { actions, strategySum } = restored
      const arrays = [regrets, restored.external, strategySum, restored.prediction ?? regrets]
      if (
        arrays.some(({ length }) => length !== actions.length) ||
        rows.has(info) ||
        (external === undefined) !== (variant.name === "rm") ||
        (prediction === undefined) === variant.predicts
      ) {
        return Result.fail(damaged(kind, ` at information state "${info}".`))
      }
      rows.set(info, restored)
    }
    return Result.succeed(rows)
  })
