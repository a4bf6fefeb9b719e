import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import type { CreditedGroup } from "@tracer-sdk/core"
import { Effect } from "effect"
import { beforeAll } from "vitest"
import { drawGroup, temperature, tinyDecoder } from "../../test/drawn-groups.ts"
import { makeAdapterStore } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { type Adapter, type Decoder, logProbabilities, packSequences } from "../decoder/index.ts"
import { makeSampler } from "../sampler/index.ts"
import { gspoLearner } from "./gspo-learner.ts"
import type { GspoOptionsInput } from "./options.ts"

let decoder: Decoder
let drawn: ReadonlyArray<CreditedGroup>
beforeAll(async () => {
  await quietly(loadCpu)
  decoder = tinyDecoder(5)
  const store = makeAdapterStore(decoder, 11)
  const sampler = await Effect.runPromise(makeSampler(decoder))
  const draw = (seed: number) => drawGroup(sampler, store, seed, (ids) => (ids.length % 2 === 0 ? 1 : -1))
  drawn = await Effect.runPromise(Effect.forEach([1, 2, 3, 4, 5], draw))
})

const idsOf = ({ utterances }: CreditedGroup) =>
  utterances.map(({ completion }) => completion.tokens?.ids ?? [])

const withTokenRewards = (
  group: CreditedGroup,
  reward: (id: number, utterance: number) => number
): CreditedGroup => {
  const tokenRewards = idsOf(group).map((ids, utterance) => ids.map((id) => reward(id, utterance)))
  return { ...group, credit: { ...group.credit, tokenRewards } }
}

const setup = (options: GspoOptionsInput) => {
  const store = makeAdapterStore(decoder, 11)
  const learner = gspoLearner({
    seed: 3,
    adapters: () => store,
    options: { maskTruncated: false, ...options }
  })
  return { learner, adapter: store.get("solver", "proposer") }
}

const weightsAfter = Effect.fnUntraced(function* (
  options: GspoOptionsInput,
  groups: ReadonlyArray<CreditedGroup>
) {
  const { learner, adapter } = setup(options)
  yield* learner.update(groups)
  return Object.values(adapter.variables).flatMap((variable) => Array.from(variable.dataSync()))
})

/** Mean log-probability of one token's occurrences in the completions. */
const meanOf = (token: number, adapter: Adapter): number => {
  const sequences = drawn.flatMap((group) =>
    idsOf(group).map((completion) => ({
      prompt: group.utterances[0]?.completion.tokens?.prompt ?? [],
      completion
    }))
  )
  const batch = packSequences(sequences)
  const scores = tf.tidy(() => logProbabilities(decoder, adapter, batch, { temperature }).dataSync())
  const found = Array.from(scores).filter((_, i) => batch.mask[i] === 1 && batch.targets[i] === token)
  return found.reduce((sum, score) => sum + score, 0) / found.length
}

for (const variant of ["gspo-token", "grpo"] as const) {
  it.effect(
    `${variant} raises the tokens that were worth it, within utterances whose rewards are alike`,
    () =>
      Effect.gen(function* () {
        const { learner, adapter } = setup({ variant, learningRate: 0.02, epochs: 2, epsilonHigh: 0.5 })
        const before = meanOf(3, adapter)
        const [report] = yield* learner.update(
          drawn.map((group) =>
            withTokenRewards({ ...group, credit: { rewards: [0, 0, 0, 0], weight: 1 } }, (id) =>
              id === 3 ? 1 : -1
            )
          )
        )
        expect(report?.steps).toBeGreaterThan(0)
        expect(meanOf(3, adapter)).toBeGreaterThan(before + 0.05)
      })
  )

  it.effect(
    `${variant} learns from rewards that are alike by token what it learns from the utterances'`,
    () =>
      Effect.gen(function* () {
        const byToken = drawn.map((group) =>
          withTokenRewards(group, (_, utterance) => group.credit.rewards[utterance] ?? 0)
        )
        const expected = yield* weightsAfter({ variant }, drawn)
        const found = yield* weightsAfter({ variant }, byToken)
        expect(Math.max(...found.map((value, i) => Math.abs(value - (expected[i] ?? 0))))).toBeLessThan(1e-5)
      })
  )
}

it.effect("rewards by token that cannot be used are refused by name", () =>
  Effect.gen(function* () {
    const [group] = drawn
    if (group === undefined) return
    const rewarded = withTokenRewards(group, (id) => id)
    const refusal = (options: GspoOptionsInput, some: CreditedGroup) =>
      Effect.flip(setup(options).learner.update([some]))
    const plain = yield* refusal({}, rewarded)
    expect(plain.message).toContain("solver's proposer group of episode 1, round 1 has rewards by token")
    expect(plain.message).toContain("the variant gspo cannot use")
    expect(plain.hint).toContain("gspo-token or grpo")
    const short = { ...rewarded, credit: { ...rewarded.credit, tokenRewards: [[1]] } }
    expect((yield* refusal({ variant: "grpo" }, short)).message).toContain("4 utterances but 1 lists")
    const cut = { ...rewarded.credit, tokenRewards: idsOf(group).map((_, i) => [i]) }
    expect((yield* refusal({ variant: "grpo" }, { ...rewarded, credit: cut })).message).toContain(
      "tokens with 1 rewards by token"
    )
  })
)

it.effect("draws from a part of the distribution are refused by name", () =>
  Effect.gen(function* () {
    const [group] = drawn
    if (group === undefined) return
    const credit = { rewards: [1, -1, -1, -1], weight: 1 }
    const refusal = (more: Partial<CreditedGroup["sampling"]>) =>
      Effect.flip(setup({}).learner.update([{ ...group, credit, sampling: { ...group.sampling, ...more } }]))
    expect((yield* refusal({ topP: 0.9 })).message).toContain("was drawn with top-p 0.9: tokens that")
    const both = yield* refusal({ topP: 0.9, topK: 20 })
    expect(both.message).toContain("top-p 0.9 and top-k 20")
    expect(both.hint).toContain("topP and topK")
    const whole = yield* setup({}).learner.update([
      { ...group, credit, sampling: { ...group.sampling, topP: 1, stop: ["."] } }
    ])
    expect(whole[0]?.groups).toBe(1)
  })
)
