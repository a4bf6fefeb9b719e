import type { Task, View } from "@tracer-sdk/core"
import { numericGrader } from "@tracer-sdk/core"
import { proposer, reviewer } from "@tracer-sdk/roles"
import { expect, test } from "vitest"
import { makeExamples } from "./corpus.ts"
import { askAgain, askForProposal, askForReview, writeProposal, writeReview } from "./utterance.ts"

const task: Task = { id: "1", question: "Mia has 14 pens and buys 18 more.", dataset: "arithmetic" }
const equations = [{ left: 14, operator: "+", right: 18, result: 32 }] as const
const proposal = writeProposal(equations, 32)
const answer = { text: "32", canonical: "32" }
const entry = { agent: "a", text: proposal, round: 1, seat: "proposer", action: "propose", role: "proposer" }
const proposed: View = {
  task,
  pending: { text: proposal, answer },
  transcript: [{ ...entry, reading: { kind: "proposal", answer } }]
}
const asMessages = ({ system, user }: { readonly system: string; readonly user: string }) => [
  { role: "system", content: system },
  { role: "user", content: user }
]

test("the model is trained on the very prompts that the roles send", () => {
  const first = proposer().prompt({ task, transcript: [] })
  expect(first.messages).toEqual(asMessages(askForProposal(task.question)))
  expect(reviewer().prompt(proposed).messages).toEqual(asMessages(askForReview(task.question, proposal)))
  expect(proposer().prompt(proposed).messages).toEqual(
    asMessages(askAgain(task.question, "32", "unreviewed"))
  )
})

test("what the model learns to say is read as it is meant", () => {
  expect(numericGrader.read(proposal)).toMatchObject({ kind: "answer", answer: { canonical: "32" } })
  for (const [other, verdict] of [
    [32, "right"],
    [31, "wrong"]
  ] as const) {
    const reading = reviewer().read(proposed, writeReview(equations, 32, other))
    expect(reading).toEqual({ kind: "verdict", verdict })
  }
})

test("examples are a function of the seed, of three kinds, and true where nobody slips", () => {
  const examples = makeExamples(7, 300, { proposal: 0, review: 0 })
  expect(examples).toEqual(makeExamples(7, 300, { proposal: 0, review: 0 }))
  expect(new Set(examples.map(({ kind }) => kind)).size).toBe(3)
  const reviews = examples.filter(({ kind }) => kind === "review")
  const wrong = reviews.filter(({ utterance }) => utterance.endsWith("WRONG")).length / reviews.length
  expect(wrong).toBeGreaterThan(0.2)
  expect(wrong).toBeLessThan(0.6)
})
