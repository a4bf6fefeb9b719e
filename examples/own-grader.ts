// A grader of one's own: times of day, which may be written in many ways. Tasks come from a CSV file.
//
//   node examples/own-grader.ts
import { fileURLToPath } from "node:url"
import { controllerPlugins } from "@tracer-sdk/controllers"
import { corePlugins, defineGrader, definePlugin, readTasks, Team } from "@tracer-sdk/core"
import { graderConformance } from "@tracer-sdk/core/testing"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect, Schema } from "effect"

/** `3:15 pm`, `15.15` and `15:15 h` are one answer: the minutes since midnight. */
const timeOfDay = defineGrader({
  name: "time-of-day",
  parse: (words) => {
    const [, hour = "", minute = "0", half] =
      /\b(\d{1,2})(?:[:.](\d\d))?\s?([ap]m)?\b/i.exec(words.replace(/([ap])\.\s?m\.?/gi, "$1m")) ?? []
    if (hour === "" || Number(hour) > 24 || Number(minute) > 59) return undefined
    const isLater = half?.toLowerCase() === "pm"
    const hours = half === undefined ? Number(hour) % 24 : (Number(hour) % 12) + (isLater ? 12 : 0)
    return String(60 * hours + Number(minute))
  }
})

const timePlugin = definePlugin({
  kind: "grader",
  name: "time-of-day",
  options: Schema.Struct({}),
  make: () => Effect.succeed(timeOfDay)
})

// Everything that the SDK relies on is checked. In a test file: it(name, check).
for (const { name, check } of graderConformance(timeOfDay, ["21:15", "6.30", "4 pm", "00:10"])) {
  await check()
  console.log(`holds: ${name}`)
}

const file = fileURLToPath(new URL("tasks/times.csv", import.meta.url))
const fields = { question: "Exercise", answer: "Solution" }
const tasks = await Effect.runPromise(readTasks(file, { dataset: "times", fields }))

const gold = timeOfDay.gold(tasks[3]?.gold ?? "")
console.log(`\n${tasks[3]?.question}`)
for (const said of [
  "It takes two hours.\nFinal answer: 15:15",
  "At \\boxed{3.15 p.m.}",
  "#### 3:15",
  "Late."
]) {
  const answer = timeOfDay.read(said)
  const isRight =
    answer.kind === "answer" && gold.kind === "answer" && timeOfDay.equal(answer.answer, gold.answer)
  console.log(`  ${isRight ? "right" : "wrong"}  ${JSON.stringify(said)}`)
}

// The configuration of a team says which data set the grader is for.
await using team = await Team.create(
  {
    agents: [
      { name: "ada", policy: "model" },
      { name: "bob", policy: "model" }
    ],
    policies: { model: { use: "simulated", right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.2 } },
    graders: { times: { use: "time-of-day" } }
  },
  [...corePlugins, ...rolePlugins, ...controllerPlugins, timePlugin]
)
const report = await team.evaluate(Array.from({ length: 30 }, () => tasks).flat())
console.log(`\n${(100 * report.accuracy.mean).toFixed(0)}% right on ${report.tasks} tasks`)
