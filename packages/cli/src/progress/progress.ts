import type { Episode, RunPhase, TracerEvent } from "@tracer-sdk/core"
import { duration, fixed, percent } from "../render/number.ts"
import { printable, shorten } from "../render/text.ts"

/** How far a command has come; times are milliseconds of any one clock. */
export interface Progress {
  /** What is being done, as in `training`; a new activity starts counting anew. */
  readonly activity: string
  readonly unit: "batches" | "tasks"
  readonly done: number
  /** 0 as long as it is not known. */
  readonly total: number
  /** When the activity started, and how much of it had been done by then. */
  readonly since: number
  readonly doneBefore: number
  /** The batches of training that an earlier run has done. */
  readonly resumedAt: number
  /** The latest dialogues, newest last: enough of them for steady numbers. */
  readonly recent: ReadonlyArray<{
    readonly episodes: number
    readonly correct: number
    readonly tokens: number
  }>
}

const remembered = 8

const start = (activity: string, now: number): Progress => ({
  activity,
  unit: "tasks",
  done: 0,
  total: 0,
  since: now,
  doneBefore: 0,
  resumedAt: 0,
  recent: []
})

/** Before anything is known. */
export const preparing = (now: number): Progress => start("preparing", now)

/** An evaluation of so many tasks begins. */
export const measuring = (what: string, tasks: number, now: number): Progress => ({
  ...start(`measuring ${what}`, now),
  total: tasks
})

/** The progress after a run has told what it is about to do. */
export const afterPhase = (progress: Progress, phase: RunPhase, now: number): Progress => {
  const { resumedAt } = progress
  switch (phase.kind) {
    case "resume":
      return { ...preparing(now), resumedAt: phase.batchesDone }
    case "train":
      return {
        ...start("training", now),
        unit: "batches",
        done: resumedAt,
        total: phase.batches,
        doneBefore: resumedAt,
        resumedAt
      }
    case "evaluate":
      return { ...measuring(`${phase.system} ${phase.when} learning`, phase.tasks, now), resumedAt }
  }
}

/** The progress after an event of training: a batch may have ended. */
export const afterEvent = (progress: Progress, event: TracerEvent): Progress => {
  if (event.type !== "batch-end") return progress
  const { batch, episodes, correct, tokens } = event
  const recent = [...progress.recent, { episodes, correct, tokens }].slice(-remembered)
  return { ...progress, done: batch + 1, recent }
}

/** The progress after a dialogue of an evaluation has ended. */
export const afterEpisode = (
  progress: Progress,
  episode: Pick<Episode, "correct" | "promptTokens" | "completionTokens">
): Progress => {
  const [sum = { episodes: 0, correct: 0, tokens: 0 }] = progress.recent
  return {
    ...progress,
    done: progress.done + 1,
    recent: [
      {
        episodes: sum.episodes + 1,
        correct: sum.correct + (episode.correct === true ? 1 : 0),
        tokens: sum.tokens + episode.promptTokens + episode.completionTokens
      }
    ]
  }
}

/** How full something is, as in `[####............]`. */
export const gauge = (share: number, width: number): string => {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width)
  return `[${"#".repeat(filled)}${".".repeat(width - filled)}]`
}

/** One line of at most `width` cells that says what is being done, how far it is, and about how long it will take. */
export const progressLine = (progress: Progress, now: number, width: number): string => {
  const { activity, unit, done, total, since, doneBefore, recent } = progress
  const passed = now - since
  if (total === 0) return shorten(`${activity}  ${duration(passed)}`, width)
  const episodes = recent.reduce((sum, batch) => sum + batch.episodes, 0)
  const correct = recent.reduce((sum, batch) => sum + batch.correct, 0)
  const tokens = recent.reduce((sum, batch) => sum + batch.tokens, 0)
  const numbers =
    episodes === 0
      ? []
      : [`${percent(correct / episodes)} right`, `${fixed(tokens / episodes, 0)} tokens/task`]
  const left = done > doneBefore ? (passed / (done - doneBefore)) * (total - done) : undefined
  const time = left === undefined ? duration(passed) : `${duration(passed)}, about ${duration(left)} left`
  return shorten(
    [printable(activity), `${gauge(done / total, 16)} ${done}/${total} ${unit}`, ...numbers, time].join("  "),
    width
  )
}
