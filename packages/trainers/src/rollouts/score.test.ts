import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { beforeAll } from "vitest"
import { tinyDecoder } from "../../test/drawn-groups.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { forwardLogits, packSequences } from "../decoder/index.ts"
import { scoresOf } from "./score.ts"

beforeAll(() => quietly(loadCpu))

const sequences = [
  { prompt: [1, 2, 3], completion: [4, 0] },
  { prompt: [5], completion: [2, 6, 1] }
]

it.effect("scores are the log-probabilities of each completion's tokens, at the temperature asked for", () =>
  Effect.gen(function* () {
    const decoder = tinyDecoder(3)
    const before = tf.memory().numTensors
    const scores = yield* scoresOf(decoder, sequences, 2)
    expect(tf.memory().numTensors).toBe(before)
    for (const [row, sequence] of sequences.entries()) {
      const { prompt, completion } = sequence
      const expected = tf.tidy(() => {
        const logits = forwardLogits(decoder, undefined, packSequences([sequence]))
        const { vocabularySize } = decoder.config
        const all = tf.logSoftmax(tf.div(logits, 2)).dataSync()
        return completion.map((id, i) => all[(prompt.length - 1 + i) * vocabularySize + id] ?? Number.NaN)
      })
      expect(scores[row]).toHaveLength(completion.length)
      for (const [i, value] of expected.entries()) expect(scores[row]?.[i]).toBeCloseTo(value, 5)
    }
    decoder.dispose()
  })
)

it.effect("what cannot be scored is an error that names the sequences", () =>
  Effect.gen(function* () {
    const decoder = tinyDecoder(3)
    decoder.dispose()
    const error = yield* Effect.flip(scoresOf(decoder, sequences, 1))
    expect(error).toMatchObject({ _tag: "PolicyError", retryable: false })
    expect(error.message).toContain("2 sequences of up to 5 tokens could not be scored")
  })
)
