import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { PolicyError } from "../errors.ts"
import type { Completion, GenerateRequest, Policy } from "../policy.ts"
import { type ResponseStore, responseCache } from "./response-cache.ts"

const request = (changes: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompt: { messages: [{ role: "user", content: "2 + 3?" }] },
  samples: 1,
  sampling: { temperature: 1, maxTokens: 8 },
  seed: 7,
  agent: "ada",
  role: "proposer",
  view: { task: { id: "t", question: "2 + 3?" }, transcript: [] },
  ...changes
})

const said = (text: string): Completion => ({ text, usage: { prompt: 3, completion: 1 }, finish: "stop" })

/** Numbers its answers, so that one given again shows. */
const counting = (repeatable = true): Policy & { readonly calls: () => number } => {
  let calls = 0
  return {
    name: "counting",
    repeatable,
    calls: () => calls,
    generate: ({ samples }) =>
      Effect.sync(() => {
        calls += 1
        return Array.from({ length: samples }, () => said(`answer ${calls}`))
      })
  }
}

const textOf = (policy: Policy, changes: Partial<GenerateRequest> = {}) =>
  Effect.map(policy.generate(request(changes)), ([first]) => first?.text)

describe("responseCache", () => {
  it.effect("gives an answer again to the same request, whoever asks, and to no other", () =>
    Effect.gen(function* () {
      const policy = responseCache(1e6).keep("model", counting())
      expect(yield* textOf(policy)).toBe("answer 1")
      expect(yield* textOf(policy, { agent: "bob", role: "debater" })).toBe("answer 1")
      expect(yield* textOf(policy, { seed: 8 })).toBe("answer 2")
      expect(yield* textOf(policy, { samples: 2 })).toBe("answer 3")
      expect(yield* textOf(policy, { sampling: { temperature: 1, maxTokens: 9 } })).toBe("answer 4")
      expect(yield* textOf(policy, { prompt: { messages: [{ role: "user", content: "3 + 2?" }] } })).toBe(
        "answer 5"
      )
      expect(yield* textOf(policy)).toBe("answer 1")
    })
  )

  it.effect("keeps models apart, and leaves alone a policy that does not say that it is repeatable", () =>
    Effect.gen(function* () {
      const cache = responseCache(1e6)
      const shared = counting()
      expect(yield* textOf(cache.keep("one", shared))).toBe("answer 1")
      expect(yield* textOf(cache.keep("other", shared))).toBe("answer 2")
      const moody = counting(false)
      expect(cache.keep("moody", moody)).toBe(moody)
    })
  )

  it.effect("forgets what was used longest ago where memory is full", () =>
    Effect.gen(function* () {
      const model = counting()
      // An answer takes about 320 bytes: there is room for two.
      const policy = responseCache(700).keep("model", model)
      for (const seed of [1, 2, 1, 3]) yield* textOf(policy, { seed })
      expect(model.calls()).toBe(3)
      expect(yield* textOf(policy, { seed: 1 })).toBe("answer 1")
      expect(yield* textOf(policy, { seed: 2 })).toBe("answer 4")
    })
  )

  it.effect("asks once for equal requests under way, and again where whoever asked failed", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      let calls = 0
      const slow: Policy = {
        name: "slow",
        repeatable: true,
        generate: () =>
          Effect.andThen(Deferred.await(gate), () => {
            calls += 1
            return calls === 1
              ? Effect.fail(new PolicyError({ message: "down", hint: "", retryable: false }))
              : Effect.succeed([said(`answer ${calls}`)])
          })
      }
      const policy = responseCache(1e6).keep("slow", slow)
      const fibers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(Effect.exit(textOf(policy))))
      yield* Effect.yieldNow
      yield* Deferred.succeed(gate, undefined)
      const exits = yield* Effect.forEach(fibers, Fiber.join)
      expect(exits.map(({ _tag }) => _tag)).toEqual(["Failure", "Success", "Success"])
      expect(calls).toBe(2)
    })
  )

  it.effect("tells an answer given again to who listens, once", () =>
    Effect.gen(function* () {
      const heard: Array<string> = []
      const onText = (_: number, text: string) => void heard.push(text)
      const policy = responseCache(1e6).keep("model", counting())
      yield* textOf(policy)
      yield* textOf(policy, { onText })
      expect(heard).toEqual(["answer 1"])
    })
  )

  it.effect("stores what models elsewhere said, not what weights here can draw again", () =>
    Effect.gen(function* () {
      const held = new Map<string, ReadonlyArray<Completion>>()
      const store: ResponseStore = {
        get: (key) => Effect.succeed(held.get(key)),
        set: (key, completions) => Effect.sync(() => void held.set(key, completions))
      }
      yield* textOf(responseCache(1e6, store).keep("model", counting()))
      expect(held.size).toBe(1)
      // Another process begins with an empty memory.
      const later = counting()
      expect(yield* textOf(responseCache(1e6, store).keep("model", later))).toBe("answer 1")
      expect(later.calls()).toBe(0)
      const local: Policy = {
        name: "local",
        repeatable: true,
        generate: () =>
          Effect.succeed([{ ...said("5"), tokens: { prompt: [1], ids: [2], logProbabilities: [0] } }])
      }
      yield* textOf(responseCache(1e6, store).keep("local", local))
      expect(held.size).toBe(1)
    })
  )
})
