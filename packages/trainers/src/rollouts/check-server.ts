import { PolicyError } from "@tracer-sdk/core"
import { Effect, Result } from "effect"
import type { TrainableModel } from "../local/index.ts"
import { answerFailure } from "./call-failure.ts"
import { checkedDraw } from "./checked-draw.ts"
import type { RolloutServer } from "./rollout-server.ts"
import { scoresOf } from "./score.ts"

/**
 * What a server's log-probabilities are of: `processed`, the distribution that it draws from, or `raw`, the model's at temperature
 * 1, whatever it draws at.
 */
export type LogProbabilityKind = "raw" | "processed"

const probeText = "What is 17 + 25? Let us think step by step: 17 + 25 = 42.\nFinal answer: 42"
/** High, so that what is raw is far from what is processed. */
const probeTemperature = 2
/** Nats per token. Engines of the same weights differ by some hundredths, quantised ones by tenths, other models by more. */
const tolerance = 0.5

const requireTokenizer = Effect.fnUntraced(function* ({ tokenizer }: TrainableModel, server: RolloutServer) {
  const ours = tokenizer.encode(probeText)
  const theirs = yield* Effect.mapError(server.tokenize(probeText), ({ error }) => error)
  if (ours.join() === theirs.join()) return
  return yield* new PolicyError({
    message: `${server.where} turns "${probeText.slice(0, 16)}..." into the tokens ${theirs.slice(0, 8).join(" ")} ..., the model here into ${ours.slice(0, 8).join(" ")} ...`,
    hint: "Serve the model that the option model names: its vocabulary is another one.",
    retryable: false
  })
})

const meanDifference = (
  left: ReadonlyArray<ReadonlyArray<number>>,
  right: ReadonlyArray<ReadonlyArray<number>>
): number => {
  const differences = left.flatMap((row, i) => row.map((value, j) => Math.abs(value - (right[i]?.[j] ?? 0))))
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length
}

const drawProbe = Effect.fnUntraced(function* (
  { decoder: { config }, tokenizer }: TrainableModel,
  server: RolloutServer,
  prompt: ReadonlyArray<number>
) {
  const sampling = { temperature: probeTemperature, maxTokens: 16 }
  const { endTokens, vocabularySize } = config
  const request = { prompt, samples: 4, seed: 1, sampling, adapter: undefined, endTokens }
  const served = yield* Effect.mapError(server.draw(request), ({ error }) => error)
  const refuse = (reason: string) => answerFailure(server.where, reason).error
  const draws = yield* Effect.forEach(served, (draw) => {
    const { logProbabilities } = draw
    // llama.cpp may leave some out, but not all.
    if (logProbabilities === undefined) return Effect.succeed(undefined)
    const checks = { vocabularySize, endTokens, sampling, tokenizer }
    const checked = checkedDraw({ ...draw, logProbabilities }, checks)
    return Result.isFailure(checked) ? Effect.fail(refuse(checked.failure)) : Effect.succeed(checked.success)
  })
  const usable = draws.filter((draw) => draw !== undefined)
  return usable.length > 0
    ? usable
    : yield* Effect.fail(refuse("some log-probabilities of each probe are missing"))
})

/**
 * Holds a server against the model that is trained here, before anything is spent: it has the same vocabulary, and gives the
 * tokens that it draws the log-probabilities that the model here gives them. Tells what these are of.
 *
 * Fails with a `PolicyError` that says what differs.
 */
export const checkServer = Effect.fnUntraced(function* (
  model: TrainableModel,
  server: RolloutServer
): Effect.fn.Return<LogProbabilityKind, PolicyError> {
  yield* requireTokenizer(model, server)
  const { tokenizer, decoder } = model
  const prompt = tokenizer.encodeChat([{ role: "user", content: probeText }])
  const draws = yield* drawProbe(model, server, prompt)
  const sequences = draws.map(({ ids }) => ({ prompt, completion: ids }))
  const theirs = draws.map(({ logProbabilities }) => logProbabilities)
  const differenceAt = (temperature: number) =>
    Effect.map(scoresOf(decoder, sequences, temperature), (ours) => meanDifference(ours, theirs))
  const processed = yield* differenceAt(probeTemperature)
  const raw = yield* differenceAt(1)
  const nearest = Math.min(processed, raw)
  yield* Effect.logDebug(
    `${server.where} differs by ${nearest.toFixed(4)} nats per token from the model here.`
  )
  if (!(nearest <= tolerance)) {
    return yield* new PolicyError({
      message: `${server.where} gives its tokens log-probabilities that differ by ${nearest.toFixed(2)} nats per token from those of the model here.`,
      hint: "Serve the very model that the option model names, without speculative decoding and without adapters of its own.",
      retryable: false
    })
  }
  return processed < raw ? "processed" : "raw"
})
