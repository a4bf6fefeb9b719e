import { ConfigError, PolicyError } from "@tracer-sdk/core"
import { Config, Effect, Redacted, Schema } from "effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { type LocalPolicy, loadTrainableModel } from "../local/index.ts"
import { localPolicy } from "../policy/index.ts"
import { llamaCppServer } from "./llama-cpp.ts"
import { ServedModelOptions } from "./options.ts"
import { servedSampler } from "./served-sampler.ts"
import { makeServerCalls } from "./server-calls.ts"
import { vllmServer } from "./vllm.ts"

const names = { vllm: "vLLM", "llama.cpp": "llama.cpp" } as const

const keyIn = (variable: string): Effect.Effect<string, PolicyError> =>
  Config.Redacted(variable).pipe(
    Effect.map(Redacted.value),
    Effect.mapError(
      (cause) =>
        new PolicyError({
          message: `The environment variable ${variable} is not set.`,
          hint: "Put the server's key into it, or leave the option apiKeyVariable out.",
          retryable: false,
          cause
        })
    )
  )

const connect = Effect.fnUntraced(function* (settings: typeof ServedModelOptions.Type) {
  const { dialect, servedModel, baseURL, apiKeyVariable, retries, backoff, timeout, concurrency } = settings
  const calls = yield* makeServerCalls({
    root: baseURL.replace(/\/+$/, "").replace(/\/v1$/, ""),
    where: `The ${names[dialect]} server at ${baseURL}`,
    key: apiKeyVariable === undefined ? undefined : yield* keyIn(apiKeyVariable),
    keyHint:
      apiKeyVariable === undefined
        ? "Put this server's key into an environment variable, and name the variable in the option apiKeyVariable."
        : `Put this server's key into the environment variable ${apiKeyVariable}.`,
    retries,
    backoff,
    timeout,
    concurrency
  })
  const server = dialect === "vllm" ? vllmServer(calls, servedModel) : llamaCppServer(calls)
  return yield* Effect.mapError(server, ({ error }) => error)
})

/**
 * A policy whose weights are in this process, where a learner can change them, while a server of the same model draws from them:
 * vLLM, which is handed the adapters after each update, or llama.cpp, which draws with those that it was started with.
 *
 * Fails with `PolicyError` where the server cannot be reached, or is not what the options say; with `BackendError` where no backend
 * loads, and with `ModelError` for a directory that holds no usable model.
 */
export const servedModel = Effect.fnUntraced(function* (
  options: ServedModelOptions & { readonly name?: string; readonly seed: number }
) {
  const { name, seed, ...stated } = options
  const settings = Schema.decodeSync(ServedModelOptions)(stated)
  // First what takes no time: a server that is not there is told of before a model has been read.
  const server = yield* connect(settings)
  const model = yield* loadTrainableModel(settings, seed)
  const { adapters, backend, tokenizer } = model
  if (server.adapters !== undefined && adapters.config.kind !== "lora") {
    return yield* new ConfigError({
      path: "adapter",
      message: `adapter: a server can be handed LoRA adapters alone, not weights of kind "${adapters.config.kind}".`,
      hint: "Train a LoRA adapter, or use the policy local."
    })
  }
  const sampler = yield* servedSampler(model, server, {
    directory: settings.adapterDirectory,
    onServer: settings.adapterDirectoryOnServer
  })
  const policy: LocalPolicy = {
    ...localPolicy({ name: name ?? settings.model, tokenizer, sampler, adapters }),
    adapters,
    backend
  }
  return policy
}, Effect.provide(FetchHttpClient.layer))
