// A team that speaks through any server of the OpenAI protocol (OpenAI, vLLM, llama.cpp, Ollama, OpenRouter ...).
//
//   node examples/solve-with-openai.ts http://127.0.0.1:11434/v1 qwen3:4b
//   node examples/solve-with-openai.ts https://api.openai.com/v1 gpt-4.1-mini --key-variable OPENAI_API_KEY
import { parseArgs } from "node:util"
import { controllerPlugins } from "@tracer-sdk/controllers"
import { corePlugins, PolicyError, Team } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    question: { type: "string", default: "Mia has 3 bags of 4 apples and eats 2. How many are left?" },
    "key-variable": { type: "string" }
  }
})
const [baseURL, model] = positionals
const { question, "key-variable": apiKeyVariable } = values

if (baseURL === undefined || model === undefined) {
  console.error(`This example needs a server that speaks the OpenAI protocol, and the name of a model there:

  node examples/solve-with-openai.ts BASE_URL MODEL [--question TEXT] [--key-variable NAME]

  BASE_URL        as in http://127.0.0.1:11434/v1 (Ollama) or https://api.openai.com/v1
  MODEL           as the server names it
  --key-variable  the environment variable that holds the server's key, where it needs one

Without a server, try node examples/train-simulated.ts.`)
  process.exit(2)
}

await using team = await Team.create(
  {
    agents: [
      { name: "ada", policy: "model" },
      { name: "bob", policy: "model" }
    ],
    policies: {
      model: { use: "openai", model, baseURL, retries: 2, ...(apiKeyVariable && { apiKeyVariable }) }
    },
    protocol: { use: "propose-review", rounds: 3 },
    sampling: { temperature: 0.7, maxTokens: 1024 }
  },
  [...corePlugins, ...rolePlugins, ...controllerPlugins]
)

console.log(`question: ${question}`)
try {
  for await (const event of team.stream(question)) {
    if (event.type === "utterance")
      console.log(`\n${event.agent}, ${event.role} (${event.reading}):\n${event.text}`)
    if (event.type === "turn-skip") console.log(`\n${event.agent} has nothing to add (${event.action}).`)
    if (event.type === "episode-end") {
      const tokens = event.promptTokens + event.completionTokens
      console.log(
        `\nanswer: ${event.answer ?? "none that can be read"} (${event.calls} calls, ${tokens} tokens)`
      )
    }
  }
} catch (error) {
  if (!(error instanceof PolicyError)) throw error
  console.error(`\n${error.message}\n${error.hint}`)
  process.exitCode = 1
}
