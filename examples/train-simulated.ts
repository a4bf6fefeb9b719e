// Two simulated models learn when to speak: no model, no key, a few seconds.
//
//   node examples/train-simulated.ts
import { controllerPlugins } from "@tracer-sdk/controllers"
import { arithmeticTasks, corePlugins, type EvaluationReport, learnedStates, Team } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"

await using team = await Team.create(
  {
    agents: [
      { name: "ada", policy: "model" },
      { name: "bob", policy: "model" }
    ],
    policies: {
      model: {
        use: "simulated",
        right: 0.6, // P(right) of a proposal
        rightGivenRight: 0.9, // P(says RIGHT | the pending answer is right)
        rightGivenWrong: 0.2, // P(says RIGHT | the pending answer is wrong)
        tokens: { prompt: 200, completion: 60 } // of each utterance
      }
    },
    protocol: { use: "propose-review", rounds: 5 },
    controller: { use: "regret-matching" },
    credit: { use: "tracer", tokenCost: 0.2 } // 1,000 tokens cost a tenth of what a right answer is worth
  },
  [...corePlugins, ...rolePlugins, ...controllerPlugins]
)

const percent = (share: number) => `${(100 * share).toFixed(0)}%`.padStart(4)
const show = (system: string, { accuracy, promptTokens, completionTokens, calls }: EvaluationReport) => {
  const tokens = (promptTokens + completionTokens).toFixed(0)
  console.log(
    `${system}: ${percent(accuracy.mean)} right, ${tokens} tokens, ${calls.toFixed(2)} calls a task`
  )
}

const heldOut = arithmeticTasks({ split: "test", seed: 1, count: 300 })
show("untrained", await team.evaluate(heldOut))

await team.train(arithmeticTasks({ split: "train", seed: 1, count: 1000 }), {
  onEvent: (event) => {
    if (event.type !== "batch-end" || event.batch % 8 !== 7) return
    console.log(
      `  batch ${event.batch + 1} of ${event.batches}: ${percent(event.correct / event.episodes)} right`
    )
  }
})
show("trained", await team.evaluate(heldOut))
show("trained, greedy", await team.evaluate(heldOut, { selection: "greedy" }))

console.log("\nwhat the controllers learned, state by state:")
for (const { controller, info, actions, average, visits } of learnedStates(team.runtime.assembly.game)) {
  const strategy = actions.map((action, i) => `${action} ${percent(average[i] ?? 0)}`).join("  ")
  console.log(`  ${controller.padEnd(12)} ${info.padEnd(24)} ${strategy}   (${visits} visits)`)
}
