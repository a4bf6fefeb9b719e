import type { TracerEvent } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { dialogueRenderer } from "./dialogue.ts"
import { plainStyle } from "./style.ts"

const alice = { episode: 0, agent: "alice", seat: "proposer" }
const bob = { episode: 0, agent: "bob", seat: "reviewer" }

const events: ReadonlyArray<TracerEvent> = [
  {
    type: "episode-start",
    episode: 0,
    mode: "solve",
    task: "question",
    question: "Mia has 3 bags with 4 apples each and loses 2. How many apples are left?"
  },
  { type: "turn-start", ...alice, round: 1, info: "vote=none round=open", actions: ["propose"] },
  {
    type: "utterance",
    ...alice,
    round: 1,
    action: "propose",
    role: "proposer",
    text: "3 * 4 = 12\nFinal answer: 12",
    reading: "proposal 12",
    promptTokens: 40,
    completionTokens: 13
  },
  {
    type: "turn-start",
    ...bob,
    round: 2,
    info: "vote=0 round=open",
    actions: ["skip", "review"],
    strategy: [0.02, 0.98]
  },
  {
    type: "utterance",
    ...bob,
    round: 2,
    action: "review",
    role: "reviewer",
    text: "\u001b[2JVerdict: WRONG, she eats 2.",
    reading: "verdict wrong",
    promptTokens: 61,
    completionTokens: 9
  },
  {
    type: "turn-start",
    ...alice,
    round: 3,
    info: "vote=-1 round=last",
    actions: ["keep", "propose"],
    strategy: [0.996, 0.004]
  },
  { type: "turn-skip", ...alice, round: 3, action: "keep" },
  {
    type: "episode-end",
    episode: 0,
    task: "question",
    answer: "12",
    calls: 2,
    promptTokens: 101,
    completionTokens: 22
  }
]

const dialogue = (given: ReadonlyArray<TracerEvent>) => given.flatMap(dialogueRenderer(plainStyle)).join("\n")

describe("dialogueRenderer", () => {
  it("tells who spoke, who stayed silent and with what probabilities, and how it was read", async () => {
    await expect(dialogue(events)).toMatchFileSnapshot("fixtures/dialogue.txt")
  })

  it("says where no answer could be read, and judges where the right one is known", () => {
    const [end] = events.slice(-1)
    if (end?.type !== "episode-end") throw new Error("a dialogue ends")
    const { answer, ...unanswered } = end
    expect(dialogue([unanswered])).toMatch(/^No readable answer\./)
    expect(dialogue([{ ...end, correct: false }])).toMatch(/^Answer: 12 {2}wrong$/m)
    expect(answer).toBe("12")
  })
})
