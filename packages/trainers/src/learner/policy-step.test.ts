import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import { Schema } from "effect"
import { tinyDecoder } from "../../test/drawn-groups.ts"
import { makeAdapterStore } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { makeAdam } from "../optimizer/index.ts"
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
