import { expect, it } from "@effect/vitest"
import { controllerPlugins } from "@tracer-sdk/controllers"
import { corePlugins, Team, type TracerEvent } from "@tracer-sdk/core"
import { rolePlugins } from "@tracer-sdk/roles"
import { trainerPlugins } from "@tracer-sdk/trainers"

const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins, ...trainerPlugins]

it("a team's utterances are streamed while its local model speaks them", async () => {
  await using team = await Team.create(
    {
      agents: [{ name: "ada", policy: "nano" }],
      policies: { nano: { use: "local", model: "nano", backend: "cpu" } },
      protocol: { use: "propose-review", rounds: 2, alwaysSpeak: true },
      sampling: { temperature: 1, maxTokens: 48, stop: ["Final"] }
    },
    plugins
  )
  const question = "Mia has 3 bags with 4 apples each and loses 2. How many apples are left?"
  const events: Array<TracerEvent> = []
  for await (const event of team.stream({ id: "t", question, dataset: "arithmetic" })) events.push(event)
  let spoken = ""
  let pieces = 0
  let utterances = 0
  for (const event of events) {
    if (event.type === "utterance-delta") {
      expect(event.text).not.toBe("")
      spoken += event.text
      pieces += 1
    }
    if (event.type === "utterance") {
      expect(spoken).toBe(event.text)
      expect(event.text).not.toContain("Final")
      spoken = ""
      utterances += 1
    }
  }
  expect(utterances).toBe(2)
  expect(pieces).toBeGreaterThan(4)
})
