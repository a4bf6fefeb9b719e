import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Schema } from "effect"
import type { LoadOptions } from "../src/decoder/index.ts"

const Numbers = Schema.Array(Schema.Number)
const Rows = Schema.Array(Numbers)

/** What PyTorch and transformers 5.18 compute, in 32-bit floats (`tools/reference/architectures.py`). */
const Expected = Schema.Struct({
  maximumPositions: Schema.optionalKey(Schema.Int),
  /** `[batch][time]` */
  ids: Rows,
  /** `[batch * time][vocabularySize]` */
  logits: Rows,
  prompt: Numbers,
  /** The 32 tokens that follow `prompt`, each the most probable by a margin of at least 0.005 in the logits. */
  greedy: Numbers,
  temperature: Schema.Number,
  /** The first position whose log-probability is in the sum that the gradients are of. */
  scoredFrom: Schema.Number,
  /** Log-probabilities of `ids` from the second on, `[batch][time - 1]`. */
  scores: Rows,
  /** By weight the gradient's norm, and its product with cos 0, cos 1, ... */
  gradients: Schema.Record(Schema.String, Schema.Tuple([Schema.Number, Schema.Number]))
})

/** A tiny random checkpoint and what comes out of it. */
export interface ReferenceModel {
  readonly name: string
  readonly directory: string
  readonly load: LoadOptions
  readonly expected: typeof Expected.Type
}

/** The directory of a checkpoint. */
export const referenceDirectory = (name: string): string =>
  fileURLToPath(new URL(`../src/decoder/fixtures/${name}`, import.meta.url))

const names = ["llama3", "llama-linear", "mistral", "qwen2", "qwen2-yarn", "qwen3", "phi3"]

/** Every architecture with its variants; phi3 twice, within the positions that it was made for and beyond them. */
export const referenceModels: ReadonlyArray<ReferenceModel> = names.flatMap((name) => {
  const directory = referenceDirectory(name)
  const runs = Schema.decodeUnknownSync(Schema.Array(Expected))(
    JSON.parse(readFileSync(`${directory}/expected.json`, "utf8"))
  )
  return runs.map((expected) => {
    const { maximumPositions } = expected
    const load = maximumPositions === undefined ? {} : { maximumPositions }
    return {
      name: maximumPositions === undefined ? name : `${name} at ${maximumPositions} positions`,
      directory,
      load,
      expected
    }
  })
})
