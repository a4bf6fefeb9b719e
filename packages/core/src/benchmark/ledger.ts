import { existsSync } from "node:fs"
import { Effect, Schema } from "effect"
import { readJsonFile, writeJsonFile } from "../store/json-file.ts"
import { Spent } from "./budget.ts"

/** What a benchmark has cost so far, over all its starts: kept apart from its results, which say nothing of time. */
export const Ledger = Schema.Struct({
  version: Schema.Literal(1),
  spent: Spent,
  cells: Schema.Array(
    Schema.Struct({
      system: Schema.String,
      dataset: Schema.String,
      seed: Schema.Int,
      /** Of the start that finished it. */
      seconds: Schema.Number
    })
  )
})
export type Ledger = typeof Ledger.Type

const empty: Ledger = { version: 1, spent: { tokens: 0, calls: 0, seconds: 0, cost: 0 }, cells: [] }

export const readLedger = (file: string) =>
  Effect.suspend(() =>
    existsSync(file) ? readJsonFile(file, Ledger, "a benchmark's ledger") : Effect.succeed(empty)
  )

export const writeLedger = (file: string, ledger: Ledger) => writeJsonFile(file, Ledger, ledger)
