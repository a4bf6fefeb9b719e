import { mkdir, rename, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect } from "effect"
import { StoreError } from "../errors.ts"
import { reasonOf } from "../reason-of.ts"
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
  Effect.tryPromise({
    try: async () => {
      const content = kind === "jsonl" ? jsonLinesOf(table) : await parquetOf(table)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(`${file}.part`, content)
      await rename(`${file}.part`, file)
    },
    catch: (cause) =>
      new StoreError({
        path: file,
        message: `${file} cannot be written: ${reasonOf(cause)}`,
        hint: "Check that the folder can be written and that the disk has room.",
        cause
      })
  })
