import { describe, expect, it } from "vitest"
import { playPure } from "../../../test/play-pure.ts"
import { type Grader, numericGrader } from "../../answer/index.ts"
import type { Protocol } from "../../protocol.ts"
import type { Task } from "../../task.ts"
import { bestOfN } from "../best-of-n.ts"
import { debate } from "../debate.ts"

const task: Task = { id: "t", question: "What is 2 + 3?", gold: "5" }

/** A grader that counts what it is asked to compare. */
const counting = (): { readonly grader: () => Grader; readonly compared: () => number } => {
  let compared = 0
  const equal: Grader["equal"] = (a, b) => {
    compared++
    return numericGrader.equal(a, b)
  }
  return { grader: () => ({ ...numericGrader, equal }), compared: () => compared }
}

const answers = ["4", "5", "6"]
const answerOf = (round: number) => {
  const text = answers[round % answers.length] ?? ""
  return { text, reading: { kind: "proposal", answer: { text, canonical: text } } } as const
}

/** How many answers are compared where every seat observes its turn. */
const comparisons = <S>(make: (grader: () => Grader) => Protocol<S>): number => {
  const { grader, compared } = counting()
  const protocol = make(grader)
  playPure(
    protocol,
    task,
    ({ seat, round }) =>
      seat.name === "verifier" ? { text: "?", reading: { kind: "comment" } } : answerOf(round),
    (turns, state) => {
      for (const turn of turns) protocol.observe(state, turn)
    }
  )
  return compared()
}

describe("factions on a board", () => {
  it("are counted once for all who judge at the same time", () => {
    const agents = ["ann", "bob"]
    const count = comparisons((grader) => bestOfN({ agents, samples: 30, judgements: 3, grader }))
    // The first of each faction with those before it, and the others with three at most; where they differ, both ways.
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThanOrEqual(30 * 3 * 2)
  })

  it("are counted once for all who debate at the same time", () => {
    const count = comparisons((grader) => debate({ agents: ["ann"], debaters: 30, rounds: 2, grader }))
    // Before the second round, and for the vote; before the first there is nothing.
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThanOrEqual(2 * 30 * 3 * 2)
  })
})
