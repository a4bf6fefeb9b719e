import { fileURLToPath } from "node:url"
import type { Policy } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { type AdapterStore, makeAdapterStore } from "../adapter/index.ts"
import { type Backend, backendNames, loadBackend } from "../backend/index.ts"
import { linearModuleNames, linearModules, loadDecoder } from "../decoder/index.ts"
import { localPolicy } from "../policy/index.ts"
import { makeSampler } from "../sampler/index.ts"
import { loadChatTokenizer } from "../tokenizer/index.ts"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** A model on this machine, and the adapters that learn on it. */
export const LocalModelOptions = Schema.Struct({
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
})
export type LocalModelOptions = typeof LocalModelOptions.Encoded

/** A policy whose weights are in this process, so that a learner can change them. */
export interface LocalPolicy extends Policy {
  readonly adapters: AdapterStore
  readonly backend: Backend
}

/** Whether a policy's weights are in this process. */
export const isLocalPolicy = (policy: Policy): policy is LocalPolicy =>
  "adapters" in policy && "backend" in policy

/** The directory of the model that ships with the SDK. */
export const nanoModelDirectory = fileURLToPath(new URL("../../models/nano/", import.meta.url))

/**
 * Loads a decoder with its tokenizer, and one adapter for each (agent, role) that speaks through it; the tensors are freed
 * with the scope.
 *
 * Fails with `BackendError` where no backend loads, and with `ModelError` for a directory that holds no usable model.
 */
export const localModel = Effect.fnUntraced(function* (
  options: LocalModelOptions & { readonly name?: string; readonly seed: number }
) {
  const {
    model,
    backend: prefer,
    adapter
  } = Schema.decodeSync(LocalModelOptions)({
    model: options.model ?? "nano",
    backend: options.backend ?? "auto",
    adapter: options.adapter ?? {}
  })
  const directory = model === "nano" ? nanoModelDirectory : model
  const backend = yield* loadBackend({ prefer })
  const decoder = yield* Effect.acquireRelease(loadDecoder(directory), (loaded) =>
    Effect.sync(() => loaded.dispose())
  )
  const tokenizer = yield* loadChatTokenizer(directory)
  const adapters = yield* Effect.acquireRelease(
    Effect.sync(() =>
      makeAdapterStore(decoder, options.seed, {
        kind: "lora",
        dropout: 0,
        targets: linearModules(decoder.config),
        ...adapter
      })
    ),
    (store) => Effect.sync(() => store.dispose())
  )
  const sampler = yield* makeSampler(decoder)
  const policy: LocalPolicy = {
    ...localPolicy({ name: options.name ?? model, tokenizer, sampler, adapters }),
    adapters,
    backend
  }
  return policy
})
