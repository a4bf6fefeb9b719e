import { counted } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import type { Section, Words } from "../document.ts"

/** Under which conditions it was measured, and what the intervals mean. */
export const howItWasMade = ({ summary }: BenchmarkIndex): Section => {
  const { seeds, datasets, baseline, systems } = summary
  const tasks = datasets.map(
    ({ name, tasks, trainingTasks }) =>
      `${name}, ${counted(tasks, "task")}${trainingTasks === undefined ? "" : ` (those that learn learned on ${counted(trainingTasks, "other task")})`}`
  )
  const items: ReadonlyArray<Words> = [
    [{ strong: "Tasks:" }, ` ${tasks.length === 0 ? "none" : tasks.join("; ")}. All systems have the same.`],
    [
      { strong: "Seeds:" },
      ` ${seeds.length === 0 ? "none" : seeds.join(", ")}. Everything random follows from the seed: the same configuration gives the same report, byte for byte.`
    ],
    [
      { strong: "Conditions:" },
      ` ${counted(systems.length, "system")} with the same models, prompts, sampling and token limits, unless a note in the table says how one differs.`
    ],
    [
      { strong: "Accuracy's interval" },
      " is a 95% interval over tasks; a task counts once, by its mean over the seeds, since runs of one task are not independent. It says how far the figure might be off on other tasks of the kind, not on other kinds of tasks."
    ],
    [
      { strong: "Differences" },
      " are paired: the two systems are compared task by task, which is why a difference can be clear where two intervals overlap. The baseline is ",
      { strong: baseline },
      ". Where the interval holds zero, no difference could be shown, which is not the same as that there is none."
    ],
    [
      { strong: "Many comparisons" },
      " are made at once: one interval in twenty between equals leaves zero out by chance. The most accurate of many systems is likely to have been lucky, too."
    ],
    [
      { strong: "Tokens" },
      " are prompt and completion tokens per task, as counted by each model's own tokeniser."
    ]
  ]
  return { id: "how", title: "How it was made", blocks: [{ kind: "list", items }] }
}
