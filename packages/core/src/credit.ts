import type { Effect } from "effect"
import type { Answer, Grader } from "./answer/index.ts"
import type { ActionValues, LegalActions, Strategy } from "./controller.ts"
import type { CreditError, PolicyError } from "./errors.ts"
import type { Completion, Sampling, Usage } from "./policy.ts"
import type { InfoState, SeatTurn } from "./protocol.ts"
import type { Prompt } from "./role.ts"
import type { Task } from "./task.ts"
import type { Reading, TranscriptEntry, View } from "./transcript.ts"

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

/** An outcome with what was understood on the way to it. */
export interface Continuation extends Outcome {
  /**
   * Of the turns after the decision's own, step by step: turns that were taken together are one step, and those taken together with the
   * decision's own are left out, since none of them heard it. `undefined` where a turn was silent.
   */
  readonly steps: ReadonlyArray<ReadonlyArray<Reading | undefined>>
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

/**
 * What becomes of the turns that are heard again in a replay: `frozen` keeps every choice and utterance as it was, whatever the others
 * left unsaid; `anew` decides again with the same draws, and asks the model again wherever what it sees has changed.
 */
export type Replay = "frozen" | "anew"

/** A dialogue's turn as it was taken. */
export interface PlayedTurn {
  readonly turn: SeatTurn
  readonly info: InfoState
  readonly action: string
  /** What the turn's role saw. */
  readonly view: View
  /** Absent where the turn was silent. */
  readonly utterance?: Utterance
  /** What coming to a decision cost, where a model was asked. */
  readonly deliberation?: Usage
  /** Taken together with the turn before it, without hearing it. */
  readonly withPrevious?: true
}

/** A finished dialogue, with what could have become of it instead. */
export interface Dialogue {
  readonly episode: number
  readonly task: Task
  readonly grader: Grader
  readonly answer: Answer | undefined
  /** How it ended, with all its tokens. */
  readonly outcome: Outcome
  readonly turns: ReadonlyArray<PlayedTurn>
  readonly transcript: ReadonlyArray<TranscriptEntry>
  /** One dialogue played on from each utterance of one of its groups, in their order; asks models, once for each group. */
  readonly continuations: (group: UtteranceGroup) => Effect.Effect<ReadonlyArray<Continuation>, PolicyError>
  /**
   * The dialogue without the turns for which `heard` is false: they take their silent action or, where they have none, say nothing that
   * could be read. Frozen, it asks no model. With every turn heard it ends as the dialogue did, and asks no model either.
   */
  readonly replay: (heard: (turn: PlayedTurn) => boolean, how: Replay) => Effect.Effect<Outcome, PolicyError>
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
  /**
   * Credits for the groups of a batch, in their order; a function of the batch alone. `dialogues` are those that the groups were drawn
   * in, by episode.
   */
  utterances(
    groups: ReadonlyArray<UtteranceGroup>,
    dialogues: ReadonlyMap<number, Dialogue>
  ): Effect.Effect<ReadonlyArray<UtteranceCredit>, CreditError | PolicyError>
}
