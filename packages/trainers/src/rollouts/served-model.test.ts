import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, unlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import type { Completion } from "@tracer-sdk/core"
import { policyConformance } from "@tracer-sdk/core/testing"
import { Effect, Exit, Fiber, Logger, Scope } from "effect"
import { afterAll, beforeAll, describe } from "vitest"
import { type NanoEngine, nanoEngine } from "../../test/nano-engine.ts"
import { afterTheCheck, drawGroups, request, throughLlamaCpp, throughVllm } from "../../test/served-nano.ts"
import { temporaryDirectory } from "../../test/temporary-directory.ts"
import { saveAdapter } from "../adapter/index.ts"
import { loadBackend } from "../backend/index.ts"
import { gspoLearner } from "../learner/index.ts"
import { localModel } from "../local/index.ts"

const scope = Scope.makeUnsafe()
let engine: NanoEngine
beforeAll(async () => {
  await Effect.runPromise(loadBackend({ prefer: "wasm" }))
  engine = await Effect.runPromise(Scope.provide(nanoEngine, scope))
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const scores = (completions: ReadonlyArray<Completion>): ReadonlyArray<number> =>
  completions.flatMap(({ tokens }) => tokens?.logProbabilities ?? [])

const expectClose = (left: ReadonlyArray<number>, right: ReadonlyArray<number>): void => {
  expect(left.length).toBe(right.length)
  for (const [i, value] of left.entries())
    expect(Math.abs(value - (right[i] ?? Number.NaN))).toBeLessThan(1e-4)
}

describe("a policy through vLLM", () => {
  it.live("draws what the local model draws, token for token", () =>
    Effect.gen(function* () {
      const { served, server } = yield* throughVllm(engine)
      const local = yield* localModel({ backend: "wasm", seed: 1 })
      const theirs = yield* served.generate(request)
      const ours = yield* local.generate(request)
      expect(new Set(theirs.map(({ text }) => text)).size).toBeGreaterThan(1)
      expect(theirs.map(({ text, finish, usage }) => ({ text, finish, usage }))).toEqual(
        ours.map(({ text, finish, usage }) => ({ text, finish, usage }))
      )
      expect(theirs.map(({ tokens }) => tokens?.ids)).toEqual(ours.map(({ tokens }) => tokens?.ids))
      expectClose(scores(theirs), scores(ours))
      // What a request leaves out, vLLM takes from the model's generation_config.json.
      expect(server.calls.at(-1)?.body).toMatchObject({
        model: "nano",
        seed: 5,
        top_p: 1,
        top_k: -1,
        min_p: 0,
        repetition_penalty: 1,
        stop_token_ids: [0]
      })
    })
  )

  it.live("hands over what was learned, so that the ratio is 1 again at the first step", () =>
    Effect.gen(function* () {
      const { served, adapters } = yield* throughVllm(engine)
      const learner = gspoLearner({
        seed: 1,
        adapters: () => served.adapters,
        options: { miniBatches: 1, learningRate: 0.003 }
      })
      const before = scores(yield* served.generate(request))
      expect([...adapters.keys()]).toEqual([])
      const versions: Array<string> = []
      for (const batch of [1, 2]) {
        const [report] = yield* learner.update(yield* drawGroups(served, batch, 4))
        expect(report?.steps).toBe(1)
        expect(Math.abs((report?.ratio ?? 0) - 1)).toBeLessThan(1e-4)
        yield* served.generate(request)
        // The one before is gone.
        expect(adapters.size).toBe(1)
        versions.push(...adapters.keys())
      }
      expect(new Set(versions).size).toBe(2)
      expect(versions.every((name) => /^ada\.proposer\.\d@\w{6}$/.test(name))).toBe(true)
      expect(scores(yield* served.generate(request))).not.toEqual(before)
      learner.dispose()
    })
  )

  it.live("draws with the adapter that a training starts from", () =>
    Effect.gen(function* () {
      const from = yield* temporaryDirectory
      const { served, adapters } = yield* throughVllm(engine)
      const learner = gspoLearner({
        seed: 1,
        adapters: () => served.adapters,
        options: { miniBatches: 1, learningRate: 0.02 }
      })
      yield* learner.update(yield* drawGroups(served, 1, 4))
      learner.dispose()
      yield* saveAdapter(served.adapters.get(request.agent, request.role), from)
      const learned = scores(yield* served.generate(request))
      const next = yield* throughVllm(engine, { policy: { adapter: { from } } })
      expectClose(scores(yield* next.served.generate(request)), learned)
      expect([adapters.size, next.adapters.size]).toEqual([1, 1])
    })
  )

  it.live(
    "lets draws under way keep their weights, and serves those of a resumed run from its first draw",
    () =>
      Effect.gen(function* () {
        let waiting = true
        const { served, adapters, server } = yield* throughVllm(engine, {
          fault: afterTheCheck("POST /v1/completions", (call) =>
            call === 0 && waiting ? "never" : undefined
          )
        })
        const adapter = served.adapters.get("ada", "proposer")
        adapter.revision += 1
        const underWay = yield* Effect.forkChild(served.generate(request))
        while (server.calls.length < 5) yield* Effect.sleep(2)
        const [first] = adapters.keys()
        expect(server.calls.at(-1)?.body).toMatchObject({ model: first })
        waiting = false
        for (const variable of Object.values(adapter.variables)) {
          variable.assign(variable.add(0.01))
        }
        adapter.revision += 1
        yield* served.generate(request)
        expect(adapters.size).toBe(2)
        expect([...adapters.keys()][0]).toBe(first)
        yield* Fiber.interrupt(underWay)
        expect(adapters.size).toBe(1)
        expect(adapters.has(first ?? "")).toBe(false)
      })
  )

  it.live("shares a server with another run, and a directory that the server sees under another path", () =>
    Effect.gen(function* () {
      const directory = mkdtempSync(join(tmpdir(), "adapters-"))
      const link = `${directory}-elsewhere`
      symlinkSync(directory, link)
      const policy = { adapterDirectory: directory, adapterDirectoryOnServer: link }
      const { served, server, adapters } = yield* throughVllm(engine, { policy })
      const own = yield* Scope.make()
      const other = yield* Scope.provide(
        throughVllm(engine, { policy: { ...policy, baseURL: server.url } }),
        own
      )
      for (const one of [served, other.served]) {
        one.adapters.get("ada", "proposer").revision = 1
        yield* one.generate(request)
      }
      expect(adapters.size).toBe(2)
      for (const { body } of server.calls.filter(({ route }) => route === "POST /v1/load_lora_adapter")) {
        expect(body.lora_path).toContain(`${link}/tracer-adapters-`)
      }
      yield* Scope.close(own, Exit.void)
      expect(adapters.size).toBe(1)
      expect(yield* served.generate(request)).toHaveLength(4)
      expect(readdirSync(directory)).toHaveLength(1)
      unlinkSync(link)
      rmSync(directory, { recursive: true })
    })
  )

  it.live("hands over again what it does not know to have arrived", () =>
    Effect.gen(function* () {
      const { served, adapters } = yield* throughVllm(engine, {
        fault: (route, call) => (route === "POST /v1/load_lora_adapter" && call === 0 ? "lose" : undefined)
      })
      served.adapters.get("ada", "proposer").revision = 1
      expect(yield* served.generate(request)).toHaveLength(4)
      expect(adapters.size).toBe(1)
    })
  )

  it.live("takes back what it was handing over when its draw was given up", () =>
    Effect.gen(function* () {
      let waiting = true
      const { served, adapters, server } = yield* throughVllm(engine, {
        fault: (route) => (waiting && route === "POST /v1/load_lora_adapter" ? "mute" : undefined)
      })
      served.adapters.get("ada", "proposer").revision = 1
      const underWay = yield* Effect.forkChild(served.generate(request))
      while (adapters.size === 0) yield* Effect.sleep(2)
      yield* Fiber.interrupt(underWay)
      expect(server.calls.at(-1)?.route).toBe("POST /v1/unload_lora_adapter")
      expect(adapters.size).toBe(0)
      waiting = false
      expect(yield* served.generate(request)).toHaveLength(4)
      expect(adapters.size).toBe(1)
    })
  )

  it.live("unloads its adapters and removes their files in the end", () =>
    Effect.gen(function* () {
      const own = yield* Scope.make()
      const { served, server, adapters } = yield* Scope.provide(throughVllm(engine), own)
      served.adapters.get("ada", "proposer").revision = 1
      yield* served.generate(request)
      expect(adapters.size).toBe(1)
      const load = server.calls.find(({ route }) => route === "POST /v1/load_lora_adapter")
      const path = String(load?.body.lora_path)
      expect(existsSync(path)).toBe(true)
      yield* Scope.close(own, Exit.void)
      expect(adapters.size).toBe(0)
      expect(existsSync(path)).toBe(false)
    })
  )

  it.live("takes log-probabilities of the distribution drawn from, and refuses others", () =>
    Effect.gen(function* () {
      const warm = { ...request, sampling: { temperature: 0.7, maxTokens: 32 } }
      const { served } = yield* throughVllm(engine, { logProbabilities: "processed" })
      const local = yield* localModel({ backend: "wasm", seed: 1 })
      expectClose(scores(yield* served.generate(warm)), scores(yield* local.generate(warm)))
      const raw = yield* throughVllm(engine)
      const error = yield* Effect.flip(raw.served.generate(warm))
      expect(error.message).toContain(
        "draws at temperature 0.7, but its log-probabilities are those of temperature 1"
      )
      expect(error.hint).toContain("--logprobs-mode processed_logprobs")
      const greedy = yield* raw.served.generate({ ...warm, sampling: { temperature: 0, maxTokens: 32 } })
      expect(new Set(scores(greedy))).toEqual(new Set([0]))
      // All the same: vLLM is asked for one, and refuses to draw more.
      expect(greedy.map(({ text }) => text)).toEqual(Array.from({ length: 4 }, () => greedy[0]?.text))
    })
  )

  it.live("does what every policy has to do, stop strings included", () =>
    Effect.gen(function* () {
      const { served } = yield* throughVllm(engine)
      yield* Effect.promise(async () => {
        for (const { check } of policyConformance(served, request)) await check()
      })
    })
  )

  it.live("reads token ids from strings, as older versions give them", () =>
    Effect.gen(function* () {
      const { served } = yield* throughVllm(engine, { withoutTokenIds: true })
      const [completion] = yield* served.generate({ ...request, samples: 1 })
      expect(completion?.tokens?.ids.at(-1)).toBe(0)
    })
  )
})

describe("a policy through llama.cpp", () => {
  it.live("does what every policy has to do, stop strings, top-p and top-k included", () =>
    Effect.gen(function* () {
      const { served } = yield* throughLlamaCpp(engine)
      const cut = { ...request, sampling: { ...request.sampling, temperature: 0.8, topP: 0.9, topK: 20 } }
      yield* Effect.promise(async () => {
        for (const { check } of policyConformance(served, cut)) await check()
      })
      const local = yield* localModel({ backend: "wasm", seed: 1 })
      const one = { ...cut, samples: 1 }
      const [theirs] = yield* served.generate(one)
      expectClose(scores([...(yield* local.generate(one))]), theirs?.tokens?.logProbabilities ?? [])
    })
  )

  it.live("draws with the server's log-probabilities, each sample with a seed of its own", () =>
    Effect.gen(function* () {
      const { served, server } = yield* throughLlamaCpp(engine)
      const warm = { ...request, sampling: { temperature: 0.7, maxTokens: 32 } }
      const [first] = yield* served.generate({ ...warm, samples: 3 })
      const seeds = server.calls.slice(-3).map(({ body }) => body.seed)
      expect(seeds.toSorted()).toEqual([5, 6, 7])
      expect(server.calls.at(-1)?.body.samplers).toEqual(["temperature"])
      const local = yield* localModel({ backend: "wasm", seed: 1 })
      const [same] = yield* local.generate({ ...warm, samples: 1 })
      expect(first?.text).toBe(same?.text)
      expectClose(first?.tokens?.logProbabilities ?? [], same?.tokens?.logProbabilities ?? [])
    })
  )

  it.live("warns once after every update that the server's weights are old", () =>
    Effect.gen(function* () {
      const warnings: Array<string> = []
      const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
        if (logLevel === "Warn") warnings.push(String(message))
      })
      const { served } = yield* throughLlamaCpp(engine)
      const play = Effect.all([served.generate(request), served.generate(request)])
      const adapter = served.adapters.get("ada", "proposer")
      const rounds = Effect.gen(function* () {
        yield* play
        expect(warnings).toHaveLength(0)
        adapter.revision += 4
        yield* play
        expect(warnings).toHaveLength(1)
        adapter.revision += 4
        yield* play
      })
      yield* rounds.pipe(Effect.provide(Logger.layer([logger])))
      expect(warnings).toHaveLength(2)
      expect(warnings[1]).toContain("changes of the adapters since: ada.proposer 8")
    })
  )

  it.live("scores a completion here of which some log-probabilities are missing", () =>
    Effect.gen(function* () {
      const { served } = yield* throughLlamaCpp(engine, {
        fault: afterTheCheck("POST /completion", (call) =>
          call < 4
            ? undefined
            : {
                edit: ({ completion_probabilities: all, ...rest }) => ({
                  ...rest,
                  completion_probabilities: Array.isArray(all) ? all.filter((_, i) => i !== 1) : []
                })
              }
        )
      })
      const one = { ...request, samples: 1 }
      const whole = yield* served.generate(one)
      const missing = yield* Effect.forEach([1, 2, 3, 4], () => served.generate(one))
      expectClose(scores(missing.at(-1) ?? []), scores(whole))
      const greedy = yield* served.generate({ ...one, sampling: { temperature: 0, maxTokens: 32 } })
      expect(new Set(scores(greedy))).toEqual(new Set([0]))
    })
  )
})
