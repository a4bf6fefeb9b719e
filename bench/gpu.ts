/**
 * Training on WebGPU: first whether its loss and gradients are cpu's, then the time and memory of a step with LoRA 8 on a random
 * model of Qwen2.5-0.5B's shape, for several batch sizes: `npm run bench -- gpu`.
 *
 * Needs `npm install --no-save webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0`, and is skipped without. Options:
 * `--shape 0.5b|tiny`, `--batches 1,2,4,8`, `--time 256` tokens a sequence, `--steps 5`, and `--software` for a driver that computes on
 * the processor.
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type BackendName, loadBackend, makeTrial } from "@tracer-sdk/trainers"
import { Effect, Result } from "effect"
import { type GpuMeasure, type GpuTask, isShapeName, shapes } from "./gpu-shapes.ts"

/** Those of other benchmarks may be among them. */
const { values } = parseArgs({
  strict: false,
  options: {
    shape: { type: "string", default: "0.5b" },
    batches: { type: "string", default: "1,2,4,8" },
    time: { type: "string", default: "256" },
    steps: { type: "string", default: "5" },
    software: { type: "boolean", default: false }
  }
})
const shape = String(values.shape)
if (!isShapeName(shape)) {
  console.error(`There is no shape "${shape}"; known here: ${Object.keys(shapes).join(", ")}.`)
  process.exit(2)
}
const software = values.software === true
const [time, steps] = [Number(values.time), Number(values.steps)]
const batches = String(values.batches).split(",").map(Number)
if (![time - 1, steps, ...batches].every((number) => Number.isInteger(number) && number >= 1)) {
  console.error(
    "--batches and --steps take whole numbers from 1, batches with commas between; --time from 2."
  )
  process.exit(2)
}

const loaded = await Effect.runPromise(
  Effect.result(loadBackend({ prefer: "webgpu", allowSoftwareGpu: software }))
)
if (Result.isFailure(loaded)) {
  console.log(`skipped: ${loaded.failure.message}. ${loaded.failure.hint}`)
  process.exit()
}
const mebibyte = 1_048_576
console.log(
  `${loaded.success.detail}; tensors of at most ${Math.floor(loaded.success.largestTensorBytes / mebibyte)} MiB`
)

/** Losses of the first steps, with the gradients of the first, on a small model. */
const reckon = async (prefer: BackendName) => {
  await Effect.runPromise(loadBackend({ prefer, allowSoftwareGpu: software }))
  const trial = makeTrial(shapes.tiny, { groups: 2, samples: 2, prompt: 16, completion: 16 })
  const losses = [(await trial.step()).loss]
  const gradients = [...(await trial.firstGradients()).values()].flatMap((values) => [...values])
  while (losses.length < 5) losses.push((await trial.step()).loss)
  trial.dispose()
  return { losses, gradients }
}

const largest = (values: ReadonlyArray<number>): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
const difference = (actual: ReadonlyArray<number>, expected: ReadonlyArray<number>): number =>
  largest(expected.map((value, i) => value - (actual[i] ?? Number.NaN)))

const onGpu = await reckon("webgpu")
const onCpu = await reckon("cpu")
const losses = difference(onGpu.losses, onCpu.losses)
const gradients = difference(onGpu.gradients, onCpu.gradients) / largest(onCpu.gradients)
console.log(
  `against cpu on a small model: losses of 5 steps differ by ${losses.toExponential(1)}, ` +
    `gradients by ${gradients.toExponential(1)} of the largest`
)
// Also where one is not a number.
if (!(losses <= 1e-3 && gradients <= 1e-3)) {
  console.error("That is more than 1e-3: do not train on this device.")
  process.exit(1)
}

const run = (batch: number): GpuMeasure => {
  const task: GpuTask = { shape, batch, time, steps, software }
  const script = join(import.meta.dirname, "gpu-step.ts")
  const { stdout, status, signal } = spawnSync(process.execPath, [script, JSON.stringify(task)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 900_000
  })
  const line = stdout.trim().split("\n").at(-1) ?? ""
  return line.startsWith("{")
    ? JSON.parse(line)
    : { problem: `the process ended with ${signal ?? `code ${status}`}` }
}

console.log(
  `\na step of LoRA 8 on a random ${shape} model, sequences of ${time} tokens, half of them completion`
)
console.log("batch   first ms    step ms   tokens/s   device MiB")
for (const batch of batches) {
  const found = run(batch)
  if ("problem" in found) {
    console.log(`${String(batch).padStart(5)}   ${found.problem}`)
    break
  }
  const median = found.times.toSorted((a, b) => a - b)[Math.floor(found.times.length / 2)] ?? Number.NaN
  const cells = [
    found.first.toFixed(0).padStart(11),
    median.toFixed(0).padStart(11),
    ((1000 * batch * time) / median).toFixed(0).padStart(11),
    (found.bytes / mebibyte).toFixed(0).padStart(13)
  ]
  console.log(`${String(batch).padStart(5)}${cells.join("")}${found.applied ? "" : "  not finite"}`)
}
process.exit()
