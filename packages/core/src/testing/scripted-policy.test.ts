import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { describe } from "vitest"
import { PolicyError } from "../errors.ts"
import type { GenerateRequest } from "../policy.ts"
import { type ScriptedCall, scriptedPolicy } from "./scripted-policy.ts"

const request: GenerateRequest = {
  prompt: { messages: [{ role: "user", content: "What is 2 + 3?" }] },
  samples: 1,
  sampling: { temperature: 1, maxTokens: 10 },
  seed: 1,
  agent: "ann",
  role: "proposer",
  view: { task: { id: "t", question: "What is 2 + 3?" }, transcript: [] }
}

describe("scriptedPolicy", () => {
  it.effect("says its lines in order, and knows when it is through", () =>
    Effect.gen(function* () {
      const policy = scriptedPolicy(["It is 5", { agent: "ann", asked: "2 + 3", say: ["4", "5"] }])
      const [first] = yield* policy.generate(request)
      expect(first).toEqual({ text: "It is 5", usage: { prompt: 5, completion: 3 }, finish: "stop" })
      expect((yield* Effect.flip(policy.finished)).message).toContain("2 calls, but only 1")
      const both = yield* policy.generate({ ...request, samples: 2 })
      expect(both.map(({ text }) => text)).toEqual(["4", "5"])
      yield* policy.finished
      expect(policy.requests).toHaveLength(2)
    })
  )

  it.effect("says its lines word by word to who listens", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const onText = (sample: number, text: string) => told.push(`${sample}: ${text}`)
      yield* scriptedPolicy([{ say: ["It is 5", "4"] }]).generate({ ...request, samples: 2, onText })
      expect(told).toEqual(["0: It ", "0: is ", "0: 5", "1: 4"])
    })
  )

  it.effect.each<[ScriptedCall, string]>([
    [{ agent: "bob", say: "5" }, 'Call 1 of the script expects agent "bob", but "ann" spoke.'],
    [{ role: "reviewer", say: "5" }, 'expects role "reviewer", but it was "proposer"'],
    [{ asked: "7", say: "5" }, 'a prompt with "7", but its last message was "What is 2 + 3?"'],
    [{ say: ["5", "6"] }, "2 samples, but 1 were asked for"]
  ])("fails where the run drifts from %j", ([call, message]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(scriptedPolicy([call]).generate(request))
      expect(error.message).toContain(message)
      expect(error.retryable).toBe(false)
    })
  )

  it.effect("fails on a call beyond its end, and with the errors it is told", () =>
    Effect.gen(function* () {
      expect((yield* Effect.flip(scriptedPolicy([]).generate(request))).message).toContain(
        "one more as proposer"
      )
      const down = new PolicyError({ message: "down", hint: "wait", retryable: true })
      expect(yield* Effect.flip(scriptedPolicy([{ say: down }]).generate(request))).toBe(down)
    })
  )
})
