import { describe, expect, it } from "@effect/vitest"
import {
  arithmeticTasks,
  auditDialogues,
  type Controller,
  corePlugins,
  definePlugin,
  makeTeam,
  playEpisode,
  seedKey,
  speakerWorths,
  tracerCredit
} from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect, Schema } from "effect"

/** Speaks or not by a coin. */
const coin: Controller = {
  name: "coin",
  strategy: (_info, { names }) => names.map(() => 1 / names.length),
  update: () => {},
  snapshot: () => ({ kind: "coin", version: 1, state: null })
}
const coinPlugin = definePlugin({
  kind: "controller",
  name: "coin",
  options: Schema.Struct({}),
  make: () => Effect.succeed(coin)
})
const protocols = corePlugins.filter(({ kind }) => kind === "protocol").map(({ name }) => name)
const tasks = arithmeticTasks({ split: "test", seed: 1, count: 3 })

describe("a replay with every turn heard ends as the dialogue did", () => {
  it.effect.each(protocols)("under %s, and its speakers' values sum to the whole", (use) =>
    Effect.gen(function* () {
      const model = {
        use: "simulated",
        right: 0.6,
        rightGivenRight: 0.9,
        rightGivenWrong: 0.2,
        unreadable: 0.1
      }
      const team = yield* makeTeam(
        {
          agents: ["ada", "bob", "cyd"].map((name) => ({ name, policy: "model" })),
          policies: { model },
          controller: { use: "coin" },
          protocol: { use }
        },
        [...corePlugins, ...rolePlugins, coinPlugin]
      )
      for (const [i, task] of tasks.entries()) {
        const { dialogue } = yield* playEpisode(team.assembly.game, task, i, seedKey(i), {
          ...{ mode: "train", strategy: "current", selection: "sample" },
          training: { credit: tracerCredit({ values: "oneStep" }), groupSize: 2, forkSamples: 1 }
        })
        for (const how of ["frozen", "anew"] as const) {
          expect(yield* dialogue.replay(() => true, how)).toEqual(dialogue.outcome)
        }
        const nobody = yield* dialogue.replay(() => false, "frozen")
        expect(nobody).toEqual({ correct: false, tokens: 0 })
        const worths = yield* speakerWorths(dialogue, { tokenCost: 0 })
        expect(worths.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(
          dialogue.outcome.correct ? 2 : 0,
          10
        )
        const { turns } = yield* auditDialogues([dialogue])
        expect(turns).toHaveLength(dialogue.turns.filter(({ utterance }) => utterance !== undefined).length)
      }
    })
  )
})
