import { fileURLToPath } from "node:url"
import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect, Schema } from "effect"
import { beforeAll } from "vitest"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { loadDecoder } from "../decoder/index.ts"
import { AdapterOptions, openAdapterStore, readAdapter } from "./index.ts"

beforeAll(() => quietly(loadCpu))

const base = fileURLToPath(new URL("../decoder/fixtures/qwen2", import.meta.url))
const from = fileURLToPath(new URL("fixtures/peft-qwen2", import.meta.url))
const stated = (options: typeof AdapterOptions.Encoded) => Schema.decodeSync(AdapterOptions)(options)

it.effect("every (agent, role) starts with a copy of the folder's adapter, and goes its own way", () =>
  Effect.gen(function* () {
    const before = tf.memory().numTensors
    yield* Effect.scoped(
      Effect.gen(function* () {
        const decoder = yield* Effect.acquireRelease(loadDecoder(base), (loaded) =>
          Effect.sync(() => loaded.dispose())
        )
        const saved = yield* readAdapter("saved", decoder.config, from)
        const store = yield* openAdapterStore(decoder, 1, stated({ from }))
        expect(store.config).toEqual(saved.config)
        const [left, right] = [store.get("left", "proposer"), store.get("right", "proposer")]
        const name = "model.layers.0.self_attn.q_proj.lora_B.weight"
        const original = saved.variables[name]?.dataSync()
        tf.tidy(() => left.variables[name]?.assign(tf.zerosLike(left.variables[name])))
        expect(left.variables[name]?.dataSync()).not.toEqual(original)
        expect(right.variables[name]?.dataSync()).toEqual(original)
        expect([left.name, left.revision]).toEqual(["left.proposer", 1])
        const dropping = yield* openAdapterStore(decoder, 1, stated({ from, dropout: 0.5 }))
        expect(dropping.get("a", "b").config).toEqual({ ...saved.config, dropout: 0.5 })
        saved.dispose()
      })
    )
    expect(tf.memory().numTensors).toBe(before)
  })
)

it.effect("settings that the folder's adapter has itself, or of another kind, are refused", () =>
  Effect.gen(function* () {
    const decoder = yield* loadDecoder(base)
    const refusal = (options: typeof AdapterOptions.Encoded) =>
      Effect.flip(openAdapterStore(decoder, 1, stated(options)))
    const rank = yield* refusal({ from, rank: 2 })
    expect(rank.message).toBe("adapter.rank: is what the adapter of adapter.from says itself.")
    const kind = yield* refusal({ from, kind: "full" })
    expect(kind.message).toContain('holds an adapter of kind "lora", not "full"')
    const foreign = yield* refusal({ from, kind: "full", dropout: 0.1 })
    expect(foreign.message).toBe('adapter.dropout: is not a setting of kind "full".')
    expect((yield* refusal({ from: `${from}-none` }))._tag).toBe("ModelError")
    expect((yield* refusal({ targets: ["qkv_proj"] })).message).toContain("qwen2 has no module qkv_proj")
  }).pipe(Effect.scoped)
)
