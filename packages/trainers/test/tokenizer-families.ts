import { readFileSync } from "node:fs"
import { Schema } from "effect"
import { type ChatTokenizer, makeChatTokenizer } from "../src/tokenizer/index.ts"

/** A kind of tokenizer, with what transformers makes of the strings: see tools/reference/tokenizer_fixtures.py. */
export interface TokenizerFamily {
  readonly name: string
  /** Its chat template says the first message and nothing else. */
  readonly tokenizer: ChatTokenizer
  /** The same with another chat template. */
  readonly withTemplate: (template: string) => ChatTokenizer
  /** One past the largest id. */
  readonly size: number
  /** Token ids of each string. */
  readonly ids: ReadonlyArray<ReadonlyArray<number>>
  /** The same where the string is text alone, without special tokens. */
  readonly literal: ReadonlyArray<ReadonlyArray<number>>
  /** The text of each string's ids, special tokens left out. */
  readonly texts: ReadonlyArray<string>
  /** Random ids and their text. */
  readonly drawn: ReadonlyArray<readonly [ids: ReadonlyArray<number>, text: string]>
}

const Vocabulary = Schema.Struct({
  vocab: Schema.Record(Schema.String, Schema.Int),
  merges: Schema.Array(Schema.String)
})
const Family = Schema.Struct({
  name: Schema.String,
  vocabulary: Schema.String,
  file: Schema.StructWithRest(
    Schema.Struct({
      model: Schema.Record(Schema.String, Schema.Unknown),
      added_tokens: Schema.Array(
        Schema.StructWithRest(Schema.Struct({ id: Schema.Int }), [
          Schema.Record(Schema.String, Schema.Unknown)
        ])
      )
    }),
    [Schema.Record(Schema.String, Schema.Unknown)]
  ),
  ids: Schema.Array(Schema.String),
  literal: Schema.Record(Schema.String, Schema.String),
  changed: Schema.Record(Schema.String, Schema.String),
  drawn: Schema.Array(Schema.Tuple([Schema.Array(Schema.Int), Schema.String]))
})

const read = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, name: string): S["Type"] => {
  const url = new URL(`../src/tokenizer/fixtures/${name}.json`, import.meta.url)
  return Schema.decodeUnknownSync(schema)(JSON.parse(readFileSync(url, "utf8")))
}

/** The strings on which tokenizers tend to differ. */
export const difficultStrings = read(Schema.Array(Schema.String), "strings")

const vocabularies = read(Schema.Record(Schema.String, Vocabulary), "vocabularies")

const numbers = (list: string): ReadonlyArray<number> => (list === "" ? [] : list.split(" ").map(Number))

export const tokenizerFamilies: ReadonlyArray<TokenizerFamily> = read(Schema.Array(Family), "families").map(
  ({ name, vocabulary, file, ids, literal, changed, drawn }) => {
    const known = vocabularies[vocabulary]
    const withTemplate = (template: string) =>
      makeChatTokenizer({ ...file, model: { ...file.model, ...known } }, template)
    return {
      name,
      tokenizer: withTemplate("{{ messages[0].content }}"),
      withTemplate,
      size: Math.max(...Object.values(known?.vocab ?? {}), ...file.added_tokens.map(({ id }) => id)) + 1,
      ids: ids.map(numbers),
      literal: ids.map((list, index) => numbers(literal[index] ?? list)),
      texts: difficultStrings.map((string, index) => changed[index] ?? string),
      drawn
    }
  }
)

/** The family of that name. */
export const tokenizerFamily = (name: string): TokenizerFamily => {
  const found = tokenizerFamilies.find((family) => family.name === name)
  if (found === undefined) throw new Error(`There is no family ${name}.`)
  return found
}
