import { Schema } from "effect"
import { byteFallbackDecoding } from "./byte-fallback-decoding.ts"
import { byteLevelDecoding } from "./byte-level-decoding.ts"
import { Pattern, readParts } from "./file-parts.ts"
import { type DecodingStep, eachPiece, inTurn } from "./token-decoding.ts"

const Step = Schema.Union([
  Schema.Struct({ type: Schema.Literal("ByteLevel") }),
  Schema.Struct({ type: Schema.Literal("ByteFallback") }),
  Schema.Struct({ type: Schema.Literal("Fuse") }),
  Schema.Struct({ type: Schema.Literal("Replace"), pattern: Pattern, content: Schema.String }),
  Schema.Struct({
    type: Schema.Literal("Strip"),
    content: Schema.String,
    start: Schema.Int,
    stop: Schema.Int
  }),
  Schema.Struct({
    type: Schema.Literal("Metaspace"),
    replacement: Schema.String,
    prepend_scheme: Schema.optionalKey(Schema.Literals(["always", "first", "never"])),
    add_prefix_space: Schema.optionalKey(Schema.Boolean)
  })
])
type Step = typeof Step.Type

/** Takes up to `count` characters `content` off the start of the text as a whole. */
const stripText = (content: string, count: number): DecodingStep => {
  let left = count
  return {
    push: (piece) => {
      let from = 0
      while (left > 0 && from < piece.length) {
        if (!piece.startsWith(content, from)) left = 0
        else {
          left -= 1
          from += content.length
        }
      }
      return [piece.slice(from)]
    },
    end: () => []
  }
}

/** Takes up to `start` and `stop` characters `content` off the ends of each piece. */
const stripPieces = (content: string, start: number, stop: number): DecodingStep =>
  eachPiece((piece) => {
    let kept = piece
    for (let i = 0; i < start && kept.startsWith(content); i += 1) kept = kept.slice(content.length)
    for (let i = 0; i < stop && kept.endsWith(content); i += 1) kept = kept.slice(0, -content.length)
    return kept
  })

/** Marks of word starts become spaces; those of the first token, which the tokenizer put before the text, go away. */
const metaspaceDecoding = (mark: string, prepended: boolean): DecodingStep => {
  let first = true
  return eachPiece((piece) => {
    const space = first && prepended ? "" : " "
    first = false
    return piece.replaceAll(mark, space)
  })
}

const joinWithSpaces = (): DecodingStep => {
  let first = true
  return eachPiece((piece) => {
    const text = first ? piece : ` ${piece}`
    first = false
    return text
  })
}

/** `whole`: an earlier step has made the pieces one text, so that where they are cut means nothing. */
const makeStep = (step: Step, whole: boolean): DecodingStep => {
  switch (step.type) {
    case "ByteLevel":
      return byteLevelDecoding()
    case "ByteFallback":
      return byteFallbackDecoding()
    case "Fuse":
      return eachPiece((piece) => piece)
    case "Replace": {
      const pattern = "String" in step.pattern ? step.pattern.String : new RegExp(step.pattern.Regex, "gu")
      return eachPiece((piece) => piece.replaceAll(pattern, () => step.content))
    }
    case "Strip":
      return whole ? stripText(step.content, step.start) : stripPieces(step.content, step.start, step.stop)
    case "Metaspace":
      return metaspaceDecoding(
        step.replacement,
        step.prepend_scheme === undefined ? step.add_prefix_space !== false : step.prepend_scheme !== "never"
      )
  }
}

const refusalOf = (step: Step, whole: boolean): string | undefined => {
  if (!whole || step.type === "ByteLevel" || step.type === "Fuse") return undefined
  if (step.type === "Strip" && step.stop === 0) return undefined
  return `decoder: ${step.type} cannot follow a step that joins the tokens.`
}

/**
 * What makes text of tokens, from the `decoder` of a `tokenizer.json`: a maker of steps that each serve one text. Throws
 * for a decoder that is unknown.
 */
export const readDecoder = (decoder: unknown): (() => DecodingStep) => {
  const steps = readParts("decoder", decoder, Step)
  if (steps.length === 0) return joinWithSpaces
  const joined = steps.findIndex(({ type }) => type === "Fuse" || type === "ByteLevel")
  const isWhole = (index: number): boolean => joined >= 0 && index > joined
  for (const [index, step] of steps.entries()) {
    const refusal = refusalOf(step, isWhole(index))
    if (refusal !== undefined) throw new Error(refusal)
  }
  return () => inTurn(steps.map((step, index) => makeStep(step, isWhole(index))))
}
