import type { Effect } from "effect"
import type { Grader } from "./answer/index.ts"
import type { ActionValues, LegalActions, Strategy } from "./controller.ts"
import type { CreditError, PolicyError } from "./errors.ts"
import type { Completion, Sampling } from "./policy.ts"
import type { InfoState, SeatTurn } from "./protocol.ts"
import type { Prompt } from "./role.ts"
import type { Task } from "./task.ts"
import type { Reading, View } from "./transcript.ts"

/** A completion with its role's reading of it. */
export interface Utterance {
  readonly completion: Completion
  readonly reading: Reading
}

/** A decision as it was taken: one (agent, seat) at one information state of one dialogue. */
export interface DecisionPoint {
  readonly episode: number
  readonly task: Task
  readonly grader: Grader
  readonly turn: SeatTurn
  readonly info: InfoState
  readonly legal: LegalActions
  /** The strategy that was sampled from. */
  readonly strategy: Strategy
  /** The action that was sampled, and that the real dialogue goes on with. */
  readonly played: string
  readonly view: View
}

/** How a dialogue ended that was played on from a decision. */
export interface Outcome {
  /** Whether the final answer is right; an absent or unreadable answer is not. */
  readonly correct: boolean
  /** Prompt and completion tokens spent from the decision on. */
  readonly tokens: number
}

/** The dialogues that could follow a decision, all from its frozen state. They never touch the real one. */
export interface Forks {
  /** The utterances drawn for an action; none for a silent one. Those of the generation layer are reused. */
  utterances(action: string): Effect.Effect<ReadonlyArray<Utterance>, PolicyError>
  /** One played-out dialogue for each utterance of an action, and as many as a fork has samples after a silent one. */
  outcomes(action: string): Effect.Effect<ReadonlyArray<Outcome>, PolicyError>
}

/** The utterances drawn for one context: same agent, seat, turn and prompt. Roles are never pooled. */
export interface UtteranceGroup {
  readonly episode: number
  readonly agent: string
  readonly seat: string
  readonly role: string
  readonly round: number
  readonly task: Task
  readonly grader: Grader
  readonly view: View
  readonly prompt: Prompt
  /** How the utterances were drawn. */
  readonly sampling: Sampling
  readonly utterances: ReadonlyArray<Utterance>
}

/** What a group's utterances earned. */
export interface UtteranceCredit {
  /** One reward for each utterance. */
  readonly rewards: ReadonlyArray<number>
  /**
   * How each utterance earned its reward, token by token, for learners that can use it; one list for each utterance, one number for
   * each of its tokens, of the size of a whole utterance's reward.
   */
  readonly tokenRewards?: ReadonlyArray<ReadonlyArray<number>>
  /** Multiplies the group's loss: advantages are normalised within a group, so class balance has to come from here. */
  readonly weight: number
}

/** Says what decisions and utterances were worth. */
export interface CreditAssigner {
  readonly name: string
  /** One value for each of `point.legal.names`, in their order. */
  decision(point: DecisionPoint, forks: Forks): Effect.Effect<ActionValues, CreditError | PolicyError>
  /** Credits for the groups of a batch, in their order; a pure function of the batch. */
  utterances(
    groups: ReadonlyArray<UtteranceGroup>
  ): Effect.Effect<ReadonlyArray<UtteranceCredit>, CreditError | PolicyError>
}
