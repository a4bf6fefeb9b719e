import type { Policy } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import type { AdapterStore } from "../adapter/index.ts"
import type { Backend } from "../backend/index.ts"
import { localPolicy } from "../policy/index.ts"
import { helperCount, helperThreads, makeSampler } from "../sampler/index.ts"
import { loadTrainableModel, trainableModelFields } from "./trainable-model.ts"

/** A model on this machine, and the adapters that learn on it. */
export const LocalModelOptions = Schema.Struct(trainableModelFields)
export type LocalModelOptions = typeof LocalModelOptions.Encoded

/** A policy whose weights are in this process, so that a learner can change them. */
export interface LocalPolicy extends Policy {
  readonly adapters: AdapterStore
  readonly backend: Backend
}

/** Whether a policy's weights are in this process. */
export const isLocalPolicy = (policy: Policy): policy is LocalPolicy =>
  "adapters" in policy && "backend" in policy

/**
 * A policy that speaks through a model in this process, with one adapter for each (agent, role); the tensors are freed with the
 * scope.
 *
 * Fails with `BackendError` where no backend loads, and with `ModelError` for a directory that holds no usable model.
 */
export const localModel = Effect.fnUntraced(function* (
  options: LocalModelOptions & { readonly name?: string; readonly seed: number }
) {
  const { name, seed, ...stated } = options
  const settings = Schema.decodeSync(LocalModelOptions)(stated)
  const { backend, decoder, tokenizer, adapters } = yield* loadTrainableModel(settings, seed)
  const helpers = yield* helperThreads(helperCount(decoder.config))
  const sampler = yield* makeSampler(decoder, { tokenizer, helpers })
  const policy: LocalPolicy = {
    ...localPolicy({ name: name ?? settings.model, tokenizer, sampler, adapters }),
    adapters,
    backend
  }
  return policy
})
