import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { expect, it, test } from "@effect/vitest"
import { loadBackend, loadChatTokenizer, loadDecoder, makeSampler } from "@tracer-sdk/trainers"
import { Effect } from "effect"
import { evaluateNano } from "./evaluation.ts"
import { nanoDirectory } from "./model.ts"

test("the shipped model takes at most 4 MB", async () => {
  const names = await readdir(nanoDirectory)
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(nanoDirectory, name))).size))
  expect(names).toContain("model.safetensors")
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4_000_000)
})

it.effect(
  "the shipped model is as imperfect as its README says, and knows better than it says",
  Effect.fnUntraced(function* () {
    yield* loadBackend()
    const tokenizer = yield* loadChatTokenizer(nanoDirectory)
    const sampler = yield* makeSampler(yield* loadDecoder(nanoDirectory))
    const report = yield* evaluateNano(sampler, tokenizer, 120)
    expect(report.sampled).toBeGreaterThan(0.45)
    expect(report.sampled).toBeLessThan(0.75)
    expect(report.greedy).toBeGreaterThan(report.sampled + 0.1)
    const balanced = (report.saysRight + report.saysWrong) / 2
    expect(balanced).toBeGreaterThan(0.6)
    expect(balanced).toBeLessThan(0.95)
    expect(report.unreadable).toBeLessThan(0.05)
  })
)
