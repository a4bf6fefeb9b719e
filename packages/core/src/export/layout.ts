import type { Message } from "../role.ts"

/** What a column of an exported file holds. */
export type ColumnKind = "text" | "texts" | "messages" | "number" | "integer" | "flag" | "flags"

/** A value of a column, by what the column holds. */
export type Cell = string | number | boolean | ReadonlyArray<string | boolean | Message>

/** A row by column name. */
export type ExportRow = Readonly<Record<string, Cell>>

/** An exported table: columns in their order, and rows that have all of them. */
export interface ExportTable {
  readonly columns: ReadonlyArray<{ readonly name: string; readonly kind: ColumnKind }>
  readonly rows: ReadonlyArray<ExportRow>
}
