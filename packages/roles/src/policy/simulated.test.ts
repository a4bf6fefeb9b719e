import { expect, it } from "@effect/vitest"
import {
  type Completion,
  graderFor,
  type PendingAnswer,
  type Task,
  type TranscriptEntry,
  type View
} from "@tracer-sdk/core"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { describe } from "vitest"
import { thinker } from "../thinker.ts"
import { simulatedDistribution, simulatedPolicy } from "./simulated.ts"
import type { SimulatedPolicyOptions } from "./simulated-skill.ts"

const task: Task = { id: "t", question: "How many?", gold: "She has 5 + 3 = 8.\n#### 8", dataset: "gsm8k" }
const skill = { right: 0.6, secondRight: 0.3, rightGivenRight: 0.9, rightGivenWrong: 0.2 }
const tokens = { prompt: 12, completion: 7 }

const pending = (text: string, of: Task = task): PendingAnswer => {
  const read = graderFor(of).read(text)
  return read.kind === "answer" ? { text, answer: read.answer } : { text }
}
const request = (role: string, answer?: PendingAnswer, of: Task = task) => ({
  prompt: { messages: [] },
  samples: 4000,
  sampling: { temperature: 1, maxTokens: 100 },
  seed: 3,
  agent: "ann",
  role,
  view: { task: of, transcript: [], ...(answer === undefined ? {} : { pending: answer }) }
})
/** How often each text was said, as shares. */
const shares = (texts: ReadonlyArray<string>) => {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1 / texts.length)
  return counts
}

describe("simulatedDistribution", () => {
  it("states the skill, and depends on the truth of the pending answer", () => {
    expect(simulatedDistribution(skill, request("proposer"))).toEqual([
      { text: "Final answer: 8", probability: 0.6 },
      { text: "Final answer: 9", probability: 0.4 }
    ])
    const saysRight = (answer: PendingAnswer) =>
      simulatedDistribution(skill, request("reviewer", answer)).find(({ text }) => text.includes("RIGHT"))
        ?.probability
    expect(saysRight(pending("Final answer: $8.00"))).toBe(0.9)
    expect(saysRight(pending("Final answer: 9"))).toBe(0.2)
    expect(saysRight(pending("I cannot tell."))).toBe(0.2)
    expect(
      simulatedDistribution(skill, request("proposer", pending("Final answer: 9")))[0]?.probability
    ).toBe(0.3)
  })

  it("says both verdicts and readable answers to every kind of task", () => {
    const tasks: ReadonlyArray<Task> = [
      task,
      { id: "m", question: "?", gold: "\\frac{1}{2}", dataset: "math" },
      { id: "p", question: "?", gold: "(0, \\pi)", dataset: "math" },
      { id: "c", question: "?", gold: "B", dataset: "gpqa", choices: ["1", "2", "3", "4"] },
      { id: "a", question: "?", gold: "A", dataset: "gpqa", choices: ["1", "2", "3", "4"] },
      { id: "n", question: "?", gold: "-7.5" }
    ]
    for (const of of tasks) {
      const grader = graderFor(of)
      const gold = grader.gold(of.gold ?? "")
      const truths = simulatedDistribution(skill, request("proposer", undefined, of)).map(({ text }) => {
        const read = grader.read(text)
        return read.kind === "answer" && gold.kind === "answer" && grader.equal(read.answer, gold.answer)
      })
      expect([of.id, truths]).toEqual([of.id, [true, false]])
      const unreadable = simulatedDistribution(
        { ...skill, unreadable: 1 },
        request("proposer", undefined, of)
      )
      expect(unreadable.map(({ text }) => grader.read(text).kind)).toEqual(["unreadable"])
    }
  })
})

const entry = (agent: string, text: string): TranscriptEntry => {
  const { answer } = pending(text)
  const said = { round: 1, agent, seat: "debater", action: "speak", role: "debater", text }
  return answer === undefined ? said : { ...said, reading: { kind: "proposal", answer } }
}
const rounded = (options: SimulatedPolicyOptions, role: string, view: Partial<View> = {}) =>
  simulatedDistribution(options, { role, view: { task, transcript: [], ...view } }).map(
    ({ text, probability }) => [text, Number(probability.toFixed(6))]
  )

describe("every role", () => {
  it("hears what it reads", () => {
    const wrong = { pending: pending("Final answer: 9") }
    expect(rounded(skill, "debater", wrong)).toEqual(rounded(skill, "proposer", wrong))
    expect(rounded(skill, "refiner", wrong)).toEqual(rounded(skill, "proposer", wrong))
    expect(rounded(skill, "critic", wrong)).toEqual(rounded(skill, "reviewer", wrong))
    expect(rounded(skill, "verifier", wrong)).toEqual([
      ["Score: 0.9", 0.2],
      ["Score: 0.1", 0.8]
    ])
    expect(rounded({ ...skill, speech: { judge: "score" } }, "judge", wrong)).toEqual(
      rounded(skill, "verifier", wrong)
    )
    expect(rounded(skill, "judge")).toEqual(rounded(skill, "proposer"))
  })

  it("chooses to end as a reviewer says RIGHT, else one of the others", () => {
    const options = ["ann", "bob", "end"]
    expect(rounded(skill, "selector", { options, pending: pending("Final answer: 8") })).toEqual([
      ["Next: end", 0.9],
      ["Next: ann", 0.05],
      ["Next: bob", 0.05]
    ])
    expect(rounded(skill, "selector", { options })).toEqual([
      ["Next: ann", 0.5],
      ["Next: bob", 0.5]
    ])
    expect(rounded(skill, "selector", { options: ["ann"], pending: pending("Final answer: 8") })).toEqual([
      ["Next: ann", 1]
    ])
    expect(rounded(skill, "selector")).toEqual([["I cannot tell.", 1]])
  })
})

describe("errors", () => {
  it("are spread evenly over the wrong answers", () => {
    expect(rounded({ ...skill, wrongAnswers: 4, unreadable: 0.5 }, "proposer")).toEqual([
      ["Final answer: 8", 0.3],
      ["Final answer: 9", 0.05],
      ["Final answer: 10", 0.05],
      ["Final answer: 11", 0.05],
      ["Final answer: 12", 0.05],
      ["I cannot tell.", 0.5]
    ])
    const choice: Task = { id: "c", question: "?", gold: "B", dataset: "gpqa", choices: ["1", "2", "3"] }
    expect(rounded({ ...skill, wrongAnswers: 9 }, "proposer", { task: choice })).toEqual([
      ["Final answer: B", 0.6],
      ["Final answer: A", 0.2],
      ["Final answer: C", 0.2]
    ])
  })

  it("take over debaters by the share that is swayed, and by what most of the others say", () => {
    const transcript = ["9", "10", "10"].map((answer, i) => entry(`a${i}`, `Final answer: ${answer}`))
    expect(rounded({ ...skill, sway: 0.5, unreadable: 0.1 }, "debater", { transcript })).toEqual([
      ["Final answer: 10", 0.45],
      ["Final answer: 8", 0.27],
      ["Final answer: 9", 0.18],
      ["I cannot tell.", 0.1]
    ])
    expect(rounded({ ...skill, sway: 0.5 }, "debater")).toEqual(rounded(skill, "debater"))
    expect(rounded({ ...skill, sway: 0.5 }, "proposer", { transcript })).toEqual(rounded(skill, "proposer"))
  })
})

describe("a thinker", () => {
  // Three links of 0.8 each: 0.512 of the lines are right.
  const options = { ...skill, right: 0.512, wrongAnswers: 2 }
  const at = (steps: ReadonlyArray<string>, ending = false) =>
    rounded(options, "thinker", { steps, options: ending ? ["answer"] : ["step", "answer"] })
  const good = ["Step 1 is right.", "Step 2 is right."]

  it("takes steps that are equally hard, and answers right where none has slipped", () => {
    expect(at([])).toEqual([
      ["Step 1 is right.", 0.8],
      ["Step 1 has slip 1.", 0.1],
      ["Step 1 has slip 2.", 0.1]
    ])
    expect(at(good)).toEqual([
      ["Final answer: 8", 0.8],
      ["Final answer: 9", 0.1],
      ["Final answer: 10", 0.1]
    ])
    expect(at(["Step 1 has slip 1.", "Step 2 is right."])[0]).toEqual(["Final answer: 9", 0.5])
  })

  it("goes on from any step to an answer with what chance is left", () => {
    expect(at([], true)[0]).toEqual(["Final answer: 8", 0.512])
    expect(at(good.slice(0, 1), true)[0]).toEqual(["Final answer: 8", 0.64])
  })

  it("is read as it means, and reviewed by its steps until it answers", () => {
    const role = thinker()
    const view = { task, transcript: [], steps: [], options: ["step", "answer"] }
    expect(at([]).map(([text]) => role.read(view, `${text}`).kind)).toEqual(["comment", "comment", "comment"])
    expect(at(good).map(([text]) => role.read(view, `${text}`).kind)).toEqual([
      "proposal",
      "proposal",
      "proposal"
    ])
    expect(rounded({ ...options, unreadable: 1 }, "thinker", view)).toEqual([["", 1]])
    const saysRight = (steps: ReadonlyArray<string>, answer?: string) =>
      rounded(skill, "reviewer", {
        steps,
        pending: answer === undefined ? { text: "steps" } : pending(answer)
      })[0]?.[1]
    expect(saysRight(good)).toBe(0.9)
    expect(saysRight(["Step 1 has slip 2."])).toBe(0.2)
    expect(saysRight(["Step 1 has slip 2.", "Final answer: 8"], "Final answer: 8")).toBe(0.9)
    expect(saysRight([...good, "Final answer: 9"], "Final answer: 9")).toBe(0.2)
  })
})

describe("simulatedPolicy", () => {
  it("answers at once, with the frequencies that the distribution states", () => {
    const options = { ...skill, unreadable: 0.1, wrongAnswers: 3, tokens }
    for (const asked of [
      request("proposer"),
      request("reviewer", pending("Final answer: 9")),
      request("verifier", pending("Final answer: 9")),
      request("thinker")
    ]) {
      const completions: Array<Completion> = []
      // An eager map runs at once only where the effect is already finished.
      Effect.mapEager(simulatedPolicy(options).generate(asked), (said) => completions.push(...said))
      expect(completions).toHaveLength(4000)
      expect(completions[0]).toMatchObject({ usage: tokens, finish: "stop" })
      const said = shares(completions.map(({ text }) => text))
      // 4,000 draws: four standard deviations are 0.032.
      for (const { text, probability } of simulatedDistribution(options, asked)) {
        expect(Math.abs((said.get(text) ?? 0) - probability)).toBeLessThan(0.032)
      }
    }
  })

  it.effect("draws the same for the same seed, and something else for another", () =>
    Effect.gen(function* () {
      const policy = simulatedPolicy({ ...skill, tokens })
      const first = yield* policy.generate(request("proposer"))
      expect(yield* policy.generate(request("proposer"))).toEqual(first)
      expect(yield* policy.generate({ ...request("proposer"), seed: 4 })).not.toEqual(first)
    })
  )

  it.effect("takes its delay", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        simulatedPolicy({ ...skill, delay: 200 }).generate(request("proposer"))
      )
      yield* TestClock.adjust("199 millis")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(fiber)).toHaveLength(4000)
    })
  )

  it.effect("says which task has no gold answer", () =>
    Effect.gen(function* () {
      const { gold: _, ...without } = task
      const asked = { ...request("proposer"), view: { task: without, transcript: [] } }
      const error = yield* Effect.flip(simulatedPolicy(skill).generate(asked))
      expect(error).toMatchObject({ _tag: "PolicyError", retryable: false })
      expect(error.message).toContain('task "t"')
    })
  )
})
