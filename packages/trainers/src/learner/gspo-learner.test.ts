import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import type { CreditedGroup } from "@tracer-sdk/core"
import { Effect } from "effect"
import { afterEach, beforeAll, beforeEach } from "vitest"
import { drawGroup, temperature, tinyDecoder } from "../../test/drawn-groups.ts"
import { type AdapterStore, makeAdapterStore } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { type Decoder, logProbabilities, packSequences } from "../decoder/index.ts"
import { makeSampler, type Sampler } from "../sampler/index.ts"
import { type GspoLearner, gspoLearner } from "./gspo-learner.ts"
import type { GspoOptionsInput } from "./options.ts"

let decoder: Decoder
let sampler: Sampler
let drawn: ReadonlyArray<CreditedGroup>
let directory: string
beforeAll(async () => {
  await quietly(loadCpu)
  decoder = tinyDecoder(5)
  sampler = await Effect.runPromise(makeSampler(decoder))
  const untrained = makeAdapterStore(decoder, 11)
  drawn = await Effect.runPromise(drawGroups(untrained, [1, 2, 3, 4, 5]))
  untrained.dispose()
})
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gspo-"))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const setup = (options: GspoOptionsInput = {}): { store: AdapterStore; learner: GspoLearner } => {
  const store = makeAdapterStore(decoder, 11)
  return { store, learner: gspoLearner({ seed: 3, adapters: () => store, options }) }
}

const hasEvenSum = (ids: ReadonlyArray<number>): number =>
  ids.reduce((sum, id) => sum + id, 0) % 2 === 0 ? 1 : -1

const drawGroups = (store: AdapterStore, seeds: ReadonlyArray<number>) =>
  Effect.forEach(seeds, (seed) => drawGroup(sampler, store, seed, hasEvenSum))

const weightsOf = (store: AdapterStore, agent = "solver", role = "proposer") =>
  Object.values(store.get(agent, role).variables).map((variable) => Array.from(variable.dataSync()))

const unmasked = { maskTruncated: false }

/** What GSPO raises: mean log-probability per token of the rewarded completions, minus that of the others. */
const preference = (store: AdapterStore, groups: ReadonlyArray<CreditedGroup>): number => {
  const meanOf = (wanted: boolean) => {
    const sequences = groups.flatMap(({ utterances, credit }) =>
      utterances.flatMap(({ completion: { tokens } }, i) =>
        tokens !== undefined && (credit.rewards[i] ?? 0) > 0 === wanted
          ? [{ prompt: tokens.prompt, completion: tokens.ids }]
          : []
      )
    )
    const batch = packSequences(sequences)
    const total = tf.tidy(() => {
      const scores = logProbabilities(decoder, store.get("solver", "proposer"), batch, { temperature })
      return tf.sum(scores).dataSync()[0] ?? Number.NaN
    })
    return total / sequences.reduce((sum, { completion }) => sum + completion.length, 0)
  }
  return meanOf(true) - meanOf(false)
}

it.effect("the ratio is 1 at the first step, and leaves 1 at later ones", () =>
  Effect.gen(function* () {
    const once = setup({ ...unmasked, miniBatches: 1, learningRate: 0.1 })
    for (const seeds of [
      [1, 2, 3],
      [4, 5, 6]
    ]) {
      const [first] = yield* once.learner.update(yield* drawGroups(once.store, seeds))
      expect(first?.steps).toBe(1)
      expect(Math.abs((first?.ratio ?? 0) - 1)).toBeLessThan(1e-4)
      expect([first?.clippedLow, first?.clippedHigh]).toEqual([0, 0])
    }
    // The same draws again are no longer those of the current weights.
    const [later] = yield* once.learner.update(drawn)
    expect(Math.abs((later?.ratio ?? 0) - 1)).toBeGreaterThan(1e-3)
  })
)

it.effect("clipping acts at a large learning rate", () =>
  Effect.gen(function* () {
    const { learner } = setup({ ...unmasked, miniBatches: 2, epochs: 4, epsilonLow: 0.05, learningRate: 0.1 })
    const [report] = yield* learner.update(drawn)
    expect(report?.clippedHigh).toBeGreaterThan(0)
    expect(report?.clippedLow).toBeGreaterThan(0)
    expect(report?.skippedSteps).toBe(0)
  })
)

for (const variant of ["gspo", "gspo-token", "grpo"] as const) {
  it.effect(`${variant} raises the probability of rewarded completions`, () =>
    Effect.gen(function* () {
      const { store, learner } = setup({
        ...unmasked,
        variant,
        learningRate: 0.02,
        epochs: 2,
        epsilonHigh: 0.5
      })
      const before = preference(store, drawn)
      yield* learner.update(drawn)
      expect(preference(store, drawn)).toBeGreaterThan(before + 0.05)
      const adapter = store.get("solver", "proposer")
      expect(adapter.revision).toBeGreaterThan(0)
    })
  )
}

it.effect("the divergence from the base model counts from the second step, when the policy has left it", () =>
  Effect.gen(function* () {
    const groups = drawn.slice(0, 2)
    const loss = Effect.fnUntraced(function* (kl: number, epochs: number) {
      const { learner } = setup({ ...unmasked, kl, epochs, miniBatches: 1, learningRate: 0.02 })
      const [report] = yield* learner.update(groups)
      return report?.loss ?? Number.NaN
    })
    expect(yield* loss(5, 1)).toBeCloseTo(yield* loss(0, 1), 6)
    expect(yield* loss(5, 2)).toBeGreaterThan((yield* loss(0, 2)) + 1e-4)
  })
)

it.effect("groups without signal or with a reward that is not finite are skipped and counted", () =>
  Effect.gen(function* () {
    const { store, learner } = setup(unmasked)
    const [group] = drawn
    if (group === undefined) return
    const rewarded = (rewards: ReadonlyArray<number>) => ({ ...group, credit: { rewards, weight: 1 } })
    const before = weightsOf(store)
    const [report] = yield* learner.update([
      rewarded([1, 1, 1, 1]),
      rewarded([0, 0.01, 0, 0]),
      rewarded([1, Number.NaN, -1, -1])
    ])
    expect(report).toEqual({
      agent: "solver",
      role: "proposer",
      groups: 0,
      skippedGroups: 3,
      steps: 0,
      skippedSteps: 0,
      loss: 0,
      meanReward: (4 + 0.01 - 1) / 11,
      ratio: 1,
      clippedLow: 0,
      clippedHigh: 0,
      gradientNorm: 0
    })
    expect(weightsOf(store)).toEqual(before)
  })
)

it.effect(
  "a group whose completions were all cut off is skipped, and takes no part in the mini-batches",
  () =>
    Effect.gen(function* () {
      const { learner } = setup({ miniBatches: 2 })
      const finished = (group: CreditedGroup, finish: "stop" | "length"): CreditedGroup => ({
        ...group,
        credit: { rewards: [1, -1, -1, -1], weight: 1 },
        utterances: group.utterances.map(({ completion, reading }) => ({
          completion: { ...completion, finish },
          reading
        }))
      })
      const [report] = yield* learner.update(
        drawn.map((group, i) => finished(group, i < 2 ? "stop" : "length"))
      )
      expect(report).toMatchObject({ groups: 2, skippedGroups: 3, steps: 2, skippedSteps: 0 })
    })
)

it.effect("a step that is not finite is skipped and counted, and leaves the weights untouched", () =>
  Effect.gen(function* () {
    const { store, learner } = setup({ ...unmasked, miniBatches: 1 })
    const groups = drawn.slice(0, 3).map((group) => ({
      ...group,
      credit: { ...group.credit, weight: Number.POSITIVE_INFINITY }
    }))
    const before = weightsOf(store)
    const [report] = yield* learner.update(groups)
    expect([report?.steps, report?.skippedSteps, report?.loss]).toEqual([0, 1, 0])
    expect(weightsOf(store)).toEqual(before)
  })
)

const closeWeights = (left: ReturnType<typeof weightsOf>, right: ReturnType<typeof weightsOf>) => {
  left.forEach((weight, i) => {
    weight.forEach((value, j) => {
      expect(Math.abs(value - (right[i]?.[j] ?? Number.NaN))).toBeLessThan(1e-5)
    })
  })
}

const trained = Effect.fnUntraced(function* (
  options: GspoOptionsInput,
  change: (group: CreditedGroup) => CreditedGroup = (group) => group
) {
  const { store, learner } = setup({ ...unmasked, ...options })
  yield* learner.update(drawn.map(change))
  return weightsOf(store)
})

it.effect("the order within a group and a constant added to its rewards change nothing", () =>
  Effect.gen(function* () {
    const reference = yield* trained({})
    closeWeights(
      yield* trained({}, (group) => ({
        ...group,
        utterances: group.utterances.toReversed(),
        credit: { ...group.credit, rewards: group.credit.rewards.toReversed() }
      })),
      reference
    )
    closeWeights(
      yield* trained({}, (group) => ({
        ...group,
        credit: { ...group.credit, rewards: group.credit.rewards.map((reward) => reward + 3) }
      })),
      reference
    )
  })
)

it.effect("gradients of many small passes are those of one", () =>
  Effect.gen(function* () {
    closeWeights(yield* trained({ maxTokensPerStep: 16 }), yield* trained({}))
  })
)

it.effect("each (agent, role) has its own adapter, report and settings", () =>
  Effect.gen(function* () {
    const { store, learner } = setup({ ...unmasked, roles: { judge: { frozen: true } }, agents: ["a", "b"] })
    const groups = [
      ["a", "proposer"],
      ["b", "reviewer"],
      ["a", "judge"],
      ["c", "proposer"],
      ["a", "proposer"]
    ].flatMap(([agent = "", role = ""], i) =>
      drawn.slice(i, i + 1).map((group) => ({ ...group, agent, role }))
    )
    const before = weightsOf(store, "a", "judge")
    const reports = yield* learner.update(groups)
    expect(
      reports.map(({ agent, role, groups, skippedGroups }) => [agent, role, groups + skippedGroups])
    ).toEqual([
      ["a", "proposer", 2],
      ["b", "reviewer", 1]
    ])
    expect(weightsOf(store, "a", "judge")).toEqual(before)
  })
)

it.effect("saved, loaded into a new process and updated, it ends in the same bits", () =>
  Effect.gen(function* () {
    const straight = setup(unmasked)
    yield* straight.learner.update(drawn.slice(0, 4))
    yield* straight.learner.save(directory)
    expect(readdirSync(join(directory, "solver.proposer")).sort()).toEqual([
      "adapter_config.json",
      "adapter_model.safetensors",
      "optimizer.safetensors"
    ])
    const resumed = setup(unmasked)
    yield* resumed.learner.load(directory)
    expect(weightsOf(resumed.store)).toEqual(weightsOf(straight.store))

    const more = drawn.slice(3)
    const expected = yield* straight.learner.update(more)
    expect(yield* resumed.learner.update(more)).toEqual(expected)
    expect(weightsOf(resumed.store)).toEqual(weightsOf(straight.store))
  })
)

it.effect("what cannot be trained on is named, with what to do", () =>
  Effect.gen(function* () {
    const { store, learner } = setup()
    const [group] = drawn
    if (group === undefined) return
    const before = weightsOf(store)
    const bare: CreditedGroup = {
      ...group,
      utterances: group.utterances.map(({ reading, completion: { text, usage, finish } }) => ({
        reading,
        completion: { text, usage, finish }
      })),
      credit: { rewards: [1, -1, -1, -1], weight: 1 }
    }
    const withoutTokens = yield* Effect.flip(learner.update([group, bare]))
    expect(withoutTokens._tag).toBe("LearnerError")
    expect(withoutTokens.message).toContain("solver's proposer")
    expect(withoutTokens.message).toContain("token ids")
    // Greedy draws are all alike, and so are their rewards.
    const greedy = {
      ...group,
      sampling: { temperature: 0, maxTokens: 5 },
      credit: { rewards: [1, 1, 1, 1], weight: 1 }
    }
    expect((yield* Effect.flip(learner.update([greedy]))).message).toContain("temperature 0")
    const short = { ...group, credit: { rewards: [1], weight: 1 } }
    expect((yield* Effect.flip(learner.update([short]))).message).toContain("1 rewards")
    const remote = gspoLearner({ seed: 1, adapters: () => undefined })
    expect((yield* Effect.flip(remote.update([group]))).message).toContain("local model")
    expect((yield* Effect.flip(learner.load(join(directory, "none")))).hint).toContain("folder")
    expect(weightsOf(store)).toEqual(before)
  })
)

it.effect("memory that runs out in an update names the batch and what to lower, and leaves the weights", () =>
  Effect.gen(function* () {
    const store = makeAdapterStore(decoder, 11)
    const full: Decoder = {
      ...decoder,
      get weights(): Decoder["weights"] {
        throw new Error("OOM when allocating tensor with shape[8192,151936] by allocator GPU_0_bfc")
      }
    }
    const learner = gspoLearner({ seed: 3, adapters: () => ({ ...store, decoder: full }), options: unmasked })
    const before = weightsOf(store)
    const { message, hint } = yield* Effect.flip(learner.update(drawn))
    expect(message).toMatch(
      /^The update of solver's proposer ran out of memory on a batch of \d+ rows? x \d+ tokens: OOM/
    )
    expect(hint).toContain("maxTokens")
    expect(weightsOf(store)).toEqual(before)
    expect(store.get("solver", "proposer").revision).toBe(1)
  })
)

it.effect("memory that runs out before the first step is an error of the learner, too", () =>
  Effect.gen(function* () {
    const adapters = () => ({
      ...makeAdapterStore(decoder, 11),
      get: () => {
        throw new Error("OOM when allocating tensor with shape[151936,896]")
      }
    })
    const failure = yield* Effect.flip(gspoLearner({ seed: 3, adapters }).update(drawn))
    expect(failure._tag).toBe("LearnerError")
    expect(failure.message).toContain("solver's proposer ran out of memory: OOM")
    expect(failure.hint).toContain("train fewer")
  })
)

it.effect("updates keep the number of tensors", () =>
  Effect.gen(function* () {
    const before = tf.memory().numTensors
    const { store, learner } = setup({ ...unmasked, kl: 0.1, maxTokensPerStep: 64 })
    const groups = drawn.slice(0, 4)
    yield* learner.update(groups)
    const held = tf.memory().numTensors
    yield* learner.update(groups)
    expect(tf.memory().numTensors).toBe(held)
    learner.dispose()
    store.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
)
