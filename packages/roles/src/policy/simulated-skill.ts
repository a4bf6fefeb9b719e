import { Effect, Schema } from "effect"

const Probability = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const count = (least: number) => Schema.Int.check(Schema.isGreaterThanOrEqualTo(least))

/** What a role reads, and so what a simulated model says in it. */
export const SimulatedSpeech = Schema.Literals(["proposal", "verdict", "score", "choice", "step"])
export type SimulatedSpeech = typeof SimulatedSpeech.Type

/** The stated skill of a simulated model. */
export const SimulatedPolicyOptions = Schema.Struct({
  /** P(right) of a proposal; of a line of reasoning from its first step on. */
  right: Probability,
  /** P(right) of a proposal when another one is pending; by default that of the first. */
  secondRight: Schema.optionalKey(Probability),
  /** P(says RIGHT | the pending answer, or every step so far, is right). */
  rightGivenRight: Probability,
  /** P(says RIGHT | the pending answer is wrong or unreadable, or a step is wrong). */
  rightGivenWrong: Probability,
  /** P(an utterance cannot be read); the other probabilities are those of readable utterances. */
  unreadable: Probability.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0))),
  /** Different wrong answers (and wrong steps), up to 100, all alike likely: with one, those who err agree. As many as the task's choices allow. */
  wrongAnswers: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(1))
  ),
  /** P(a debater takes over the answer that most of the others gave); otherwise it answers anew. */
  sway: Probability.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0))),
  /** Steps of a thinker before the one that states the answer; all of them are equally hard. */
  steps: count(0).pipe(Schema.withDecodingDefaultKey(Effect.succeed(2))),
  /** What is said in roles of other names than those of this package; in one that is not named, a proposal. */
  speech: Schema.Record(Schema.String, SimulatedSpeech).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({}))
  ),
  /** Tokens that every utterance reads and writes. */
  tokens: Schema.Struct({ prompt: count(0), completion: count(0) }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed({ prompt: 200, completion: 60 }))
  ),
  /** Milliseconds that a call takes; 0 answers at once, without a fiber. */
  delay: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0))
  )
})
export type SimulatedPolicyOptions = typeof SimulatedPolicyOptions.Encoded
export type SimulatedSkill = typeof SimulatedPolicyOptions.Type
