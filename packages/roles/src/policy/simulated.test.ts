import { expect, it } from "@effect/vitest"
import { type Completion, graderFor, type PendingAnswer, type Task } from "@tracer-sdk/core"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { describe } from "vitest"
import { simulatedDistribution, simulatedPolicy } from "./simulated.ts"

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

describe("simulatedPolicy", () => {
  it("answers at once, with the frequencies that the distribution states", () => {
    const options = { ...skill, unreadable: 0.1, tokens }
    for (const asked of [request("proposer"), request("reviewer", pending("Final answer: 9"))]) {
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
