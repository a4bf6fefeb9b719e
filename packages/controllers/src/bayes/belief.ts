import type { Grader } from "@tracer-sdk/core"
import type { JudgedProposal, SpeechKind } from "./proposals.ts"
import { type Reliability, sameAnswer } from "./reliability.ts"

/** Posterior means of what a proposal turns out to be; what is left of 1 is unreadable. */
interface ProposalChances {
  readonly right: number
  readonly wrong: number
  /** A repeated wrong answer. */
  readonly same: number
}

/** Beta and Dirichlet posterior means: `prior` imagined right and as many imagined wrong proposals stand beside those counted. */
const chancesOf = (
  {
    right,
    wrong,
    same,
    unreadable
  }: {
    readonly right: number
    readonly wrong: number
    readonly same?: number
    readonly unreadable: number
  },
  prior: number
): ProposalChances => {
  const total = right + wrong + (same ?? 0) + unreadable + 2 * prior
  const imagined = same === undefined ? prior : prior / 2
  return {
    right: (right + prior) / total,
    wrong: (wrong + imagined) / total,
    same: same === undefined ? 0 : (same + imagined) / total
  }
}

const uncounted = {
  first: { right: 0, wrong: 0, unreadable: 0 },
  afterRight: { right: 0, wrong: 0, unreadable: 0 },
  afterWrong: { right: 0, same: 0, wrong: 0, unreadable: 0 }
}

const proposerOf = ({ proposers }: Reliability, agent: string, prior: number) => {
  const { first, afterRight, afterWrong } = proposers.get(agent) ?? uncounted
  return {
    first: chancesOf(first, prior),
    afterRight: chancesOf(afterRight, prior),
    afterWrong: chancesOf(afterWrong, prior)
  }
}

/** P(says RIGHT | right) and P(says RIGHT | wrong) of a reviewer's verdicts. */
export const reviewerOf = (
  { reviewers }: Reliability,
  agent: string,
  prior: number
): { readonly ofRight: number; readonly ofWrong: number } => {
  const share = ({ right, wrong } = { right: 0, wrong: 0 }) => (right + prior) / (right + wrong + 2 * prior)
  const counts = reviewers.get(agent)
  return { ofRight: share(counts?.ofRight), ofWrong: share(counts?.ofWrong) }
}

/** Bayes' rule: the chance of what was likely by `ifTrue` when it holds, and by `ifFalse` when it does not. */
export const bayes = (chance: number, ifTrue: number, ifFalse: number): number => {
  const joint = chance * ifTrue
  const total = joint + (1 - chance) * ifFalse
  return total > 0 ? joint / total : chance
}

/**
 * The posterior probability that the last of these proposals is right; 0 without any.
 *
 * A first proposal starts at its proposer's measured share of right answers. A verdict multiplies the odds by
 * `P(verdict | right) / P(verdict | wrong)` of who gave it. A further proposal passes what was believed of the last one on: with q
 * that belief, and the proposer's shares after a right (R) and after a wrong (W) answer,
 *
 *     the same answer:   q' ~ q R(right)          1 - q' ~ (1 - q) W(same)
 *     another answer:    q' ~ (1 - q) W(right)    1 - q' ~ q R(wrong) + (1 - q) W(wrong)
 *
 * so that agreement counts as the evidence that it is. Verdicts are taken to be independent, given the truth.
 */
export const beliefIn = (
  reliability: Reliability,
  proposals: ReadonlyArray<JudgedProposal>,
  grader: Grader,
  prior: number
): number => {
  let q = 0
  for (const [i, { agent, answer, verdicts }] of proposals.entries()) {
    const before = proposals[i - 1]
    const { first, afterRight, afterWrong } = proposerOf(reliability, agent, prior)
    if (answer === undefined) q = 0
    else if (before === undefined) q = first.right / (first.right + first.wrong)
    else if (sameAnswer(answer, before.answer, grader)) q = bayes(q, afterRight.right, afterWrong.same)
    else {
      const right = (1 - q) * afterWrong.right
      q = right / (right + q * afterRight.wrong + (1 - q) * afterWrong.wrong)
    }
    for (const { agent: judge, right } of verdicts) {
      const { ofRight, ofWrong } = reviewerOf(reliability, judge, prior)
      q = right ? bayes(q, ofRight, ofWrong) : bayes(q, 1 - ofRight, 1 - ofWrong)
    }
  }
  return q
}

/** The chance that an agent's next proposal is right: `q R(right) + (1 - q) W(right)`, or its share of first ones. */
export const nextRight = (
  reliability: Reliability,
  agent: string,
  pending: { readonly belief: number } | undefined,
  prior: number
): number => {
  const { first, afterRight, afterWrong } = proposerOf(reliability, agent, prior)
  if (pending === undefined) return first.right
  return pending.belief * afterRight.right + (1 - pending.belief) * afterWrong.right
}

/** Mean tokens of an agent's utterances of a kind; of everybody's where it has not yet spoken so, and 0 where nobody has. */
export const meanTokens = ({ speech }: Reliability, agent: string, kind: SpeechKind): number => {
  const own = speech.get(agent)?.get(kind)
  if (own !== undefined) return own.tokens / own.utterances
  const all = [...speech.values()].flatMap((byKind) => byKind.get(kind) ?? [])
  const utterances = all.reduce((sum, counts) => sum + counts.utterances, 0)
  return utterances === 0 ? 0 : all.reduce((sum, { tokens }) => sum + tokens, 0) / utterances
}

/** The share of an agent's verdicts that could be read; 1 before it has given any. */
export const readableShare = ({ speech }: Reliability, agent: string): number => {
  const { utterances, unreadable } = speech.get(agent)?.get("judgement") ?? { utterances: 1, unreadable: 0 }
  return 1 - unreadable / utterances
}
