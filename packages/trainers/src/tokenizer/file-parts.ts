import { Schema } from "effect"

/** What `tokenizer.json` may say of a pattern; regular expressions are Oniguruma's. */
export const Pattern = Schema.Union([
  Schema.Struct({ String: Schema.String }),
  Schema.Struct({ Regex: Schema.String })
])
export type Pattern = typeof Pattern.Type

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const partsOf = (value: unknown): ReadonlyArray<unknown> => {
  if (value === null || value === undefined) return []
  if (!isRecord(value) || value.type !== "Sequence") return [value]
  const lists = Object.values(value).filter((field) => Array.isArray(field))
  return lists.flat().flatMap(partsOf)
}

/**
 * The parts that a field of `tokenizer.json` names, alone or in a `Sequence`, in order. Throws for a part that `schema` does
 * not know: to leave one out would give other tokens without a word.
 */
export const readParts = <S extends Schema.ConstraintDecoder<unknown>>(
  field: string,
  value: unknown,
  schema: S
): ReadonlyArray<S["Type"]> =>
  partsOf(value).map((part) => {
    try {
      return Schema.decodeUnknownSync(schema)(part)
    } catch (cause) {
      throw new Error(`${field}: ${JSON.stringify(part)} is not supported.`, { cause })
    }
  })
