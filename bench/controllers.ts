/** What each controller makes of simulated teams: accuracy, tokens and worth on held-out problems, over three seeds. */
import { controllerPlugins } from "@tracer-sdk/controllers"
import { arithmeticTasks, corePlugins, type PluginUse, Team } from "@tracer-sdk/core"
import { rolePlugins, type SimulatedPolicyOptions } from "@tracer-sdk/roles"

const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins]
const training = arithmeticTasks({ split: "train", seed: 1, count: 1_000 })
const heldOut = arithmeticTasks({ split: "test", seed: 1, count: 400 })
const seeds = [1, 2, 3]
const tokenCost = 0.5

const teams: Readonly<Record<string, SimulatedPolicyOptions>> = {
  "a good reviewer": { right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.2 },
  "a reviewer that tosses a coin": { right: 0.6, rightGivenRight: 0.5, rightGivenWrong: 0.5 },
  "a weak reviewer": { right: 0.6, rightGivenRight: 0.7, rightGivenWrong: 0.4 },
  "a second try better than the first": {
    ...{ right: 0.4, secondRight: 0.7, rightGivenRight: 0.8, rightGivenWrong: 0.3, wrongAnswers: 3 }
  }
}
const stated: ReadonlyArray<PluginUse> = [
  { use: "fixed", weights: { propose: 1, review: 1 } },
  { use: "random" },
  { use: "threshold", below: 1 }
]
const learning: ReadonlyArray<PluginUse> = [
  ...["rm", "rm+", "linear", "dcfr", "predictive"].map((variant) => ({ use: "regret-matching", variant })),
  { use: "regret-matching", sampling: "outcome" },
  { use: "bayesian", tokenCost },
  { use: "thompson" },
  { use: "exp3" }
]
const title = ({ use, variant, sampling }: PluginUse): string =>
  [use, variant, sampling].filter((part) => part !== undefined).join(", ")

for (const [team, skill] of Object.entries(teams)) {
  console.log(`\n${team}`)
  for (const controller of [...stated, ...learning]) {
    let accuracy = 0
    let tokens = 0
    for (const seed of seeds) {
      await using made = await Team.create(
        {
          ...{ seed, controller, credit: { use: "tracer", tokenCost } },
          agents: [
            { name: "ada", policy: "model" },
            { name: "bob", policy: "model" }
          ],
          policies: { model: { use: "simulated", ...skill } }
        },
        plugins
      )
      if (!stated.includes(controller)) await made.train(training)
      const selection = stated.includes(controller) ? "sample" : "greedy"
      const report = await made.evaluate(heldOut, { selection })
      accuracy += report.accuracy.mean / seeds.length
      tokens += (report.promptTokens + report.completionTokens) / seeds.length
    }
    const worth = 2 * accuracy - 1 - (tokenCost * tokens) / 1000
    console.log(
      `  ${title(controller).padEnd(30)} ${(100 * accuracy).toFixed(1)}% right  ${tokens.toFixed(0).padStart(5)} tokens  worth ${worth.toFixed(3).padStart(6)}`
    )
  }
}
