import { Effect, Schema } from "effect"
import { answerFailure, type CallFailure } from "./call-failure.ts"
import type { AdapterRoutes, DrawRequest, RolloutServer, ServedDraw } from "./rollout-server.ts"
import type { ServerCalls } from "./server-calls.ts"

const Models = Schema.Struct({
  data: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      owned_by: Schema.optionalKey(Schema.NullOr(Schema.String)),
      /** The base model of an adapter. */
      parent: Schema.optionalKey(Schema.NullOr(Schema.String)),
      max_model_len: Schema.optionalKey(Schema.NullOr(Schema.Int))
    })
  )
})

const Tokens = Schema.Struct({ tokens: Schema.Array(Schema.Int) })

const ids = Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Int)))
const Choice = Schema.Struct({
  index: Schema.Int,
  finish_reason: Schema.NullOr(Schema.String),
  /** vLLM 0.10.2 and later. */
  token_ids: ids,
  prompt_token_ids: ids,
  logprobs: Schema.optionalKey(
    Schema.NullOr(
      Schema.Struct({
        /** As `token_id:17`. */
        tokens: Schema.Array(Schema.String),
        token_logprobs: Schema.Array(Schema.NullOr(Schema.Finite))
      })
    )
  )
})
const Completions = Schema.Struct({
  choices: Schema.Array(Choice),
  usage: Schema.Struct({ prompt_tokens: Schema.Int })
})

/** Greedy completions are all the same, and vLLM refuses to draw more than one. */
const drawsOf = ({ samples, sampling }: DrawRequest): number => (sampling.temperature === 0 ? 1 : samples)

/** What a request asks for. Whatever it left out, vLLM would take from the model's `generation_config.json`. */
const bodyOf = (model: string, request: DrawRequest): Readonly<Record<string, unknown>> => {
  const { temperature, maxTokens, topP = 1, topK = -1, stop = [] } = request.sampling
  return {
    model: request.adapter ?? model,
    prompt: request.prompt,
    n: drawsOf(request),
    seed: request.seed,
    temperature,
    max_tokens: maxTokens,
    top_p: topP,
    top_k: topK,
    min_p: 0,
    repetition_penalty: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    stop,
    stop_token_ids: request.endTokens,
    add_special_tokens: false,
    logprobs: 1,
    return_token_ids: true,
    return_tokens_as_token_ids: true
  }
}

const namedToken = /^token_id:(\d+)$/

/** The token ids of a choice; undefined where it has none. */
const idsOf = ({ token_ids, logprobs }: typeof Choice.Type): ReadonlyArray<number> | undefined => {
  if (token_ids !== undefined && token_ids !== null) return token_ids
  const named = logprobs?.tokens.map((token) => namedToken.exec(token)?.[1])
  if (named?.every((id) => id !== undefined) !== true) return undefined
  return named.map(Number)
}

const drawOf = (where: string, choice: typeof Choice.Type): Effect.Effect<ServedDraw, CallFailure> => {
  const { finish_reason: finish, logprobs } = choice
  const drawn = idsOf(choice)
  if (drawn === undefined) {
    return Effect.fail(answerFailure(where, "it has no token ids (return_token_ids, vLLM 0.10.2 and later)"))
  }
  const scores = logprobs?.token_logprobs
  if (scores === undefined) return Effect.fail(answerFailure(where, "it has no log-probabilities"))
  const known = scores.filter((score) => score !== null)
  if (known.length !== drawn.length) {
    return Effect.fail(
      answerFailure(where, `it has ${drawn.length} tokens with ${known.length} log-probabilities`)
    )
  }
  if (finish !== "stop" && finish !== "length") {
    return Effect.fail(answerFailure(where, `a completion ended with finish_reason ${finish}`))
  }
  return Effect.succeed({ ids: drawn, logProbabilities: known, stopped: finish === "stop" })
}

const sameIds = (left: ReadonlyArray<number>, right: ReadonlyArray<number>): boolean =>
  left.length === right.length && left.every((id, i) => id === right[i])

/** Whether a call failed because the adapter of that name is there already. */
const isLoaded = ({ status, text }: CallFailure): boolean =>
  status === 400 && text.includes("already been loaded")

const adapterRoutes = (calls: ServerCalls): AdapterRoutes => {
  return {
    load: (name, path) =>
      calls
        .tell("/v1/load_lora_adapter", { lora_name: name, lora_path: path })
        // The answer to an earlier call was lost.
        .pipe(Effect.catchIf(isLoaded, () => Effect.void)),
    unload: (name) => calls.tell("/v1/unload_lora_adapter", { lora_name: name })
  }
}

/**
 * A vLLM server: `POST /v1/completions` with token ids in and out, adapters through `POST /v1/load_lora_adapter`.
 *
 * `servedModel` is what the server calls the base model; by default its first. Fails where the server cannot be reached, is no
 * vLLM, or does not serve that model.
 */
export const vllmServer = Effect.fnUntraced(function* (calls: ServerCalls, servedModel?: string) {
  const { where } = calls
  const { data } = yield* calls.get("/v1/models", Models)
  const bases = data.filter(({ parent }) => parent === undefined || parent === null)
  const model = servedModel === undefined ? bases[0] : data.find(({ id }) => id === servedModel)
  if (model === undefined) {
    const known = data.map(({ id }) => id).join(", ") || "no model"
    return yield* Effect.fail(
      answerFailure(where, `it serves ${known}${servedModel === undefined ? "" : `, not "${servedModel}"`}`)
    )
  }
  if (model.owned_by === "llamacpp") {
    return yield* Effect.fail(answerFailure(where, "it is llama.cpp's"))
  }
  const server: RolloutServer = {
    where,
    maximumPositions: model.max_model_len ?? undefined,
    adapters: adapterRoutes(calls),
    tokenize: (text) =>
      Effect.map(
        calls.post("/tokenize", { model: model.id, prompt: text, add_special_tokens: false }, Tokens),
        ({ tokens }) => tokens
      ),
    draw: Effect.fnUntraced(function* (request: DrawRequest) {
      const { choices, usage } = yield* calls.post("/v1/completions", bodyOf(model.id, request), Completions)
      const draws = drawsOf(request)
      if (choices.length !== draws) {
        return yield* Effect.fail(
          answerFailure(where, `it has ${choices.length} completions of the ${draws} asked for`)
        )
      }
      const asRead = choices[0]?.prompt_token_ids ?? undefined
      if (
        usage.prompt_tokens !== request.prompt.length ||
        (asRead !== undefined && !sameIds(asRead, request.prompt))
      ) {
        return yield* Effect.fail(
          answerFailure(
            where,
            `the server read a prompt of ${usage.prompt_tokens} tokens that is not the one of ${request.prompt.length} tokens that it was sent`
          )
        )
      }
      const inOrder = choices.toSorted((left, right) => left.index - right.index)
      const drawn = yield* Effect.forEach(inOrder, (choice) => drawOf(where, choice))
      return draws === request.samples ? drawn : Array.from({ length: request.samples }, () => drawn).flat()
    })
  }
  return server
})
