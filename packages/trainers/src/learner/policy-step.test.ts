import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import { Schema } from "effect"
import { tinyDecoder } from "../../test/drawn-groups.ts"
import { defaultAdapterConfig, makeAdapterStore } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import type { Adapter, AdapterConfig } from "../decoder/index.ts"
import { type Adam, makeAdam } from "../optimizer/index.ts"
import { GspoOptions } from "./options.ts"
import { policyStep } from "./policy-step.ts"

it("a step that fails keeps no tensors", async () => {
  await quietly(loadCpu)
  const decoder = tinyDecoder(5)
  const adapter = makeAdapterStore(decoder, 11).get("solver", "proposer")
  const variables = { ...adapter.variables, unused: tf.variable(tf.zeros([1])) }
  const adam = makeAdam(variables, { learningRate: 0.1 })
  const sequence = {
    prompt: [1, 2],
    completion: [3, 0],
    old: [-1, -1],
    temperature: 1,
    advantage: 1,
    weight: 1
  }
  const options = Schema.decodeSync(GspoOptions)({ kl: 0.1 })
  const before = tf.memory().numTensors
  const step = policyStep(decoder, { ...adapter, variables }, adam, [[sequence]], options, seedKey(1))
  await expect(step).rejects.toThrow("The loss does not depend on unused.")
  expect(tf.memory().numTensors).toBe(before)
})

it("memory that ran out behind, and shows when the step is read, names the largest batch", async () => {
  await quietly(loadCpu)
  const decoder = tinyDecoder(5)
  const adapter = makeAdapterStore(decoder, 11).get("solver", "proposer")
  const adam: Adam = {
    ...makeAdam(adapter.variables, { learningRate: 0.1 }),
    step: () => Promise.reject(new Error("out-of-memory"))
  }
  const groups = [3, 30, 7].map((length) => [
    {
      prompt: [1, 2],
      completion: Array.from({ length }, () => 3),
      old: Array.from({ length }, () => -1),
      temperature: 1,
      advantage: 1,
      weight: 1
    }
  ])
  const options = Schema.decodeSync(GspoOptions)({ maxTokensPerStep: 16 })
  const step = policyStep(decoder, adapter, adam, groups, options, seedKey(1))
  await expect(step).rejects.toMatchObject({ batch: { rows: 1, tokens: 32, sequences: 1 } })
})

it("gradients of many small passes are those of one, with and without checkpointing", async () => {
  await quietly(loadCpu)
  const decoder = tinyDecoder(5)
  const adapterOf = (config: AdapterConfig) => makeAdapterStore(decoder, 11, config).get("solver", "proposer")
  const groups = [1, 2, 3].map((group) =>
    [1, 2, 3].map((i) => ({
      prompt: Array.from({ length: group + 1 }, (_, at) => 1 + ((at * group) % 6)),
      completion: Array.from({ length: 2 * i + group }, (_, at) => (at * i + group) % 7),
      old: Array.from({ length: 2 * i + group }, () => -1.9),
      temperature: 1,
      advantage: i - 2,
      weight: 1 / group
    }))
  )
  const gradientsIn = async (adapter: Adapter, maxTokensPerStep: number, checkpointing = false) => {
    const found: Array<number> = []
    const adam = makeAdam(adapter.variables, { learningRate: 0 })
    const recording: Adam = {
      ...adam,
      step: (gradients, loss) => {
        for (const name of Object.keys(adapter.variables)) found.push(...(gradients[name]?.dataSync() ?? []))
        return adam.step(gradients, loss)
      }
    }
    const options = Schema.decodeSync(GspoOptions)({
      maxTokensPerStep,
      checkpointing,
      epsilonHigh: 5,
      epsilonLow: 0.9
    })
    const { loss } = await policyStep(decoder, adapter, recording, groups, options, seedKey(1))
    adam.dispose()
    return { loss, found }
  }
  type Found = Awaited<ReturnType<typeof gradientsIn>>
  const expectAlike = (other: Found, whole: Found) => {
    const largest = Math.max(...whole.found.map(Math.abs))
    expect(largest).toBeGreaterThan(1e-3)
    expect(Math.abs(other.loss - whole.loss)).toBeLessThan(1e-6 * Math.abs(whole.loss))
    whole.found.forEach((value, i) => {
      expect(Math.abs((other.found[i] ?? Number.NaN) - value)).toBeLessThan(1e-6 * largest)
    })
  }
  const full = adapterOf({ kind: "full" })
  const whole = await gradientsIn(full, 8192)
  expectAlike(await gradientsIn(full, 16), whole)
  expectAlike(await gradientsIn(full, 16, true), whole)
  expectAlike(await gradientsIn(full, 8192, true), whole)
  // What dropout draws for a module is drawn again when its layer is computed again.
  const dropping = adapterOf({ ...defaultAdapterConfig(decoder.config), dropout: 0.3 })
  expectAlike(await gradientsIn(dropping, 8192, true), await gradientsIn(dropping, 8192))
})
