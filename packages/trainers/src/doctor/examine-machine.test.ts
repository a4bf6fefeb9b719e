import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { choose } from "./examine-machine.ts"
import type { Finding } from "./report.ts"
import { runProbe } from "./run-probe.ts"

const speed = (milliseconds: number) => ({ firstMilliseconds: 1, milliseconds, tokensPerSecond: 1 })
const usable = (name: Finding["name"], milliseconds: number): Finding => ({
  usable: true,
  name,
  detail: "",
  memory: "",
  speed: speed(milliseconds)
})
const unusable = (name: Finding["name"], loads = false): Finding => ({
  usable: false,
  name,
  loads,
  reason: "",
  remedy: ""
})

const childProcesses = () => process.getActiveResourcesInfo().filter((kind) => kind === "ProcessWrap").length

describe("choose", () => {
  it("tells what auto takes, the first that works, from what is fastest", () => {
    const found = [unusable("tensorflow"), usable("webgpu", 90), usable("wasm", 40), usable("cpu", 900)]
    assert.deepStrictEqual(choose(found), { auto: "webgpu", fastest: "wasm" })
    assert.deepStrictEqual(choose([unusable("cpu")]), { auto: null, fastest: null })
  })

  it("tells of what auto takes although it fails once it is loaded", () => {
    const found = [unusable("tensorflow", true), unusable("webgpu"), usable("wasm", 40)]
    assert.deepStrictEqual(choose(found), { auto: "tensorflow", fastest: "wasm" })
  })
})

describe("a probe", () => {
  it.live("really loads a backend and times training steps on it", () =>
    Effect.gen(function* () {
      let loaded = 0
      const finding = yield* runProbe("wasm", () => loaded++)
      assert.strictEqual(loaded, 1)
      assert.isTrue(finding.usable)
      if (!finding.usable) return
      assert.match(finding.detail, /^tfjs-backend-wasm 4\.22\.0, SIMD/)
      assert.strictEqual(finding.memory, "3,840 MiB for all tensors")
      // A prompt of 32 tokens, with 4 completions of 16 tokens each.
      const tokens = (finding.speed.tokensPerSecond * finding.speed.milliseconds) / 1000
      assert.closeTo(tokens, 32 + 4 * 16, 1e-6)
    })
  )

  it.live("ends its process when it is interrupted", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(runProbe("cpu", () => {}))
      yield* Effect.sleep("50 millis")
      assert.isAtLeast(childProcesses(), 1)
      yield* Fiber.interrupt(fiber)
      // The kernel takes a moment to end it; loading alone would take it longer than this.
      yield* Effect.sleep("200 millis")
      assert.strictEqual(childProcesses(), 0)
    })
  )
})
