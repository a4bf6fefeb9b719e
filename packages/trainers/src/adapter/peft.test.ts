import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect, Schema } from "effect"
import { afterAll, beforeAll, describe, test } from "vitest"
import { goldenAdapter } from "../../test/golden-adapter.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { type Adapter, type Decoder, forwardLogits, loadDecoder, packSequences } from "../decoder/index.ts"
import { readSafetensors } from "../safetensors/index.ts"
import { createAdapter, loadAdapter, mergeAdapter, readAdapter, saveAdapter } from "./index.ts"
import { type PeftFile, resolveTargets, unsupportedSettings } from "./peft-config.ts"

/** What `tools/reference/peft_fixture.py` writes. */
const Expected = Schema.Struct({
  ids: Schema.Array(Schema.Array(Schema.Int)),
  logits: Schema.Array(Schema.Array(Schema.Finite)),
  merged: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const base = (name: string) => fileURLToPath(new URL(`../decoder/fixtures/${name}`, import.meta.url))
const expectedOf = (name: string) =>
  Schema.decodeUnknownSync(Schema.fromJsonString(Expected))(
    readFileSync(join(fixture(name), "expected.json"), "utf8")
  )

let directory: string
beforeAll(async () => {
  await quietly(loadCpu)
  directory = mkdtempSync(join(tmpdir(), "peft-"))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const expectLogits = (
  decoder: Decoder,
  adapter: Adapter | undefined,
  { ids, logits }: typeof Expected.Type
) => {
  const tokens = packSequences(ids.map((all) => ({ prompt: [...all], completion: [0] })))
  const found = tf.tidy(() => forwardLogits(decoder, adapter, tokens).dataSync())
  const differences = logits.flat().map((value, i) => Math.abs(value - (found[i] ?? Number.NaN)))
  expect(differences).toHaveLength(found.length)
  expect(Math.max(...differences)).toBeLessThan(1e-4)
}

for (const name of ["qwen2", "phi3", "qwen3"]) {
  it.effect(`an adapter that PEFT saved over ${name} gives PEFT's logits`, () =>
    Effect.gen(function* () {
      const decoder = yield* loadDecoder(base(name))
      const adapter = yield* readAdapter("from-peft", decoder.config, fixture(`peft-${name}`))
      expectLogits(decoder, adapter, expectedOf(`peft-${name}`))
      adapter.dispose()
      decoder.dispose()
    })
  )
}

it.effect("settings are read as PEFT means them: a pattern, a scale by the root of the rank, dropout", () =>
  Effect.gen(function* () {
    const configOf = Effect.fnUntraced(function* (name: string) {
      const decoder = yield* loadDecoder(base(name))
      return (yield* readAdapter("from-peft", decoder.config, fixture(`peft-${name}`))).config
    })
    expect(yield* configOf("qwen2")).toMatchObject({ rank: 4, alpha: 6, dropout: 0.1 })
    expect(yield* configOf("phi3")).toMatchObject({
      rank: 3,
      alpha: 5 * Math.sqrt(3),
      targets: ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]
    })
    expect(yield* configOf("qwen3")).toMatchObject({ rank: 2, targets: ["q_proj", "v_proj", "down_proj"] })
  })
)

const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex")

for (const name of ["qwen2", "phi3"]) {
  describe(`the files that PEFT and transformers were shown to read, over ${name}`, () => {
    const golden = fixture(`ours-${name}`)

    it.effect("are what is saved here, byte for byte, and give PEFT's logits", () =>
      Effect.gen(function* () {
        const decoder = yield* loadDecoder(base(name))
        const adapter = goldenAdapter(decoder)
        yield* saveAdapter(adapter, directory)
        for (const file of ["adapter_config.json", "adapter_model.safetensors"]) {
          expect(digest(join(directory, file)), file).toBe(digest(join(golden, file)))
        }
        expectLogits(decoder, adapter, expectedOf(`ours-${name}`))
        const read = yield* readAdapter("read", decoder.config, golden)
        expect(read.config).toEqual(adapter.config)
        expectLogits(decoder, read, expectedOf(`ours-${name}`))
      })
    )

    it.effect("are what merging writes, whose logits are those of base and adapter", () =>
      Effect.gen(function* () {
        const merged = join(directory, `merged-${name}`)
        yield* mergeAdapter(base(name), golden, merged)
        const expected = expectedOf(`ours-${name}`)
        for (const [file, sum] of Object.entries(expected.merged ?? {})) {
          expect(digest(join(merged, file))).toBe(sum)
        }
        expectLogits(yield* loadDecoder(merged), undefined, expected)
      })
    )
  })
}

/** What vLLM reads of an adapter: `vllm/lora/peft_helper.py`, `lora_model.py` and `parse_fine_tuned_lora_name` of `utils.py`. */
const VllmFile = Schema.Struct({
  r: Schema.Int,
  lora_alpha: Schema.Finite,
  target_modules: Schema.Array(Schema.String),
  bias: Schema.Literal("none"),
  use_rslora: Schema.Literal(false),
  use_dora: Schema.Literal(false)
})

for (const name of ["qwen2", "phi3"]) {
  it.effect(`what is saved over ${name} has what vLLM asks for, and nothing that it refuses`, () =>
    Effect.gen(function* () {
      const golden = fixture(`ours-${name}`)
      const text = readFileSync(join(golden, "adapter_config.json"), "utf8")
      const file = Schema.decodeUnknownSync(Schema.fromJsonString(VllmFile))(text)
      expect(text).not.toContain("modules_to_save")
      const tensors = yield* readSafetensors(join(golden, "adapter_model.safetensors"), "")
      const halves = new Map<string, number>()
      for (const [key, { shape }] of tensors) {
        const [, module = "", half] = /^base_model\.model\.(.+)\.lora_(A|B)\.weight$/.exec(key) ?? []
        expect(file.target_modules).toContain(module.split(".").at(-1))
        expect(shape[half === "A" ? 0 : 1]).toBe(file.r)
        halves.set(module, (halves.get(module) ?? 0) + 1)
      }
      expect(new Set(halves.values())).toEqual(new Set([2]))
    })
  )
}

const peftFile = (more: Readonly<Record<string, unknown>>): PeftFile => ({
  peft_type: "LORA",
  r: 8,
  lora_alpha: 16,
  target_modules: ["q_proj"],
  bias: "none",
  rank_pattern: {},
  modules_to_save: null,
  init_lora_weights: true,
  ...more
})

test("settings that cannot be followed are named", () => {
  expect(unsupportedSettings(peftFile({}))).toEqual([])
  expect(unsupportedSettings(peftFile({ use_dora: true, bias: "lora_only" }))).toEqual([
    'bias: "lora_only"',
    "use_dora: true"
  ])
  expect(unsupportedSettings(peftFile({ rank_pattern: { q_proj: 4 }, layers_to_transform: [0] }))).toEqual([
    'rank_pattern: {"q_proj":4}',
    "layers_to_transform: [0]"
  ])
  expect(unsupportedSettings(peftFile({ modules_to_save: ["lm_head"], peft_type: "IA3" }))).toEqual([
    'peft_type: "IA3"',
    'modules_to_save: ["lm_head"]'
  ])
  expect(unsupportedSettings(peftFile({ init_lora_weights: "pissa_niter_16" }))).toHaveLength(1)
})

it.effect("targets are names, ends of names, a pattern of whole names, or all", () =>
  Effect.gen(function* () {
    const { config } = yield* loadDecoder(base("qwen2"))
    expect(resolveTargets("all-linear", config)).toHaveLength(7)
    expect(resolveTargets(["self_attn.q_proj", "up_proj", "elsewhere"], config)).toEqual([
      "q_proj",
      "up_proj"
    ])
    expect(resolveTargets(".*(q|k)_proj", config)).toEqual(["q_proj", "k_proj"])
    expect(() => resolveTargets("q_proj", config)).toThrow("none of the modules of qwen2: q_proj, k_proj")
    expect(() => resolveTargets(["qkv_proj"], config)).toThrow("none of the modules")
    expect(() => resolveTargets(["layers.0.mlp.up_proj"], config)).toThrow("up_proj in 1 of 2 layers only")
    expect(() => resolveTargets(["q_proj", "lm_head"], config)).toThrow("include lm_head")
    expect(() => resolveTargets("(", config)).toThrow(SyntaxError)
  })
)

it.effect("an adapter of another model, or with other settings, is refused with what differs", () =>
  Effect.gen(function* () {
    const decoder = yield* loadDecoder(base("qwen2"))
    const foreign = yield* Effect.flip(readAdapter("a", decoder.config, fixture("ours-phi3")))
    expect(foreign.message).toContain("o_proj.lora_A.weight has shape [3, 32], not [3, 24]")
    const wide = { ...decoder.config, intermediateSize: 40 }
    const unlike = yield* Effect.flip(readAdapter("a", wide, fixture("ours-qwen2")))
    expect(unlike.message).toContain("gate_proj.lora_B.weight has shape [36, 3], not [40, 3]")
    const before = tf.memory().numTensors
    const adapter = createAdapter("a", decoder, { kind: "full" }, { high: 0, low: 0 })
    const other = yield* Effect.flip(loadAdapter(adapter, decoder.config, fixture("ours-qwen2")))
    expect(other.message).toContain("LoRA of rank 3, alpha 2.5")
    expect(other.message).toContain("expected all weights")
    expect(
      (yield* Effect.flip(mergeAdapter(base("qwen2"), fixture("ours-qwen2"), base("qwen2")))).hint
    ).toContain("directory of its own")
    adapter.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
)
