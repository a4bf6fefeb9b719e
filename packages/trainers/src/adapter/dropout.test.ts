import * as tf from "@tensorflow/tfjs"
import { seedKey, split } from "@tracer-sdk/core"
import { beforeAll, expect, test } from "vitest"
import { tinyConfig } from "../../test/tiny-config.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { type Adapter, createDecoder, forward, linearModules, packSequences } from "../decoder/index.ts"
import { linear } from "../decoder/linear.ts"
import { dropoutMask } from "./dropout.ts"
import { createAdapter, defaultAdapterConfig, withDropout } from "./index.ts"

beforeAll(() => quietly(loadCpu))

const key = seedKey(4)

test("a share of the places is dropped, and the mean stays 1", () => {
  for (const rate of [0.1, 0.5, 0.9]) {
    const mask = dropoutMask(key, 40_001, rate)
    const dropped = mask.filter((value) => value === 0).length / mask.length
    // Four standard deviations of a binomial share.
    expect(Math.abs(dropped - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / mask.length))
    expect(new Set(mask).size).toBe(2)
    expect(Math.max(...mask)).toBeCloseTo(1 / (1 - rate), 2)
  }
  expect(dropoutMask(key, 3, 0)).toEqual(Float32Array.of(1, 1, 1))
})

test("draws are named by key and module", () => {
  const mask = (name: string) => dropoutMask(split(key, name), 64, 0.5)
  expect(mask("a")).toEqual(mask("a"))
  expect(mask("a")).not.toEqual(mask("b"))
})

test("a module's change is B A of what is left of its inputs, and without dropout in the mean over draws", () => {
  const decoder = createDecoder(tinyConfig, 3)
  const module = "model.layers.0.self_attn.o_proj"
  const lora = { ...defaultAdapterConfig(tinyConfig), rank: 1, alpha: 3, dropout: 0.25 }
  const adapter = createAdapter("a", decoder, lora, key)
  const down = adapter.variables[`${module}.lora_A.weight`]
  const up = adapter.variables[`${module}.lora_B.weight`]
  tf.tidy(() => down?.assign(tf.tensor2d([[1, 2, 3, 4, 5, 6, 7, 8]])))
  tf.tidy(() => up?.assign(tf.tensor2d([1, 0, 0, 0, 0, 0, 0, -2], [8, 1])))
  const x = tf.ones([1, 8])
  const outputs = (which?: Adapter) =>
    tf.tidy(() => Array.from(linear(x, decoder, module, which, false).dataSync()))
  const base = outputs()
  const change = (which: Adapter) => outputs(which).map((value, i) => value - (base[i] ?? 0))

  const mask = dropoutMask(split(key, module), 8, 0.25)
  const seen = mask.reduce((sum, kept, i) => sum + kept * (i + 1), 0)
  expect(mask).toContain(0)
  const once = change(withDropout(adapter, key))
  expect(once[0]).toBeCloseTo(3 * seen, 4)
  expect(once[7]).toBeCloseTo(-6 * seen, 4)

  const draws = 1000
  const first = Array.from(
    { length: draws },
    (_, draw) => change(withDropout(adapter, split(key, draw)))[0] ?? 0
  )
  const mean = first.reduce((sum, value) => sum + value, 0) / draws
  // The deviation of one draw is 3 sqrt(204 / 3), 204 being the sum of squares of A.
  expect(Math.abs(mean - 3 * 36)).toBeLessThan((4 * 3 * Math.sqrt(204 / 3)) / Math.sqrt(draws))
  expect(change(adapter)[0]).toBeCloseTo(3 * 36, 3)
})

test("a forward pass asks once for each module that LoRA changes", () => {
  for (const config of [tinyConfig, { ...tinyConfig, layers: 2, fusedProjections: true }]) {
    const decoder = createDecoder(config, 3)
    const adapter = createAdapter("a", decoder, defaultAdapterConfig(config), key)
    const asked: Array<string> = []
    const listening: Adapter = {
      ...adapter,
      dropout: (x, module) => {
        asked.push(module)
        return x
      }
    }
    const tokens = packSequences([{ prompt: [1, 2, 3], completion: [4] }])
    const hidden = (which: Adapter) => tf.tidy(() => forward(decoder, which, tokens).dataSync())
    expect(hidden(listening)).toEqual(hidden(adapter))
    expect(asked).toHaveLength(config.layers * linearModules(config).length)
    expect(asked.sort()).toEqual(
      Object.keys(adapter.variables)
        .filter((name) => name.endsWith(".lora_A.weight"))
        .map((name) => name.replace(".lora_A.weight", ""))
        .sort()
    )
  }
})

test("without dropout an adapter stays as it is", () => {
  const decoder = createDecoder(tinyConfig, 3)
  const adapter = createAdapter("a", decoder, defaultAdapterConfig(tinyConfig), key)
  expect(withDropout(adapter, key)).toBe(adapter)
})
