import { expect, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Fiber, Scope } from "effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { afterAll, beforeAll, describe } from "vitest"
import { llamaCppRoutes } from "../../test/llama-cpp-routes.ts"
import { type Fault, type Json, loopbackServer } from "../../test/loopback-server.ts"
import { type NanoEngine, nanoEngine } from "../../test/nano-engine.ts"
import { afterTheCheck, request, throughLlamaCpp, throughVllm } from "../../test/served-nano.ts"
import { vllmRoutes } from "../../test/vllm-routes.ts"
import { loadBackend } from "../backend/index.ts"
import { servedModel } from "./index.ts"
import { makeServerCalls } from "./server-calls.ts"

const completions = "POST /v1/completions"
const scope = Scope.makeUnsafe()
let engine: NanoEngine
/** A server whose completions go wrong as `fault` says, and a policy that asks it once. */
let fault: Fault | undefined
let faulty: Effect.Success<ReturnType<typeof throughVllm>>
beforeAll(async () => {
  await Effect.runPromise(loadBackend({ prefer: "wasm" }))
  engine = await Effect.runPromise(Scope.provide(nanoEngine, scope))
  const options = { policy: { retries: 0 }, fault: afterTheCheck(completions, () => fault) }
  faulty = await Effect.runPromise(Scope.provide(throughVllm(engine, options), scope))
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null
const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

/** Changes the first completion of vLLM's answer. */
const firstChoice = (change: (choice: Json) => Json): Fault => ({
  edit: (answer) => ({
    ...answer,
    choices: list(answer.choices).map((choice, i) => (i === 0 && isRecord(choice) ? change(choice) : choice))
  })
})

describe("a server that goes wrong while a run is under way", () => {
  const cases: ReadonlyArray<readonly [string, Fault, string]> = [
    [
      "fails",
      { status: 500, body: { error: { message: "out of memory" } } },
      "failed (HTTP 500): out of memory"
    ],
    ["answers with garbage", { status: 200, body: "<html>" }, "it is not JSON: <html>"],
    ["answers with other JSON", { edit: () => ({ ok: true }) }, 'Missing key\n  at ["choices"]'],
    ["closes the connection", "close", "broke the connection"],
    [
      "leaves out log-probabilities",
      firstChoice((choice) => ({ ...choice, logprobs: null })),
      "it has no log-probabilities"
    ],
    [
      "leaves out token ids",
      firstChoice(({ token_ids: _, ...choice }) => ({
        ...choice,
        logprobs: { tokens: ["3", "+"], token_logprobs: [-1, -1] }
      })),
      "it has no token ids"
    ],
    [
      "counts tokens otherwise",
      firstChoice((choice) => ({ ...choice, token_ids: [1, 2, 3] })),
      "it has 3 tokens with"
    ],
    [
      "gives fewer completions",
      { edit: (answer) => ({ ...answer, choices: list(answer.choices).slice(1) }) },
      "it has 3 completions of the 4 asked for"
    ],
    [
      "reads another prompt",
      { edit: (answer) => ({ ...answer, usage: { prompt_tokens: 3 } }) },
      "the server read a prompt of 3 tokens that is not the one of"
    ],
    [
      "leaves out the end token",
      firstChoice((choice) => ({
        ...choice,
        token_ids: [55, 47],
        logprobs: { tokens: [], token_logprobs: [-1, -1] }
      })),
      "a completion stopped after token 47, which is not one of the end tokens here (0)"
    ],
    [
      "gives what is no log-probability",
      firstChoice((choice) => ({
        ...choice,
        token_ids: [55, 0],
        logprobs: { tokens: [], token_logprobs: [-9999, -1] }
      })),
      "-9999 is not the log-probability of a token that was drawn"
    ],
    [
      "has another vocabulary",
      firstChoice((choice) => ({
        ...choice,
        token_ids: [481, 0],
        logprobs: { tokens: [], token_logprobs: [-1, -1] }
      })),
      "token 481 is not in the vocabulary of 481 tokens"
    ],
    ["gives up", firstChoice((choice) => ({ ...choice, finish_reason: "abort" })), "finish_reason abort"]
  ]
  for (const [what, wrong, message] of cases) {
    it.live(what, () =>
      Effect.gen(function* () {
        fault = wrong
        const error = yield* Effect.flip(faulty.served.generate(request))
        expect(error._tag).toBe("PolicyError")
        expect(error.message).toContain(message)
        expect(error.message).toContain(`The vLLM server at ${faulty.server.url}`)
        expect(error.hint.length).toBeGreaterThan(20)
      })
    )
  }

  it.live("asks again after 503 and a broken connection, and waits as long as it is told", () =>
    Effect.gen(function* () {
      const faults: ReadonlyArray<Fault | undefined> = [
        { status: 503, body: { error: { message: "loading" } }, headers: { "retry-after": "0.01" } },
        "close"
      ]
      const { served, server } = yield* throughVllm(engine, {
        fault: afterTheCheck(completions, (call) => faults[call])
      })
      expect(yield* served.generate(request)).toHaveLength(4)
      expect(server.calls.filter(({ route }) => route === completions)).toHaveLength(4)
    })
  )

  it.live("does not ask again for what will not change", () =>
    Effect.gen(function* () {
      const { served, server } = yield* throughVllm(engine, {
        fault: afterTheCheck(completions, () => ({ status: 400, body: { error: { message: "too long" } } }))
      })
      const error = yield* Effect.flip(served.generate(request))
      expect(error.message).toContain("rejected the request (HTTP 400): too long")
      expect(server.calls.filter(({ route }) => route === completions)).toHaveLength(2)
    })
  )

  it.live("is given up after the timeout, and its call is aborted", () =>
    Effect.gen(function* () {
      const server = yield* loopbackServer({}, () => "never")
      const calls = yield* makeServerCalls({
        root: server.url,
        where: "The server",
        key: undefined,
        keyHint: "",
        retries: 1,
        backoff: 1,
        timeout: 50,
        concurrency: 1
      })
      const { error } = yield* Effect.flip(calls.tell("/slow", {}))
      expect(error.message).toBe("The server did not answer within 50 ms.")
      expect(error.retryable).toBe(true)
      while (server.aborted() < 2) yield* Effect.sleep(2)
    }).pipe(Effect.provide(FetchHttpClient.layer))
  )

  it.live("is told when its answer is no longer wanted, and is sent no more calls at once than allowed", () =>
    Effect.gen(function* () {
      const { served, server } = yield* throughLlamaCpp(engine, {
        policy: { concurrency: 3 },
        fault: (route, call) => (route === "POST /completion" && call >= 4 ? "never" : undefined)
      })
      const fiber = yield* Effect.forkChild(served.generate({ ...request, samples: 8 }))
      while (server.busiest() < 3) yield* Effect.sleep(2)
      yield* Effect.sleep(20)
      yield* Fiber.interrupt(fiber)
      while (server.aborted() < 3) yield* Effect.sleep(2)
      expect(server.busiest()).toBe(3)
    })
  )

  it.live("says what vLLM lacks to be handed adapters", () =>
    Effect.gen(function* () {
      const closed = yield* throughVllm(engine, {
        policy: { retries: 0 },
        fault: (route) =>
          route === "POST /v1/load_lora_adapter" ? { status: 404, body: { detail: "Not Found" } } : undefined
      })
      closed.served.adapters.get("ada", "proposer").revision = 1
      const noRoute = yield* Effect.flip(closed.served.generate(request))
      expect(noRoute.hint).toContain("VLLM_ALLOW_RUNTIME_LORA_UPDATING=True")
      const elsewhere = yield* throughVllm(engine, { policy: { adapterDirectoryOnServer: "/nowhere" } })
      elsewhere.served.adapters.get("ada", "proposer").revision = 1
      const noFile = yield* Effect.flip(elsewhere.served.generate(request))
      expect(noFile.message).toMatch(/No adapter found for \/nowhere\/tracer-adapters-\w+\/ada\.proposer\.1/)
      expect(noFile.hint).toContain("adapterDirectoryOnServer")
    })
  )
})

describe("a server that is not what the options say", () => {
  const options = { backend: "wasm", seed: 1, backoff: 1 } as const
  const refused = Effect.fnUntraced(function* (
    routes: Parameters<typeof loopbackServer>[0],
    dialect: "vllm" | "llama.cpp",
    more: Partial<Parameters<typeof servedModel>[0]> = {}
  ) {
    const { url } = yield* loopbackServer(routes)
    return yield* Effect.flip(servedModel({ ...options, dialect, baseURL: url, ...more }))
  })

  it.live("is not there", () =>
    Effect.gen(function* () {
      const { url: baseURL } = yield* Effect.scoped(loopbackServer({}))
      const error = yield* Effect.flip(servedModel({ ...options, dialect: "vllm", baseURL }))
      expect(error.message).toBe(`The vLLM server at ${baseURL} cannot be reached (ECONNREFUSED).`)
    })
  )

  it.live("speaks the other dialect", () =>
    Effect.gen(function* () {
      const llamaCpp = yield* refused(llamaCppRoutes(engine), "vllm")
      expect(llamaCpp.message).toContain("it is llama.cpp's")
      const vllm = yield* refused(vllmRoutes(engine, new Map()), "llama.cpp")
      expect(vllm.message).toContain("does not know the path or the model (HTTP 404)")
      expect(vllm.hint).toContain("dialect")
    })
  )

  it.live("serves other models", () =>
    Effect.gen(function* () {
      const error = yield* refused(vllmRoutes(engine, new Map()), "vllm", { servedModel: "phi" })
      expect(error.message).toContain('it serves nano, not "phi"')
    })
  )

  it.live("has another tokenizer, or other weights", () =>
    Effect.gen(function* () {
      const routes = vllmRoutes(engine, new Map())
      const tokens = yield* refused({ ...routes, "POST /tokenize": () => ({ tokens: [1, 2] }) }, "vllm")
      expect(tokens.message).toContain("into the tokens 1 2 ...")
      const draw: NanoEngine["draw"] = async (asked) =>
        (await engine.draw(asked)).map((drawn) => ({ ...drawn, logProbabilities: drawn.ids.map(() => 0) }))
      const weights = yield* refused(llamaCppRoutes({ ...engine, draw }), "llama.cpp")
      expect(weights.message).toMatch(/differ by \d\.\d\d nats per token/)
      expect(weights.hint).toContain("speculative decoding")
    })
  )

  it.live("wants a key", () =>
    Effect.gen(function* () {
      const routes = { "GET /v1/models": () => ({ status: 401, body: { error: "Unauthorized" } }) }
      const error = yield* refused(routes, "vllm")
      expect(error.message).toContain("refused the API key (HTTP 401)")
      expect(error.hint).toContain("apiKeyVariable")
      const unset = yield* refused(routes, "vllm", { apiKeyVariable: "ROLLOUT_KEY" })
      expect(unset.message).toBe("The environment variable ROLLOUT_KEY is not set.")
      const { server } = yield* throughVllm(engine, { policy: { apiKeyVariable: "ROLLOUT_KEY" } }).pipe(
        Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ ROLLOUT_KEY: "secret" })))
      )
      expect(new Set(server.calls.map(({ key }) => key))).toEqual(new Set(["Bearer secret"]))
    })
  )
})
