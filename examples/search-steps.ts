// The small model that ships with the SDK searches over its own steps of reasoning: no key, a minute.
//
//   node examples/search-steps.ts [TASKS]
import { controllerPlugins } from "@tracer-sdk/controllers"
import { arithmeticTasks, corePlugins, type PluginUse, Team } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { trainerPlugins } from "@tracer-sdk/trainers"

const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins, ...trainerPlugins]
const teamOf = (protocol: PluginUse) =>
  Team.create(
    {
      agents: [
        { name: "ada", policy: "nano" }, // thinks
        { name: "bob", policy: "nano" } // judges
      ],
      policies: { nano: { use: "local", model: "nano", backend: "cpu" } },
      protocol,
      sampling: { temperature: 1, maxTokens: 64 }
    },
    plugins
  )

const search = { value: "rollout", judgements: 3 }
const systems: ReadonlyArray<readonly [string, PluginUse]> = [
  ["one answer", { use: "single" }],
  ["majority of 9", { use: "self-consistency", samples: 9 }],
  ["majority of 27", { use: "self-consistency", samples: 27 }],
  ["best of 9, judged 3 times", { use: "best-of-n", samples: 9, judgements: 3 }],
  ["tree of thoughts", { use: "tree-of-thoughts", ...search }],
  ["MCTS", { use: "mcts", ...search }],
  ["MCTS, vote", { use: "mcts", answer: "vote", ...search }]
]

// The path of one search, turn by turn.
await using team = await teamOf({ use: "tree-of-thoughts", depth: 3, samples: 2, ...search, judgements: 1 })
const question = "Mia has 3 bags with 4 apples each and loses 2. How many apples are left?"
const { answer, transcript } = await team.solve({ id: "apples", question, dataset: "arithmetic" })
console.log(question)
for (const { round, action, text = "", about } of transcript) {
  const what = about === undefined ? action : `${action} of turn ${about}`
  console.log(`  ${`${round}`.padStart(3)} ${what.padEnd(18)} ${text.replaceAll("\n", " ")}`)
}
console.log(`  answer: ${answer?.text}\n`)

const tasks = arithmeticTasks({ split: "test", seed: 1, count: Number(process.argv[2] ?? 300) })
for (const [name, protocol] of systems) {
  await using searching = await teamOf(protocol)
  const { accuracy, promptTokens, completionTokens, calls } = await searching.evaluate(tasks)
  const [right, low, high] = [accuracy.mean, accuracy.low, accuracy.high].map((share) =>
    (100 * share).toFixed(1)
  )
  const tokens = `${promptTokens.toFixed(0)} + ${completionTokens.toFixed(0)}`
  console.log(
    `${name.padEnd(26)} ${right}% right (${low} to ${high}), ${tokens} tokens, ${calls.toFixed(1)} calls a task`
  )
}
