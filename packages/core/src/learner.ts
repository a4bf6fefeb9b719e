import type { Effect } from "effect"
import type { UtteranceCredit, UtteranceGroup } from "./credit.ts"
import type { LearnerError } from "./errors.ts"

/** A group of utterances with what they earned. */
export interface CreditedGroup extends UtteranceGroup {
  readonly credit: UtteranceCredit
}

/** What one update did to one (agent, role); means over its optimizer steps where not said otherwise. */
export interface UpdateReport {
  readonly agent: string
  readonly role: string
  /** Groups that were learned from, and groups skipped: rewards all but alike, or nothing left to train on. */
  readonly groups: number
  readonly skippedGroups: number
  readonly steps: number
  /** Steps left out because of a loss or gradient that was not finite. */
  readonly skippedSteps: number
  readonly loss: number
  readonly meanReward: number
  /** Mean sequence importance ratio. */
  readonly ratio: number
  /** Share of sequences clipped from below (A < 0) and from above (A > 0). */
  readonly clippedLow: number
  readonly clippedHigh: number
  /** Before clipping. */
  readonly gradientNorm: number
}

/** Improves a policy from rewarded groups. */
export interface Learner {
  readonly name: string
  /** One report for each (agent, role) among the groups. */
  update(groups: ReadonlyArray<CreditedGroup>): Effect.Effect<ReadonlyArray<UpdateReport>, LearnerError>
  /** Writes weights and optimizer state, so that `load` goes on exactly where this left off. */
  save(directory: string): Effect.Effect<void, LearnerError>
  load(directory: string): Effect.Effect<void, LearnerError>
}
