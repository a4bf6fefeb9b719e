/** A row of a table of tasks, and where it stands, as `line 3` or `row 3`. */
export interface Row {
  readonly fields: Readonly<Record<string, unknown>>
  /** Counted from 1. */
  readonly number: number
  readonly place: string
}

export const tableFormats = ["jsonl", "csv", "parquet"] as const

/** How a file of tasks is written. */
export type TableFormat = (typeof tableFormats)[number]

/** The format that a file's name tells: CSV and Parquet by their ending, JSON lines else. */
export const formatOf = (file: string): TableFormat => {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase()
  return ending === "csv" || ending === "tsv" ? "csv" : ending === "parquet" ? "parquet" : "jsonl"
}

/** A row that cannot be read; `place` is where. Caught by `readTasks`. */
export class BadRow extends Error {
  readonly place: string

  constructor(place: string, what: string, cause?: unknown) {
    super(what, { cause })
    this.place = place
  }
}
