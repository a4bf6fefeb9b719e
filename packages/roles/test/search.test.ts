import { describe, expect, it } from "@effect/vitest"
import { mcts, type Protocol, type Task, treeOfThoughts } from "@tracer-sdk/core"
import { dialogueTree, dialogueValue } from "@tracer-sdk/core/testing"
import { reviewer, type SimulatedPolicyOptions, simulatedDistribution, thinker } from "@tracer-sdk/roles"

const task: Task = { id: "t", question: "What is 2 + 3?", gold: "5", dataset: "gsm8k" }
const roles = new Map([thinker(), reviewer()].map((role) => [role.name, role]))
// One step and the answer, each right with 0.6.
const skill = { right: 0.36, steps: 1, rightGivenRight: 1, rightGivenWrong: 0 }
const agents = ["ann", "bob"]

/** P(right) of a search among simulated agents, exactly. */
const accuracy = <S>(protocol: Protocol<S>, options: SimulatedPolicyOptions = skill): number => {
  const tree = dialogueTree({
    protocol,
    task,
    speak: (view, role) => simulatedDistribution(options, { role, view }),
    read: (view, role, text) => roles.get(role)?.read(view, text) ?? { kind: "comment" }
  })
  return dialogueValue(tree, () => [1]).accuracy
}

describe("a search among simulated agents is right as often as the arithmetic says", () => {
  const beam = { agents, breadth: 1, depth: 2 }

  it("where it draws one step at a time, as often as the thinker alone", () => {
    expect(accuracy(treeOfThoughts({ ...beam, samples: 1 }))).toBeCloseTo(0.36, 12)
  })

  it("where the reviewer knows, as often as one of the samples is right in each step", () => {
    // 1 - 0.4^2 = 0.84, twice.
    expect(accuracy(treeOfThoughts({ ...beam, samples: 2 }))).toBeCloseTo(0.84 ** 2, 12)
    // 1 - 0.4^3 = 0.936.
    expect(accuracy(treeOfThoughts({ ...beam, samples: 3 }))).toBeCloseTo(0.936 ** 2, 12)
  })

  it("where the reviewer knows nothing, no more often than the thinker alone", () => {
    const guesses = { ...skill, rightGivenRight: 0.5, rightGivenWrong: 0.5 }
    expect(accuracy(treeOfThoughts({ ...beam, samples: 2 }), guesses)).toBeCloseTo(0.36, 12)
  })

  it("by rollouts, which show what a step is worth by where it leads", () => {
    // The first step: both samples right 0.36, both wrong 0.16, one of each 0.48. Of the mixed ones the right step wins where its rollout
    // is right (0.6), or where it came first (1/2) if both rollouts are wrong: 0.6 + 0.4 / 2 = 0.8. So 0.36 + 0.48 x 0.8 = 0.744, and 0.84
    // in the second step; an answer that came up in a rollout is taken, too, where no answer of the last step is right:
    // of right steps that were kept, 0.36 had a rollout that was right with 0.6, and the 0.384 of mixed ones with 0.6 / 0.8.
    const right = 0.36 * (1 - 0.16 * 0.4) + 0.384 * (1 - 0.16 * 0.25)
    expect(accuracy(treeOfThoughts({ ...beam, samples: 2, value: "rollout" }))).toBeCloseTo(right, 12)
  })

  it("by UCT: two simulations take both steps where the reviewer knows the first", () => {
    expect(accuracy(mcts({ agents, samples: 2, depth: 2, simulations: 2 }))).toBeCloseTo(0.84 ** 2, 12)
    const none = { ...skill, unreadable: 1 }
    expect(accuracy(mcts({ agents, samples: 2, depth: 2, simulations: 2 }), none)).toBe(0)
  })
})
