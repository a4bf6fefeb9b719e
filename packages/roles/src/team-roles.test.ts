import type { Reading, Task, TranscriptEntry, View } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { critic } from "./critic.ts"
import { debater } from "./debater.ts"
import { readChoice } from "./read-choice.ts"
import { readScore } from "./read-score.ts"
import { refiner } from "./refiner.ts"
import { selector } from "./selector.ts"
import { verifier } from "./verifier.ts"

const arithmetic: Task = { id: "a", question: "Ann has 14 pears.", gold: "24", dataset: "arithmetic" }
const general: Task = { id: "g", question: "Why?", gold: "24" }

const answered = (agent: string, seat: string, answer: string): TranscriptEntry => ({
  ...{ round: 1, agent, seat, action: "propose", role: seat, text: `So.\nFinal answer: ${answer}` },
  reading: { kind: "proposal", answer: { text: answer, canonical: answer } }
})
const criticised: TranscriptEntry = {
  ...{ round: 2, agent: "bob", seat: "critic", action: "review", role: "critic" },
  text: "14 + 8 is 22.\nVerdict: WRONG",
  reading: { kind: "verdict", verdict: "wrong" }
}
const pending = { text: "So.\nFinal answer: 26", answer: { text: "26", canonical: "26" } }
const messages = (role: ReturnType<typeof debater>, view: View) =>
  role.prompt(view).messages.map(({ content }) => content)

describe("roles asked as the shipped model was trained", () => {
  const others = [
    answered("bob", "debater", "22"),
    answered("cem", "debater", "24"),
    answered("dan", "debater", "24")
  ]

  it("debater: like a proposer whose earlier answer is what most of the others say", () => {
    expect(messages(debater(), { task: arithmetic, transcript: [] })).toEqual(["Solve.", "Ann has 14 pears."])
    expect(messages(debater(), { task: arithmetic, transcript: others, pending })).toEqual([
      "Solve.",
      "Ann has 14 pears.\nEarlier answer: 24 (unreviewed)"
    ])
    expect(messages(debater(), { task: arithmetic, transcript: others.slice(0, 2), pending })[1]).toContain(
      ": 22 ("
    )
    // Alone, its own.
    expect(messages(debater(), { task: arithmetic, transcript: [], pending })[1]).toContain(
      ": 26 (unreviewed)"
    )
  })

  it("refiner: like a proposer; critic, verifier and selector: like a reviewer", () => {
    const view = { task: arithmetic, transcript: [answered("ann", "proposer", "26"), criticised], pending }
    expect(messages(refiner(), view)).toEqual(["Solve.", "Ann has 14 pears.\nEarlier answer: 26 (WRONG)"])
    const review = ["Review.", "Ann has 14 pears.\nProposed: So. Final answer: 26"]
    for (const role of [critic(), verifier(), selector()]) expect(messages(role, view)).toEqual(review)
  })
})

describe("roles in full words", () => {
  it("debater: sees its own last answer and the last one of each of the others", () => {
    const transcript = [
      answered("bob", "debater", "1"),
      answered("cem", "debater", "2"),
      answered("bob", "debater", "3")
    ]
    const [, again = ""] = messages(debater(), { task: general, transcript, pending })
    expect(again).toContain("Your last answer:\nSo.\nFinal answer: 26")
    expect(again).toContain("Answer of bob:\nSo.\nFinal answer: 3\n\nAnswer of cem:\nSo.\nFinal answer: 2")
    expect(again).not.toContain("Final answer: 1\n")
    expect(messages(debater(), { task: general, transcript: [], pending })[1]).toContain(
      "Nobody else has answered."
    )
  })

  it("refiner: sees the critique; critic and verifier ask for a line that they can read", () => {
    const view = { task: general, transcript: [answered("ann", "proposer", "26"), criticised], pending }
    expect(messages(refiner(), view)[1]).toContain("- bob, WRONG: 14 + 8 is 22. Verdict: WRONG")
    expect(messages(critic(), view)[1]).toContain("Verdict: RIGHT\nor\nVerdict: WRONG")
    expect(messages(verifier(), view)[1]).toContain("\nScore: <")
  })

  it("selector: sees the dialogue without the selections, and the options", () => {
    const selected: TranscriptEntry = {
      ...{
        round: 2,
        agent: "cem",
        seat: "selector",
        action: "select",
        role: "selector",
        text: "Next: critic"
      },
      reading: { kind: "choice", choice: "critic" }
    }
    const transcript = [answered("ann", "proposer", "26"), selected, { ...criticised, round: 3 }]
    expect(messages(refiner(), { task: general, transcript, pending })[1]).toContain(
      "What critics said about it:\n- bob, WRONG: 14 + 8 is 22. Verdict: WRONG\n\n"
    )
    const [, user = ""] = messages(selector(), {
      task: general,
      transcript,
      pending,
      options: ["proposer", "end"]
    })
    expect(user).toContain("ann (proposer):\nSo.\nFinal answer: 26\n\nbob (critic):\n14 + 8 is 22.")
    expect(user).not.toContain("Next: critic")
    expect(user).toContain("- proposer\n- end")
  })
})

describe("reviews", () => {
  it("are those of the pending answer, wherever they stand", () => {
    const verdict = (round: number, about: number, value: "right" | "wrong"): TranscriptEntry => ({
      ...{ round, agent: "bob", seat: "verifier", action: "verify", role: "verifier", text: value, about },
      reading: { kind: "verdict", verdict: value }
    })
    const first = { ...answered("ann", "proposer", "26"), round: 1 }
    const second = { ...answered("ann", "proposer", "24"), round: 2 }
    const transcript = [first, second, verdict(3, 1, "wrong"), verdict(4, 2, "right")]
    const view = { task: arithmetic, transcript, pending }
    expect(messages(refiner(), view)[1]).toContain("Earlier answer: 26 (WRONG)")
    // The same words said once more are a new answer.
    const again = { ...view, transcript: [...transcript, { ...first, round: 5 }] }
    expect(messages(refiner(), again)[1]).toContain("Earlier answer: 26 (unreviewed)")
    // Unless it is the first one that is pending, as after a vote.
    const voted = { ...again, pending: { ...pending, round: 1 } }
    expect(messages(refiner(), voted)[1]).toContain("Earlier answer: 26 (WRONG)")
  })
})

describe("what was said about an answer", () => {
  const transcript = [answered("ann", "proposer", "26"), criticised]
  const reviewed = (text: string, reading: Reading): string => {
    const said: TranscriptEntry = {
      ...{ round: 3, agent: "cem", seat: "verifier", action: "speak", role: "verifier", text, reading }
    }
    return messages(refiner(), { task: general, transcript: [...transcript, said], pending })[1] ?? ""
  }

  it("stands with what each of it comes to: a verdict, a score, or nothing where it is a comment", () => {
    expect(reviewed("Not quite.\n\nScore: 0.2", { kind: "score", score: 0.2 })).toContain(
      "Verdict: WRONG\n- cem, score 0.2: Not quite. Score: 0.2\n\n"
    )
    expect(reviewed("I see.", { kind: "comment" })).toContain("- cem: I see.\n\n")
    expect(reviewed("Hm.", { kind: "unreadable", expected: "verdict", reason: "none" })).toContain(
      "- cem, no clear verdict: Hm.\n\n"
    )
  })

  it("is put on one line, however it is spaced", () => {
    const spaced = reviewed(` a \n\n \t b${" ".repeat(200_000)}c \r\n`, { kind: "comment" })
    expect(spaced).toMatch(/- cem: a b {200000}c\n\n/)
  })
})

describe("readScore", () => {
  it.each([
    ["Looks fine.\nScore: 0.8", 0.8],
    ["**Score:** 1", 1],
    ["score = .25", 0.25],
    ["Score: 0,75", 0.75],
    ["Confidence: 85%", 0.85],
    ["Score: 8/10", 0.8],
    ["Score (0 to 1): 0", 0],
    ["The probability is 0.9.", 0.9],
    ["Score: 0.1\nOn reflection\nScore: 0.7", 0.7],
    ["Score: <0.8>", 0.8],
    ["Score: $\\boxed{0.8}$", 0.8],
    ["Score: 8 out of 10", 0.8],
    ["Score: 80\\%", 0.8],
    ["Score: 1e-3", 0.001],
    ["The probability that it is correct is 0.05.", 0.05],
    ["Confidence that 24 is right: 5%", 0.05],
    ["Verdict: WRONG, I think. But:\nScore: 0.4", 0.4],
    [`${"It holds. ".repeat(60)}Score: 0.7`, 0.7]
  ])("reads %j", (text, score) => {
    expect(readScore(text)).toEqual({ kind: "score", score })
  })

  it("reads a verdict where there is no score", () => {
    expect(readScore("24 is 24.\nVerdict: RIGHT")).toEqual({ kind: "verdict", verdict: "right" })
    expect(readScore("Verdict: WRONG\nScore: 0.2")).toEqual({ kind: "score", score: 0.2 })
    // The probability that the problem asks for.
    expect(readScore("The probability is 1/2, not 1/3.\nVerdict: WRONG")).toEqual({
      kind: "verdict",
      verdict: "wrong"
    })
  })

  it.each(["", "Score: high", "Score: 1.2", "Score: -0.5", "Score: 5/0", "Score: 0/0"])(
    "cannot read %j",
    (text) => {
      expect(readScore(text)).toMatchObject({ kind: "unreadable", expected: "score" })
    }
  )
})

describe("readChoice", () => {
  const options = ["proposer", "reviewer bob", "end"]
  it.each([
    ["Next: proposer", "proposer"],
    ["He checked it.\n**Next:** `Reviewer Bob`.", "reviewer bob"],
    ["end", "end"],
    ["Next speaker: the proposer, once more", "proposer"],
    ["proposer\nNext: end", "end"],
    ["Verdict: RIGHT", "end"],
    ["24 is not 26.\nVerdict: WRONG", "proposer"]
  ])("reads %j as %s", (text, choice) => {
    expect(readChoice(text, options, "end")).toEqual({ kind: "choice", choice })
  })

  it.each([
    ["Next: agent_1", "agent_1"],
    ["**Next:** _agent_2_", "agent_2"],
    ["__Next:__ C", "C"],
    ["Next: C#.", "C#"],
    ["Next: agent_1 b, because agent_1 b has not spoken", "agent_1 b"],
    ["> - c#", "C#"],
    ["Next: Dr. O'Neil", "Dr. O'Neil"]
  ])("reads names with marks of their own in %j", (text, choice) => {
    const names = ["agent_1", "agent_1 b", "agent_2", "C", "C#", "Dr. O'Neil", "end"]
    expect(readChoice(text, names, "end")).toEqual({ kind: "choice", choice })
  })

  it.each(["", "the proposer should go on", "Next: proposer or end", "Next: dan"])(
    "cannot read %j",
    (text) => {
      expect(readChoice(text, options, "end")).toMatchObject({ kind: "unreadable", expected: "choice" })
    }
  )

  it("offers what there is: without an end, RIGHT chooses nothing", () => {
    expect(readChoice("Verdict: RIGHT", ["proposer"], "end")).toMatchObject({ kind: "unreadable" })
    expect(readChoice("Verdict: WRONG", ["end"], "end")).toMatchObject({ kind: "unreadable" })
    expect(readChoice("proposer", [], "end")).toMatchObject({ kind: "unreadable" })
    const role = selector({ end: "stop" })
    expect(role.read({ task: general, transcript: [], options: ["ann", "stop"] }, "RIGHT")).toEqual({
      kind: "choice",
      choice: "stop"
    })
  })
})
