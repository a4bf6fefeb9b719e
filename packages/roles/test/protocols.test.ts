import {
  agentVote,
  bestOfN,
  debate,
  type Protocol,
  proposeReviewRefine,
  type Role,
  selectedSpeaker,
  selfConsistency,
  type Task
} from "@tracer-sdk/core"
import { dialogueTree, dialogueValue } from "@tracer-sdk/core/testing"
import {
  critic,
  debater,
  proposer,
  refiner,
  reviewer,
  type SimulatedPolicyOptions,
  selector,
  simulatedDistribution,
  verifier
} from "@tracer-sdk/roles"
import { describe, expect, it } from "vitest"

const task: Task = { id: "t", question: "What is 2 + 3?", gold: "5", dataset: "arithmetic" }
const roles = new Map<string, Role>(
  [proposer(), reviewer(), debater(), critic(), refiner(), verifier(), selector()].map((role) => [
    role.name,
    role
  ])
)
const skill = { right: 0.6, secondRight: 0.7, rightGivenRight: 0.9, rightGivenWrong: 0.2 }

/** P(right at the end), exactly, where everybody takes the fallback. */
const accuracy = <S>(protocol: Protocol<S>, options: SimulatedPolicyOptions = skill) => {
  const tree = dialogueTree({
    protocol,
    task,
    speak: (view, role) => simulatedDistribution(options, { role, view }),
    read: (view, role, text) => roles.get(role)?.read(view, text) ?? { kind: "comment" }
  })
  return dialogueValue(tree, ({ legal: { names, fallback } }) =>
    names.map((name) => (name === fallback ? 1 : 0))
  ).accuracy
}

const agents = ["ann", "bob"]
const p = 0.6
const q = 1 - p

describe("protocols and roles together, against arithmetic by hand", () => {
  it("three samples outvote one error", () => {
    const majority = p ** 3 + 3 * p ** 2 * q
    expect(accuracy(selfConsistency({ agents, samples: 3 }))).toBeCloseTo(majority, 12)
    expect(accuracy(agentVote({ agents: ["ann", "bob", "cem"] }))).toBeCloseTo(majority, 12)
  })

  it("errors that differ lose against right answers that agree", () => {
    // 2 wrong answers that are equal win a tie of three, and outvote the right one only where they are the same.
    const spread = { ...skill, wrongAnswers: 2 }
    const oneRight = 3 * p * q ** 2
    // Of two different errors and a right answer, the first of the three wins.
    expect(accuracy(selfConsistency({ agents, samples: 3 }), spread)).toBeCloseTo(
      p ** 3 + 3 * p ** 2 * q + (oneRight * 0.5) / 3,
      12
    )
  })

  it("a verifier finds the right one of two, as often as it tells them apart", () => {
    // It does where it scores the right one high and the wrong one low; scored alike, the first wins.
    const apart = 0.9 * 0.8
    const alike = 0.9 * 0.2 + 0.1 * 0.8
    const found = p ** 2 + 2 * p * q * (apart + alike / 2)
    expect(accuracy(bestOfN({ agents, samples: 2 }))).toBeCloseTo(found, 12)
    expect(accuracy(agentVote({ agents, samples: 2, verifier: "bob" }))).toBeCloseTo(found, 12)
  })

  it("a debate of two ends with the first one's answer wherever they differ", () => {
    expect(accuracy(debate({ agents, rounds: 1 }))).toBeCloseTo(p, 12)
    expect(accuracy(debate({ agents, rounds: 3 }))).toBeCloseTo(0.7, 12)
    const three = accuracy(debate({ agents: ["ann", "bob", "cem"], rounds: 2 }))
    expect(three).toBeCloseTo(0.7 ** 3 + 3 * 0.7 ** 2 * 0.3, 12)
  })

  it("a refiner who always speaks has the last word", () => {
    expect(accuracy(proposeReviewRefine({ agents, alwaysSpeak: true }))).toBeCloseTo(0.7, 12)
    // Untrained, the critic speaks and the refiner keeps.
    expect(accuracy(proposeReviewRefine({ agents }))).toBeCloseTo(p, 12)
  })

  it("a selector ends on what it holds right, and else asks either for one more turn", () => {
    const turns = 2
    const goesOn = { right: 0.1, wrong: 0.8 }
    // One of two speakers is named by chance: the proposer's second try replaces the answer, the reviewer's verdict does not.
    const keptRight = p * (1 - goesOn.right / 2)
    const second = (p * goesOn.right + q * goesOn.wrong) / 2
    expect(accuracy(selectedSpeaker({ agents, turns }))).toBeCloseTo(keptRight + second * 0.7, 12)
  })
})
