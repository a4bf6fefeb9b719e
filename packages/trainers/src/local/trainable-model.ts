import { fileURLToPath } from "node:url"
import { Effect, Schema } from "effect"
import { type AdapterStore, makeAdapterStore } from "../adapter/index.ts"
import { type Backend, backendNames, loadBackend } from "../backend/index.ts"
import { type Decoder, linearModuleNames, linearModules, loadDecoder } from "../decoder/index.ts"
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
  /** LoRA's settings (Hu et al. 2021). */
  adapter: Schema.Struct({
    rank: positive.pipe(Schema.withDecodingDefaultKey(Effect.succeed(8))),
    alpha: Schema.Finite.check(Schema.isGreaterThan(0)).pipe(
      Schema.withDecodingDefaultKey(Effect.succeed(16))
    ),
    /** By default every linear module of the architecture. */
    targets: Schema.optionalKey(Schema.Array(Schema.Literals(linearModuleNames)))
  }).pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
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
 * Loads a decoder with its tokenizer and an empty store of adapters, whose initial weights are a function of `seed`; the tensors
 * are freed with the scope.
 *
 * Fails with `BackendError` where no backend loads, and with `ModelError` for a directory that holds no usable model.
 */
export const loadTrainableModel = Effect.fnUntraced(function* (
  options: typeof TrainableModelOptions.Type,
  seed: number
) {
  const directory = options.model === "nano" ? nanoModelDirectory : options.model
  const backend = yield* loadBackend({ prefer: options.backend })
  const decoder = yield* Effect.acquireRelease(loadDecoder(directory), (loaded) =>
    Effect.sync(() => loaded.dispose())
  )
  const tokenizer = yield* loadChatTokenizer(directory)
  const adapters = yield* Effect.acquireRelease(
    Effect.sync(() =>
      makeAdapterStore(decoder, seed, {
        kind: "lora",
        dropout: 0,
        targets: linearModules(decoder.config),
        ...options.adapter
      })
    ),
    (store) => Effect.sync(() => store.dispose())
  )
  const model: TrainableModel = { backend, decoder, tokenizer, adapters }
  return model
})
