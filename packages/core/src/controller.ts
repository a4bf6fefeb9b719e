import type { Effect, Schema } from "effect"
import type { Dialogue } from "./credit.ts"
import type { PolicyError } from "./errors.ts"
import type { Usage } from "./policy.ts"
import type { InfoState, SeatTurn } from "./protocol.ts"
import type { View } from "./transcript.ts"

/** The legal actions of an information state, in the turn's order, with the stated default. */
export interface LegalActions {
  readonly names: ReadonlyArray<string>
  readonly fallback: string
  /** Those that speak; absent where it is not known, as in games of silent moves alone. */
  readonly spoken?: ReadonlyArray<string>
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

/** How the values of an update came about. */
export interface UpdateContext {
  /** The probability with which the seat's own actions led here, which weighs the average strategy; by default 1, as in sampled play. */
  readonly reach?: number
  /** The action that was played, and the probabilities that it was drawn from: for controllers that learn from it alone. */
  readonly played?: { readonly action: string; readonly strategy: Strategy }
}

/** Decides among a turn's legal actions, and learns from their values. */
export interface Controller {
  readonly name: string
  /**
   * The average strategy of a state never seen puts everything on `legal.fallback`. `view` is what the turn's role sees, for controllers
   * that look beyond the information state; solvers and conformance kits leave it out.
   */
  strategy(info: InfoState, legal: LegalActions, mode: StrategyMode, view?: View): Strategy
  /** Learns from the values of all legal actions. */
  update(info: InfoState, legal: LegalActions, values: ActionValues, context?: UpdateContext): void
  /** Learns from a finished training dialogue, as it was really played; every controller hears of every one, in task order. */
  witness?(dialogue: Dialogue): void
  snapshot(): ControllerSnapshot
}

/** A decision that a controller is asked to think about. */
export interface Deliberation {
  readonly turn: SeatTurn
  readonly info: InfoState
  readonly legal: LegalActions
  readonly mode: StrategyMode
  readonly view: View
  /** 32-bit; names the random draws. */
  readonly seed: number
}

/** What came of thinking about a decision. */
export interface Deliberated {
  readonly strategy: Strategy
  readonly usage: Usage
  /** The agent whose model was asked; by default the seat's own. */
  readonly agent?: string
}

/** A controller that has to ask before it decides, as one that consults a language model; engines call it in place of `strategy`. */
export interface DeliberatingController extends Controller {
  /** The strategy, and the tokens that it took to come to it, which count as the dialogue's. */
  deliberate(deliberation: Deliberation): Effect.Effect<Deliberated, PolicyError>
}

/** Whether a controller has to ask before it decides. */
export const isDeliberating = (controller: Controller): controller is DeliberatingController =>
  "deliberate" in controller && typeof controller.deliberate === "function"

/** What a controller has learned in one information state, and how far its regret is from what the theory promises. */
export interface RegretDiagnostic {
  readonly info: InfoState
  /** The legal actions' names, and the average strategy over them. */
  readonly actions: ReadonlyArray<string>
  readonly average: Strategy
  readonly visits: number
  /** `max_a R(a) / visits`, floored at 0; a controller that discounts measures it with weights, and says so. */
  readonly averageRegret: number
  /**
   * What theory lets `averageRegret` be at most. Of plain regret matching `Delta / sqrt(visits)` for two actions and
   * `Delta sqrt(|A|) / sqrt(visits)` for more; Delta is the range of the values seen.
   */
  readonly bound: number
  /** Whether the regrets are no larger than what was added to them: `norm(R+)^2 <= sum_t norm(r_t)^2`, weighted where they are. */
  readonly invariantHolds: boolean
}

/** A controller that measures its own regret. */
export interface RegretController extends Controller {
  regret(): ReadonlyArray<RegretDiagnostic>
}

/** Whether a controller measures its own regret. */
export const isRegretController = (controller: Controller): controller is RegretController =>
  "regret" in controller && typeof controller.regret === "function"
