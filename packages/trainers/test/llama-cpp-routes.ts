import { Schema } from "effect"
import type { Json, Routes } from "./loopback-server.ts"
import type { NanoEngine } from "./nano-engine.ts"

const CompletionRequest = Schema.Struct({
  prompt: Schema.Array(Schema.Int),
  n_predict: Schema.Int,
  samplers: Schema.Array(Schema.String),
  top_p: Schema.Finite,
  top_k: Schema.Int,
  stop: Schema.Array(Schema.String),
  seed: Schema.Int,
  temperature: Schema.Finite,
  n_probs: Schema.Int,
  post_sampling_probs: Schema.Boolean,
  return_tokens: Schema.Boolean
})
const TokenizeRequest = Schema.Struct({ content: Schema.String })

/** llama.cpp's routes over the small model, which stays as it is. */
export const llamaCppRoutes = ({ draw, rawScores, tokenizer, decoder }: NanoEngine): Routes => {
  const complete = async (body: Json) => {
    const { prompt, n_predict, seed, temperature, samplers, top_p, top_k, stop, ...asked } =
      Schema.decodeUnknownSync(CompletionRequest)(body)
    const request = {
      prompt,
      samples: 1,
      seed,
      temperature,
      maxTokens: n_predict,
      ...(samplers.includes("top_p") ? { topP: top_p } : {}),
      ...(samplers.includes("top_k") ? { topK: top_k } : {}),
      stop,
      adapter: undefined
    }
    const [drawn] = await draw(request)
    if (drawn === undefined) throw new Error("Nothing was drawn.")
    const raw = rawScores(prompt, drawn, undefined)
    return {
      index: 0,
      content: tokenizer.decode(drawn.ids),
      tokens: asked.return_tokens ? drawn.ids : [],
      stop: true,
      stop_type: drawn.finish === "stop" ? "eos" : "limit",
      tokens_predicted: drawn.ids.length,
      tokens_evaluated: prompt.length,
      ...(asked.n_probs > 0
        ? {
            completion_probabilities: drawn.ids.map((id, i) => ({
              id,
              token: tokenizer.decode([id]),
              bytes: [],
              ...(asked.post_sampling_probs
                ? { prob: Math.fround(Math.exp(drawn.logProbabilities[i] ?? 0)), top_probs: [] }
                : { logprob: raw[i], top_logprobs: [] })
            }))
          }
        : {})
    }
  }

  return {
    "GET /health": () => ({ status: "ok" }),
    "GET /props": () => ({
      default_generation_settings: { n_ctx: decoder.config.maximumPositions },
      total_slots: 4,
      model_path: "nano.gguf"
    }),
    "GET /v1/models": () => ({
      object: "list",
      data: [{ id: "nano.gguf", object: "model", owned_by: "llamacpp" }]
    }),
    "GET /lora-adapters": () => ({ status: 200, body: "[]" }),
    "POST /tokenize": (body) => ({
      tokens: tokenizer.encode(Schema.decodeUnknownSync(TokenizeRequest)(body).content)
    }),
    "POST /completion": complete
  }
}
