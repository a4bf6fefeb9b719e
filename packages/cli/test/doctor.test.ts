import { setTimeout as sleep } from "node:timers/promises"
import { expect, it } from "@effect/vitest"
import { DoctorReport } from "@tracer-sdk/trainers"
import { Schema } from "effect"
import { startTracer, tracer } from "./tracer.ts"

it("tracer doctor examines this very machine", async () => {
  const { code, stdout, stderr } = await tracer(".", "doctor", "--json")
  expect([code, stderr]).toEqual([0, ""])
  const report = Schema.decodeUnknownSync(Schema.fromJsonString(DoctorReport))(stdout)
  expect(report.machine.node).toBe(process.version)
  expect(report.backends.map(({ name }) => name)).toEqual(["tensorflow", "webgpu", "wasm", "cpu"])
  for (const finding of [...report.backends, report.sampler]) {
    // These three come with the SDK; the others need packages that may be absent.
    if (["wasm", "cpu", "sampler"].includes(finding.name)) expect(finding).toMatchObject({ usable: true })
    if (finding.usable) expect(finding.speed.tokensPerSecond).toBeGreaterThan(0)
    else expect(finding.remedy).not.toBe("")
  }
  expect(report.auto).toBe(report.backends.find(({ usable }) => usable)?.name)
})

it("tracer doctor says what it is doing, and stops on Ctrl-C with 130", async () => {
  const { ended, stop, printed } = startTracer(".", "doctor")
  while (!printed.stderr.includes("\n")) await sleep(20)
  stop()
  const { code, stdout, stderr } = await ended
  expect([code, stdout]).toEqual([130, ""])
  expect(stderr).toMatch(/^loading tensorflow\n/)
})
