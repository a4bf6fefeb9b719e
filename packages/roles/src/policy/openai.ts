import type { Policy } from "@tracer-sdk/core"
import { Config, Effect, Redacted, Schema } from "effect"
import { CallOptions, chatModelPolicy, topKRefusal } from "./langchain.ts"

/** A model behind the OpenAI protocol as a configuration states it; the key itself never stands in one. */
export const OpenAiPolicyOptions = Schema.Struct({
  /** As the server names it, as in `gpt-4.1-mini`. */
  model: Schema.String,
  /** Another server that speaks the protocol, as in `http://127.0.0.1:8000/v1`. */
  baseURL: Schema.optionalKey(Schema.String),
  /** The environment variable that holds the key; by default `OPENAI_API_KEY` for OpenAI itself, and none elsewhere. */
  apiKeyVariable: Schema.optionalKey(Schema.String),
  ...CallOptions
})
export type OpenAiPolicyOptions = typeof OpenAiPolicyOptions.Encoded

const keyIn = (variable: string) =>
  Config.Redacted(variable).pipe(
    Effect.map(Redacted.value),
    Effect.mapError(() => new Error(`the environment variable ${variable} is not set`))
  )

const keyHintOf = (variable: string | undefined): string =>
  variable === undefined
    ? "Put this server's key into an environment variable, and name the variable in the option apiKeyVariable."
    : `Put this server's key into the environment variable ${variable}, or name another variable in the option apiKeyVariable.`

/** What is not of OpenAI's own protocol, but known by these names to vLLM and llama.cpp, among others. */
const extensionsOf = (topK: number | undefined, continuing: boolean): Readonly<Record<string, unknown>> => ({
  ...(topK === undefined ? {} : { top_k: topK }),
  ...(continuing ? { continue_final_message: true, add_generation_prompt: false } : {})
})

/**
 * A policy that speaks through OpenAI, or through any server of its protocol (vLLM, llama.cpp, Ollama, OpenRouter).
 *
 * A prompt that ends with a message of the assistant's is continued by other servers, as far as they know vLLM's
 * `continue_final_message`; OpenAI itself begins a new message. OpenAI's own key is never sent to another server unless `apiKey` or `apiKeyVariable` says so. Fails with
 * `PolicyError`; interruption aborts the HTTP call.
 */
export const openaiPolicy = (
  options: OpenAiPolicyOptions & { readonly apiKey?: string; readonly name?: string }
): Policy => {
  const { model, baseURL, apiKey, apiKeyVariable, name = model, ...calls } = options
  const where = baseURL === undefined ? `OpenAI's "${model}"` : `The model "${model}" at ${baseURL}`
  const variable = apiKeyVariable ?? (baseURL === undefined ? "OPENAI_API_KEY" : undefined)
  return chatModelPolicy(
    name,
    {
      where,
      keyHint: apiKey === undefined ? keyHintOf(variable) : "Give openaiPolicy this server's key as apiKey."
    },
    Effect.fnUntraced(function* ({ temperature, maxTokens, topP, topK }, continuing) {
      if (topK !== undefined && baseURL === undefined) return yield* topKRefusal(model)
      // A client insists on a key; servers that need none ignore it.
      const key = apiKey ?? (variable === undefined ? "none" : yield* keyIn(variable))
      return yield* Effect.tryPromise({
        try: async () => {
          const { ChatOpenAI } = await import("@langchain/openai")
          return new ChatOpenAI({
            model,
            apiKey: key,
            temperature,
            maxTokens,
            ...(topP === undefined ? {} : { topP }),
            ...(baseURL === undefined ? {} : { modelKwargs: extensionsOf(topK, continuing) }),
            maxRetries: 0,
            ...(baseURL === undefined ? {} : { configuration: { baseURL } })
          })
        },
        catch: (cause) => cause
      })
    }),
    calls
  )
}
