import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { tinyConfig } from "../../test/tiny-config.ts"
import { createDecoder, type DecoderConfig, forwardLogits, packSequences } from "../decoder/index.ts"
import { readSafetensors } from "../safetensors/index.ts"
import { makeAdapterStore } from "./index.ts"

const config: DecoderConfig = { ...tinyConfig, layers: 2 }
const settings = {
  kind: "lora" as const,
  rank: 2,
  alpha: 4,
  dropout: 0,
  targets: ["q_proj", "down_proj"] as const
}
const tokens = packSequences([{ prompt: [1, 2, 3], completion: [4] }])

const directory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "adapter-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
)

it("a new adapter changes nothing, and a gradient reaches it alone", () => {
  const decoder = createDecoder(config, 8)
  const adapter = makeAdapterStore(decoder, 1).get("left", "proposer")
  const logits = (which?: typeof adapter) => tf.tidy(() => forwardLogits(decoder, which, tokens).dataSync())
  expect(logits(adapter)).toEqual(logits())
  const variables = Object.values(adapter.variables)
  const before = tf.memory().numTensors
  const { value, grads } = tf.variableGrads(
    () => tf.sum(tf.square(forwardLogits(decoder, adapter, tokens))).asScalar(),
    variables
  )
  expect(Object.keys(grads).sort()).toEqual(variables.map(({ name }) => name).sort())
  const b = adapter.variables["model.layers.0.mlp.down_proj.lora_B.weight"]
  expect(Math.max(...(grads[b?.name ?? ""]?.dataSync() ?? []))).toBeGreaterThan(0)
  tf.dispose([value, grads])
  expect(tf.memory().numTensors).toBe(before)
})

it("initial weights depend on the seed, the agent and the role, within 1 / sqrt(in)", () => {
  const decoder = createDecoder(config, 8)
  const values = (seed: number, agent: string, role: string) =>
    makeAdapterStore(decoder, seed, settings)
      .get(agent, role)
      .variables["model.layers.0.self_attn.q_proj.lora_A.weight"]?.dataSync()
  const first = values(1, "left", "proposer")
  expect(values(1, "left", "proposer")).toEqual(first)
  for (const other of [
    values(2, "left", "proposer"),
    values(1, "right", "proposer"),
    values(1, "left", "reviewer")
  ]) {
    expect(other).not.toEqual(first)
  }
  expect(Math.max(...(first ?? []).map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(8))
})

it("no two speakers share an adapter or a folder, whatever their names", () => {
  const store = makeAdapterStore(createDecoder(config, 8), 1, settings)
  expect(store.get("solver", "proposer").name).toBe("solver.proposer")
  expect(store.get("gpt-4.1", "b.c").name).toBe("gpt-4%2E1.b%2Ec")
  expect(store.get("a.b", "c")).not.toBe(store.get("a", "b.c"))
  expect(store.get("../a", ".").name).toBe("%2E%2E%2Fa.%2E")
  store.dispose()
})

it.effect("adapters are saved in PEFT's layout, and load with the same bits and a new revision", () =>
  Effect.gen(function* () {
    const path = yield* directory
    const decoder = createDecoder(config, 8)
    const store = makeAdapterStore(decoder, 1, settings)
    const adapter = store.get("left", "proposer")
    yield* store.save(path)
    const tensors = yield* readSafetensors(join(path, "left.proposer", "adapter_model.safetensors"), "")
    expect([...tensors].slice(0, 2).map(([name, { shape }]) => [name, shape])).toEqual([
      ["base_model.model.model.layers.0.mlp.down_proj.lora_A.weight", [2, 12]],
      ["base_model.model.model.layers.0.mlp.down_proj.lora_B.weight", [8, 2]]
    ])
    const other = makeAdapterStore(decoder, 2, settings)
    const speakers = [{ agent: "left", role: "proposer" }]
    yield* other.load(path, speakers)
    const loaded = other.get("left", "proposer")
    expect(loaded.revision).toBe(1)
    for (const [name, variable] of Object.entries(adapter.variables)) {
      expect(loaded.variables[name]?.dataSync()).toEqual(variable.dataSync())
    }
    const unlike = yield* Effect.flip(makeAdapterStore(decoder, 2).load(path, speakers))
    expect(unlike.message).toContain(
      "LoRA of rank 2, alpha 4 on down_proj q_proj; expected LoRA of rank 8, alpha 16 on down_proj"
    )
  }).pipe(Effect.scoped)
)
