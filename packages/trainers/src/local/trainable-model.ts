import { fileURLToPath } from "node:url"
import { Effect, Schema } from "effect"
import { AdapterOptions, type AdapterStore, openAdapterStore } from "../adapter/index.ts"
import { type Backend, backendNames, loadBackend } from "../backend/index.ts"
import { type Decoder, loadDecoder } from "../decoder/index.ts"
import { startOfDay } from "../tokenizer/format-time.ts"
import { type ChatTokenizer, loadChatTokenizer } from "../tokenizer/index.ts"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** What states a model on this machine, and the adapters that learn on it. */
export const trainableModelFields = {
  /** `nano`, the model that ships with the SDK, or a directory in Hugging Face's layout. */
  model: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("nano"))),
  /** What runs the training step: `auto` takes the fastest that loads. */
  backend: Schema.Literals(["auto", ...backendNames]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("auto" as const))
  ),
  /** The longest sequence, in tokens; by default what the model was trained for. */
  maximumPositions: Schema.optionalKey(positive),
  /** What the chat template is told: variables of its own, as Qwen3's `enable_thinking`, and the date for templates that print it. */
  template: Schema.Struct({
    variables: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
    date: Schema.optionalKey(
      Schema.String.check(
        Schema.makeFilter(
          (day: string) => startOfDay(day) !== undefined || `is no day such as 2024-07-26: "${day}"`
        )
      )
    )
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** What is trained, and how. */
  adapter: AdapterOptions.pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
}
const TrainableModelOptions = Schema.Struct(trainableModelFields)

/** A decoder in this process, with what it takes to speak through it and to train it. */
export interface TrainableModel {
  readonly backend: Backend
  readonly decoder: Decoder
  readonly tokenizer: ChatTokenizer
  /** One for each (agent, role). */
  readonly adapters: AdapterStore
}

/** The directory of the model that ships with the SDK. */
export const nanoModelDirectory = fileURLToPath(new URL("../../models/nano/", import.meta.url))

/**
 * Loads a decoder with its tokenizer and an empty store of adapters, whose initial weights are a function of `seed` where they do not
 * start from a folder's; the tensors are freed with the scope.
 *
 * Fails with `BackendError` where no backend loads, with `ModelError` for a directory that holds no usable model, and with
 * `ConfigError` where `adapter` asks for what the architecture does not have.
 */
export const loadTrainableModel = Effect.fnUntraced(function* (
  options: typeof TrainableModelOptions.Type,
  seed: number
) {
  const directory = options.model === "nano" ? nanoModelDirectory : options.model
  const backend = yield* loadBackend({ prefer: options.backend })
  const { largestTensorBytes } = backend
  const { maximumPositions } = options
  const decoder = yield* Effect.acquireRelease(
    loadDecoder(directory, {
      largestTensorBytes,
      ...(maximumPositions !== undefined && { maximumPositions })
    }),
    (loaded) => Effect.sync(() => loaded.dispose())
  )
  const tokenizer = yield* loadChatTokenizer(directory, options.template)
  const adapters = yield* openAdapterStore(decoder, seed, options.adapter)
  const model: TrainableModel = { backend, decoder, tokenizer, adapters }
  return model
})
