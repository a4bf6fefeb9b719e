import { describe, expect, it } from "vitest"
import { numericGrader } from "../../answer/index.ts"
import type { Task } from "../../task.ts"
import {
  best,
  factionsOf,
  judgedBy,
  lastProposals,
  meanScore,
  type Part,
  type Proposal,
  vote
} from "./index.ts"

const task: Task = { id: "t", question: "What is 2 + 3?", gold: "5" }

describe("votes", () => {
  const proposals = (...texts: ReadonlyArray<string>): ReadonlyArray<Proposal> =>
    texts.map((text, i) => ({
      ...{ text, round: i + 1, agent: `a${i}`, seat: "voter", right: 0, wrong: 0, scores: [] },
      ...(text === "?" ? {} : { answer: { text, canonical: text } })
    }))
  const winner = (part: Part, given: ReadonlyArray<Proposal>) => {
    if (part.kind !== "perform") throw new Error("a vote takes no turn")
    const board = { task, transcript: [], proposals: given, pending: given.length - 1, memory: undefined }
    return part.change(board).pending
  }

  it("go to the most, a tie to the answer that was proposed first", () => {
    expect(winner(vote(), proposals("4", "5", "5"))).toBe(1)
    expect(winner(vote(), proposals("4", "5", "6", "5", "4"))).toBe(0)
    expect(winner(vote(), proposals("?", "6", "5"))).toBe(1)
    expect(winner(vote(), proposals("?", "?"))).toBe(1)
    expect(winner(vote(), proposals("7"))).toBe(0)
  })

  it("count answers as the grader does, not as text", () => {
    const halves = proposals("0.5", "1", "1/2").map((proposal) => ({
      ...proposal,
      answer: { text: proposal.text, canonical: proposal.text }
    }))
    const equal = (a: { text: string }, b: { text: string }) =>
      [a.text, b.text].every((text) => ["0.5", "1/2"].includes(text))
    const grader = () => ({ ...numericGrader, equal })
    expect(winner(vote({ grader }), halves)).toBe(0)
    expect(factionsOf(halves, grader()).map(({ weight }) => weight)).toEqual([2, 1])
  })

  it("weigh, and do not take rounding for a majority", () => {
    const weights = [0.3, 0.1, 0.2]
    const weight = ({ round }: Proposal) => weights[round - 1] ?? 0
    expect(winner(vote({ weight }), proposals("4", "5", "5"))).toBe(0)
    expect(winner(vote({ weight: ({ round }) => (round === 3 ? 2 : 0.5) }), proposals("4", "4", "5"))).toBe(2)
  })

  it("are held among some of the proposals", () => {
    const first = proposals("4", "5", "4")
    const again = first.map((proposal, i) => ({
      ...proposal,
      ...{
        round: 4 + i,
        text: ["5", "6", "6"][i] ?? "",
        answer: { text: "", canonical: ["5", "6", "6"][i] ?? "" }
      }
    }))
    expect(winner(vote({ among: lastProposals }), [...first, ...again])).toBe(4)
  })

  it("best: goes to the highest score, a tie to the first, and never to what cannot be read", () => {
    const by = (...values: ReadonlyArray<number>) => best(({ round }) => values[round - 1] ?? 0)
    expect(winner(by(0.2, 0.9, 0.9), proposals("4", "5", "6"))).toBe(1)
    expect(winner(by(1, 0.1, 0.2), proposals("?", "5", "6"))).toBe(2)
    expect(winner(by(1, 1), proposals("?", "?"))).toBe(1)
  })
})

describe("judgements", () => {
  it("add up on a proposal: RIGHT is 1, WRONG is 0, a score is held to lie between", () => {
    const proposal: Proposal = {
      ...{ text: "5", round: 1, agent: "ann", seat: "voter", right: 0, wrong: 0, scores: [] }
    }
    expect(meanScore(proposal)).toBeUndefined()
    const judged = [
      { kind: "verdict", verdict: "right" } as const,
      { kind: "verdict", verdict: "wrong" } as const,
      { kind: "score", score: 0.25 } as const,
      { kind: "score", score: 8 } as const,
      { kind: "comment" } as const,
      undefined
    ].reduce(judgedBy, proposal)
    expect(judged).toMatchObject({ right: 1, wrong: 1, scores: [0.25, 1] })
    // (1 + 0 + 0.25 + 1) / 4
    expect(meanScore(judged)).toBeCloseTo(0.5625, 12)
  })
})
