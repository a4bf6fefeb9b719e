import { readFileSync, writeFileSync } from "node:fs"
import { cp } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { beforeAll } from "vitest"
import { drawGroup, tinyDecoder } from "../../test/drawn-groups.ts"
import { temporaryDirectory } from "../../test/temporary-directory.ts"
import { type AdapterStore, makeAdapterStore } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import type { AdapterConfig, Decoder } from "../decoder/index.ts"
import { makeAdam } from "../optimizer/index.ts"
import { readSafetensors } from "../safetensors/index.ts"
import { makeSampler } from "../sampler/index.ts"
import { gspoLearner } from "./gspo-learner.ts"
import { saveStudents } from "./learner-file.ts"

/** What the first release of this layout wrote after an update of three steps. */
const first = fileURLToPath(new URL("fixtures/version-1", import.meta.url))

let decoder: Decoder
beforeAll(async () => {
  await quietly(loadCpu)
  decoder = tinyDecoder(5)
})

const learnerOf = (store: AdapterStore) =>
  gspoLearner({ seed: 3, adapters: () => store, options: { maskTruncated: false } })

it.effect("a run that an older version saved goes on, with its weights, moments and counters", () =>
  Effect.gen(function* () {
    const store = makeAdapterStore(decoder, 99)
    const learner = learnerOf(store)
    yield* learner.load(first)
    const saved = yield* readSafetensors(join(first, "solver.proposer", "adapter_model.safetensors"), "")
    const { variables } = store.get("solver", "proposer")
    expect(saved.size).toBe(Object.keys(variables).length)
    for (const [name, { values }] of saved) {
      expect(variables[name.replace("base_model.model.", "")]?.dataSync()).toEqual(values)
    }
    const again = yield* temporaryDirectory
    yield* learner.save(again)
    for (const file of ["learner.json", "solver.proposer/optimizer.safetensors"]) {
      expect(readFileSync(join(again, file)).equals(readFileSync(join(first, file))), file).toBe(true)
    }
    const sampler = yield* makeSampler(decoder)
    const group = yield* drawGroup(sampler, store, 1, () => 0)
    const [report] = yield* learner.update([{ ...group, credit: { rewards: [1, -1, -1, -1], weight: 1 } }])
    expect([report?.steps, report?.skippedSteps]).toEqual([1, 0])
  }).pipe(Effect.scoped)
)

it.effect("a device that does not give the optimizer's state back is told, with what to do", () =>
  Effect.gen(function* () {
    const store = makeAdapterStore(decoder, 1)
    const adapter = store.get("solver", "proposer")
    const adam = {
      ...makeAdam(adapter.variables, { learningRate: 1 }),
      state: () => Promise.reject(new Error("the device was lost"))
    }
    const student = { agent: "solver", role: "proposer", decoder, adapter, adam, updates: 1 }
    const { message, hint } = yield* Effect.flip(saveStudents([student], yield* temporaryDirectory))
    expect(message).toContain("optimizer.safetensors cannot be written: the device was lost")
    expect(hint).toContain("new process")
  }).pipe(Effect.scoped)
)

it.effect("a run that cannot go on is refused, with what differs", () =>
  Effect.gen(function* () {
    const directory = yield* temporaryDirectory
    yield* Effect.promise(() => cp(first, directory, { recursive: true }))
    const refusal = (config?: AdapterConfig) =>
      Effect.flip(learnerOf(makeAdapterStore(decoder, 1, config)).load(directory))
    expect((yield* refusal({ kind: "full" })).message).toContain(
      "LoRA of rank 8, alpha 16 on down_proj gate_proj k_proj o_proj q_proj up_proj v_proj; expected all weights"
    )
    const path = join(directory, "learner.json")
    const text = readFileSync(path, "utf8")
    writeFileSync(path, text.replace('"version": 1', '"version": 2'))
    const newer = yield* refusal()
    expect(newer.message).toContain("learner.json is not as expected")
    expect(newer.message).toContain("version")
    writeFileSync(path, text)
    const moments = join(directory, "solver.proposer", "optimizer.safetensors")
    writeFileSync(moments, readFileSync(moments).subarray(0, 900))
    expect((yield* refusal()).message).toContain("optimizer.safetensors")
  }).pipe(Effect.scoped)
)
