import {
  arithmeticProblems,
  below,
  pickIndex,
  type RandomKey,
  seedKey,
  shuffle,
  split,
  uniform,
  workOut
} from "@tracer-sdk/core"
import { type ChatTokenizer, packSequences, type TokenBatch, type TokenSequence } from "@tracer-sdk/trainers"
import { type Example, makeExamples, type SlipRates } from "./corpus.ts"
import {
  askForProposal,
  askForReview,
  type Conversation,
  writeComparison,
  writeEquations
} from "./utterance.ts"

/** What is taught at one time. */
export interface Lesson {
  /** Share of drills: true equations of several problems in a row, or comparisons of answers, without questions. */
  readonly drill: number
  readonly slips: SlipRates
}

const problemsPerDrill = 4
const comparisonsPerDrill = 6
const largestAnswer = 100
/** Batches whose sequences are sorted by length together, so that little is padding. */
const batchesPerPool = 16

/** The token ids of a conversation, ready for the assistant's words. */
export const promptTokens = (
  tokenizer: ChatTokenizer,
  { system, user }: Conversation
): ReadonlyArray<number> =>
  tokenizer.encodeChat([
    { role: "system", content: system },
    { role: "user", content: user }
  ])

/** An utterance's token ids, with the one that ends it. */
export const utteranceTokens = (tokenizer: ChatTokenizer, utterance: string): ReadonlyArray<number> => [
  ...tokenizer.encode(utterance),
  tokenizer.tokenId("<|end|>") ?? 0
]

const proposed = "\nProposed: "

/** The proposal in a reviewer's prompt is learned too: it is a solution like any other. */
const learnFrom = (tokenizer: ChatTokenizer, example: Example): TokenSequence => {
  const prompt = promptTokens(tokenizer, example)
  const utterance = utteranceTokens(tokenizer, example.utterance)
  const at = example.user.indexOf(proposed)
  if (at < 0) return { prompt, completion: utterance }
  const before = { ...example, user: example.user.slice(0, at + proposed.length) }
  const length = promptTokens(tokenizer, before).length - 1
  return { prompt: prompt.slice(0, length), completion: [...prompt.slice(length), ...utterance] }
}

const offsets = [0, 0, 0, 0, 0, 0, 1, -1, 2, -2, 10, -10, -100]

/** Pairs of answers, about half of them equal, with their verdicts. */
const compareAnswers = (key: RandomKey): string =>
  Array.from({ length: comparisonsPerDrill }, (_, i) => {
    const own = below(split(key, "own"), largestAnswer, i)
    const near = own + (offsets[below(split(key, "offset"), offsets.length, i)] ?? 0)
    return writeComparison(own, near < 0 ? below(split(key, "other"), largestAnswer, i) : near)
  }).join(". ")

const makeDrills = (tokenizer: ChatTokenizer, seed: number, count: number): ReadonlyArray<TokenSequence> => {
  const problems = arithmeticProblems({ seed, count: count * problemsPerDrill, split: "train" })
  const key = split(seedKey(seed), "nano", "drill")
  return Array.from({ length: count }, (_, index) => {
    const group = problems.slice(index * problemsPerDrill, (index + 1) * problemsPerDrill)
    const [asked, text] =
      index % 2 === 0
        ? [askForProposal(""), writeEquations(group.flatMap(({ steps }) => workOut(steps)))]
        : [askForReview("", ""), compareAnswers(split(key, index))]
    return { prompt: promptTokens(tokenizer, asked), completion: utteranceTokens(tokenizer, text) }
  })
}

const makePool = (
  tokenizer: ChatTokenizer,
  key: RandomKey,
  seed: number,
  size: number,
  { drill, slips }: Lesson
): ReadonlyArray<TokenSequence> => {
  const drills = Array.from({ length: size }, (_, i) => pickIndex([drill, 1 - drill], uniform(key, i)) === 0)
  const count = drills.filter(Boolean).length
  return [
    ...makeDrills(tokenizer, seed, count),
    ...makeExamples(seed, size - count, slips).map((example) => learnFrom(tokenizer, example))
  ]
}

/** The batches of a run in order, without end; a function of its arguments alone, from any step on. */
export function* lessonBatches(options: {
  readonly tokenizer: ChatTokenizer
  readonly seed: number
  readonly batchSize: number
  readonly firstStep: number
  readonly lesson: (step: number) => Lesson
}): Generator<TokenBatch> {
  const { tokenizer, seed, batchSize, firstStep, lesson } = options
  const size = batchSize * batchesPerPool
  for (let pool = Math.floor(firstStep / batchesPerPool); ; pool++) {
    const key = split(seedKey(seed), "nano", "pool", pool)
    const poolSeed = seed * 1_000_000 + pool
    const sequences = [...makePool(tokenizer, key, poolSeed, size, lesson(pool * batchesPerPool))].sort(
      (left, right) => lengthOf(left) - lengthOf(right)
    )
    const batches = Array.from({ length: batchesPerPool }, (_, batch) =>
      sequences.slice(batch * batchSize, (batch + 1) * batchSize)
    )
    const skip = Math.max(0, firstStep - pool * batchesPerPool)
    for (const batch of shuffle(split(key, "order"), batches).slice(skip)) yield packSequences(batch, 4)
  }
}

const lengthOf = ({ prompt, completion }: TokenSequence): number => prompt.length + completion.length
