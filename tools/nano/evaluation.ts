import {
  type ArithmeticProblem,
  arithmeticProblems,
  lastResult,
  seedKey,
  seedNumber,
  split,
  workOut
} from "@tracer-sdk/core"
import type { ChatTokenizer, DrawnTokens, Sampler } from "@tracer-sdk/trainers"
import { Effect } from "effect"
import { promptTokens } from "./lesson.ts"
import { askAgain, askForProposal, askForReview, type Conversation } from "./utterance.ts"

/** How well the model does on held-out problems, all of it without learning. */
export interface NanoReport {
  readonly problems: number
  /** Share of first proposals that are right, drawn at temperature 1. */
  readonly sampled: number
  /** The same for the most likely words. */
  readonly greedy: number
  /** Share of second proposals that are right, by what was said of the first one: all drawn at temperature 1. */
  readonly afterWrong: number
  readonly afterRight: number
  /** P(says RIGHT | the proposal is right) and P(says WRONG | it is wrong), drawn, and from the most likely words. */
  readonly saysRight: number
  readonly saysWrong: number
  readonly greedySaysRight: number
  readonly greedySaysWrong: number
  /** Share of utterances without an answer or a verdict. */
  readonly unreadable: number
  /** Mean tokens of a proposal and of a review. */
  readonly proposalTokens: number
  readonly reviewTokens: number
}

const answerOf = (text: string): number | undefined => {
  const found = /Final answer: (-?\d+)$/.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

const verdictOf = (text: string): string | undefined => /Verdict: (RIGHT|WRONG)$/.exec(text)?.[1]

const share = (flags: ReadonlyArray<boolean>): number => flags.filter(Boolean).length / flags.length

const mean = (numbers: ReadonlyArray<number>): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length

interface Said {
  readonly problem: ArithmeticProblem
  readonly truth: number
  readonly text: string
  readonly tokens: number
}

/** Measures a model on the first `count` held-out problems; a function of the weights, the count and the seed. */
export const evaluateNano = Effect.fn("evaluateNano")(function* (
  sampler: Sampler,
  tokenizer: ChatTokenizer,
  count: number,
  seed = 1
) {
  const problems = arithmeticProblems({ seed: 1, count, split: "test" })
  const key = split(seedKey(seed), "nano", "evaluation")
  const textOf = ({ ids, finish }: DrawnTokens): string =>
    tokenizer.decode(finish === "stop" ? ids.slice(0, -1) : ids)

  const ask = (name: string, temperature: number, asked: ReadonlyArray<[ArithmeticProblem, Conversation]>) =>
    Effect.forEach(
      asked,
      Effect.fnUntraced(function* ([problem, conversation], index) {
        const drawn = yield* sampler.sample({
          prompt: promptTokens(tokenizer, conversation),
          samples: 1,
          seed: seedNumber(split(key, name, index)),
          temperature,
          maxTokens: 64,
          adapter: undefined
        })
        return drawn.map(
          (draw): Said => ({
            problem,
            truth: lastResult(workOut(problem.steps)),
            text: textOf(draw),
            tokens: draw.ids.length
          })
        )
      }),
      { concurrency: "unbounded" }
    ).pipe(Effect.map((said) => said.flat()))

  const isRight = ({ text, truth }: Said): boolean => answerOf(text) === truth
  const first = problems.map((problem): [ArithmeticProblem, Conversation] => [
    problem,
    askForProposal(problem.question)
  ])
  const sampled = yield* ask("sampled", 1, first)
  const greedy = yield* ask("greedy", 0, first)
  const again = (verdict: "RIGHT" | "WRONG") =>
    sampled.map(({ problem, text }): [ArithmeticProblem, Conversation] => [
      problem,
      askAgain(problem.question, `${answerOf(text) ?? 0}`, verdict)
    ])
  const afterWrong = yield* ask("after wrong", 1, again("WRONG"))
  const afterRight = yield* ask("after right", 1, again("RIGHT"))
  const toReview = sampled.map(({ problem, text }): [ArithmeticProblem, Conversation] => [
    problem,
    askForReview(problem.question, text)
  ])
  const reviews = yield* ask("review", 1, toReview)
  const greedyReviews = yield* ask("greedy review", 0, toReview)
  const says = (said: ReadonlyArray<Said>, verdict: string, right: boolean): number =>
    share(
      said
        .filter((_, i) => sampled.slice(i, i + 1).some(isRight) === right)
        .map(({ text }) => verdictOf(text) === verdict)
    )
  const report: NanoReport = {
    problems: count,
    sampled: share(sampled.map(isRight)),
    greedy: share(greedy.map(isRight)),
    afterWrong: share(afterWrong.map(isRight)),
    afterRight: share(afterRight.map(isRight)),
    saysRight: says(reviews, "RIGHT", true),
    saysWrong: says(reviews, "WRONG", false),
    greedySaysRight: says(greedyReviews, "RIGHT", true),
    greedySaysWrong: says(greedyReviews, "WRONG", false),
    unreadable: share([
      ...[...sampled, ...afterWrong, ...afterRight].map(({ text }) => answerOf(text) === undefined),
      ...reviews.map(({ text }) => verdictOf(text) === undefined)
    ]),
    proposalTokens: mean(sampled.map(({ tokens }) => tokens)),
    reviewTokens: mean(reviews.map(({ tokens }) => tokens))
  }
  return report
})

/** A share of nothing is not a number. */
const percent = (value: number): string => (Number.isNaN(value) ? "none" : `${(100 * value).toFixed(1)}%`)

/** The report as lines of text. */
export const formatReport = (report: NanoReport): string =>
  [
    `${report.problems} held-out problems`,
    `  first proposals right    ${percent(report.sampled)} sampled, ${percent(report.greedy)} greedy`,
    `  second proposals right   ${percent(report.afterWrong)} after WRONG, ${percent(report.afterRight)} after RIGHT`,
    `  reviews, sampled         ${percent(report.saysRight)} RIGHT of right, ${percent(report.saysWrong)} WRONG of wrong, balanced ${percent((report.saysRight + report.saysWrong) / 2)}`,
    `  reviews, greedy          ${percent(report.greedySaysRight)} RIGHT of right, ${percent(report.greedySaysWrong)} WRONG of wrong`,
    `  unreadable               ${percent(report.unreadable)}`,
    `  tokens                   ${report.proposalTokens.toFixed(1)} per proposal, ${report.reviewTokens.toFixed(1)} per review`
  ].join("\n")
