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

/** Shows how far something is. */
export interface LiveView<P> {
  /** To be called from wherever the news arrives. */
  readonly update: (change: (progress: P, now: number) => P) => void
  /** Prints a line of its own, above a line that is redrawn. */
  readonly say: (line: string) => void
  readonly current: () => P
}

/** Shows how far a command is. */
export type ProgressView = LiveView<Progress>

/** What is shown of something that goes on. */
export interface Live<P> {
  readonly begin: (now: number) => P
  /** One line of at most so many cells. */
  readonly line: (progress: P, now: number, width: number) => string
  /** What is being done; a change is told at once. */
  readonly activity: (progress: P) => string
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
export const showLive: <P>(
  screen: ProgressScreen,
  live: Live<P>
) => Effect.Effect<LiveView<P>, never, Scope.Scope> = Effect.fnUntraced(function* <P>(
  screen: ProgressScreen,
  live: Live<P>
) {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  let progress = live.begin(now())
  let linePrintedAt = now()
  const line = () => live.line(progress, now(), screen.width())
  const draw = () => screen.write(`${eraseLine}${line()}`)
  if (screen.redraws) {
    yield* Effect.addFinalizer(() => Effect.sync(() => screen.write(eraseLine)))
    yield* Effect.forkScoped(Effect.repeat(Effect.sync(draw), Schedule.spaced(redrawEvery)))
  }
  const view: LiveView<P> = {
    current: () => progress,
    say: (text) => screen.write(screen.redraws ? `${eraseLine}${text}\n` : `${text}\n`),
    update: (change) => {
      const activity = live.activity(progress)
      progress = change(progress, now())
      if (screen.redraws) return
      if (live.activity(progress) === activity && now() - linePrintedAt < linesEvery) return
      linePrintedAt = now()
      screen.write(`${line()}\n`)
    }
  }
  return view
})

/** The progress of a training or a measurement, as `showLive` shows it. */
export const showProgress = (screen: ProgressScreen): Effect.Effect<ProgressView, never, Scope.Scope> =>
  showLive(screen, { begin: preparing, line: progressLine, activity: ({ activity }) => activity })
