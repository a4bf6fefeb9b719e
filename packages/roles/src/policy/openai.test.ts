import { expect, it } from "@effect/vitest"
import { ChatOpenAI } from "@langchain/openai"
import type { GenerateRequest, Policy } from "@tracer-sdk/core"
import { ConfigProvider, Effect, Fiber } from "effect"
import { describe } from "vitest"
import { type Answer, chatServer } from "../../test/openai-server.ts"
import { langchainPolicy } from "./langchain.ts"
import { openaiPolicy } from "./openai.ts"

const request: GenerateRequest = {
  prompt: {
    messages: [
      { role: "system", content: "Solve." },
      { role: "user", content: "What is 2 + 3?" }
    ]
  },
  samples: 1,
  sampling: { temperature: 0.7, maxTokens: 99 },
  seed: 2 ** 32 - 1,
  agent: "ann",
  role: "proposer",
  view: { task: { id: "t", question: "What is 2 + 3?" }, transcript: [] }
}
const five: Answer = { say: "Final answer: 5", usage: { prompt_tokens: 11, completion_tokens: 4 } }
const quick = { backoff: 1, model: "tiny" }

describe("openaiPolicy, over HTTP", () => {
  it.live("sends the prompt with its sampling, and reads text, usage and finish", () =>
    Effect.gen(function* () {
      const server = yield* chatServer((call) => (call === 0 ? five : { ...five, finish: "length" }))
      const policy = openaiPolicy({ ...quick, baseURL: server.url, apiKey: "secret" })
      const expected = { text: "Final answer: 5", usage: { prompt: 11, completion: 4 } }
      expect(yield* policy.generate(request)).toEqual([{ ...expected, finish: "stop" }])
      expect(yield* policy.generate(request)).toEqual([{ ...expected, finish: "length" }])
      expect(server.requests[0]).toEqual({
        model: "tiny",
        messages: request.prompt.messages,
        temperature: 0.7,
        max_tokens: 99,
        seed: 2 ** 31 - 1,
        key: "Bearer secret"
      })
      yield* policy.generate({ ...request, sampling: { temperature: 0, maxTokens: 7 } })
      expect(server.requests[2]).toMatchObject({ temperature: 0, max_tokens: 7 })
    })
  )

  it.live("passes on top-p, top-k and stop strings, but refuses top-k where OpenAI itself answers", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => five)
      const sampling = { ...request.sampling, topP: 0.9, topK: 40, stop: ["\n", "Q:"] }
      yield* openaiPolicy({ ...quick, baseURL: server.url }).generate({ ...request, sampling })
      expect(server.requests[0]).toMatchObject({ top_p: 0.9, top_k: 40, stop: ["\n", "Q:"] })
      const settings = { configuration: { baseURL: server.url }, apiKey: "test" }
      const named = langchainPolicy({ model: "openai:tiny", settings })
      const { topK: _, ...others } = sampling
      yield* named.generate({ ...request, sampling: others })
      expect(server.requests[1]).toMatchObject({ top_p: 0.9, stop: ["\n", "Q:"] })
      for (const policy of [openaiPolicy({ ...quick, apiKey: "secret" }), named]) {
        const error = yield* Effect.flip(policy.generate({ ...request, sampling }))
        expect(error).toMatchObject({ retryable: false, hint: expect.stringContaining("topP") })
      }
      expect(server.requests).toHaveLength(2)
    })
  )

  it.live("asks other servers than OpenAI's to go on with the assistant's last message", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => five)
      const messages = [...request.prompt.messages, { role: "assistant" as const, content: "2 + 3 is" }]
      const policy = openaiPolicy({ ...quick, baseURL: server.url })
      yield* policy.generate({ ...request, prompt: { messages } })
      yield* policy.generate(request)
      const [continued, fresh] = server.requests
      expect(continued).toMatchObject({
        messages,
        continue_final_message: true,
        add_generation_prompt: false
      })
      expect(fresh).not.toHaveProperty("continue_final_message")
      // To LangChain's model for OpenAI itself the fields would be unknown.
      const settings = { configuration: { baseURL: server.url }, apiKey: "test" }
      yield* langchainPolicy({ model: "openai:tiny", settings }).generate({
        ...request,
        prompt: { messages }
      })
      expect(server.requests[2]).toMatchObject({ messages })
      expect(server.requests[2]).not.toHaveProperty("continue_final_message")
    })
  )

  it.live("draws samples with a seed each, and no more at once than it may", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => five)
      const policy = openaiPolicy({ ...quick, baseURL: server.url, concurrency: 2 })
      expect(yield* policy.generate({ ...request, samples: 6, seed: 10 })).toHaveLength(6)
      expect(server.busiest()).toBeLessThanOrEqual(2)
      expect(new Set(server.requests.map(({ seed }) => seed))).toEqual(new Set([10, 11, 12, 13, 14, 15]))
    })
  )

  it.live("has the samples of a request under way together", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => "never")
      const policy = openaiPolicy({ ...quick, baseURL: server.url })
      const fiber = yield* Effect.forkChild(policy.generate({ ...request, samples: 4 }))
      while (server.busiest() < 4) yield* Effect.sleep(5)
      yield* Fiber.interrupt(fiber)
    })
  )

  it.live("estimates tokens where the server counts none", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => ({ say: "12345678" }))
      const [completion] = yield* openaiPolicy({ ...quick, baseURL: server.url }).generate(request)
      expect(completion?.usage).toEqual({ prompt: 6, completion: 2 })
    })
  )

  it.live("waits and asks again after 429 and 503", () =>
    Effect.gen(function* () {
      const server = yield* chatServer((call) =>
        call === 0
          ? { status: 429, body: "slow down", headers: { "retry-after": "0.01" } }
          : call === 1
            ? { status: 503, body: "overloaded" }
            : five
      )
      const [completion] = yield* openaiPolicy({ ...quick, baseURL: server.url }).generate(request)
      expect(completion?.text).toBe("Final answer: 5")
      expect(server.requests).toHaveLength(3)
    })
  )

  it.live.each<[Answer, number, boolean, RegExp]>([
    [{ status: 401, body: "bad key" }, 1, false, /refused the API key \(HTTP 401\)/],
    [{ status: 404, body: "no such model" }, 1, false, /does not know the model/],
    [{ status: 400, body: "context too long" }, 1, false, /rejected the request.*context too long/],
    [{ status: 429, body: "insufficient_quota" }, 1, false, /no quota/],
    [{ status: 429, body: "slow down" }, 3, true, /limiting the rate/],
    [{ status: 500, body: "oops" }, 3, true, /failed \(HTTP 500\)/],
    [{ raw: "<html>not the API</html>" }, 1, false, /cannot be understood/],
    [{ raw: '{"choices":[]}' }, 1, false, /cannot be understood/]
  ])("fails on %j after %i calls", ([answer, calls, retryable, message]) =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => answer)
      const policy = openaiPolicy({ ...quick, baseURL: server.url, retries: 2 })
      const error = yield* Effect.flip(policy.generate(request))
      expect(error.message).toMatch(message)
      expect(error.message).toContain(server.url)
      expect(error.hint).not.toBe("")
      expect(error.retryable).toBe(retryable)
      expect(server.requests).toHaveLength(calls)
    })
  )

  it.live("aborts the call when it is interrupted", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => "never")
      const fiber = yield* Effect.forkChild(openaiPolicy({ ...quick, baseURL: server.url }).generate(request))
      while (server.requests.length === 0) yield* Effect.sleep(5)
      yield* Fiber.interrupt(fiber)
      while (server.aborted() === 0) yield* Effect.sleep(5)
      expect(server.aborted()).toBe(1)
    })
  )

  it.live("gives up a call that takes too long", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => "never")
      const policy = openaiPolicy({ ...quick, baseURL: server.url, timeout: 50, retries: 0 })
      const error = yield* Effect.flip(policy.generate(request))
      expect(error.message).toContain("did not answer within 50 ms")
      expect(error.retryable).toBe(true)
    })
  )

  it.live("names the URL where nobody listens", () =>
    Effect.gen(function* () {
      const url = yield* Effect.scoped(
        Effect.map(
          chatServer(() => five),
          (server) => server.url
        )
      )
      const error = yield* Effect.flip(openaiPolicy({ ...quick, baseURL: url }).generate(request))
      expect(error.message).toBe(`The model "tiny" at ${url} cannot be reached (ECONNREFUSED).`)
      expect(error.retryable).toBe(false)
    })
  )

  it.live("reads the key from the variable it is told, and says which one is missing", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => five)
      const policy = openaiPolicy({ ...quick, baseURL: server.url, apiKeyVariable: "TRACER_TEST_ABSENT_KEY" })
      const error = yield* Effect.flip(policy.generate(request))
      expect(error.message).toContain("TRACER_TEST_ABSENT_KEY")
      expect(error.hint).toContain("into the environment variable TRACER_TEST_ABSENT_KEY")
      expect(server.requests).toHaveLength(0)
      const environment = ConfigProvider.fromUnknown({ TRACER_TEST_ABSENT_KEY: "found" })
      yield* policy.generate(request).pipe(Effect.provideService(ConfigProvider.ConfigProvider, environment))
      expect(server.requests[0]?.key).toBe("Bearer found")
    })
  )

  it.live("says what each kind of user can do about a refused key", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => ({ status: 401, body: "bad key" }))
      const hintOf = (policy: Policy) => Effect.map(Effect.flip(policy.generate(request)), ({ hint }) => hint)
      const own = { ...quick, baseURL: server.url }
      expect(yield* hintOf(openaiPolicy(own))).toBe(
        "Put this server's key into an environment variable, and name the variable in the option apiKeyVariable."
      )
      expect(yield* hintOf(openaiPolicy({ ...own, apiKey: "wrong" }))).toBe(
        "Give openaiPolicy this server's key as apiKey."
      )
      const settings = { configuration: { baseURL: server.url }, apiKey: "wrong" }
      expect(yield* hintOf(langchainPolicy({ model: "openai:tiny", settings }))).toMatch(
        /environment variable .* OPENAI_API_KEY for openai/
      )
      const model = new ChatOpenAI({ model: "tiny", ...settings })
      expect(yield* hintOf(langchainPolicy({ model }))).toMatch(
        /^Make the LangChain model with the right key/
      )
    })
  )
})

describe("langchainPolicy", () => {
  it.live("speaks through a model that initChatModel knows by name", () =>
    Effect.gen(function* () {
      const server = yield* chatServer(() => five)
      const settings = { configuration: { baseURL: server.url }, apiKey: "test" }
      const policy = langchainPolicy({ model: "openai:tiny", settings })
      const completions = yield* policy.generate({ ...request, samples: 2 })
      expect(completions.map(({ text }) => text)).toEqual(["Final answer: 5", "Final answer: 5"])
      expect(server.requests[0]).toMatchObject({ model: "tiny", temperature: 0.7, max_tokens: 99 })
    })
  )

  it.live("speaks through a model that it is given, as that was made", () =>
    Effect.gen(function* () {
      const server = yield* chatServer((call) => (call === 0 ? { status: 500, body: "oops" } : five))
      const configuration = { baseURL: server.url }
      const model = new ChatOpenAI({ model: "tiny", apiKey: "test", temperature: 0.25, configuration })
      const policy = langchainPolicy({ model, backoff: 1, retries: 0 })
      expect((yield* Effect.flip(policy.generate(request))).retryable).toBe(true)
      expect(server.requests).toHaveLength(1)
      expect((yield* policy.generate(request))[0]?.usage).toEqual({ prompt: 11, completion: 4 })
      expect(server.requests[1]?.temperature).toBe(0.25)
    })
  )

  it.live("says what to install for a provider that is not there", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(langchainPolicy({ model: "mistral:tiny" }).generate(request))
      expect(error.message).toContain("npm install @langchain/mistralai")
      expect(error.retryable).toBe(false)
    })
  )
})
