import { Effect } from "effect"

/**
 * Runs effects concurrently and keeps their order; effects that are already finished cost no fiber.
 *
 * A simulated policy answers at once, so whole training runs take this path.
 */
export const eagerAll = <A, E>(
  effects: ReadonlyArray<Effect.Effect<A, E>>,
  concurrency: number | "unbounded" = "unbounded"
): Effect.Effect<ReadonlyArray<A>, E> => {
  const values: Array<A> = []
  for (const [index, effect] of effects.entries()) {
    Effect.mapEager(effect, (value) => values.push(value))
    const unfinished = values.length === index
    if (unfinished) return Effect.all(effects, { concurrency })
  }
  return Effect.succeed(values)
}
