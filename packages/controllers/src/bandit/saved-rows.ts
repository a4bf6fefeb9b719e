import type { StoreError } from "@tracer-sdk/core"
import { Result } from "effect"
import { damaged } from "../snapshot.ts"

/** A bandit as a snapshot holds it. */
interface SavedRow {
  readonly info: string
  readonly actions: ReadonlyArray<string>
}

/**
 * The bandits of a snapshot by information state; `lists` are those that have one number for each action. Fails with `StoreError` where
 * one has another length, or a state is there twice.
 */
export const rowsByInfo = <Saved extends SavedRow, Row>(
  kind: string,
  saved: ReadonlyArray<Saved>,
  lists: (row: Saved) => ReadonlyArray<ReadonlyArray<number>>,
  revive: (row: Saved) => Row
): Result.Result<Map<string, Row>, StoreError> => {
  const rows = new Map<string, Row>()
  for (const row of saved) {
    const { info, actions } = row
    if (rows.has(info) || lists(row).some(({ length }) => length !== actions.length)) {
      return Result.fail(damaged(kind, ` at information state "${info}".`))
    }
    rows.set(info, revive(row))
  }
  return Result.succeed(rows)
}
