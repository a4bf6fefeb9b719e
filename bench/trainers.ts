/**
 * The training step of a small decoder with LoRA on each backend, beside PyTorch's in the same run:
 * `npm run bench -- trainers --python /path/to/python`. Without `--python` (a Python with torch, transformers and peft) the
 * comparison is left out. Each contestant has a process of its own, and they take turns.
 */
import { join } from "node:path"
import { type Contestant, compete, contestant } from "./peers/contestant.ts"
import { benchOptions } from "./peers/options.ts"
import { small as model } from "./shapes.ts"
import type { TrainingStepOptions } from "./training-step.ts"

const { python, threads } = benchOptions()
const peer = "pytorch"
/** Sequences of a step, and tokens of each. */
const [batch, time] = [8, 128]

const ours = (backend: TrainingStepOptions["backend"]) => {
  const options: TrainingStepOptions = {
    ...{ backend, threads, model, batch, time },
    ...{ checkpointing: false, passes: 1 }
  }
  return contestant(backend, process.execPath, [
    join(import.meta.dirname, "train-step.ts"),
    JSON.stringify(options)
  ])
}
const theirs = () =>
  contestant(peer, python ?? "", [
    join(import.meta.dirname, "peers", "train_step.py"),
    ...[JSON.stringify(model), batch, time, threads].map(String)
  ])

const started: Array<Contestant | undefined> = []
if (python === undefined) console.log(`${peer}: skipped, give --python PATH`)
else started.push(await theirs())
for (const backend of ["tensorflow", "wasm"] as const) started.push(await ours(backend))
const contestants = started.filter((one) => one !== undefined)

const medians = await compete(contestants, { rounds: 6, each: 5 })
const peerTime = medians.get(peer)
console.log(
  `step of LoRA 8 on ${model.layers} layers of ${model.hiddenSize}, batch ${batch} x ${time}, ${threads} threads`
)
for (const { name, detail, stop } of contestants) {
  const milliseconds = medians.get(name) ?? Number.NaN
  const ratio = peerTime === undefined ? "" : `${(milliseconds / peerTime).toFixed(2)} x`
  console.log(`${name.padEnd(12)} ${milliseconds.toFixed(0).padStart(6)} ms ${ratio.padStart(8)}  ${detail}`)
  stop()
}
