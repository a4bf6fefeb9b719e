import { readFileSync } from "node:fs"
import * as tf from "@tensorflow/tfjs"
import { Schema } from "effect"
import fc from "fast-check"
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
  importance: Schema.optionalKey(Numbers),
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
  ...(found.importance === undefined ? {} : { importance: Float32Array.from(found.importance) }),
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

describe("PyTorch's autograd, and TRL's own code, give the same loss and gradient", () => {
  test.each(cases)("$name", (found) => {
    const before = tf.memory().numTensors
    const { loss, gradient } = evaluate(found.new, batchOf(found), found.options, found.reference)
    expect(Math.abs(loss - found.loss)).toBeLessThan(1e-5)
    expect(found.gradient.some((value) => value !== 0)).toBe(true)
    found.gradient.forEach((value, i) => {
      expect(Math.abs((gradient[i] ?? Number.NaN) - value)).toBeLessThan(1e-5)
    })
    expect(tf.memory().numTensors).toBe(before)
  })
})

const nats = fc.double({ min: -2, max: 0, noNaN: true })
const sequenceOf = (advantages: fc.Arbitrary<number>) =>
  fc.record({
    tokens: fc.array(fc.tuple(nats, nats, nats), { minLength: 1, maxLength: 4 }),
    advantage: advantages,
    weight: fc.double({ min: 0.5, max: 2, noNaN: true })
  })
/** Sequences with new, old and the reference's log-probabilities of their tokens; one advantage each. */
const sequencesOf = fc.array(sequenceOf(fc.double({ min: -2, max: 2, noNaN: true })), {
  minLength: 1,
  maxLength: 5
})
type Sequences = typeof sequencesOf extends fc.Arbitrary<infer A> ? A : never
const everyOption = fc.record({
  variant: fc.constantFrom(...lossVariants),
  epsilonLow: fc.constantFrom(3e-4, 0.1),
  epsilonHigh: fc.constantFrom(4e-4, 0.2),
  kl: fc.constantFrom(0, 0.1)
})

/** Loss, and gradients by sequence and token, of sequences in rows of `time`, with `junk` where they have no tokens. */
const evaluateRows = (sequences: Sequences, options: LossOptions, time: number, junk = 0) => {
  const padded = (of: (token: Sequences[number]["tokens"][number]) => number, filler: number) =>
    sequences.flatMap(({ tokens }) =>
      Array.from({ length: time }, (_, i) => {
        const token = tokens[i]
        return token === undefined ? filler : of(token)
      })
    )
  const batch: LossBatch = {
    batch: sequences.length,
    time,
    mask: Float32Array.from(padded(() => 1, 0)),
    old: Float32Array.from(padded(([, old]) => old, 0)),
    advantages: Float32Array.from(sequences, ({ advantage }) => advantage),
    weights: Float32Array.from(sequences, ({ weight }) => weight),
    sequences: sequences.length
  }
  const reference = padded(([, , base]) => base, -junk)
  const { loss, gradient } = evaluate(
    padded(([next]) => next, junk),
    batch,
    options,
    reference
  )
  const bySequence = sequences.map(({ tokens }, row) =>
    gradient.slice(row * time, row * time + tokens.length)
  )
  return { loss, bySequence }
}

const close = (left: ReturnType<typeof evaluateRows>, right: ReturnType<typeof evaluateRows>) => {
  const values = (of: typeof left) => [of.loss, ...of.bySequence.flat()]
  values(right).forEach((value, i) => {
    expect(Math.abs((values(left)[i] ?? Number.NaN) - value)).toBeLessThan(2e-6 * (1 + Math.abs(value)))
  })
}

test("a sequence's padding changes nothing, whatever stands there", () => {
  fc.assert(
    fc.property(sequencesOf, everyOption, fc.constantFrom(-3, 0.5), (sequences, options, junk) => {
      close(evaluateRows(sequences, options, 7, junk), evaluateRows(sequences, options, 4))
    }),
    { numRuns: 40 }
  )
})

test("the order of sequences changes nothing", () => {
  fc.assert(
    fc.property(sequencesOf, everyOption, (sequences, options) => {
      const { loss, bySequence } = evaluateRows(sequences.toReversed(), options, 4)
      close({ loss, bySequence: bySequence.toReversed() }, evaluateRows(sequences, options, 4))
    }),
    { numRuns: 40 }
  )
})

test("with one advantage for all tokens of a sequence, gspo-token is gspo in value and gradient", () => {
  fc.assert(
    fc.property(sequencesOf, everyOption, (sequences, options) => {
      const as = (variant: LossOptions["variant"]) => evaluateRows(sequences, { ...options, variant }, 4)
      close(as("gspo-token"), as("gspo"))
    }),
    { numRuns: 40 }
  )
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
