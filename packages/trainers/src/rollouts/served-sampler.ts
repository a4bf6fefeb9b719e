import type { PolicyError } from "@tracer-sdk/core"
import { Effect, Result } from "effect"
import type { TrainableModel } from "../local/index.ts"
import { problemOf, refusal, type SampleRequest } from "../sampler/check-request.ts"
import type { DrawnTokens, Sampler } from "../sampler/index.ts"
import { type AdapterDirectories, makeAdapterVersions } from "./adapter-versions.ts"
import { answerFailure } from "./call-failure.ts"
import { checkServer } from "./check-server.ts"
import { checkedDraw } from "./checked-draw.ts"
import type { RolloutServer, ServedDraw } from "./rollout-server.ts"
import { scoresOf } from "./score.ts"
import { staleWeightsWarning } from "./stale-weights.ts"

/**
 * A sampler that draws from a server in place of this process, with the weights that the model's adapters have at the moment of the
 * call where the server can load them, else with the weights that it was started with, and a warning.
 *
 * Log-probabilities are the server's; where llama.cpp leaves some of a completion's out, all of it is scored here, with the base
 * model. Fails with a `PolicyError` where the server does not serve the model.
 */
export const servedSampler = Effect.fnUntraced(function* (
  model: TrainableModel,
  server: RolloutServer,
  directories: AdapterDirectories = {}
) {
  const { decoder, adapters, tokenizer } = model
  const { endTokens, vocabularySize, maximumPositions } = decoder.config
  const positions = Math.min(maximumPositions, server.maximumPositions ?? maximumPositions)
  const config = { ...decoder.config, maximumPositions: positions }
  const kind = yield* checkServer(model, server)
  const versions =
    server.adapters === undefined ? undefined : yield* makeAdapterVersions(server.adapters, directories)
  const warn = versions === undefined ? staleWeightsWarning(server.where, adapters) : Effect.void

  const requireScores = ({ temperature, topP, topK }: SampleRequest): PolicyError | undefined =>
    kind === "processed" ||
    temperature === 0 ||
    (temperature === 1 && topP === undefined && topK === undefined)
      ? undefined
      : refusal(
          `${server.where} draws at temperature ${temperature}, but its log-probabilities are those of temperature 1.`,
          "Start vLLM with --logprobs-mode processed_logprobs, or set sampling.temperature to 1."
        )

  /** What the base model gives a completion here; nothing else could have been drawn greedily. */
  const scoreHere = ({ ids }: ServedDraw, { prompt, temperature }: SampleRequest) =>
    temperature === 0
      ? Effect.succeed(ids.map(() => 0))
      : Effect.map(scoresOf(decoder, [{ prompt, completion: ids }], temperature), ([scores = []]) => scores)

  const accept = Effect.fnUntraced(function* (draw: ServedDraw, request: SampleRequest) {
    const logProbabilities = draw.logProbabilities ?? (yield* scoreHere(draw, request))
    const checked = checkedDraw(
      { ...draw, logProbabilities },
      { vocabularySize, endTokens, sampling: request, tokenizer }
    )
    return Result.isFailure(checked)
      ? yield* answerFailure(server.where, checked.failure).error
      : checked.success
  })

  const draw = Effect.fnUntraced(function* (
    request: SampleRequest,
    adapter: string | undefined
  ): Effect.fn.Return<ReadonlyArray<DrawnTokens>, PolicyError> {
    const { prompt, samples, seed, maxTokens } = request
    const sampling = { ...request, maxTokens: Math.min(maxTokens, positions - prompt.length) }
    const served = yield* server
      .draw({ prompt, samples, seed, sampling, adapter, endTokens })
      .pipe(Effect.mapError(({ error }) => error))
    return yield* Effect.forEach(served, (one) => accept(one, { ...request, maxTokens: sampling.maxTokens }))
  })

  const sampler: Sampler = {
    sample: Effect.fnUntraced(function* (request: SampleRequest) {
      const problem = problemOf(config, request) ?? requireScores(request)
      if (problem !== undefined) return yield* problem
      yield* warn
      const { adapter } = request
      return yield* versions === undefined || adapter === undefined
        ? draw(request, undefined)
        : versions.using(adapter, (name) => draw(request, name))
    })
  }
  return sampler
})
