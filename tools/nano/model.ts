import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type ChatTokenizer, type DecoderConfig, makeChatTokenizer } from "@tracer-sdk/trainers"
import { makeExamples } from "./corpus.ts"
import { cut, makeTokenizer, specialTokens, tokenizerConfig } from "./tokenizer-files.ts"

/** Where the shipped model lies. */
export const nanoDirectory = fileURLToPath(new URL("../../packages/trainers/models/nano/", import.meta.url))

/** The most entries that the tokenizer may have; the corpus has fewer words than they would hold. */
const vocabularyLimit = 512
const tokenizerExamples = 20_000

/** `tokenizer.json` of the nano model: byte pairs of the corpus. */
export const nanoTokenizerFile = () => {
  const examples = makeExamples(1, tokenizerExamples, { proposal: 0.2, review: 0.2 })
  return makeTokenizer(
    examples.flatMap(({ system, user, utterance }) => [system, user, utterance]),
    vocabularyLimit
  )
}

/** The tokenizer as the SDK loads it, with a memory for the pieces that texts are cut into: training repeats few of them. */
export const nanoTokenizer = (file: ReturnType<typeof makeTokenizer>): ChatTokenizer => {
  const tokenizer = makeChatTokenizer(file, tokenizerConfig.chat_template)
  const pieces = new RegExp(cut, "gu")
  const known = new Map<string, ReadonlyArray<number>>()
  const encodePiece = (piece: string): ReadonlyArray<number> => {
    // A digit is a token by itself; behind the piece it keeps a last space from being cut off.
    const ids = known.get(piece) ?? tokenizer.encode(`${piece}0`).slice(0, -1)
    known.set(piece, ids)
    return ids
  }
  return {
    ...tokenizer,
    encode: (text) =>
      text
        .split(/(<\|\w+\|>)/)
        .flatMap((part) => (part.startsWith("<|") ? [part] : (part.match(pieces) ?? [])))
        .flatMap(encodePiece)
  }
}

/** The nano model's shape. */
export const nanoConfig = (vocabularySize: number): DecoderConfig => ({
  modelType: "llama",
  vocabularySize,
  hiddenSize: 96,
  intermediateSize: 256,
  layers: 3,
  heads: 4,
  keyValueHeads: 4,
  headSize: 24,
  maximumPositions: 256,
  rope: { theta: 10_000 },
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: true,
  biases: [],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: [specialTokens.indexOf("<|end|>")],
  padToken: specialTokens.indexOf("<|end|>")
})

const end = specialTokens.indexOf("<|end|>")

/** Writes the files beside the weights. */
export const writeTokenizerFiles = async (
  directory: string,
  file: ReturnType<typeof makeTokenizer>
): Promise<void> => {
  const generation = {
    do_sample: true,
    temperature: 1,
    max_new_tokens: 64,
    eos_token_id: end,
    pad_token_id: end
  }
  await mkdir(directory, { recursive: true })
  for (const [name, contents] of [
    ["tokenizer.json", file],
    ["tokenizer_config.json", tokenizerConfig],
    ["generation_config.json", generation]
  ] as const) {
    await writeFile(join(directory, name), `${JSON.stringify(contents, undefined, 2)}\n`)
  }
}

/** Throws where the corpus has changed since the tokenizer in `directory` was made: the weights beside it would not fit. */
export const requireSameTokenizer = async (
  directory: string,
  file: ReturnType<typeof makeTokenizer>
): Promise<void> => {
  const path = join(directory, "tokenizer.json")
  const there: unknown = JSON.parse(await readFile(path, "utf8"))
  if (JSON.stringify(there) !== JSON.stringify(file)) {
    throw new Error(`${path} is not the tokenizer that the corpus gives now. Start without --resume.`)
  }
}
