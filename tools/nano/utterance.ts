import type { ArithmeticEquation } from "@tracer-sdk/core"

/** Equations as a solution writes them: `14+18=32. 32-8=24.` */
export const writeEquations = (equations: ReadonlyArray<ArithmeticEquation>): string =>
  equations.map(({ left, operator, right, result }) => `${left}${operator}${right}=${result}.`).join(" ")

/** A proposal: the equations, then its answer on a line of its own. */
export const writeProposal = (equations: ReadonlyArray<ArithmeticEquation>, answer: number): string =>
  `${writeEquations(equations)}\nFinal answer: ${answer}`

/** A reviewer's answer less the proposed one, and so whether they agree: `24-26=-2.` and a verdict. */
export const writeComparison = (own: number, proposed: number): string =>
  `${own}-${proposed}=${own - proposed}.\nVerdict: ${own === proposed ? "RIGHT" : "WRONG"}`

/** A review: the reviewer's own equations, its answer less the proposed one, then the verdict on a line of its own. */
export const writeReview = (
  equations: ReadonlyArray<ArithmeticEquation>,
  own: number,
  proposed: number
): string => `${writeEquations(equations)} ${writeComparison(own, proposed)}`

/** The system and user message of one of the three things that the model is asked to do. */
export interface Conversation {
  readonly system: "Solve." | "Review."
  readonly user: string
}

/** Asks for a first proposal. */
export const askForProposal = (question: string): Conversation => ({ system: "Solve.", user: question })

/** Asks for a proposal after one that was judged. */
export const askAgain = (
  question: string,
  earlier: string,
  verdict: "RIGHT" | "WRONG" | "unreviewed"
): Conversation => ({ system: "Solve.", user: `${question}\nEarlier answer: ${earlier} (${verdict})` })

/** Asks for a review of a proposal. */
export const askForReview = (question: string, proposal: string): Conversation => ({
  system: "Review.",
  user: `${question}\nProposed: ${proposal.replaceAll("\n", " ")}`
})
