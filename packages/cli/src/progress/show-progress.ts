import { Clock, Effect, Schedule, type Scope } from "effect"
import { pageWidth } from "../render/text.ts"
import { type Progress, preparing, progressLine } from "./progress.ts"

/** Where progress is shown. */
export interface ProgressScreen {
  /** Whether the last line can be redrawn. */
  readonly redraws: boolean
  /** In terminal cells; read at each drawing, since windows change. */
  readonly width: () => number
  readonly write: (text: string) => void
}

/** Shows how far a command is. */
export interface ProgressView {
  /** To be called from wherever the news arrives. */
  readonly update: (change: (progress: Progress, now: number) => Progress) => void
  /** Prints a line of its own, above a line that is redrawn. */
  readonly say: (line: string) => void
  readonly current: () => Progress
}

const redrawEvery = "250 millis"
const linesEvery = 5_000
/** Empties the line that the cursor is on. */
export const eraseLine = "\r\u001b[2K"

/** Standard error as a screen for progress, so that standard output holds results alone. */
export const standardError = (redraws: boolean): ProgressScreen => ({
  redraws,
  // A terminal that does not know its size says 0. The last cell stays free: some wrap as soon as it is written.
  width: () => Math.min(pageWidth, process.stderr.columns || pageWidth) - 1,
  write: (text) => void process.stderr.write(text)
})

/** A screen for commands that are asked to be silent. */
export const noScreen: ProgressScreen = { redraws: false, width: () => pageWidth, write: () => {} }

/**
 * Progress as one line that is redrawn four times a second, or, where that cannot be, as plain lines: one at each new
 * activity and one every five seconds. The redrawn line is erased when the scope ends.
 */
export const showProgress: (screen: ProgressScreen) => Effect.Effect<ProgressView, never, Scope.Scope> =
  Effect.fnUntraced(function* (screen: ProgressScreen) {
    const clock = yield* Clock.Clock
    const now = () => clock.currentTimeMillisUnsafe()
    let progress = preparing(now())
    let linePrintedAt = now()
    const line = () => progressLine(progress, now(), screen.width())
    const draw = () => screen.write(`${eraseLine}${line()}`)
    if (screen.redraws) {
      yield* Effect.addFinalizer(() => Effect.sync(() => screen.write(eraseLine)))
      yield* Effect.forkScoped(Effect.repeat(Effect.sync(draw), Schedule.spaced(redrawEvery)))
    }
    return {
      current: () => progress,
      say: (text) => screen.write(screen.redraws ? `${eraseLine}${text}\n` : `${text}\n`),
      update: (change) => {
        const { activity } = progress
        progress = change(progress, now())
        if (screen.redraws) return
        if (progress.activity === activity && now() - linePrintedAt < linesEvery) return
        linePrintedAt = now()
        screen.write(`${line()}\n`)
      }
    }
  })
