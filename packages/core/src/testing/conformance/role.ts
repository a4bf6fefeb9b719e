import type { Role } from "../../role.ts"
import type { Task } from "../../task.ts"
import type { TranscriptEntry, View } from "../../transcript.ts"
import { type ConformanceCheck, demand, demandSame, requirement } from "./check.ts"
import { hostileTexts } from "./hostile-texts.ts"

const plainTask: Task = { id: "plain", question: "What is 2 + 3?", gold: "5" }

const proposed: TranscriptEntry = {
  round: 1,
  agent: "ann",
  seat: "proposer",
  action: "propose",
  role: "proposer",
  text: "It is 5",
  reading: { kind: "proposal", answer: { text: "5", canonical: "5" } }
}
const skipped: TranscriptEntry = { round: 2, agent: "bob", seat: "reviewer", action: "skip" }

const viewsOf = (task: Task): ReadonlyArray<View> => [
  { task, transcript: [] },
  { task, transcript: [proposed], pending: { text: "It is 5", answer: { text: "5", canonical: "5" } } },
  { task, transcript: [proposed, skipped], pending: { text: "no idea" } },
  { task, transcript: [proposed], options: ["ann", "bob", "end"], steps: ["2 + 3 is", "five"] }
]

/** What every role has to do, for views of each task. */
export const roleConformance = (
  role: Role,
  tasks: ReadonlyArray<Task> = [plainTask]
): ReadonlyArray<ConformanceCheck> => {
  const views = tasks.flatMap(viewsOf)
  return [
    requirement("every view gives a prompt with something in it", () => {
      for (const view of views) {
        const { messages } = role.prompt(view)
        const spoken = messages.some(({ content }) => content.trim() !== "")
        demand(spoken, `Role "${role.name}" has nothing to ask about ${JSON.stringify(view)}.`)
      }
    }),
    requirement("prompts are functions of the view", () => {
      for (const view of views) demandSame(role.prompt(view), role.prompt(structuredClone(view)), "A prompt")
    }),
    requirement("stop strings have something in them, and are functions of the view", () => {
      for (const view of views) {
        const stop = role.stop?.(view) ?? []
        demand(!stop.includes(""), `Role "${role.name}" stops at the empty string.`)
        demandSame(stop, role.stop?.(structuredClone(view)) ?? [], "A list of stop strings")
      }
    }),
    requirement("reading never throws, and is a function of view and text", () => {
      for (const view of views) {
        for (const text of hostileTexts) {
          demandSame(role.read(view, text), role.read(structuredClone(view), text), "A reading")
        }
      }
    }),
    requirement("readings are of a known kind, scores from 0 to 1, and choices among the options", () => {
      const kinds = ["proposal", "verdict", "comment", "choice", "score", "unreadable"]
      for (const view of views) {
        for (const text of hostileTexts) {
          const reading = role.read(view, text)
          const shown = `"${text.slice(0, 40)}" was read as`
          demand(kinds.includes(reading.kind), `${shown} "${reading.kind}".`)
          if (reading.kind === "score") {
            demand(reading.score >= 0 && reading.score <= 1, `${shown} the score ${reading.score}.`)
          }
          if (reading.kind === "choice") {
            const offered = view.options?.includes(reading.choice) === true
            demand(offered, `${shown} the choice "${reading.choice}", which is not among the view's options.`)
          }
        }
      }
    })
  ]
}
