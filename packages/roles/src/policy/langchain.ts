import type { BaseChatModel, BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models"
import {
  type Completion,
  type FailedModelCall,
  type GenerateRequest,
  modelCallFields,
  type Policy,
  PolicyError,
  retryModelCall,
  type Sampling
} from "@tracer-sdk/core"
import { Duration, Effect, Schema, Semaphore } from "effect"
import { type ModelLabel, modelFailure } from "./model-failure.ts"

/** How calls to a chat model are made. */
export const CallOptions = modelCallFields({ concurrency: 16 })
const CallSettings = Schema.Struct(CallOptions)
type CallSettings = typeof CallSettings.Encoded

/** A LangChain chat model as a configuration states it. */
export const LangchainPolicyOptions = Schema.Struct({
  /** A name that LangChain's `initChatModel` knows, as in `openai:gpt-4.1-mini`; its package has to be installed. */
  model: Schema.String,
  /** Further fields of the model's class, as LangChain documents them. Not for keys: configurations are logged. */
  settings: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
  ...CallOptions
})
export type LangchainPolicyOptions = typeof LangchainPolicyOptions.Encoded

/** Makes a chat model for a way of sampling. */
export type ChatModelFactory = (sampling: Sampling) => BaseChatModel | Promise<BaseChatModel>

/** The error of asking a model for `topK` whose server has no such setting. */
export const topKRefusal = (model: string): PolicyError =>
  new PolicyError({
    message: `The model "${model}" cannot draw from the topK likeliest tokens: OpenAI has no such setting.`,
    hint: "Leave sampling.topK out; sampling.topP does much the same.",
    retryable: false
  })

// LangChain takes a second or more to load, so it is loaded by the first call that needs it.
const namedModel =
  (name: string, settings: LangchainPolicyOptions["settings"]): ChatModelFactory =>
  async ({ temperature, maxTokens, topP, topK }) => {
    // LangChain's OpenAI model would take no notice of it.
    if (topK !== undefined && name.startsWith("openai:")) throw topKRefusal(name)
    const { initChatModel } = await import("langchain/chat_models/universal")
    return initChatModel(name, {
      ...settings,
      temperature,
      maxTokens,
      ...(topP === undefined ? {} : { topP }),
      ...(topK === undefined ? {} : { topK }),
      maxRetries: 0
    })
  }

const cutOff = new Set(["length", "max_tokens", "MAX_TOKENS"])

/** Tokens of a text where a server does not count them: four characters each. */
const estimate = (text: string): number => Math.ceil(text.length / 4)

/** What is used of a LangChain `AIMessage`. */
interface SpokenMessage {
  readonly text: string
  readonly usage_metadata?: { readonly input_tokens: number; readonly output_tokens: number } | undefined
  readonly response_metadata?: Readonly<Record<string, unknown>>
}

const completionOf = (message: SpokenMessage, { prompt }: GenerateRequest): Completion => {
  const { text, usage_metadata: usage, response_metadata: metadata = {} } = message
  const reason = metadata.finish_reason ?? metadata.stop_reason ?? metadata.finishReason
  return {
    text,
    usage: {
      prompt: usage?.input_tokens ?? estimate(prompt.messages.map(({ content }) => content).join("\n")),
      completion: usage?.output_tokens ?? estimate(text)
    },
    finish: typeof reason === "string" && cutOff.has(reason) ? "length" : "stop"
  }
}

const invoke = async (
  model: BaseChatModel,
  request: GenerateRequest,
  sample: number,
  signal: AbortSignal
): Promise<Completion> => {
  const { stop } = request.sampling
  const options: BaseChatModelCallOptions & { readonly seed: number } = {
    signal,
    // Providers take signed 32-bit seeds.
    seed: (request.seed + sample) % 2 ** 31,
    maxRetries: 0,
    ...(stop === undefined ? {} : { stop: [...stop] })
  }
  const messages = request.prompt.messages.map(({ role, content }) => ({ role, content }))
  return completionOf(await model.invoke(messages, options), request)
}

/**
 * A policy that calls a model made for each way of sampling, and for prompts to be continued apart from others; `label` is what
 * its errors say of it.
 *
 * The samples of a request are calls of their own, under way together, with seeds that follow the request's.
 */
export const chatModelPolicy = (
  name: string,
  label: ModelLabel,
  makeModel: (sampling: Sampling, continuing: boolean) => Effect.Effect<BaseChatModel, unknown>,
  settings: CallSettings = {}
): Policy => {
  const { retries, backoff, timeout, concurrency } = Schema.decodeSync(CallSettings)(settings)
  const permits = Semaphore.makeUnsafe(concurrency)
  const models = new Map<string, BaseChatModel>()
  const modelFor = ({ sampling, prompt }: GenerateRequest): Effect.Effect<BaseChatModel, unknown> =>
    Effect.suspend(() => {
      const { temperature, maxTokens, topP, topK } = sampling
      const continuing = prompt.messages.at(-1)?.role === "assistant"
      const key = [temperature, maxTokens, topP, topK, continuing].join(" ")
      const known = models.get(key)
      if (known !== undefined) return Effect.succeed(known)
      return Effect.tap(makeModel(sampling, continuing), (made) => Effect.sync(() => models.set(key, made)))
    })

  const timedOut = (): FailedModelCall => ({
    error: new PolicyError({
      message: `${label.where} did not answer within ${timeout} ms.`,
      hint: "Raise the option timeout, or ask for fewer tokens.",
      retryable: true
    }),
    retryAfter: 0
  })

  const ask = (request: GenerateRequest, sample: number) =>
    modelFor(request).pipe(
      Effect.flatMap((model) =>
        Effect.tryPromise({
          try: (signal) => invoke(model, request, sample, signal),
          catch: (cause) => cause
        })
      ),
      Effect.mapError((cause) => modelFailure(label, cause)),
      Effect.timeoutOrElse({ duration: Duration.millis(timeout), orElse: () => Effect.fail(timedOut()) }),
      permits.withPermit,
      retryModelCall({ retries, backoff }),
      Effect.mapError(({ error }) => error)
    )

  return {
    name,
    repeatable: true,
    generate: (request) =>
      Effect.all(
        Array.from({ length: request.samples }, (_, sample) => ask(request, sample)),
        { concurrency: "unbounded" }
      )
  }
}

const nameOf = (model: string | BaseChatModel | ChatModelFactory): string =>
  typeof model === "string" ? model : typeof model === "function" ? "langchain" : model.getName()

const keyHintOf = (model: string | BaseChatModel | ChatModelFactory): string =>
  typeof model === "string"
    ? "Put the key into the environment variable that LangChain reads for this provider, as OPENAI_API_KEY for openai or ANTHROPIC_API_KEY for anthropic."
    : "Make the LangChain model with the right key, or put it into the environment variable that its provider reads."

/**
 * A policy that speaks through any LangChain chat model: a name for `initChatModel`, a model, or a factory.
 *
 * A named or factory-made model samples as each request says, as far as its class knows the settings; a model that is given keeps
 * its own temperature, length, top-p and top-k. Stop strings go with each call. Seeds are passed on, and obeyed where the
 * provider does. Whether a last message of the assistant's is gone on with or followed by a new one is the provider's to say. Fails with `PolicyError`; interruption aborts the HTTP call.
 */
export const langchainPolicy = (
  options: Omit<LangchainPolicyOptions, "model"> & {
    readonly model: string | BaseChatModel | ChatModelFactory
    readonly name?: string
  }
): Policy => {
  const { model, settings, name, ...calls } = options
  const policyName = name ?? nameOf(model)
  const makeModel =
    typeof model === "string"
      ? namedModel(model, settings)
      : typeof model === "function"
        ? model
        : () => model
  return chatModelPolicy(
    policyName,
    { where: `The model "${policyName}"`, keyHint: keyHintOf(model) },
    (sampling) => Effect.tryPromise({ try: async () => makeModel(sampling), catch: (cause) => cause }),
    calls
  )
}
