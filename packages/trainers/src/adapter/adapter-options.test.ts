import { Result, Schema } from "effect"
import { expect, test } from "vitest"
import { tinyConfig } from "../../test/tiny-config.ts"
import { AdapterOptions, resolveAdapterConfig } from "./index.ts"

const phi = { ...tinyConfig, modelType: "phi3" as const, fusedProjections: true }

const resolve = (stated: typeof AdapterOptions.Encoded, decoder = tinyConfig) =>
  resolveAdapterConfig(Schema.decodeSync(AdapterOptions)(stated), decoder)

const refusal = (stated: typeof AdapterOptions.Encoded, decoder = tinyConfig) => {
  const found = resolve(stated, decoder)
  return Result.isFailure(found) ? [found.failure.path, found.failure.message] : []
}

test("LoRA changes every linear module of the architecture where nothing else is said", () => {
  expect(Result.getOrThrow(resolve({}))).toEqual({
    kind: "lora",
    rank: 8,
    alpha: 16,
    dropout: 0,
    targets: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
  })
  expect(Result.getOrThrow(resolve({ rank: 2, dropout: 0.1 }, phi))).toMatchObject({
    rank: 2,
    dropout: 0.1,
    targets: ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]
  })
})

test("whole weights are the last layers' or all", () => {
  expect(Result.getOrThrow(resolve({ kind: "layers", last: 1 }))).toEqual({ kind: "layers", last: 1 })
  expect(Result.getOrThrow(resolve({ kind: "full" }))).toEqual({ kind: "full" })
})

test("what the architecture lacks is named, with what it has", () => {
  expect(refusal({ targets: ["o_proj", "q_proj"] }, phi)).toEqual([
    "adapter.targets[1]",
    "adapter.targets[1]: the architecture phi3 has no module q_proj; it has qkv_proj, o_proj, gate_up_proj, down_proj."
  ])
  expect(refusal({ kind: "layers", last: 2 })).toEqual([
    "adapter.last",
    "adapter.last: 2 layers are more than the model's 1."
  ])
  expect(refusal({ kind: "layers" })[0]).toBe("adapter.last")
})

test("a setting of another kind is refused rather than ignored", () => {
  expect(refusal({ kind: "full", rank: 8 })).toEqual([
    "adapter.rank",
    'adapter.rank: is not a setting of kind "full".'
  ])
  expect(refusal({ last: 2 })[0]).toBe("adapter.last")
})
