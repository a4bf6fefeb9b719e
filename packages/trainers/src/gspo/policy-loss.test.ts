import { readFileSync } from "node:fs"
import * as tf from "@tensorflow/tfjs"
import { Schema } from "effect"
import { beforeAll, describe, expect, test } from "vitest"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { type LossBatch, type LossOptions, lossVariants } from "./loss-batch.ts"
import { policyLoss } from "./policy-loss.ts"

const Numbers = Schema.Array(Schema.Finite)

/** What `tools/reference/gspo_fixture.py` writes. */
const Case = Schema.Struct({
  name: Schema.String,
  options: Schema.Struct({
    variant: Schema.Literals(lossVariants),
    epsilonLow: Schema.Finite,
    epsilonHigh: Schema.Finite,
    kl: Schema.Finite
  }),
  batch: Schema.Int,
  time: Schema.Int,
  sequences: Schema.Int,
  mask: Numbers,
  old: Numbers,
  new: Numbers,
  reference: Numbers,
  advantages: Numbers,
  tokenAdvantages: Schema.optionalKey(Numbers),
  weights: Numbers,
  loss: Schema.Finite,
  gradient: Numbers
})

const cases = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Array(Case)))(
  readFileSync(new URL("fixtures/policy-loss.json", import.meta.url), "utf8")
)

beforeAll(() => quietly(loadCpu))

const batchOf = (found: typeof Case.Type): LossBatch => ({
  batch: found.batch,
  time: found.time,
  mask: Float32Array.from(found.mask),
  old: Float32Array.from(found.old),
  advantages: Float32Array.from(found.advantages),
  ...(found.tokenAdvantages === undefined
    ? {}
    : { tokenAdvantages: Float32Array.from(found.tokenAdvantages) }),
  weights: Float32Array.from(found.weights),
  sequences: found.sequences
})

const evaluate = (
  next: ReadonlyArray<number>,
  batch: LossBatch,
  options: LossOptions,
  reference?: ReadonlyArray<number>
) =>
  tf.tidy(() => {
    const rows: [number, number] = [batch.batch, batch.time]
    const slope = tf.valueAndGrad((x: tf.Tensor) =>
      policyLoss(x, batch, options, reference === undefined ? undefined : tf.tensor([...reference], rows))
    )
    const { value, grad } = slope(tf.tensor([...next], rows))
    return { loss: value.dataSync()[0] ?? Number.NaN, gradient: Array.from(grad.dataSync()) }
  })

const first = cases[0]
if (first === undefined) throw new Error("The fixture has no case.")

describe("PyTorch's autograd gives the same loss and gradient", () => {
  test.each(cases)("$name", (found) => {
    const before = tf.memory().numTensors
    const { loss, gradient } = evaluate(found.new, batchOf(found), found.options, found.reference)
    expect(loss).toBeCloseTo(found.loss, 5)
    expect(found.gradient.some((value) => value !== 0)).toBe(true)
    found.gradient.forEach((value, i) => {
      expect(Math.abs((gradient[i] ?? Number.NaN) - value)).toBeLessThan(1e-5)
    })
    expect(tf.memory().numTensors).toBe(before)
  })
})

test("with one advantage for all tokens of a sequence, gspo-token is gspo in value and gradient", () => {
  const batch = batchOf(first)
  const gspo = evaluate(first.new, batch, first.options)
  const byToken = evaluate(first.new, batch, { ...first.options, variant: "gspo-token" })
  expect(byToken.loss).toBeCloseTo(gspo.loss, 6)
  gspo.gradient.forEach((value, i) => {
    expect(byToken.gradient[i]).toBeCloseTo(value, 6)
  })
})

test("at the sampler's own weights the gradient is minus weight times advantage, shared by a sequence's tokens", () => {
  const batch = batchOf(first)
  const { gradient } = evaluate(Array.from(batch.old), batch, {
    ...first.options,
    epsilonLow: 3e-4,
    epsilonHigh: 4e-4
  })
  gradient.forEach((value, at) => {
    const row = Math.floor(at / batch.time)
    const tokens = batch.mask
      .slice(row * batch.time, (row + 1) * batch.time)
      .reduce((sum, one) => sum + one, 0)
    const share = ((batch.weights[row] ?? 0) * (batch.advantages[row] ?? 0)) / (batch.sequences * tokens)
    expect(value).toBeCloseTo(-(batch.mask[at] ?? 0) * share, 6)
  })
})

test("a clipped sequence has no gradient, and one that would come back from beyond the clip has", () => {
  const batch: LossBatch = {
    batch: 2,
    time: 1,
    mask: Float32Array.of(1, 1),
    old: Float32Array.of(-1, -1),
    advantages: Float32Array.of(1, -1),
    weights: Float32Array.of(1, 1),
    sequences: 2
  }
  const options: LossOptions = { variant: "gspo", epsilonLow: 0.1, epsilonHigh: 0.1, kl: 0 }
  const { gradient } = evaluate([-0.8, -0.8], batch, options)
  expect(gradient[0]).toBe(0)
  expect(gradient[1]).toBeCloseTo(Math.exp(0.2) / 2, 5)
})

test("a divergence without a reference is refused", () => {
  const batch = batchOf(first)
  expect(() => evaluate(first.new, batch, { ...first.options, kl: 0.1 })).toThrow("reference")
})
