import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { Option, Schema } from "effect"
import { BadRow, type Row } from "./row.ts"

const Fields = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

/** The rows of a file with one JSON object a line; empty lines are passed over. */
export async function* readJsonl(file: string): AsyncGenerator<Row> {
  let number = 0
  for await (const line of createInterface({ input: createReadStream(file, "utf8") })) {
    number += 1
    const text = number === 1 ? line.replace(/^\ufeff/, "") : line
    if (text.trim() === "") continue
    const fields = Option.getOrUndefined(Schema.decodeUnknownOption(Fields)(text))
    if (fields === undefined) throw new BadRow(String(number), "this is not a JSON object.")
    yield { fields, number, place: String(number) }
  }
}
