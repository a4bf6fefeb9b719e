import { Effect } from "effect"
import { creditGroups } from "../credit/credit-groups.ts"
import { eagerAll } from "../engine/eager-all.ts"
import { playEpisode } from "../engine/play-episode.ts"
import type { TracerError } from "../errors.ts"
import { seedKey, split } from "../random.ts"
import { requireGolds } from "../task/require-golds.ts"
import type { Task } from "../task.ts"
import type { Assembly } from "../team/assemble.ts"
import type { CreditedTurn } from "./credited-turn.ts"

/** How dialogues are played to be credited. */
export interface PlayedTurnsOptions {
  /** The configuration's by default. */
  readonly seed?: number
  /** Hears of the dialogues done so far. */
  readonly onProgress?: (done: number) => void
}

/**
 * The credited turns of dialogues that are played for it: with the team's average strategies and without exploration, groups and batches
 * as large as in its training, credited by its own assigner; turns that are not to be learned from are left out. Nothing is learned. Tasks
 * need gold answers.
 */
export const playedTurns: (
  assembly: Assembly,
  tasks: ReadonlyArray<Task>,
  options?: PlayedTurnsOptions
) => Effect.Effect<ReadonlyArray<CreditedTurn>, TracerError> = Effect.fnUntraced(function* (
  { config, game, credit }: Assembly,
  tasks: ReadonlyArray<Task>,
  { seed = config.seed, onProgress }: PlayedTurnsOptions = {}
) {
  const { batchSize, concurrency, groupSize, forkSamples } = config.training
  yield* requireGolds(tasks, "tasks", game.grader)
  const root = split(seedKey(seed), "export")
  const turns: Array<CreditedTurn> = []
  for (let first = 0; first < tasks.length; first += batchSize) {
    const plays = tasks.slice(first, first + batchSize).map((task, i) =>
      playEpisode(game, task, first + i, split(root, first + i), {
        mode: "train",
        strategy: "average",
        selection: "sample",
        training: { credit, groupSize, forkSamples }
      })
    )
    const episodes = yield* eagerAll(plays, concurrency)
    const groups = episodes.flatMap((episode) => episode.groups)
    const dialogues = new Map(episodes.map(({ number, dialogue }) => [number, dialogue]))
    for (const { group, credit: assigned } of yield* creditGroups(credit, groups, dialogues)) {
      if (assigned.weight === 0) continue
      const { episode, task, round, agent, seat, role, prompt, utterances } = group
      turns.push({
        ...{ episode, task: task.id, question: task.question, round, agent, seat, role },
        prompt: prompt.messages,
        texts: utterances.map(({ completion }) => completion.text),
        rewards: assigned.rewards
      })
    }
    onProgress?.(first + episodes.length)
  }
  return turns
})
