import { numericGrader } from "@tracer-sdk/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bayes, beliefIn, meanTokens, nextRight, readableShare, reviewerOf } from "./belief.ts"
import type { JudgedProposal } from "./proposals.ts"
import { noReliability, type Reliability } from "./reliability.ts"

// With one imagined right and one imagined wrong proposal: first ones are right 6 times in 10, those after a right one 9 times, and
// after a wrong one 3 times in 10, repeating it 4.5 times. Bob says RIGHT of 9 in 10 right answers, and of 2 in 10 wrong ones.
const measured: Reliability = {
  proposers: new Map([
    [
      "ann",
      {
        first: { right: 5, wrong: 3, unreadable: 0 },
        afterRight: { right: 8, wrong: 0, unreadable: 0 },
        afterWrong: { right: 2, same: 4, wrong: 2, unreadable: 0 }
      }
    ]
  ]),
  reviewers: new Map([["bob", { ofRight: { right: 8, wrong: 0 }, ofWrong: { right: 1, wrong: 7 } }]]),
  speech: new Map([["bob", new Map([["judgement", { utterances: 8, unreadable: 2, tokens: 2_000 }]])]]),
  actions: new Map()
}

const proposal = (answer: string | undefined, ...verdicts: ReadonlyArray<boolean>): JudgedProposal => ({
  agent: "ann",
  round: 1,
  text: answer ?? "?",
  ...(answer === undefined ? {} : { answer: { text: answer, canonical: answer } }),
  verdicts: verdicts.map((right) => ({ agent: "bob", right }))
})

const belief = (...proposals: ReadonlyArray<JudgedProposal>) =>
  beliefIn(measured, proposals, numericGrader, 1)

describe("beliefIn", () => {
  it("starts at the share of right first proposals", () => {
    expect(belief()).toBe(0)
    expect(belief(proposal("5"))).toBeCloseTo(0.6, 12)
    expect(belief(proposal(undefined))).toBe(0)
  })

  it("weighs a verdict by who gave it", () => {
    expect(belief(proposal("5", true))).toBeCloseTo(0.54 / (0.54 + 0.08), 12)
    expect(belief(proposal("5", false))).toBeCloseTo(0.06 / (0.06 + 0.32), 12)
    expect(belief(proposal("5", true, false))).toBeCloseTo((0.6 * 0.09) / (0.6 * 0.09 + 0.4 * 0.16), 12)
    // Nothing is known of cyd, whose word is worth nothing.
    const stranger = { ...proposal("5"), verdicts: [{ agent: "cyd", right: false }] }
    expect(belief(stranger)).toBeCloseTo(0.6, 12)
  })

  it("takes a repeated answer for evidence, and another one for a new chance", () => {
    const doubted = proposal("4", false) // 3/19
    expect(belief(doubted, proposal("4"))).toBeCloseTo((3 * 0.9) / (3 * 0.9 + 16 * 0.45), 12)
    expect(belief(doubted, proposal("5"))).toBeCloseTo((16 * 0.3) / (16 * 0.3 + 3 * 0.1 + 16 * 0.25), 12)
    expect(belief(proposal("5"), proposal("5"))).toBeGreaterThan(belief(proposal("5")))
    // After a certainly wrong one, what was right before is what counts: 3 of the 5.5 that are not the same.
    expect(belief(proposal(undefined), proposal("5"))).toBeCloseTo(0.3 / (0.3 + 0.25), 12)
  })
})

describe("beliefIn, whatever was counted", () => {
  const count = fc.nat({ max: 50 })
  const some = fc.record({
    proposers: fc.record({
      first: fc.record({ right: count, wrong: count, unreadable: count }),
      afterRight: fc.record({ right: count, wrong: count, unreadable: count }),
      afterWrong: fc.record({ right: count, same: count, wrong: count, unreadable: count })
    }),
    reviewer: fc.record({
      ofRight: fc.record({ right: count, wrong: count }),
      ofWrong: fc.record({ right: count, wrong: count })
    }),
    said: fc.array(
      fc.record({
        answer: fc.constantFrom("4", "5", undefined),
        verdicts: fc.array(fc.boolean(), { maxLength: 3 })
      }),
      { minLength: 1, maxLength: 4 }
    )
  })

  it("is a probability, which only a reviewer's better word for right answers than for wrong ones raises", () => {
    fc.assert(
      fc.property(some, ({ proposers, reviewer, said }) => {
        const counted: Reliability = {
          ...noReliability(),
          proposers: new Map([["ann", proposers]]),
          reviewers: new Map([["bob", reviewer]])
        }
        const held = said.map(({ answer, verdicts }) => proposal(answer, ...verdicts))
        const before = beliefIn(counted, held, numericGrader, 1)
        expect(before).toBeGreaterThanOrEqual(0)
        expect(before).toBeLessThanOrEqual(1)
        const last = held.at(-1)
        if (last === undefined) return
        const confirmed = { ...last, verdicts: [...last.verdicts, { agent: "bob", right: true }] }
        const after = beliefIn(counted, [...held.slice(0, -1), confirmed], numericGrader, 1)
        const { ofRight, ofWrong } = reviewerOf(counted, "bob", 1)
        if (ofRight >= ofWrong) expect(after).toBeGreaterThanOrEqual(before - 1e-12)
        else expect(after).toBeLessThanOrEqual(before + 1e-12)
      })
    )
  })
})

describe("what is measured", () => {
  it("mixes what comes after right and wrong answers", () => {
    expect(nextRight(measured, "ann", undefined, 1)).toBeCloseTo(0.6, 12)
    expect(nextRight(measured, "ann", { belief: 0.6 }, 1)).toBeCloseTo(0.6 * 0.9 + 0.4 * 0.3, 12)
  })

  it("counts unreadable proposals against the next one, not against one that was read", () => {
    const mumbling = structuredClone(measured)
    const counts = mumbling.proposers.get("ann")
    if (counts !== undefined) counts.first.unreadable = 10
    expect(nextRight(mumbling, "ann", undefined, 1)).toBeCloseTo(6 / 20, 12)
    expect(beliefIn(mumbling, [proposal("5")], numericGrader, 1)).toBeCloseTo(0.6, 12)
  })

  it("is even before anything was heard", () => {
    const nothing = noReliability()
    expect(reviewerOf(nothing, "bob", 1)).toEqual({ ofRight: 0.5, ofWrong: 0.5 })
    expect(nextRight(nothing, "ann", undefined, 1)).toBe(0.5)
    expect(meanTokens(nothing, "ann", "proposal")).toBe(0)
    expect(readableShare(nothing, "bob")).toBe(1)
  })

  it("takes words to cost what they do on average, everybody's where an agent's own are not known", () => {
    expect(meanTokens(measured, "bob", "judgement")).toBe(250)
    expect(meanTokens(measured, "cyd", "judgement")).toBe(250)
    expect(readableShare(measured, "bob")).toBe(0.75)
  })
})

describe("bayes", () => {
  it("is the rule, and leaves a chance as it is by what cannot happen", () => {
    expect(bayes(0.6, 0.9, 0.2)).toBeCloseTo(0.54 / 0.62, 12)
    expect(bayes(0.6, 0, 0)).toBe(0.6)
  })
})
