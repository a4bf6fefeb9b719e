/**
 * A child process of `memory.ts`: takes two training steps (its argument is JSON of `TrainingStepOptions`) and prints the memory of the
 * process before them, its highest mark during them, both in bytes, and the milliseconds of the second. Linux only.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { makeTrainingStep, type TrainingStepOptions } from "./training-step.ts"

const options: TrainingStepOptions = JSON.parse(process.argv[2] ?? "{}")
const { step } = await makeTrainingStep(options)
const before = process.memoryUsage.rss()
// Resets the mark, which loading may have left higher.
writeFileSync("/proc/self/clear_refs", "5")
let milliseconds = 0
for (let i = 0; i < 2; i++) {
  const start = performance.now()
  await step()
  milliseconds = performance.now() - start
}
const mark = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))
console.log(JSON.stringify({ before, peak: 1_024 * Number(mark?.[1]), milliseconds }))
process.exit(0)
