import { Schema } from "effect"
import { Pattern, readParts } from "./file-parts.ts"
import { interruption } from "./literal-text.ts"

const Part = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("ByteLevel"),
    add_prefix_space: Schema.Boolean,
    use_regex: Schema.optionalKey(Schema.Boolean)
  }),
  Schema.Struct({ type: Schema.Literal("Digits"), individual_digits: Schema.Boolean }),
  Schema.Struct({
    type: Schema.Literal("Metaspace"),
    replacement: Schema.String,
    prepend_scheme: Schema.optionalKey(Schema.Literals(["always", "first", "never"])),
    add_prefix_space: Schema.optionalKey(Schema.Boolean),
    split: Schema.optionalKey(Schema.Boolean)
  }),
  Schema.Struct({
    type: Schema.Literal("Split"),
    pattern: Pattern,
    behavior: Schema.Literal("Isolated"),
    invert: Schema.Boolean
  }),
  Schema.Struct({
    type: Schema.Literal("Split"),
    pattern: Pattern,
    behavior: Schema.Literal("Removed"),
    invert: Schema.Literal(true)
  }),
  Schema.Struct({
    type: Schema.Literal("Split"),
    pattern: Pattern,
    behavior: Schema.Literals(["MergedWithPrevious", "MergedWithNext"]),
    invert: Schema.Literal(false)
  })
])
type Part = typeof Part.Type

/** A part as the library reads it. */
type LibraryPart = Readonly<Record<string, unknown>>

const splitAt = (regex: string): LibraryPart => ({
  type: "Split",
  pattern: { Regex: regex },
  behavior: "Isolated",
  invert: false
})

/** How GPT-2 cuts text into words. */
const gpt2Words = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|&-]/g, "\\$&")

const libraryParts = (part: Part): ReadonlyArray<LibraryPart> => {
  switch (part.type) {
    case "ByteLevel": {
      const bytes = { type: "ByteLevel", add_prefix_space: false, use_regex: false }
      // The library replaces with JavaScript's replaceAll, where $& is what was found.
      const prefix = { type: "Replace", pattern: { Regex: "\\A[^ ]" }, content: " $&" }
      // The library's own pattern takes JavaScript's white space, which has U+FEFF and lacks U+0085.
      const words = part.use_regex === false ? [] : [splitAt(gpt2Words)]
      return [...(part.add_prefix_space ? [prefix] : []), ...words, bytes]
    }
    case "Digits":
      // The library takes 0 to 9 for all digits there are.
      return [splitAt(part.individual_digits ? "\\p{N}" : "\\p{N}+")]
    case "Metaspace": {
      const { replacement, prepend_scheme, add_prefix_space, split } = part
      const scheme = prepend_scheme ?? (add_prefix_space === false ? "never" : "always")
      const mark = escaped(replacement)
      const marks = { type: "Metaspace", replacement, prepend_scheme: scheme }
      return split === false ? [marks] : [marks, splitAt(`${mark}?(?:(?!${mark})[\\s\\S])+|${mark}`)]
    }
    case "Split": {
      const found = "Regex" in part.pattern ? part.pattern.Regex : escaped(part.pattern.String)
      const between = `(?:(?!${found})[\\s\\S])+`
      switch (part.behavior) {
        case "Isolated":
          return [splitAt(found)]
        case "Removed":
          return [{ type: "Split", pattern: { Regex: found }, behavior: "Removed", invert: true }]
        case "MergedWithPrevious":
          return [splitAt(`${between}(?:${found})?|${found}`)]
        case "MergedWithNext":
          return [splitAt(`(?:${found})(?:${between})?|${between}`)]
      }
    }
  }
}

/** Special tokens have been looked for by now, so that what was only interrupted is none. */
const joinInterrupted = { type: "Replace", pattern: { String: interruption }, content: "" }

/** Cuts before each run of SentencePiece's marks of a word's start. */
const beforeWords = splitAt("\u2581+[^\u2581]*|[^\u2581]+")

/**
 * The `pre_tokenizer` of a `tokenizer.json` in the words that the library reads as `tokenizers` reads the original: left as it
 * is, the library would cut some texts elsewhere, or not at all. Throws for a part that is unknown.
 *
 * `wordsApart`: no token goes on from one word into the next, where U+2581 marks the start of a word. Then a text of words that
 * would be merged as a whole can be cut into them: the tokens are the same, and words that were seen before are in the library's
 * cache.
 */
export const libraryPreTokenizer = (preTokenizer: unknown, wordsApart: () => boolean): LibraryPart => {
  const parts = readParts("pre_tokenizer", preTokenizer, Part)
  const words = parts.every(({ type }) => type !== "ByteLevel") && wordsApart() ? [beforeWords] : []
  return { type: "Sequence", pretokenizers: [joinInterrupted, ...parts.flatMap(libraryParts), ...words] }
}
