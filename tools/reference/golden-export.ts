/**
 * Writes the fixtures of exported turns, one file for each layout as JSONL and as Parquet.
 *
 *     node tools/reference/golden-export.ts packages/core/test/fixtures/export
 *
 * `tools/reference/export_layouts.py` then proves that TRL takes them.
 */
import { join } from "node:path"
import { exportLayouts, layOutTurns, writeTable } from "@tracer-sdk/core"
import { Effect } from "effect"
import { creditedTurns } from "../../packages/core/test/credited-turns.ts"

const [target] = process.argv.slice(2)
if (target === undefined) throw new Error("Say where to: node tools/reference/golden-export.ts DIRECTORY")
for (const layout of exportLayouts) {
  for (const kind of ["jsonl", "parquet"] as const) {
    await Effect.runPromise(
      writeTable(join(target, `${layout}.${kind}`), kind, layOutTurns(creditedTurns, layout))
    )
  }
}
