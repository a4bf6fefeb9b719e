/**
 * What a training step with LoRA 8 adds to the memory of a process, by batch and time: kept as it is, in passes (gradient accumulation)
 * and with activation checkpoints. `npm run bench -- memory`, or `--shape qwen2-0.5b` (needs 10 GiB). Linux only.
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { benchOptions } from "./peers/options.ts"
import { qwen2, small } from "./shapes.ts"
import type { TrainingStepOptions } from "./training-step.ts"

const { threads, shape } = benchOptions()
const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`.padStart(10)

function measure(options: TrainingStepOptions): string {
  const script = join(import.meta.dirname, "memory-step.ts")
  const run = spawnSync(process.execPath, [script, JSON.stringify(options)], { encoding: "utf8" })
  if (run.status !== 0) return run.stderr.trim().split("\n").at(-1) ?? "failed"
  const measured: { before: number; peak: number; milliseconds: number } = JSON.parse(run.stdout)
  const { before, peak, milliseconds } = measured
  return `${mebibytes(peak - before)} over ${mebibytes(before)} ${milliseconds.toFixed(0).padStart(7)} ms`
}

const large = shape === "qwen2-0.5b"
const sizes = large
  ? [[4, 256]]
  : [
      [8, 128],
      [16, 128],
      [8, 256],
      [4, 512],
      [2, 1_024],
      [1, 2_048]
    ]
for (const backend of large ? (["tensorflow"] as const) : (["tensorflow", "wasm"] as const)) {
  for (const [batch = 1, time = 1] of sizes) {
    const plain = {
      backend,
      threads,
      model: large ? qwen2 : small,
      batch,
      time,
      checkpointing: false,
      passes: 1
    }
    const title = `${backend} ${batch} x ${time}`.padEnd(22)
    console.log(`${title} as it is          ${measure(plain)}`)
    if (batch > 1) console.log(`${title} in 2 passes       ${measure({ ...plain, passes: 2 })}`)
    console.log(`${title} with checkpoints  ${measure({ ...plain, checkpointing: true })}`)
  }
}
