import { Effect, Scope, Semaphore } from "effect"
import type { Policy } from "../policy.ts"
import type { Registry } from "../registry/registry.ts"
import type { MakePolicy } from "../team/assemble.ts"
import type { Budget } from "./budget.ts"
import type { ResponseCache } from "./response-cache.ts"

/** Where the cells of a benchmark have their models from. */
export interface ModelPool {
  /** A model whose weights stay as they are: loaded once and shared by all cells that name it alike, its answers kept. */
  readonly shared: MakePolicy
  /** A model of the cell's own, whose weights may change. */
  readonly own: MakePolicy
}

/**
 * Shared models live as long as the scope. They are made with `seed`, whatever the cell's: it decides how adapters begin that nothing
 * trains, while every draw takes the cell's.
 */
export const modelPool = Effect.fnUntraced(function* (
  registry: Registry,
  seed: number,
  { budget, cache }: { readonly budget: Budget; readonly cache?: ResponseCache }
) {
  const scope = yield* Scope.Scope
  const oneAtATime = yield* Semaphore.make(1)
  const loaded = new Map<string, Policy>()
  const own: MakePolicy = (use, context, path) =>
    Effect.map(registry.make("policy", use, context, path), (made) => budget.guard(context.name, made))
  const shared: MakePolicy = Effect.fnUntraced(function* (use, context, path) {
    const key = JSON.stringify([context.name, use])
    const known = loaded.get(key)
    if (known !== undefined) return known
    const made = yield* Scope.provide(own(use, { ...context, seed }, path), scope)
    const kept = cache === undefined ? made : cache.keep(key, made)
    loaded.set(key, kept)
    return kept
  }, oneAtATime.withPermit)
  const pool: ModelPool = { shared, own }
  return pool
})
