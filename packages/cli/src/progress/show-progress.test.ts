import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { measuring } from "./progress.ts"
import { showProgress } from "./show-progress.ts"

const recording = (redraws: boolean) => {
  const written: Array<string> = []
  return { written, screen: { redraws, width: () => 60, write: (text: string) => void written.push(text) } }
}

it.effect(
  "writes plain lines where nothing can be redrawn: one at each activity, then every five seconds",
  () =>
    Effect.gen(function* () {
      const { written, screen } = recording(false)
      const view = yield* showProgress(screen)
      const tick = () => view.update((progress) => ({ ...progress, done: progress.done + 1 }))
      view.update((_, now) => measuring("team", 9, now))
      tick()
      yield* TestClock.adjust("3 seconds")
      tick()
      yield* TestClock.adjust("3 seconds")
      tick()
      view.say("stopped")
      expect(written).toEqual([
        "measuring team  [................] 0/9 tasks  0:00\n",
        "measuring team  [#####...........] 3/9 tasks  0:06, about 0…\n",
        "stopped\n"
      ])
    })
)

it.effect("redraws one line, and leaves none behind", () =>
  Effect.gen(function* () {
    const { written, screen } = recording(true)
    yield* Effect.scoped(
      Effect.gen(function* () {
        const view = yield* showProgress(screen)
        view.update((_, now) => measuring("team", 9, now))
        yield* TestClock.adjust("1 second")
      })
    )
    expect(written.length).toBeGreaterThanOrEqual(5)
    expect(written.every((text) => text.startsWith("\r\u001b[2K") && !text.includes("\n"))).toBe(true)
    expect(written.at(-2)).toBe("\r\u001b[2Kmeasuring team  [................] 0/9 tasks  0:01")
    expect(written.at(-1)).toBe("\r\u001b[2K")
  })
)
