import {
  type Controller,
  type ControllerSnapshot,
  type GraderOf,
  graderFor,
  type LegalActions,
  type Seat,
  type StoreError,
  type StrategyMode,
  type View
} from "@tracer-sdk/core"
import { Effect, Result, Schema } from "effect"
import { untrainedStrategy } from "../untrained-strategy.ts"
import { bayes, beliefIn, meanTokens, nextRight, readableShare, reviewerOf } from "./belief.ts"
import { proposalsIn } from "./proposals.ts"
import { noReliability, type Reliability, witnessed } from "./reliability.ts"
import { reliabilityOf, snapshotOf } from "./reliability-snapshot.ts"

/** Options of `bayesianController`. */
export const BayesianControllerOptions = Schema.Struct({
  /** What 1,000 tokens cost, in the credit assigner's units, in which a right answer is worth 2 more than a wrong one. */
  tokenCost: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0.1))
  ),
  /** Imagined observations of each outcome before the first real one; above 0. */
  prior: Schema.Finite.check(Schema.isGreaterThan(0)).pipe(Schema.withDecodingDefaultKey(Effect.succeed(1)))
})
export type BayesianControllerOptions = typeof BayesianControllerOptions.Encoded

/** A controller that can be asked what it believes. */
export interface BayesianController extends Controller {
  /** The posterior probability that a view's pending answer is right; 0 where none is pending. */
  belief(view: View): number
}

/** Values this close are a tie, which goes to the fallback. */
const tie = 1e-12

/** Where a Bayesian controller sits, and how answers are compared there. */
export interface BayesianSetting {
  readonly seat: Pick<Seat, "name" | "agent">
  /** By default `graderFor`. */
  readonly grader?: GraderOf
}

const overCounts = (
  options: BayesianControllerOptions,
  { seat, grader = graderFor }: BayesianSetting,
  reliability: Reliability
): BayesianController => {
  const { tokenCost, prior } = Schema.decodeSync(BayesianControllerOptions)(options)
  const cost = (agent: string, kind: "proposal" | "judgement" | "other") =>
    (tokenCost * meanTokens(reliability, agent, kind)) / 1000

  /** What a proposal by `agent` is worth beyond keeping an answer that is right with probability `belief`. */
  const proposalGain = (agent: string, belief: number, isFirst = false): number =>
    2 * (nextRight(reliability, agent, isFirst ? undefined : { belief }, prior) - belief) -
    cost(agent, "proposal")

  const verdictGain = (belief: number, proposer: string): number => {
    const { ofRight, ofWrong } = reviewerOf(reliability, seat.agent, prior)
    const better = (q: number) => Math.max(0, proposalGain(proposer, q))
    const saysRight = belief * ofRight + (1 - belief) * ofWrong
    const after =
      saysRight * better(bayes(belief, ofRight, ofWrong)) +
      (1 - saysRight) * better(bayes(belief, 1 - ofRight, 1 - ofWrong))
    return readableShare(reliability, seat.agent) * (after - better(belief)) - cost(seat.agent, "judgement")
  }

  const worths = ({ names, spoken }: LegalActions, view: View): ReadonlyArray<number> | undefined => {
    // Who is next, or another choice between silent actions: nothing that was counted tells them apart.
    if (spoken?.length === 0) return undefined
    const proposals = proposalsIn(view)
    const last = proposals.at(-1)
    const belief = beliefIn(reliability, proposals, grader(view.task), prior)
    const found: Array<number> = []
    for (const name of names) {
      if (spoken?.includes(name) === false) {
        found.push(0)
        continue
      }
      const kind = reliability.actions.get(seat.name)?.get(name)
      if (spoken === undefined || kind === undefined) return undefined
      if (kind === "proposal") found.push(proposalGain(seat.agent, belief, last === undefined))
      else if (kind === "judgement" && last !== undefined) found.push(verdictGain(belief, last.agent))
      else found.push(-cost(seat.agent, kind))
    }
    return found
  }

  const strategy = (_info: string, legal: LegalActions, mode: StrategyMode, view?: View) => {
    const found = view === undefined ? undefined : worths(legal, view)
    if (found === undefined) return untrainedStrategy(legal, mode)
    const highest = Math.max(...found)
    const best = legal.names.filter((_, a) => (found[a] ?? 0) >= highest - tie)
    const chosen = best.includes(legal.fallback) ? legal.fallback : best[0]
    return legal.names.map((name) => (name === chosen ? 1 : 0))
  }

  return {
    name: "bayesian",
    strategy,
    update: () => {},
    witness: (dialogue) => witnessed(reliability, dialogue),
    snapshot: () => snapshotOf(reliability),
    belief: (view) => beliefIn(reliability, proposalsIn(view), grader(view.task), prior)
  }
}

/**
 * Speaks when that is worth more than its tokens, by what it has measured of everybody in training.
 *
 * From finished dialogues with a gold answer it counts how often each agent's proposals are right, as a first one, after a right and
 * after a wrong one, and how often each reviewer says RIGHT of right and of wrong answers: Beta and Dirichlet posteriors. With q the
 * posterior that the pending answer is right (see `beliefIn`), and c the tokens that the agent's utterances of that kind take on
 * average, at `tokenCost` for every 1,000,
 *
 *     worth of a proposal    g(q) = 2 (P(next right) - q) - c        P(next right) = q R(right) + (1 - q) W(right)
 *     worth of a verdict     readable (E[max(0, g(q'))] - max(0, g(q))) - c
 *     worth of silence       0
 *
 * where q' is what the verdict would leave of q, RIGHT with probability `q P(RIGHT | right) + (1 - q) P(RIGHT | wrong)`, and g is that
 * of the pending answer's proposer: the value of information for a proposer who decides by g, too (Raiffa and Schlaifer 1961). It
 * looks one decision ahead, and takes for granted that one follows. It plays the most valuable action, and a tie goes to the fallback.
 *
 * It knows what an action says once it has heard it; before, where nothing speaks, and without a view or word of what does, it plays like
 * an untrained controller. It learns nothing from values.
 */
export const bayesianController = (
  options: BayesianControllerOptions,
  setting: BayesianSetting
): BayesianController => overCounts(options, setting, noReliability())

/** A Bayesian controller that goes on where a snapshot was taken; fails with `StoreError` where it cannot. */
export const restoreBayesianController = (
  options: BayesianControllerOptions,
  setting: BayesianSetting,
  snapshot: ControllerSnapshot
): Effect.Effect<BayesianController, StoreError> =>
  Effect.fromResult(
    Result.map(reliabilityOf(snapshot), (reliability) => overCounts(options, setting, reliability))
  )
