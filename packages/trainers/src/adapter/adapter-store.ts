import { join } from "node:path"
import { seedKey, split } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { Adapter, AdapterConfig, Decoder } from "../decoder/types.ts"
import type { ModelError } from "../files/model-error.ts"
import { loadAdapter, saveAdapter } from "./adapter-file.ts"
import { copyAdapter, createAdapter, defaultAdapterConfig } from "./create-adapter.ts"

/** The adapters of one base model, one for each (agent, role). */
export interface AdapterStore {
  readonly decoder: Decoder
  readonly config: AdapterConfig
  /** The adapter of that (agent, role), made on first use. */
  get(agent: string, role: string): Adapter
  /** Those made so far, by name. */
  all(): ReadonlyArray<Adapter>
  /** Writes every adapter into a directory of its own below `directory`, as in `solver.proposer`. */
  save(directory: string): Effect.Effect<void, ModelError>
  /** Reads the adapters of these (agent, role) pairs from below `directory`. */
  load(
    directory: string,
    speakers: ReadonlyArray<{ readonly agent: string; readonly role: string }>
  ): Effect.Effect<void, ModelError>
  dispose(): void
}

// A dot in a name would make agent "a.b" with role "c" one with agent "a" and role "b.c".
const escaped = (name: string): string => encodeURIComponent(name).replaceAll(".", "%2E")

/** The name of an (agent, role)'s adapter, which is also its directory's: its only dot parts agent and role. */
export const adapterName = (agent: string, role: string): string => `${escaped(agent)}.${escaped(role)}`

/**
 * Adapters of `decoder`, all with the same settings: new ones, whose initial weights are a function of (seed, agent, role), or copies
 * of an adapter to start with, which stays the caller's.
 */
export const makeAdapterStore = (
  decoder: Decoder,
  seed: number,
  start: AdapterConfig | Adapter = defaultAdapterConfig(decoder.config)
): AdapterStore => {
  const adapters = new Map<string, Adapter>()
  const get = (agent: string, role: string): Adapter => {
    const name = adapterName(agent, role)
    const existing = adapters.get(name)
    if (existing !== undefined) return existing
    const created =
      "variables" in start
        ? copyAdapter(name, start)
        : createAdapter(name, decoder, start, split(seedKey(seed), "adapter", agent, role))
    adapters.set(name, created)
    return created
  }
  const all = () => [...adapters.values()].sort((left, right) => (left.name < right.name ? -1 : 1))
  return {
    decoder,
    config: "variables" in start ? start.config : start,
    get,
    all,
    save: (directory) =>
      Effect.forEach(all(), (adapter) => saveAdapter(adapter, join(directory, adapter.name)), {
        discard: true
      }),
    load: (directory, speakers) =>
      Effect.forEach(
        speakers,
        ({ agent, role }) =>
          loadAdapter(get(agent, role), decoder.config, join(directory, adapterName(agent, role))),
        { discard: true }
      ),
    dispose: () => {
      for (const adapter of adapters.values()) adapter.dispose()
      adapters.clear()
    }
  }
}
