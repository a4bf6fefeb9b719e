import { Effect } from "effect"

const eventLoopTurn = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))

/**
 * An effect that now and then lets the event loop take a turn: work that never waits could not be interrupted, nor
 * show its progress. Costs nothing within `milliseconds` of the last turn.
 */
export const takeTurns = (milliseconds = 20): Effect.Effect<void> => {
  let last = performance.now()
  return Effect.suspend(() => {
    if (performance.now() - last < milliseconds) return Effect.void
    return Effect.map(eventLoopTurn, () => {
      last = performance.now()
    })
  })
}
