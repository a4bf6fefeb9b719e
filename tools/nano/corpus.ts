import {
  type ArithmeticProblem,
  arithmeticProblems,
  lastResult,
  pickIndex,
  type RandomKey,
  seedKey,
  split,
  uniform,
  workOut
} from "@tracer-sdk/core"
import { workOutWithSlips } from "./slips.ts"
import {
  askAgain,
  askForProposal,
  askForReview,
  type Conversation,
  writeProposal,
  writeReview
} from "./utterance.ts"

/** What the model reads and what it learns to say. */
export interface Example extends Conversation {
  readonly kind: "proposal" | "second proposal" | "review"
  readonly utterance: string
}

/** How often those slip whose words the model learns. */
export interface SlipRates {
  /** Per step of a proposal. */
  readonly proposal: number
  /** Per step of a reviewer's own calculation. */
  readonly review: number
}

/** Per step of the proposals that are under review or were given earlier, whatever the model learns at the time. */
const slipRateOfGiven = 0.22

const kinds = ["proposal", "second proposal", "review"] as const
const shares = [0.4, 0.2, 0.4]

const example = (key: RandomKey, { question, steps }: ArithmeticProblem, rates: SlipRates): Example => {
  const kind = kinds[pickIndex(shares, uniform(split(key, "kind")))] ?? "proposal"
  const given = workOutWithSlips(split(key, "given"), steps, slipRateOfGiven)
  const givenAnswer = lastResult(given)
  const own = workOutWithSlips(split(key, "own"), steps, kind === "review" ? rates.review : rates.proposal)
  const ownAnswer = lastResult(own)
  switch (kind) {
    case "proposal":
      return { kind, ...askForProposal(question), utterance: writeProposal(own, ownAnswer) }
    case "second proposal": {
      const verdicts = split(key, "verdict")
      const right = givenAnswer === lastResult(workOut(steps))
      const honest = uniform(verdicts, 0) < 0.8
      const verdict = uniform(verdicts, 1) < 0.15 ? "unreviewed" : right === honest ? "RIGHT" : "WRONG"
      return {
        kind,
        ...askAgain(question, `${givenAnswer}`, verdict),
        utterance: writeProposal(own, ownAnswer)
      }
    }
    case "review":
      return {
        kind,
        ...askForReview(question, writeProposal(given, givenAnswer)),
        utterance: writeReview(own, ownAnswer, givenAnswer)
      }
  }
}

/** `count` examples on training problems; a function of its arguments alone. */
export const makeExamples = (seed: number, count: number, rates: SlipRates): ReadonlyArray<Example> => {
  const key = split(seedKey(seed), "nano", "corpus")
  return arithmeticProblems({ seed, count, split: "train" }).map((problem, index) =>
    example(split(key, index), problem, rates)
  )
}
