import type { Schema } from "effect"
import type { InfoState } from "./protocol.ts"

/** The legal actions of an information state, in the turn's order, with the stated default. */
export interface LegalActions {
  readonly names: ReadonlyArray<string>
  readonly fallback: string
}

/** Probabilities of the legal actions, in their order; they sum to 1. */
export type Strategy = ReadonlyArray<number>

/** Values of the legal actions, in their order. */
export type ActionValues = ReadonlyArray<number>

/** `current` is played in training, `average` in evaluation. */
export type StrategyMode = "current" | "average"

/** A controller's state as plain JSON: `kind` names the controller, `version` its format. */
export interface ControllerSnapshot {
  readonly kind: string
  readonly version: number
  readonly state: Schema.Json
}

/** Decides among a turn's legal actions, and learns from their values. */
export interface Controller {
  readonly name: string
  /** The average strategy of a state never seen puts everything on `legal.fallback`. */
  strategy(info: InfoState, legal: LegalActions, mode: StrategyMode): Strategy
  /**
   * Learns from the values of all legal actions.
   *
   * `reach` is the probability with which the seat's own actions led here; it weighs the average strategy, and is 1
   * for sampled play.
   */
  update(info: InfoState, legal: LegalActions, values: ActionValues, reach?: number): void
  snapshot(): ControllerSnapshot
}

/** What a controller has learned in one information state, and how far its regret is from what the theory promises. */
export interface RegretDiagnostic {
  readonly info: InfoState
  /** The legal actions' names, and the average strategy over them. */
  readonly actions: ReadonlyArray<string>
  readonly average: Strategy
  readonly visits: number
  /** `max_a R(a) / visits`, floored at 0. */
  readonly averageRegret: number
  /** `Delta / sqrt(visits)` for two actions, `Delta sqrt(|A|) / sqrt(visits)` for more; Delta is the range of the values seen. */
  readonly bound: number
  /** Whether `norm(R+)^2 <= sum_t norm(r_t)^2`. */
  readonly invariantHolds: boolean
}

/** A controller that measures its own regret. */
export interface RegretController extends Controller {
  regret(): ReadonlyArray<RegretDiagnostic>
}

/** Whether a controller measures its own regret. */
export const isRegretController = (controller: Controller): controller is RegretController =>
  "regret" in controller && typeof controller.regret === "function"
