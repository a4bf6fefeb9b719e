import { ConfigError } from "@tracer-sdk/core"
import { Effect, type Scope } from "effect"
import type { Adapter, Decoder } from "../decoder/types.ts"
import type { ModelError } from "../files/model-error.ts"
import { readAdapter } from "./adapter-file.ts"
import {
  type AdapterOptions,
  requireOwnSettings,
  resolveAdapterConfig,
  savedSetting
} from "./adapter-options.ts"
import { type AdapterStore, makeAdapterStore } from "./adapter-store.ts"

/** The adapter that a configuration starts with, with the dropout that it states. */
const readStart = Effect.fnUntraced(function* (
  from: string,
  options: AdapterOptions,
  decoder: Decoder
): Effect.fn.Return<Adapter, ConfigError | ModelError, Scope.Scope> {
  yield* Effect.fromResult(requireOwnSettings(options))
  const stated = savedSetting(options)
  if (stated !== undefined) {
    return yield* new ConfigError({
      path: `adapter.${stated}`,
      message: `adapter.${stated}: is what the adapter of adapter.from says itself.`,
      hint: `Leave ${stated} out: an adapter goes on with the settings that it was saved with.`
    })
  }
  const start = yield* Effect.acquireRelease(readAdapter("start", decoder.config, from), (read) =>
    Effect.sync(() => read.dispose())
  )
  if (start.config.kind !== options.kind) {
    return yield* new ConfigError({
      path: "adapter.from",
      message: `adapter.from: ${from} holds an adapter of kind "${start.config.kind}", not "${options.kind}".`,
      hint: `State kind: ${start.config.kind}, or choose another folder.`
    })
  }
  const { dropout } = options
  if (dropout === undefined || start.config.kind !== "lora") return start
  return { ...start, config: { ...start.config, dropout } }
})

/**
 * The adapters of `decoder` that `options` ask for, freed with the scope: see `makeAdapterStore`. Fails with a `ConfigError` for
 * settings that the architecture does not have, and with a `ModelError` for a folder to start from that does not fit it.
 */
export const openAdapterStore = Effect.fnUntraced(function* (
  decoder: Decoder,
  seed: number,
  options: AdapterOptions
): Effect.fn.Return<AdapterStore, ConfigError | ModelError, Scope.Scope> {
  const { from } = options
  const make =
    from === undefined
      ? makeAdapterStore(
          decoder,
          seed,
          yield* Effect.fromResult(resolveAdapterConfig(options, decoder.config))
        )
      : makeAdapterStore(decoder, seed, yield* readStart(from, options, decoder))
  return yield* Effect.acquireRelease(Effect.succeed(make), (store) => Effect.sync(() => store.dispose()))
})
