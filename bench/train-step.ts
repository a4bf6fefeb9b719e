/**
 * A child process of the benchmarks: makes the training step that its argument describes (JSON of `TrainingStepOptions`), then takes
 * as many as each line of its standard input says and answers with their milliseconds as JSON. `ready` says what the backend is.
 */
import { createInterface } from "node:readline"
import { makeTrainingStep, type TrainingStepOptions } from "./training-step.ts"

const options: TrainingStepOptions = JSON.parse(process.argv[2] ?? "{}")
const { detail, step } = await makeTrainingStep(options)
console.log(JSON.stringify({ ready: detail }))
for await (const line of createInterface({ input: process.stdin })) {
  const times: Array<number> = []
  for (let left = Number(line); left > 0; left--) {
    const start = performance.now()
    await step()
    times.push(performance.now() - start)
  }
  console.log(JSON.stringify(times))
}
process.exit(0)
