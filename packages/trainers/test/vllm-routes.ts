import { Effect, Schema } from "effect"
import { readAdapter } from "../src/adapter/index.ts"
import type { Adapter } from "../src/decoder/index.ts"
import type { Json, Refusal, Routes } from "./loopback-server.ts"
import type { NanoEngine } from "./nano-engine.ts"

const CompletionRequest = Schema.Struct({
  model: Schema.String,
  prompt: Schema.Array(Schema.Int),
  n: Schema.Int,
  seed: Schema.Int,
  temperature: Schema.Finite,
  max_tokens: Schema.Int,
  top_p: Schema.Finite,
  /** -1: all tokens. */
  top_k: Schema.Int,
  stop: Schema.Array(Schema.String),
  stop_token_ids: Schema.Array(Schema.Int)
})
const TokenizeRequest = Schema.Struct({ model: Schema.String, prompt: Schema.String })
const LoadRequest = Schema.Struct({ lora_name: Schema.String, lora_path: Schema.String })
const UnloadRequest = Schema.Struct({ lora_name: Schema.String })

const refusal = (status: number, message: string): Refusal => ({
  status,
  body: { error: { message, type: "BadRequestError", code: status } }
})

/** How a server speaks vLLM's dialect. */
export interface VllmSettings {
  /** `--logprobs-mode`; by default raw_logprobs, as vLLM's. */
  readonly logProbabilities?: "raw" | "processed"
  /** Answers as versions before 0.10.2, which name tokens by strings alone. */
  readonly withoutTokenIds?: boolean
}

/** vLLM's routes over the small model; `adapters` holds what has been loaded, by name. */
export const vllmRoutes = (
  { draw, rawScores, tokenizer, decoder }: NanoEngine,
  adapters: Map<string, Adapter>,
  { logProbabilities = "raw", withoutTokenIds = false }: VllmSettings = {}
): Routes => {
  const complete = async (body: Json) => {
    const { model, prompt, n, seed, temperature, max_tokens, top_p, top_k, stop } =
      Schema.decodeUnknownSync(CompletionRequest)(body)
    const adapter = adapters.get(model)
    if (adapter === undefined && model !== "nano") {
      return refusal(404, `The model ${model} does not exist.`)
    }
    if (temperature === 0 && n > 1) {
      return refusal(400, `n must be 1 when using greedy sampling, got ${n}.`)
    }
    const draws = await draw({
      prompt,
      samples: n,
      seed,
      temperature,
      maxTokens: max_tokens,
      topP: top_p,
      ...(top_k < 0 ? {} : { topK: top_k }),
      stop,
      adapter
    })
    return {
      id: "cmpl-1",
      object: "text_completion",
      model,
      choices: draws.map((drawn, index) => ({
        index,
        text: tokenizer.decode(drawn.ids),
        finish_reason: drawn.finish,
        stop_reason: null,
        ...(withoutTokenIds ? {} : { token_ids: drawn.ids, prompt_token_ids: prompt }),
        logprobs: {
          text_offset: [],
          tokens: drawn.ids.map((id) => `token_id:${id}`),
          token_logprobs:
            logProbabilities === "raw" ? rawScores(prompt, drawn, adapter) : drawn.logProbabilities,
          top_logprobs: []
        }
      })),
      usage: { prompt_tokens: prompt.length, completion_tokens: 0, total_tokens: 0 }
    }
  }

  return {
    "GET /v1/models": () => ({
      object: "list",
      data: [
        {
          id: "nano",
          object: "model",
          owned_by: "vllm",
          parent: null,
          max_model_len: decoder.config.maximumPositions
        },
        ...[...adapters.keys()].map((id) => ({ id, object: "model", owned_by: "vllm", parent: "nano" }))
      ]
    }),
    "POST /tokenize": (body) => {
      const tokens = tokenizer.encode(Schema.decodeUnknownSync(TokenizeRequest)(body).prompt)
      return { count: tokens.length, tokens }
    },
    "POST /v1/completions": complete,
    "POST /v1/load_lora_adapter": async (body) => {
      const { lora_name: name, lora_path: path } = Schema.decodeUnknownSync(LoadRequest)(body)
      if (adapters.has(name)) {
        return refusal(400, `The lora adapter '${name}' has already been loaded.`)
      }
      const read = await Effect.runPromise(Effect.result(readAdapter(name, decoder.config, path)))
      if (read._tag === "Failure")
        return refusal(404, `Loading lora ${name} failed: No adapter found for ${path}`)
      adapters.set(name, read.success)
      return { status: 200, body: `Success: LoRA adapter '${name}' added successfully.` }
    },
    "POST /v1/unload_lora_adapter": (body) => {
      const { lora_name: name } = Schema.decodeUnknownSync(UnloadRequest)(body)
      const adapter = adapters.get(name)
      if (adapter === undefined) return refusal(404, `The lora adapter '${name}' cannot be found.`)
      adapters.delete(name)
      return { status: 200, body: `Success: LoRA adapter '${name}' removed successfully.` }
    }
  }
}
