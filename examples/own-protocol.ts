// A protocol of one's own: two proposers who do not hear each other, and a judge where they differ.
//
//   node examples/own-protocol.ts
import { controllerPlugins } from "@tracer-sdk/controllers"
import {
  arithmeticTasks,
  type Board,
  corePlugins,
  definePlugin,
  factionsOf,
  graderFor,
  learnedStates,
  once,
  parallel,
  pendingOf,
  perform,
  propose,
  protocolOf,
  review,
  seatAt,
  sequence,
  stay,
  Team,
  vote,
  votesOn,
  when,
  withPending
} from "@tracer-sdk/core"
import { protocolConformance } from "@tracer-sdk/core/testing"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect, Schema } from "effect"

const differ = ({ task, proposals }: Board) => factionsOf(proposals, graderFor(task)).length > 1

const overrule = (board: Board) => (votesOn(pendingOf(board)) < 0 ? withPending(board, 1) : board)

/** Ann proposes; Bob proposes or passes; where they differ, the judge is asked about Ann's answer, or not. */
const secondOpinion = ([first, second, judge]: readonly [string, string, string]) =>
  protocolOf({
    name: "second-opinion",
    play: sequence(
      parallel(
        once(seatAt(first, "first"), [propose()]),
        once(seatAt(second, "second"), [stay("pass"), propose()], {
          fallback: "propose",
          info: "one answer"
        })
      ),
      vote(),
      when(
        differ,
        sequence(
          once(seatAt(judge, "judge"), [stay("trust"), review()], {
            fallback: "review",
            info: "two answers"
          }),
          perform(overrule)
        )
      )
    )
  })

const heldOut = arithmeticTasks({ split: "test", seed: 1, count: 600 })
const checks = protocolConformance(secondOpinion(["ann", "bob", "cyd"]), heldOut.slice(0, 5))
for (const { name, check } of checks) {
  await check()
  console.log(`holds: ${name}`)
}

const plugin = definePlugin({
  kind: "protocol",
  name: "second-opinion",
  options: Schema.Struct({}),
  make: (_, { agents: [first = "", second = "", judge = ""] }) =>
    Effect.succeed(secondOpinion([first, second, judge]))
})
const judges = {
  "a good judge": { rightGivenRight: 0.9, rightGivenWrong: 0.2 },
  "a judge that tosses a coin": { rightGivenRight: 0.5, rightGivenWrong: 0.5 }
}

for (const [judge, skill] of Object.entries(judges)) {
  console.log(`\n${judge}:`)
  await using team = await Team.create(
    {
      agents: ["ann", "bob", "cyd"].map((name) => ({ name, policy: "model" })),
      policies: { model: { use: "simulated", right: 0.6, ...skill } },
      protocol: { use: "second-opinion" },
      controller: { use: "regret-matching" },
      credit: { use: "tracer", tokenCost: 0.2 }
    },
    [...corePlugins, ...rolePlugins, ...controllerPlugins, plugin]
  )
  const show = async (system: string) => {
    const { accuracy, promptTokens, completionTokens } = await team.evaluate(heldOut, { selection: "greedy" })
    const tokens = (promptTokens + completionTokens).toFixed(0)
    console.log(`  ${system}: ${(100 * accuracy.mean).toFixed(1)}% right, ${tokens} tokens a task`)
  }
  await show("untrained, everybody speaks")
  await team.train(arithmeticTasks({ split: "train", seed: 1, count: 400 }))
  await show("trained")
  for (const { controller, info, actions, average } of learnedStates(team.runtime.assembly.game)) {
    const strategy = actions.map((action, i) => `${action} ${(100 * (average[i] ?? 0)).toFixed(0)}%`)
    console.log(`    ${controller}, ${info}: ${strategy.join(", ")}`)
  }
}
