import {
  beforeStop,
  type Completion,
  type GenerateRequest,
  type Grader,
  type GraderOf,
  graderFor,
  type Policy,
  PolicyError,
  seedKey,
  type Task,
  uniform
} from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { answersTo, type SimulatedAnswers } from "./simulated-answers.ts"
import { SimulatedPolicyOptions } from "./simulated-skill.ts"
import { type Lot, lotsOf } from "./simulated-speech.ts"

/** An utterance with its probability. */
export interface WeightedText {
  readonly text: string
  readonly probability: number
}

/** A simulated model in code: its skill, and how it tells right answers from wrong ones. */
type Simulation = SimulatedPolicyOptions & { readonly grader?: GraderOf }

const noGold = (task: Task): PolicyError =>
  new PolicyError({
    message: `The simulated policy knows no answer to task "${task.id}".`,
    hint: "It draws right and wrong answers by the truth: give the task a gold answer (`gold`, or tracer solve --gold) that its grader can read.",
    retryable: false
  })

/**
 * Every utterance that a simulated model can make in a role about a view, with its probability; they sum to 1.
 *
 * Throws `PolicyError` where the task has no readable gold answer.
 */
export const simulatedDistribution = (
  { grader: graderOf = graderFor, ...options }: Simulation,
  request: Pick<GenerateRequest, "role" | "view">
): ReadonlyArray<WeightedText> => {
  const skill = Schema.decodeSync(SimulatedPolicyOptions)(options)
  const { role, view } = request
  const grader = graderOf(view.task)
  const answers = answersTo(view.task, grader, skill.wrongAnswers)
  if (answers === undefined) throw noGold(view.task)
  const texts = new Map<string, number>()
  for (const lot of lotsOf(skill, role, { ...view, grader, answers })) {
    for (const text of lot.texts) {
      texts.set(text, (texts.get(text) ?? 0) + lot.probability / lot.texts.length)
    }
  }
  return [...texts]
    .map(([text, probability]) => ({ text, probability }))
    .filter(({ probability }) => probability > 0)
}

/** The text that a number from 0 to 1 draws. */
const draw = (lots: ReadonlyArray<Lot>, u: number): string => {
  let below = 0
  let text = ""
  for (const { texts, probability } of lots) {
    if (probability === 0) continue
    const place = Math.floor(((u - below) / probability) * texts.length)
    text = texts[Math.min(place, texts.length - 1)] ?? text
    below += probability
    if (u < below) return text
  }
  return text
}

/**
 * A policy that speaks with a stated skill, for experiments without a model.
 *
 * It knows the truth from the task's gold answer, and says what the role reads: as `proposer`, `debater` and `refiner` an answer, as `reviewer`
 * and `critic` a verdict, as `verifier` a score (0.9 for RIGHT, 0.1 for WRONG), as `selector` one of the view's options, as `thinker` a step or the
 * answer. Draws depend on the request's seed alone. Fails with `PolicyError` where the task has no readable gold answer.
 */
export const simulatedPolicy = (
  { grader: graderOf = graderFor, ...options }: Simulation,
  name = "simulated"
): Policy => {
  const skill = Schema.decodeSync(SimulatedPolicyOptions)(options)
  const { tokens, delay } = skill
  const known = new WeakMap<Task, { readonly grader: Grader; readonly answers: SimulatedAnswers }>()
  const about = (task: Task) => {
    const cached = known.get(task)
    if (cached !== undefined) return cached
    const grader = graderOf(task)
    const answers = answersTo(task, grader, skill.wrongAnswers)
    if (answers === undefined) return undefined
    const found = { grader, answers }
    known.set(task, found)
    return found
  }
  return {
    name,
    generate: ({ view, role, samples, seed, sampling: { stop = [] } }) => {
      const truth = about(view.task)
      if (truth === undefined) return Effect.fail(noGold(view.task))
      const lots = lotsOf(skill, role, { ...view, ...truth })
      const key = seedKey(seed)
      const completions: Array<Completion> = []
      for (let i = 0; i < samples; i++) {
        const said = draw(lots, uniform(key, i))
        const text = stop.length === 0 ? said : beforeStop(said, stop)
        completions.push({ text, usage: tokens, finish: "stop" })
      }
      return delay === 0 ? Effect.succeed(completions) : Effect.as(Effect.sleep(delay), completions)
    }
  }
}
