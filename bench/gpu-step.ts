/** The process in which `gpu.ts` times steps of one batch size; its argument is the task, its last line of output the measure. */
import { deviceProblem, loadBackend, makeTrial } from "@tracer-sdk/trainers"
import { Effect } from "effect"
import { type GpuMeasure, type GpuTask, shapes } from "./gpu-shapes.ts"

const measure = async ({ shape, batch, time, steps, software }: GpuTask): Promise<GpuMeasure> => {
  const { tf, detail } = await Effect.runPromise(
    loadBackend({ prefer: "webgpu", allowSoftwareGpu: software })
  )
  const half = Math.floor(time / 2)
  const size = { groups: batch, samples: 1, prompt: time - half, completion: half }
  const trial = makeTrial(shapes[shape], size, batch * (time + 16))
  const timed = async () => {
    const start = performance.now()
    const { applied } = await trial.step()
    return { applied, milliseconds: performance.now() - start }
  }
  const first = await timed()
  const further: Array<typeof first> = []
  while (further.length < steps) further.push(await timed())
  const memory: object = tf.memory()
  const bytes = Number(Reflect.get(memory, "numBytesAllocatedInGPU"))
  return {
    detail,
    first: first.milliseconds,
    times: further.map(({ milliseconds }) => milliseconds),
    bytes,
    applied: [first, ...further].every(({ applied }) => applied)
  }
}

const task: GpuTask = JSON.parse(process.argv[2] ?? "{}")
let result: GpuMeasure
try {
  result = await measure(task)
} catch (cause) {
  const problem = deviceProblem(cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  result = { problem: problem === undefined ? message : `${problem}: ${message}` }
}
console.log(JSON.stringify(result))
process.exit()
