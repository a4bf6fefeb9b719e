import { Effect } from "effect"
import type { TeamConfig } from "../config/team-config.ts"
import type { CreditAssigner } from "../credit.ts"
import type { Policy } from "../policy.ts"
import { seedKey, uniform } from "../random.ts"
import type { Registry } from "../registry/registry.ts"
import { snapshotsOf } from "../store/team-file.ts"
import type { Task } from "../task.ts"
import { assemble, type MakePolicy } from "../team/assemble.ts"
import { train } from "../training/train.ts"

/** Dialogues that are tried. */
const trials = 16

/** Says this and that, readable in every role now and then, so that dialogues take many ways. */
const babbler: Policy = {
  name: "babbler",
  generate: ({ seed, samples, view }) => {
    const gold = view.task.gold ?? ""
    const texts = [
      "",
      `Final answer: ${gold}`,
      `The answer is \\boxed{${gold}}.`,
      "Verdict: RIGHT",
      "Verdict: WRONG",
      "Score: 0.5",
      `Next: ${view.options?.[0] ?? ""}`
    ]
    return Effect.succeed(
      Array.from({ length: samples }, (_, i) => ({
        text: texts[Math.floor(uniform(seedKey(seed), i) * texts.length)] ?? "",
        usage: { prompt: 1, completion: 1 },
        finish: "stop" as const
      }))
    )
  }
}

/**
 * What a team learns, found out by training it on a few dialogues of a model that babbles: weights, where it has a learner; controllers,
 * where there is something to decide and their snapshots change. Makes none of the team's own models, so it costs nothing.
 */
export const whatLearns = Effect.fnUntraced(function* (
  config: TeamConfig,
  registry: Registry,
  tasks: ReadonlyArray<Task>
) {
  const { learner, ...rest } = config
  const babble: MakePolicy = () => Effect.succeed(babbler)
  const { game } = yield* assemble(rest, registry, {}, babble)
  if (learner !== undefined) return "weights"
  let decided = false
  const credit: CreditAssigner = {
    name: "one action better than the next",
    decision: ({ legal }) => {
      decided = true
      return Effect.succeed(legal.names.map((_, i) => -i))
    },
    utterances: (groups) => Effect.succeed(groups.map(() => ({ rewards: [], weight: 1 })))
  }
  const before = JSON.stringify(snapshotsOf(game.controllers))
  const few = Array.from({ length: trials }, (_, i) => tasks[i % Math.max(1, tasks.length)])
  yield* train(
    game,
    few.filter((task) => task !== undefined),
    { seed: 1, credit, batchSize: trials, epochs: 1, concurrency: 1, groupSize: 1, forkSamples: 1 }
  )
  return decided && JSON.stringify(snapshotsOf(game.controllers)) !== before ? "controllers" : "nothing"
}, Effect.scoped)
