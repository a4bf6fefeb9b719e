import { CliOutput } from "effect/cli"
import { pad, shorten } from "./text.ts"

/** A column: its heading's lines, and what may be done with its cells. */
export interface Column {
  readonly heading: ReadonlyArray<string>
  readonly align: "left" | "right"
  /** Cells wider than this are shortened. */
  readonly most?: number
}

/** A row of cells, or a heading that spans the columns. */
export type Row = ReadonlyArray<string> | { readonly section: string }

const gap = "  "

const isSection = (row: Row): row is { readonly section: string } => "section" in row

/** Lays rows out in aligned columns; returns the heading's lines and those of the rows, without trailing spaces. */
export const layOut = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Row>
): { readonly heading: ReadonlyArray<string>; readonly rows: ReadonlyArray<string> } => {
  const fit = (row: Row): Row =>
    isSection(row)
      ? row
      : row.map((cell, i) => {
          const most = columns[i]?.most
          return most === undefined ? cell : shorten(cell, most)
        })
  const fitted = rows.map(fit)
  const widths = columns.map(({ heading }, i) =>
    Math.max(
      ...heading.map(CliOutput.displayWidth),
      ...fitted.map((row) => (isSection(row) ? 0 : CliOutput.displayWidth(row[i] ?? "")))
    )
  )
  const line = (cells: ReadonlyArray<string>) =>
    columns
      .map(({ align }, i) => pad(cells[i] ?? "", widths[i] ?? 0, align))
      .join(gap)
      .trimEnd()
  const height = Math.max(0, ...columns.map(({ heading }) => heading.length))
  return {
    heading: Array.from({ length: height }, (_, i) =>
      // Short headings sit right above their column.
      line(columns.map(({ heading }) => heading[i - (height - heading.length)] ?? ""))
    ),
    rows: fitted.map((row) => (isSection(row) ? row.section : line(row)))
  }
}
