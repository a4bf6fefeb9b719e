import {
  beforeStop,
  type Completion,
  type GenerateRequest,
  graderFor,
  isRight,
  type Policy,
  PolicyError,
  seedKey,
  type Task,
  uniform,
  type View
} from "@tracer-sdk/core"
import { Effect, Schema } from "effect"

const Probability = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const tokenCount = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** The stated skill of a simulated model. */
export const SimulatedPolicyOptions = Schema.Struct({
  /** P(right) of a proposal. */
  right: Probability,
  /** P(right) of a proposal when another one is pending; by default that of the first. */
  secondRight: Schema.optionalKey(Probability),
  /** P(says RIGHT | the pending answer is right). */
  rightGivenRight: Probability,
  /** P(says RIGHT | the pending answer is wrong or unreadable). */
  rightGivenWrong: Probability,
  /** P(an utterance cannot be read); the other probabilities are those of readable utterances. */
  unreadable: Probability.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0))),
  /** Tokens that every utterance reads and writes. */
  tokens: Schema.Struct({ prompt: tokenCount, completion: tokenCount }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({ prompt: 200, completion: 60 }))
  ),
  /** Milliseconds that a call takes; 0 answers at once, without a fiber. */
  delay: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0))
  )
})
export type SimulatedPolicyOptions = typeof SimulatedPolicyOptions.Encoded
type Skill = Pick<
  typeof SimulatedPolicyOptions.Type,
  "right" | "secondRight" | "rightGivenRight" | "rightGivenWrong" | "unreadable"
>

/** An utterance with its probability. */
export interface WeightedText {
  readonly text: string
  readonly probability: number
}

/** What a simulated model can propose about a task. */
interface Proposals {
  readonly right: string
  readonly wrong: string
}

const rightVerdict = "Verdict: RIGHT"
const wrongVerdict = "Verdict: WRONG"
const unreadableText = "I cannot tell."

const isReview = (role: string): boolean => role === "reviewer"

const proposalsOf = (task: Task): Proposals | undefined => {
  if (task.gold === undefined) return undefined
  const grader = graderFor(task)
  const gold = grader.gold(task.gold)
  if (gold.kind !== "answer") return undefined
  const { text, canonical } = gold.answer
  const judge = (said: string): boolean | undefined => {
    const read = grader.read(said)
    return read.kind === "answer" ? isRight(task, grader, read.answer) : undefined
  }
  const lines = (answer: string) => [`Final answer: ${answer}`, `Final answer: \\boxed{${answer}}`]
  const number = Number(canonical)
  const others = Number.isFinite(number) ? [String(number + 1)] : ["A", "B", "17", "18"]
  const right = lines(text).find((said) => judge(said) === true)
  const wrong = others.flatMap(lines).find((said) => judge(said) === false)
  return right === undefined || wrong === undefined ? undefined : { right, wrong }
}

const noGold = (task: Task): PolicyError =>
  new PolicyError({
    message: `The simulated policy knows no answer to task "${task.id}".`,
    hint: "It draws right and wrong answers by the truth: give the task a gold answer (`gold`, or tracer solve --gold) that its grader can read.",
    retryable: false
  })

/** P(right) of a proposal, or P(says RIGHT) of a review, where it is readable. */
const chanceOf = (skill: Skill, role: string, view: View): number => {
  if (isReview(role)) {
    const right = isRight(view.task, graderFor(view.task), view.pending?.answer) === true
    return right ? skill.rightGivenRight : skill.rightGivenWrong
  }
  return view.pending === undefined ? skill.right : (skill.secondRight ?? skill.right)
}

/**
 * Every utterance that a simulated model can make in a role about a view, with its probability; they sum to 1.
 *
 * Throws `PolicyError` where the task has no readable gold answer.
 */
export const simulatedDistribution = (
  options: SimulatedPolicyOptions,
  request: Pick<GenerateRequest, "role" | "view">
): ReadonlyArray<WeightedText> => {
  const skill = Schema.decodeSync(SimulatedPolicyOptions)(options)
  const proposals = proposalsOf(request.view.task)
  if (proposals === undefined) throw noGold(request.view.task)
  const readable = 1 - skill.unreadable
  const chance = chanceOf(skill, request.role, request.view)
  const review = isReview(request.role)
  return [
    { text: review ? rightVerdict : proposals.right, probability: readable * chance },
    { text: review ? wrongVerdict : proposals.wrong, probability: readable * (1 - chance) },
    { text: unreadableText, probability: skill.unreadable }
  ].filter(({ probability }) => probability > 0)
}

/**
 * A policy that proposes and reviews with a stated skill, for experiments without a model.
 *
 * It knows the truth from the task's gold answer, and reviews in the role named `reviewer`, proposing in any other.
 * Draws depend on the request's seed alone. Fails with `PolicyError` where the task has no readable gold answer.
 */
export const simulatedPolicy = (options: SimulatedPolicyOptions, name = "simulated"): Policy => {
  const skill = Schema.decodeSync(SimulatedPolicyOptions)(options)
  const { tokens, delay, unreadable } = skill
  const say = (text: string): Completion => ({ text, usage: tokens, finish: "stop" })
  const saysRight = say(rightVerdict)
  const saysWrong = say(wrongVerdict)
  const saysNothing = say(unreadableText)
  const known = new WeakMap<Task, { readonly right: Completion; readonly wrong: Completion }>()
  const about = (task: Task) => {
    const cached = known.get(task)
    if (cached !== undefined) return cached
    const proposals = proposalsOf(task)
    if (proposals === undefined) return undefined
    const made = { right: say(proposals.right), wrong: say(proposals.wrong) }
    known.set(task, made)
    return made
  }
  return {
    name,
    generate: ({ view, role, samples, seed, sampling: { stop = [] } }) => {
      const entry = about(view.task)
      if (entry === undefined) return Effect.fail(noGold(view.task))
      const readable = 1 - unreadable
      const chance = readable * chanceOf(skill, role, view)
      const review = isReview(role)
      const good = review ? saysRight : entry.right
      const bad = review ? saysWrong : entry.wrong
      const key = seedKey(seed)
      const completions: Array<Completion> = []
      for (let i = 0; i < samples; i++) {
        const u = uniform(key, i)
        const said = u < chance ? good : u < readable ? bad : saysNothing
        completions.push(stop.length === 0 ? said : say(beforeStop(said.text, stop)))
      }
      return delay === 0 ? Effect.succeed(completions) : Effect.as(Effect.sleep(delay), completions)
    }
  }
}
