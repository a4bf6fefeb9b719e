import type { Effect } from "effect"
import type { StoreError } from "../errors.ts"
import { writeWholeFile } from "../store/write-whole-file.ts"
import type { Cell, ColumnKind, ExportTable } from "./layout.ts"
import { parquetOf } from "./parquet.ts"

/** The files that a table can be written as. */
export type ExportFileKind = "jsonl" | "parquet"

/** A cell as JSON; whole credits get a decimal point: readers take a column's type from its first rows, and fail at a later fraction. */
const jsonOf = (kind: ColumnKind, cell: Cell | undefined): string =>
  kind === "number" && Number.isSafeInteger(cell) ? `${cell}.0` : JSON.stringify(cell ?? null)

/** One JSON object a line, with the keys in the order of the columns. */
export const jsonLinesOf = ({ columns, rows }: ExportTable): string =>
  rows
    .map((row) => columns.map(({ name, kind }) => `${JSON.stringify(name)}:${jsonOf(kind, row[name])}`))
    .map((cells) => `{${cells.join(",")}}\n`)
    .join("")

/** Writes a table; a reader sees the old file or the new one, never a part. Creates missing folders. */
export const writeTable = (
  file: string,
  kind: ExportFileKind,
  table: ExportTable
): Effect.Effect<void, StoreError> =>
  writeWholeFile(file, () => (kind === "jsonl" ? jsonLinesOf(table) : parquetOf(table)))
