import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { controllerPlugins } from "@tracer-sdk/controllers"
import { corePlugins } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import {
  type Decoder,
  forwardLogits,
  loadBackend,
  loadDecoder,
  nanoModelDirectory,
  packSequences,
  trainerPlugins
} from "@tracer-sdk/trainers"
import { Effect } from "effect"
import { tracerHere } from "./tracer.ts"

const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins, ...trainerPlugins]
const folder = mkdtempSync(join(tmpdir(), "tracer-merge-"))
const run = join(folder, "run")
const merged = join(folder, "merged")
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The smallest run that trains two adapters: a large rate, so that one update shows. */
const config = {
  agents: [
    { name: "ada", policy: "nano" },
    { name: "bob", policy: "nano" }
  ],
  policies: { nano: { use: "local", model: "nano", backend: "wasm" } },
  protocol: { use: "propose-review", rounds: 2, alwaysSpeak: true },
  learner: { use: "gspo", learningRate: 0.05, miniBatches: 1 },
  sampling: { maxTokens: 32 },
  training: { batchSize: 8, forkSamples: 1 },
  tasks: { train: { use: "arithmetic", split: "train", count: 8 } },
  systems: []
}

describe("tracer merge", () => {
  beforeAll(async () => {
    writeFileSync(join(folder, "team.json"), JSON.stringify(config))
    const trained = await Effect.runPromise(
      tracerHere(plugins, "train", "--config", join(folder, "team.json"), "--out", run)
    )
    expect([trained.code, trained.stderr]).toEqual([0, expect.not.stringContaining("error")])
  }, 60_000)

  it.effect("asks whose adapter, and knows the names", () =>
    Effect.gen(function* () {
      const unsaid = yield* tracerHere(plugins, "merge", "--run", run, "--out", merged)
      expect(unsaid.code).toBe(2)
      expect(unsaid.stderr).toContain("--speaker is missing: the run has 2 adapters.")
      expect(unsaid.stderr).toContain("ada.proposer, bob.reviewer")
      const unknown = yield* tracerHere(
        plugins,
        ...["merge", "--run", run, "--speaker", "eve.proposer", "--out", merged]
      )
      expect(unknown.code).toBe(2)
      expect(unknown.stderr).toContain('the run has no adapter "eve.proposer"')
    })
  )

  it.effect("writes a model that has learned, and leaves one that is there alone", () =>
    Effect.gen(function* () {
      const args = ["merge", "--run", run, "--speaker", "ada.proposer", "--out", merged]
      const done = yield* tracerHere(plugins, ...args)
      expect([done.code, done.stdout]).toEqual([0, expect.stringContaining("is a model of its own")])
      expect(readFileSync(join(merged, "tokenizer.json"), "utf8")).toBe(
        readFileSync(join(nanoModelDirectory, "tokenizer.json"), "utf8")
      )
      yield* loadBackend()
      const tokens = packSequences([{ prompt: [1, 2, 3], completion: [4] }])
      const logits = (decoder: Decoder) => Array.from(forwardLogits(decoder, undefined, tokens).dataSync())
      const base = logits(yield* loadDecoder(nanoModelDirectory))
      const learned = logits(yield* loadDecoder(merged))
      expect(Math.max(...learned.map((value, i) => Math.abs(value - (base[i] ?? 0))))).toBeGreaterThan(1e-3)

      const again = yield* tracerHere(plugins, ...args)
      expect(again.code).toBe(2)
      expect(again.stderr).toContain("holds a model already")
    })
  )
})
