import { availableParallelism, cpus } from "node:os"
import { Effect } from "effect"
import { type BackendName, backendNames } from "../backend/index.ts"
import type { DoctorReport, Finding, ProbeName, Usable } from "./report.ts"
import { runProbe } from "./run-probe.ts"
import { usableMemory } from "./usable-memory.ts"

/** What is going on: a probe loads something, then times it. */
export interface ExaminationStep {
  readonly name: ProbeName
  readonly activity: "loading" | "timing"
}

/** How to examine. */
export interface ExaminationOptions {
  /** Called whenever something else begins. */
  readonly onStep?: (step: ExaminationStep) => void
}

const machine = (): DoctorReport["machine"] => ({
  node: process.version,
  system: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? "unknown",
  threads: availableParallelism(),
  memoryBytes: usableMemory()
})

const isUsable = (finding: Finding): finding is Usable => finding.usable

/** What of the findings `auto` takes, and what is fastest. */
export const choose = (backends: ReadonlyArray<Finding>): Pick<DoctorReport, "auto" | "fastest"> => {
  const named = (found: Finding | undefined): BackendName | null =>
    backendNames.find((name) => name === found?.name) ?? null
  const bySpeed = backends.filter(isUsable).sort((a, b) => a.speed.milliseconds - b.speed.milliseconds)
  return { auto: named(backends.find((found) => found.usable || found.loads)), fastest: named(bySpeed[0]) }
}

/** Loads every backend and times a training step on each, one after the other, each in a process of its own; times the sampler. */
export const examineMachine = Effect.fn("examineMachine")(function* (options: ExaminationOptions = {}) {
  const { onStep = () => {} } = options
  const examine = (name: ProbeName) =>
    Effect.suspend(() => {
      onStep({ name, activity: "loading" })
      return runProbe(name, () => onStep({ name, activity: "timing" }))
    })
  const backends = yield* Effect.forEach(backendNames, examine)
  const sampler = yield* examine("sampler")
  const report: DoctorReport = { machine: machine(), backends, sampler, ...choose(backends) }
  return report
})
