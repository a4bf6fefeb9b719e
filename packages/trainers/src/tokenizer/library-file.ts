import { Schema } from "effect"
import { Pattern, readParts } from "./file-parts.ts"
import { libraryPreTokenizer } from "./pre-tokenizer-file.ts"

const Normalizer = Schema.Union([
  Schema.Struct({ type: Schema.Literals(["NFC", "NFD", "NFKC", "NFKD"]) }),
  Schema.Struct({ type: Schema.Literal("Prepend"), prepend: Schema.String }),
  Schema.Struct({ type: Schema.Literal("Replace"), pattern: Pattern, content: Schema.String })
])

const File = Schema.Struct({
  normalizer: Schema.optionalKey(Schema.Unknown),
  pre_tokenizer: Schema.optionalKey(Schema.Unknown),
  added_tokens: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        id: Schema.Int,
        content: Schema.String,
        special: Schema.Boolean,
        single_word: Schema.Boolean,
        lstrip: Schema.Boolean,
        rstrip: Schema.Boolean,
        normalized: Schema.Boolean
      })
    )
  ),
  // Hundreds of thousands of entries: left to the library.
  model: Schema.Unknown
})

/** The library replaces with JavaScript's replaceAll, where $ is a mark of its own. */
const libraryNormalizer = (part: typeof Normalizer.Type): typeof Normalizer.Type =>
  part.type === "Replace" ? { ...part, content: part.content.replaceAll("$", "$$$$") } : part

const Model = Schema.Struct({
  // Files of older versions of `tokenizers` leave it out.
  type: Schema.optionalKey(Schema.Literal("BPE")),
  dropout: Schema.optionalKey(Schema.NullOr(Schema.Literal(0))),
  ignore_merges: Schema.optionalKey(Schema.Boolean),
  vocab: Schema.ObjectKeyword,
  merges: Schema.Unknown
})

/**
 * The contents of a `tokenizer.json` as the library is to see them, so that its tokens are those of `tokenizers`. Throws for
 * what cannot be had that way.
 */
export const libraryFile = (file: unknown): Readonly<Record<string, unknown>> => {
  const { normalizer, pre_tokenizer, added_tokens = [], model } = Schema.decodeUnknownSync(File)(file)
  const normalizers = readParts("normalizer", normalizer, Normalizer).map(libraryNormalizer)
  const singleWord = added_tokens.find(({ single_word }) => single_word)
  if (singleWord !== undefined) {
    throw new Error(`added_tokens: single_word of ${singleWord.content} is not supported.`)
  }
  if (!Schema.is(Model)(model)) {
    throw new Error("model: only byte-pair encoding (BPE) without dropout is supported.")
  }
  const wordsApart = () =>
    model.ignore_merges !== true && Object.keys(model.vocab).every((token) => !/[^\u2581]\u2581/u.test(token))
  return {
    normalizer: normalizers.length === 0 ? null : { type: "Sequence", normalizers },
    pre_tokenizer: libraryPreTokenizer(pre_tokenizer, wordsApart),
    added_tokens,
    model: { ...model, type: "BPE" },
    // Nothing is put around a text here, and text is made of tokens elsewhere: see decoder-file.ts.
    post_processor: null,
    decoder: null
  }
}
