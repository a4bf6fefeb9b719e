import { expect, it } from "@effect/vitest"
import { loadChatTokenizer } from "@tracer-sdk/trainers"
import { Effect } from "effect"
import fc from "fast-check"
import { makeExamples } from "./corpus.ts"
import { lessonBatches, promptTokens } from "./lesson.ts"
import { nanoDirectory, nanoTokenizer, nanoTokenizerFile } from "./model.ts"

it.effect(
  "a run that goes on from a step sees the same batches as one that never stopped",
  Effect.fnUntraced(function* () {
    const tokenizer = nanoTokenizer(nanoTokenizerFile())
    const from = (firstStep: number) =>
      lessonBatches({
        tokenizer,
        seed: 1,
        batchSize: 4,
        firstStep,
        lesson: (step) => ({ drill: 0.3, slips: { proposal: step / 100, review: 0 } })
      })
    const whole = from(0)
    const batches = Array.from({ length: 20 }, () => whole.next().value)
    expect(from(18).next().value).toEqual(batches[18])
  })
)

it.effect(
  "the shipped tokenizer is the one that the corpus gives, also where training remembers its pieces",
  Effect.fnUntraced(function* () {
    const shipped = yield* loadChatTokenizer(nanoDirectory)
    const remembering = nanoTokenizer(nanoTokenizerFile())
    for (const example of makeExamples(9, 200, { proposal: 0.3, review: 0.3 })) {
      expect(remembering.encode(example.utterance)).toEqual(shipped.encode(example.utterance))
      expect(promptTokens(remembering, example)).toEqual(promptTokens(shipped, example))
    }
  })
)

it.effect(
  "the shipped tokenizer gives any text back, and every digit is a token",
  Effect.fnUntraced(function* () {
    const tokenizer = yield* loadChatTokenizer(nanoDirectory)
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        // Half of a surrogate pair is no text: UTF-8 cannot say it.
        fc.pre(text.isWellFormed() && !text.includes("<|"))
        return tokenizer.decode(tokenizer.encode(text)) === text
      }),
      { numRuns: 200 }
    )
    fc.assert(
      fc.property(fc.nat(), (number) => tokenizer.encode(`${number}`).length === `${number}`.length),
      { numRuns: 50 }
    )
  })
)
