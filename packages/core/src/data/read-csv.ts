import { createReadStream } from "node:fs"
import { Schema } from "effect"
import { reasonOf } from "../reason-of.ts"
import { BadRow, type Row } from "./row.ts"

const Fields = Schema.Record(Schema.String, Schema.String)

const lineOf = (cause: unknown): string => {
  const line: unknown = typeof cause === "object" && cause !== null ? Reflect.get(cause, "lines") : undefined
  return typeof line === "number" ? String(line) : "?"
}

/** The rows of a CSV file with a header (RFC 4180), or of a TSV file; quoted fields may span lines. */
export async function* readCsv(file: string): AsyncGenerator<Row> {
  // Loaded where a CSV file is read, and only there.
  const { parse } = await import("csv-parse")
  const delimiter = file.toLowerCase().endsWith(".tsv") ? "\t" : ","
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true, delimiter })
  const input = createReadStream(file)
  input.once("error", (cause) => parser.destroy(cause))
  let number = 0
  try {
    for await (const record of input.pipe(parser)) {
      number += 1
      yield { fields: Schema.decodeUnknownSync(Fields)(record), number, place: `row ${number}` }
    }
  } catch (cause) {
    if (input.errored !== null) throw input.errored
    throw new BadRow(`line ${lineOf(cause)}`, `this is not CSV: ${reasonOf(cause)}.`, cause)
  } finally {
    input.destroy()
  }
}
