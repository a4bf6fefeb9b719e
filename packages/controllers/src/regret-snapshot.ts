import { type ControllerSnapshot, StoreError } from "@tracer-sdk/core"
import { Result, Schema } from "effect"
import type { RegretRow } from "./regret-table.ts"

const kind = "regret-matching"

/** The version of the snapshot's format. */
const version = 1

const Numbers = Schema.Array(Schema.Finite)

const Row = Schema.Struct({
  info: Schema.String,
  actions: Schema.Array(Schema.String),
  regrets: Numbers,
  /** Present for RM+, where it differs from `regrets`. */
  external: Schema.optionalKey(Numbers),
  strategySum: Numbers,
  visits: Schema.Int,
  squaredRegret: Schema.Finite,
  low: Schema.Finite,
  high: Schema.Finite
})

const State = Schema.Struct({
  plus: Schema.Boolean,
  averaging: Schema.Literals(["uniform", "linear"]),
  rows: Schema.Array(Row)
})
type State = typeof State.Type
type Variant = Pick<State, "plus" | "averaging">

/** A table as plain JSON; every number in it is finite and comes back bit by bit. */
export const snapshotOf = (variant: Variant, rows: ReadonlyMap<string, RegretRow>): ControllerSnapshot => ({
  kind,
  version,
  state: {
    ...variant,
    rows: [...rows].map(([info, row]) => ({
      info,
      actions: row.actions,
      regrets: [...row.regrets],
      ...(row.external === row.regrets ? {} : { external: [...row.external] }),
      strategySum: [...row.strategySum],
      visits: row.visits,
      squaredRegret: row.squaredRegret,
      low: row.low,
      high: row.high
    }))
  }
})

const unusable = (message: string, hint: string, cause?: unknown) =>
  Result.fail(
    new StoreError({ path: "controllers", message, hint, ...(cause === undefined ? {} : { cause }) })
  )

const variantName = ({ plus, averaging }: Variant): string =>
  `${plus ? "RM+" : "RM"} with ${averaging} averaging`

/** The table of a snapshot; fails where it is of another kind, version or variant, or is damaged. */
export const rowsOf = (
  snapshot: ControllerSnapshot,
  variant: Variant
): Result.Result<Map<string, RegretRow>, StoreError> => {
  if (snapshot.kind !== kind) {
    return unusable(
      `A snapshot of kind "${snapshot.kind}" cannot be restored as "${kind}".`,
      `Name the controller "${snapshot.kind}" in the configuration, as when it was saved.`
    )
  }
  if (snapshot.version !== version) {
    return unusable(
      `A "${kind}" snapshot has format version ${snapshot.version}; this release reads version ${version}.`,
      "Use the release that wrote it, or train again."
    )
  }
  const decoded = Schema.decodeUnknownResult(State)(snapshot.state)
  if (Result.isFailure(decoded)) {
    return unusable(
      `A "${kind}" snapshot is damaged: ${decoded.failure.message}`,
      "Restore the file from a copy, or train again.",
      decoded.failure
    )
  }
  const state = decoded.success
  if (state.plus !== variant.plus || state.averaging !== variant.averaging) {
    return unusable(
      `A snapshot of ${variantName(state)} cannot be restored as ${variantName(variant)}.`,
      "Give the controller the options with which it was saved."
    )
  }
  const rows = new Map<string, RegretRow>()
  for (const { info, actions, visits, squaredRegret, low, high, ...row } of state.rows) {
    const regrets = Float64Array.from(row.regrets)
    const external = row.external === undefined ? regrets : Float64Array.from(row.external)
    const strategySum = Float64Array.from(row.strategySum)
    const alike = [regrets, external, strategySum].every(({ length }) => length === actions.length)
    if (!alike || rows.has(info) || (row.external !== undefined) !== variant.plus) {
      return unusable(
        `A "${kind}" snapshot is damaged at information state "${info}".`,
        "Restore the file from a copy, or train again."
      )
    }
    rows.set(info, { actions, regrets, external, strategySum, visits, squaredRegret, low, high })
  }
  return Result.succeed(rows)
}
