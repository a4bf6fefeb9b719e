import { Effect, Schema } from "effect"
import { answerFailure, type CallFailure } from "./call-failure.ts"
import type { DrawRequest, RolloutServer, ServedDraw } from "./rollout-server.ts"
import type { ServerCalls } from "./server-calls.ts"

const Properties = Schema.Struct({
  default_generation_settings: Schema.Struct({ n_ctx: Schema.Int })
})

const Tokens = Schema.Struct({ tokens: Schema.Array(Schema.Int) })

const Completion = Schema.Struct({
  content: Schema.String,
  tokens: Schema.Array(Schema.Int),
  stop_type: Schema.String,
  tokens_evaluated: Schema.Int,
  completion_probabilities: Schema.optionalKey(
    Schema.Array(Schema.Struct({ id: Schema.Int, prob: Schema.Finite }))
  )
})

/** What a request asks for: of llama.cpp's samplers those alone that were asked for, none of which is on by default here. */
const bodyOf = (
  { prompt, sampling, seed }: DrawRequest,
  sample: number
): Readonly<Record<string, unknown>> => {
  const { temperature, maxTokens, topP, topK, stop = [] } = sampling
  return {
    prompt,
    n_predict: maxTokens,
    temperature,
    samplers: [
      "temperature",
      ...(topK === undefined ? [] : ["top_k"]),
      ...(topP === undefined ? [] : ["top_p"])
    ],
    top_k: topK ?? 0,
    top_p: topP ?? 1,
    min_p: 0,
    // The seed of all ones would be a random one.
    seed: (seed + sample) % 2 ** 31,
    stop,
    n_probs: 1,
    post_sampling_probs: true,
    return_tokens: true,
    cache_prompt: true,
    stream: false
  }
}

/**
 * llama.cpp lists probabilities only at the ends of whole characters, and leaves out those of a stop string, so that there may be
 * fewer than tokens; then it is not known whose they are.
 */
const drawOf = (
  where: string,
  prompt: ReadonlyArray<number>,
  {
    content,
    tokens,
    stop_type,
    tokens_evaluated,
    completion_probabilities: listed = []
  }: typeof Completion.Type
): Effect.Effect<ServedDraw, CallFailure> => {
  if (tokens_evaluated !== prompt.length) {
    return Effect.fail(
      answerFailure(
        where,
        `the server read a prompt of ${tokens_evaluated} tokens instead of the ${prompt.length} that it was sent`
      )
    )
  }
  if (listed.length === 0 && content !== "") {
    return Effect.fail(answerFailure(where, "it has no completion_probabilities"))
  }
  const complete = listed.length === tokens.length && listed.every(({ id }, i) => id === tokens[i])
  return Effect.succeed({
    ids: tokens,
    logProbabilities: complete ? listed.map(({ prob }) => Math.log(prob)) : undefined,
    stopped: stop_type !== "limit"
  })
}

/**
 * A llama.cpp server: `POST /completion` with token ids in and out, one call for each sample. It cannot load adapters while it
 * runs.
 *
 * Fails where the server cannot be reached, or is no llama.cpp.
 */
export const llamaCppServer = Effect.fnUntraced(function* (calls: ServerCalls) {
  const { where } = calls
  const { default_generation_settings: settings } = yield* calls.get("/props", Properties)
  const server: RolloutServer = {
    where,
    maximumPositions: settings.n_ctx,
    tokenize: (text) =>
      Effect.map(
        calls.post("/tokenize", { content: text, add_special: false, parse_special: true }, Tokens),
        ({ tokens }) => tokens
      ),
    draw: (request) =>
      Effect.all(
        Array.from({ length: request.samples }, (_, sample) =>
          Effect.flatMap(calls.post("/completion", bodyOf(request, sample), Completion), (completion) =>
            drawOf(where, request.prompt, completion)
          )
        ),
        { concurrency: "unbounded" }
      )
  }
  return server
})
