import { Schema } from "effect"
import { seedKey, split, uniform } from "../random.ts"
import type { Task } from "../task.ts"

const share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** Which of a file's tasks are taken: a share of them, of these a random sample, of these the first. */
export const TaskSelection = Schema.Struct({
  /**
   * Every question has a place from 0 to 1, which the seed and its text alone give it; taken are those with `from` <= place <
   * `to`. So shares that do not overlap have no question in common, and the order of the rows says nothing.
   */
  share: Schema.optionalKey(
    Schema.Struct({
      from: Schema.optionalKey(share),
      to: Schema.optionalKey(share),
      /** 0 by default: another run has the same shares. */
      seed: Schema.optionalKey(Schema.Int)
    })
  ),
  /** A random sample, in the order of the file; by the text of the questions, too, so that a smaller one is part of a larger one. */
  sample: Schema.optionalKey(Schema.Struct({ count, seed: Schema.optionalKey(Schema.Int) })),
  /** The first so many, in the order of the file. */
  limit: Schema.optionalKey(count)
})
export type TaskSelection = typeof TaskSelection.Type

const placeOf = (seed: number, purpose: "share" | "sample", { question }: Task): number =>
  uniform(split(seedKey(seed), purpose, question))

/** Whether a task is in the share that is asked for. */
export const inShare = ({ share: asked }: TaskSelection, task: Task): boolean => {
  if (asked === undefined) return true
  const { from = 0, to = 1, seed = 0 } = asked
  const place = placeOf(seed, "share", task)
  return from <= place && place < to
}

/** The sample of the tasks, and of it the first. */
export const sampled = (
  { sample, limit }: TaskSelection,
  tasks: ReadonlyArray<Task>
): ReadonlyArray<Task> => {
  if (sample === undefined) return limit === undefined ? tasks : tasks.slice(0, limit)
  const { seed = 0 } = sample
  const taken = tasks
    .map((task, index) => ({ index, place: placeOf(seed, "sample", task) }))
    .sort((left, right) => left.place - right.place || left.index - right.index)
    .slice(0, sample.count)
    .map(({ index }) => index)
  const chosen = new Set(taken)
  return tasks.filter((_, index) => chosen.has(index)).slice(0, limit)
}
