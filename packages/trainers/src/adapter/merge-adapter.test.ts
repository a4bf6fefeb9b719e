import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { cp } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import { Effect } from "effect"
import fc from "fast-check"
import { beforeAll, test } from "vitest"
import { goldenAdapter } from "../../test/golden-adapter.ts"
import { temporaryDirectory } from "../../test/temporary-directory.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import {
  type Adapter,
  type AdapterConfig,
  type Decoder,
  forwardLogits,
  loadDecoder,
  packSequences
} from "../decoder/index.ts"
import { createAdapter, mergeAdapter, readAdapter, saveAdapter } from "./index.ts"
import { addLowRank } from "./merge-adapter.ts"

beforeAll(() => quietly(loadCpu))

const base = (name: string) => fileURLToPath(new URL(`../decoder/fixtures/${name}`, import.meta.url))
const tokens = packSequences([{ prompt: [5, 17, 33, 8, 60, 4, 4, 29], completion: [0] }])
const logitsOf = (decoder: Decoder, adapter?: Adapter) =>
  tf.tidy(() => Array.from(forwardLogits(decoder, adapter, tokens).dataSync()))
const apart = (left: ReadonlyArray<number>, right: ReadonlyArray<number>) =>
  Math.max(...left.map((value, i) => Math.abs(value - (right[i] ?? Number.NaN))))

/** An adapter as training would leave it: every variable away from where it began. */
const trained = (decoder: Decoder, config: AdapterConfig): Adapter => {
  const adapter = createAdapter("a", decoder, config, seedKey(2))
  for (const variable of Object.values(adapter.variables)) {
    tf.tidy(() => variable.assign(tf.add(tf.mul(variable, 1.1), 0.02)))
  }
  return adapter
}

test("a weight gains scale times B A", () => {
  // B = [1, 0; 2, -1; 0, 3], A = [1, 2; 3, 4].
  const weight = Float32Array.of(10, 10, 10, 10, 10, 10)
  addLowRank(weight, Float32Array.of(1, 0, 2, -1, 0, 3), Float32Array.of(1, 2, 3, 4), 2, 0.5)
  expect(Array.from(weight)).toEqual([10.5, 11, 9.5, 10, 14.5, 16])
})

test("what a rank adds is what its columns and rows add one by one", () => {
  const values = (length: number) =>
    fc.array(fc.integer({ min: -8, max: 8 }), { minLength: length, maxLength: length })
  fc.assert(
    fc.property(values(6), values(8), (up, down) => {
      const together = new Float32Array(12)
      addLowRank(together, Float32Array.from(up), Float32Array.from(down), 2, 2)
      const single = new Float32Array(12)
      for (const rank of [0, 1]) {
        const column = Float32Array.from([0, 1, 2], (row) => up[2 * row + rank] ?? 0)
        addLowRank(single, column, Float32Array.from(down.slice(4 * rank, 4 * rank + 4)), 1, 2)
      }
      expect(together).toEqual(single)
    })
  )
})

for (const config of [{ kind: "layers", last: 1 }, { kind: "full" }] satisfies ReadonlyArray<AdapterConfig>) {
  it.effect(`whole weights (${config.kind}) are saved, read and merged without loss`, () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const decoder = yield* loadDecoder(base("qwen3"))
      const adapter = trained(decoder, config)
      yield* saveAdapter(adapter, join(directory, "adapter"))
      expect(readdirSync(join(directory, "adapter")).sort()).toEqual([
        "trained_weights.json",
        "trained_weights.safetensors"
      ])
      const read = yield* readAdapter("b", decoder.config, join(directory, "adapter"))
      expect(read.config).toEqual(config)
      for (const [name, variable] of Object.entries(adapter.variables)) {
        expect(read.variables[name]?.dataSync()).toEqual(variable.dataSync())
      }
      yield* mergeAdapter(base("qwen3"), join(directory, "adapter"), join(directory, "merged"))
      const merged = yield* loadDecoder(join(directory, "merged"))
      expect(logitsOf(merged)).toEqual(logitsOf(decoder, adapter))
      expect(apart(logitsOf(merged), logitsOf(decoder))).toBeGreaterThan(0.1)
    }).pipe(Effect.scoped)
  )
}

it.effect(
  "a merged model keeps the base's number format, configuration and tokenizer, in as many files as asked",
  () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const [from, adapterAt] = [join(directory, "base"), join(directory, "adapter")]
      // Sharded, in bfloat16, with biases that the adapter leaves alone.
      yield* Effect.promise(() => cp(base("llama-linear"), from, { recursive: true }))
      writeFileSync(join(from, "chat_template.jinja"), "{{ messages }}")
      writeFileSync(join(from, "tokenizer.json"), "{}")
      writeFileSync(join(from, "notes.md"), "not the model's")
      const decoder = yield* loadDecoder(from)
      const adapter = goldenAdapter(decoder)
      yield* saveAdapter(adapter, adapterAt)

      const exact = join(directory, "exact")
      yield* mergeAdapter(from, adapterAt, exact, { type: "float32", maximumFileBytes: 20_000 })
      const files = readdirSync(exact)
      expect(
        files.filter((name) => /^model-0000\d-of-0000\d\.safetensors$/.test(name)).length
      ).toBeGreaterThan(1)
      expect(files).toEqual(
        expect.arrayContaining(["chat_template.jinja", "tokenizer.json", "model.safetensors.index.json"])
      )
      expect(files).not.toContain("notes.md")
      expect(apart(logitsOf(yield* loadDecoder(exact)), logitsOf(decoder, adapter))).toBeLessThan(1e-4)

      const short = join(directory, "short")
      yield* mergeAdapter(from, adapterAt, short)
      const config = (at: string): Readonly<Record<string, unknown>> =>
        JSON.parse(readFileSync(join(at, "config.json"), "utf8"))
      expect(config(short)).toEqual(config(from))
      expect(config(exact)).toEqual({ ...config(from), dtype: "float32" })
      // bfloat16 keeps 8 bits of a weight.
      const lost = apart(logitsOf(yield* loadDecoder(short)), logitsOf(decoder, adapter))
      expect(lost).toBeGreaterThan(1e-4)
      expect(lost).toBeLessThan(0.3)
    }).pipe(Effect.scoped)
)

it.effect("merging names the base that is missing, and writes nothing", () =>
  Effect.gen(function* () {
    const directory = yield* temporaryDirectory
    const target = join(directory, "merged")
    const none = join(directory, "none")
    const adapter = fileURLToPath(new URL("fixtures/ours-qwen2", import.meta.url))
    expect((yield* Effect.flip(mergeAdapter(none, adapter, target))).path).toBe(join(none, "config.json"))
    expect((yield* Effect.flip(mergeAdapter(base("qwen2"), none, target))).message).toContain(none)
    expect((yield* Effect.flip(mergeAdapter(base("phi3"), adapter, target))).message).toContain("o_proj")
    expect(readdirSync(directory)).toEqual([])
  }).pipe(Effect.scoped)
)
