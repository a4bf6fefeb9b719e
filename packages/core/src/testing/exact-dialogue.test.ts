import { describe, expect, it } from "vitest"
import { proposeReview } from "../protocol/index.ts"
import type { Task } from "../task.ts"
import type { Reading, View } from "../transcript.ts"
import { type DialogueTree, dialogueTree } from "./dialogue-tree.ts"
import { bestDialogue, type DialogueProfile, dialogueValue } from "./exact-dialogue.ts"

const task: Task = { id: "t", question: "2 + 3?", gold: "5" }

interface Skill {
  readonly right: number
  readonly rightGivenRight: number
  readonly rightGivenWrong: number
}

/** A proposer costs 10 tokens, a reviewer 1. */
const treeOf = (rounds: number, { right, rightGivenRight, rightGivenWrong }: Skill): DialogueTree =>
  dialogueTree({
    protocol: proposeReview({ agents: ["ann", "bob"], rounds }),
    task,
    speak: (view: View, role) => {
      const says =
        role === "proposer"
          ? right
          : view.pending?.answer?.canonical === "5"
            ? rightGivenRight
            : rightGivenWrong
      const [good, bad] = role === "proposer" ? ["5", "4"] : ["right", "wrong"]
      const tokens = role === "proposer" ? 10 : 1
      return [
        { text: good ?? "", probability: says, tokens },
        { text: bad ?? "", probability: 1 - says, tokens }
      ]
    },
    read: (_, role, text): Reading =>
      role === "proposer"
        ? { kind: "proposal", answer: { text, canonical: text } }
        : { kind: "verdict", verdict: text === "right" ? "right" : "wrong" }
  })

const always =
  (...actions: ReadonlyArray<string>): DialogueProfile =>
  ({ legal }) =>
    legal.names.map((name) => (actions.includes(name) ? 1 : 0))

const skill = { right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.2 }

/** The best worth by trying every deterministic policy, without bound or order. */
const byEnumeration = (tree: DialogueTree, tokenCost: number): number => {
  let best = Number.NEGATIVE_INFINITY
  for (let code = 0; code < 2 ** tree.points.length; code++) {
    const profile: DialogueProfile = (point) => {
      const bit = (code >> tree.points.indexOf(point)) & 1
      return [1 - bit, bit]
    }
    const { accuracy, tokens } = dialogueValue(tree, profile)
    best = Math.max(best, 2 * accuracy - 1 - (tokenCost * tokens) / 1000)
  }
  return best
}

describe("exact dialogues", () => {
  it("T = 1: one forced proposal", () => {
    const tree = treeOf(1, skill)
    expect(tree.points).toEqual([])
    expect(dialogueValue(tree, always())).toEqual({ accuracy: 0.6, tokens: 10 })
    expect(bestDialogue(tree)).toMatchObject({ accuracy: 0.6, tokens: 10, choices: [] })
  })

  it("T = 3: worked by hand", () => {
    const tree = treeOf(3, skill)
    // The votes at round 3 are -1, 0 or +1; the review has one information state.
    expect(tree.points.map(({ controller, info }) => `${controller} ${info}`).sort()).toEqual([
      "ann.proposer vote=+1 round=last",
      "ann.proposer vote=-1 round=last",
      "ann.proposer vote=0 round=last",
      "bob.reviewer vote=0 round=last"
    ])
    const keeps = dialogueValue(tree, always("review", "keep"))
    expect([keeps.accuracy, keeps.tokens]).toEqual([expect.closeTo(0.6), expect.closeTo(11)])
    // Kept with RIGHT: 0.6 0.9; proposed anew after WRONG: (0.6 0.1 + 0.4 0.8) 0.6.
    const best = bestDialogue(tree)
    expect(best.accuracy).toBeCloseTo(0.54 + 0.38 * 0.6, 12)
    expect(best.tokens).toBeCloseTo(10 + 1 + 0.38 * 10, 12)
    expect(best.worth).toBeCloseTo(2 * 0.768 - 1, 12)
    const actions = Object.fromEntries(
      best.choices.map(({ info, controller, action }) => [controller + info, action])
    )
    expect(actions).toMatchObject({
      "bob.reviewervote=0 round=last": "review",
      "ann.proposervote=-1 round=last": "propose",
      "ann.proposervote=+1 round=last": "keep"
    })
  })

  it("T = 3: nothing is worth its tokens once they are dear enough", () => {
    // The review and the second proposal gain 2 (0.768 - 0.6) = 0.336 for 4.8 tokens: a fair price is 70 per 1,000.
    expect(bestDialogue(treeOf(3, skill), 69).tokens).toBeCloseTo(14.8, 12)
    expect(bestDialogue(treeOf(3, skill), 71).tokens).toBe(10)
  })

  it("T = 5: twelve information states, and no better than what trying all 4,096 policies finds", () => {
    for (const given of [
      skill,
      { right: 0.3, rightGivenRight: 0.6, rightGivenWrong: 0.4 },
      { right: 0.8, rightGivenRight: 0.5, rightGivenWrong: 0.5 }
    ]) {
      const tree = treeOf(5, given)
      expect(tree.points).toHaveLength(12)
      for (const tokenCost of [0, 20]) {
        expect(bestDialogue(tree, tokenCost).worth).toBeCloseTo(byEnumeration(tree, tokenCost), 12)
      }
    }
  })

  it("values randomised strategies", () => {
    // Skip or review, keep or propose, each at evens: with or without a new proposal, a right answer has 0.6.
    const { accuracy, tokens } = dialogueValue(treeOf(3, skill), () => [0.5, 0.5])
    expect(accuracy).toBeCloseTo(0.6, 12)
    expect(tokens).toBeCloseTo(10 + 0.5 + 5, 12)
  })

  it("refuses distributions that do not sum to 1", () => {
    expect(() =>
      dialogueTree({
        protocol: proposeReview({ agents: ["ann"], rounds: 1 }),
        task,
        speak: () => [{ text: "5", probability: 0.5 }],
        read: (_, _role, text) => ({ kind: "proposal", answer: { text, canonical: text } })
      })
    ).toThrow('what "ann" can say as proposer sum to 0.5')
  })
})
