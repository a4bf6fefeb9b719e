import type { PendingAnswer, Task, TranscriptEntry, View } from "@tracer-sdk/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { debater } from "./debater.ts"
import { proposer } from "./proposer.ts"
import { readReview } from "./read-review.ts"
import { refiner } from "./refiner.ts"
import { reviewer } from "./reviewer.ts"
import { selector } from "./selector.ts"
import { verifier } from "./verifier.ts"

const arithmetic: Task = { id: "a", question: "Ann has 14 pears.", gold: "24", dataset: "arithmetic" }
const spoken = "14+18=32. 32-8=24.\nFinal answer: 24"

const entry = (seat: "proposer" | "reviewer", text: string): TranscriptEntry => ({
  round: 1,
  agent: seat === "proposer" ? "ann" : "bob",
  seat,
  action: seat === "proposer" ? "propose" : "review",
  role: seat,
  text,
  reading: (seat === "proposer" ? proposer() : reviewer()).read({ task: arithmetic, transcript: [] }, text)
})
const pendingOf = (text: string): PendingAnswer => {
  const { reading } = entry("proposer", text)
  return reading?.kind === "proposal" ? { text, answer: reading.answer } : { text }
}
const after = (task: Task, proposal: string, ...reviews: ReadonlyArray<string>): View => ({
  task,
  transcript: [entry("proposer", proposal), ...reviews.map((text) => entry("reviewer", text))],
  pending: pendingOf(proposal)
})
const contents = (role: ReturnType<typeof proposer>, view: View) =>
  role.prompt(view).messages.map(({ content }) => content)

describe("the shipped model's prompts", () => {
  it("are as short as it was trained on", () => {
    expect(contents(proposer(), { task: arithmetic, transcript: [] })).toEqual([
      "Solve.",
      "Ann has 14 pears."
    ])
    expect(contents(proposer(), after(arithmetic, spoken))).toEqual([
      "Solve.",
      "Ann has 14 pears.\nEarlier answer: 24 (unreviewed)"
    ])
    const reviewed = after(
      arithmetic,
      spoken,
      "24 is 24.\nVerdict: RIGHT",
      "24 is not 26.\nVerdict: WRONG",
      "Hm."
    )
    expect(contents(proposer(), reviewed)[1]).toBe("Ann has 14 pears.\nEarlier answer: 24 (WRONG)")
    expect(contents(proposer(), after(arithmetic, "I have\nno idea"))[1]).toBe(
      "Ann has 14 pears.\nEarlier answer: no idea (unreviewed)"
    )
    expect(contents(reviewer(), after(arithmetic, spoken))).toEqual([
      "Review.",
      "Ann has 14 pears.\nProposed: 14+18=32. 32-8=24. Final answer: 24"
    ])
  })
})

describe("proposer", () => {
  it("shows choices, the pending answer and every review of it, and asks for a final answer", () => {
    const task: Task = { id: "c", question: "Which {choices}?", dataset: "gpqa", choices: ["iron", "tin"] }
    const [, first = ""] = contents(proposer(), { task, transcript: [] })
    expect(first).toContain("Problem:\nWhich {choices}?\n\nChoices:\nA) iron\nB) tin")
    expect(first).toContain("Final answer: <letter>")
    const view = after(task, "It is tin.\nFinal answer: B", "Tin melts.\nVerdict: WRONG", "Hm.")
    const [, again = ""] = contents(proposer(), view)
    expect(again).toContain("It is tin.\nFinal answer: B")
    expect(again).toContain("- bob, WRONG: Tin melts. Verdict: WRONG\n- bob, no clear verdict: Hm.")
  })

  it("forgets the reviews of an answer that was replaced", () => {
    const old = after(arithmetic, spoken, "Verdict: WRONG")
    const view: View = { ...old, transcript: [...old.transcript, entry("proposer", "Final answer: 25")] }
    expect(contents(proposer(), view)[1]).toContain("(unreviewed)")
  })

  it.each([
    ["gsm8k", "Final answer: $1,200", "1200"],
    ["math", "so \\boxed{\\frac{1}{2}}", undefined],
    ["gpqa", "Final answer: (C)", "C"],
    [undefined, "The answer is 72.", "72"]
  ])("reads by the grader of %s", (dataset, text, canonical) => {
    const task: Task = { id: "t", question: "?", ...(dataset === undefined ? {} : { dataset }) }
    const reading = proposer().read({ task, transcript: [] }, text)
    expect(reading.kind).toBe("proposal")
    if (canonical !== undefined) expect(reading).toMatchObject({ answer: { canonical } })
  })

  it("says that it was meant to propose where no answer can be read", () => {
    const reading = proposer().read({ task: arithmetic, transcript: [] }, "I cannot tell.")
    expect(reading).toMatchObject({ kind: "unreadable", expected: "proposal" })
  })

  it("takes prompts and a name of one's own", () => {
    const prompts = { system: "S", first: "Q: {question} {unknown}", again: "{verdict}" }
    const role = proposer({ name: "solver", prompts })
    expect(role.name).toBe("solver")
    expect(contents(role, { task: arithmetic, transcript: [] })).toEqual([
      "S",
      "Q: Ann has 14 pears. {unknown}"
    ])
  })
})

describe("reviewer", () => {
  it("asks for a verdict line", () => {
    const [, user = ""] = contents(reviewer(), after({ id: "g", question: "?", dataset: "gsm8k" }, spoken))
    expect(user).toContain("Verdict: RIGHT\nor\nVerdict: WRONG")
    expect(user).toContain(spoken)
  })

  it.each([
    ["24 is not 26.\nVerdict: WRONG", "wrong"],
    ["The first step is right, the second is right.\n**Verdict:** WRONG", "wrong"],
    ["Verdict: RIGHT\nOn reflection the sign is off.\nFinal verdict: WRONG", "wrong"],
    ["The sum is wrong at first sight, but it is not.\n## Verdict\n\nRIGHT", "right"],
    ["3. Verdict: RIGHT", "right"],
    ["My verdict: RIGHT.", "right"],
    ["**WRONG**", "wrong"],
    ["RIGHT", "right"]
  ])("reads %j as %s", (text, verdict) => {
    expect(readReview(text)).toEqual({ kind: "verdict", verdict })
  })

  it.each(["", "Verdict: unsure", "The verdict is out."])("cannot read %j", (text) => {
    expect(readReview(text)).toMatchObject({ kind: "unreadable", expected: "verdict" })
  })
})

describe("roles", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          "Verdict:",
          "RIGHT",
          "wrong",
          "Final answer:",
          "\\boxed{",
          "}",
          "\n",
          "12",
          "/0",
          "**",
          "not "
        )
      )
      .map((parts) => parts.join(""))
  )
  it("never throw on any text, and read it twice alike", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.constantFrom("gsm8k", "math", "gpqa", "arithmetic", "other"),
        anyText,
        (text, dataset, question) => {
          const given = after({ id: "t", question, dataset }, text, text)
          const view: View = { ...given, pending: { text }, options: [text, question, "end"] }
          for (const role of [proposer(), reviewer(), debater(), refiner(), verifier(), selector()]) {
            expect(role.read(view, text)).toEqual(role.read(view, text))
            expect(role.prompt(view).messages).toHaveLength(2)
          }
        }
      ),
      { numRuns: 200 }
    )
  })
})
