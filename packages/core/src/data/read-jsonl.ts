import { createReadStream } from "node:fs"
import { Option, Schema } from "effect"
import { BadRow, type Row } from "./row.ts"

const Fields = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

/** Lines that end in a line feed alone: JSON texts may hold all other line ends of Unicode as they are. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let pieces: Array<string> = []
  const input: AsyncIterable<string> = createReadStream(file, "utf8")
  for await (const chunk of input) {
    const [first = "", ...others] = chunk.split("\n")
    pieces.push(first)
    for (const next of others) {
      yield pieces.join("")
      pieces = [next]
    }
  }
  yield pieces.join("")
}

/** The rows of a file with one JSON object a line; empty lines are passed over. */
export async function* readJsonl(file: string): AsyncGenerator<Row> {
  let number = 0
  for await (const line of linesOf(file)) {
    number += 1
    const text = number === 1 ? line.replace(/^\ufeff/, "") : line
    if (text.trim() === "") continue
    const fields = Option.getOrUndefined(Schema.decodeUnknownOption(Fields)(text))
    if (fields === undefined) throw new BadRow(String(number), "this is not a JSON object.")
    yield { fields, number, place: String(number) }
  }
}
