import { parseArgs } from "node:util"
import * as tf from "@tensorflow/tfjs"
import {
  createDecoder,
  loadBackend,
  loadDecoder,
  logProbabilities,
  makeAdam,
  makeSampler,
  saveDecoder,
  type TokenBatch,
  valueAndGradients
} from "@tracer-sdk/trainers"
import { Effect } from "effect"
import { readOptimizerState, saveCheckpoint } from "./checkpoint.ts"
import { evaluateNano, formatReport } from "./evaluation.ts"
import { type Lesson, lessonBatches } from "./lesson.ts"
import {
  nanoConfig,
  nanoDirectory,
  nanoTokenizer,
  nanoTokenizerFile,
  requireSameTokenizer,
  writeTokenizerFiles
} from "./model.ts"

const help = `Trains the nano model that ships with the SDK, from nothing, on generated solutions and reviews.

  --out DIR           where the model goes (default: where the SDK ships it)
  --checkpoint DIR    where weights and optimizer state go now and then (default: runs/nano-pretrain)
  --resume            go on from the checkpoint
  --steps N           optimizer steps in all (default 5000)
  --batch N           sequences per step (default 32)
  --rate X            highest learning rate (default 0.003)
  --clean X           share of the steps before slips are taught (default 0.78)
  --slip X            probability of a slip per step of a solution (default 0.2)
  --review-slip X     the same for a reviewer's own calculation (default 0.17)
  --seed N            default 1`

const { values: args } = parseArgs({
  options: {
    out: { type: "string", default: nanoDirectory },
    checkpoint: { type: "string", default: "runs/nano-pretrain" },
    resume: { type: "boolean", default: false },
    steps: { type: "string", default: "5000" },
    batch: { type: "string", default: "32" },
    rate: { type: "string", default: "0.003" },
    clean: { type: "string", default: "0.78" },
    slip: { type: "string", default: "0.2" },
    "review-slip": { type: "string", default: "0.17" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false }
  }
})
if (args.help) {
  console.log(help)
  process.exit(0)
}

const steps = Number(args.steps)
const highestRate = Number(args.rate)
const warmUp = 100
const stepsPerReport = 50
const stepsPerCheckpoint = 250
const problemsPerReport = 100

const learningRate = (step: number): number => {
  const progress = step / steps
  return (
    highestRate * Math.min(1, (step + 1) / warmUp) * Math.max(0.02, 0.5 * (1 + Math.cos(Math.PI * progress)))
  )
}

/** Arithmetic first, then questions, then slips. */
const lesson = (step: number): Lesson => {
  const progress = step / steps
  const slipping = progress >= Number(args.clean)
  return {
    drill: Math.max(0.2, 0.5 - progress),
    slips: slipping
      ? { proposal: Number(args.slip), review: Number(args["review-slip"]) }
      : { proposal: 0, review: 0 }
  }
}

const program = Effect.gen(function* () {
  const backend = yield* loadBackend({ prefer: "auto" })
  console.log(`Training with ${backend.detail}.`)
  const tokenizerFile = nanoTokenizerFile()
  const tokenizer = nanoTokenizer(tokenizerFile)
  if (args.resume) yield* Effect.promise(() => requireSameTokenizer(args.checkpoint, tokenizerFile))
  const config = nanoConfig(Object.keys(tokenizerFile.model.vocab).length)
  const decoder = args.resume
    ? yield* loadDecoder(args.checkpoint, { trainable: true })
    : createDecoder(config, Number(args.seed))
  const parameters = Object.fromEntries(
    Object.entries(decoder.weights).filter(
      (entry): entry is [string, tf.Variable] => entry[1] instanceof tf.Variable
    )
  )
  const adam = makeAdam(parameters, { learningRate, beta2: 0.98, maxGradientNorm: 1, weightDecay: 0.01 })
  if (args.resume) adam.restore(yield* readOptimizerState(args.checkpoint))

  const negativeLogLikelihood = (batch: TokenBatch) => (): tf.Scalar => {
    const wanted = batch.mask.reduce((sum, value) => sum + value, 0)
    const scores = logProbabilities(decoder, undefined, batch, { temperature: 1 })
    return tf.mul(tf.sum(scores), -1 / wanted).asScalar()
  }

  const batches = lessonBatches({
    tokenizer,
    seed: Number(args.seed),
    batchSize: Number(args.batch),
    firstStep: adam.steps + adam.skipped,
    lesson
  })
  let loss = 0
  let tokens = 0
  let since = performance.now()
  for (let step = adam.steps + adam.skipped; step < steps; step++) {
    const batch = batches.next().value
    const { value, gradients } = valueAndGradients(negativeLogLikelihood(batch), parameters)
    const outcome = yield* Effect.promise(() => adam.step(gradients, value))
    tf.dispose([value, ...Object.values(gradients)])
    loss += outcome.loss / stepsPerReport
    tokens += batch.batch * batch.time
    if ((step + 1) % stepsPerReport === 0) {
      const seconds = (performance.now() - since) / 1000
      console.log(
        `step ${step + 1}/${steps}  loss ${loss.toFixed(4)}  ${Math.round(tokens / seconds)} tokens/s  gradient ${outcome.gradientNorm.toFixed(2)}`
      )
      loss = 0
      tokens = 0
      since = performance.now()
    }
    if ((step + 1) % stepsPerCheckpoint === 0 || step + 1 === steps) {
      yield* saveCheckpoint(args.checkpoint, decoder, yield* Effect.promise(() => adam.state()))
      yield* Effect.promise(() => writeTokenizerFiles(args.checkpoint, tokenizerFile))
      const report = yield* evaluateNano(yield* makeSampler(decoder), tokenizer, problemsPerReport)
      console.log(formatReport(report))
      since = performance.now()
    }
  }
  yield* saveDecoder(decoder, args.out, { type: "bfloat16" })
  yield* Effect.promise(() => writeTokenizerFiles(args.out, tokenizerFile))
  console.log(`The model is in ${args.out}.`)
})

await Effect.runPromise(program)
