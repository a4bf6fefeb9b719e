import { commandLine } from "./shell.ts"
import type { Style } from "./style.ts"

/** Where a finished run is, and how its reader calls the command. */
export interface RunPlace {
  readonly directory: string
  /** The words that start the command: `tracer`, or `npx tracer`. */
  readonly command: string
}

const sampleQuestion = "Mia has 9 pens and gives 4 to Tom. How many pens are left?"

/** Commands that can be copied, for what one does with a trained team. */
export const renderNextSteps = ({ directory, command }: RunPlace, style: Style): ReadonlyArray<string> => {
  const line = (...rest: ReadonlyArray<string>) => `    ${command} ${commandLine(rest)}`
  return [
    style.strong("What to try next"),
    "  Put a question to the team, and watch who speaks and who stays silent:",
    line("solve", "--run", directory, sampleQuestion),
    "  Measure it on tasks of yours, a JSONL file with question and answer on each line:",
    line("eval", "--run", directory, "--tasks", "tasks.jsonl"),
    "  See its learning curve, and how far its regret is from the bound:",
    line("inspect", "--run", directory)
  ]
}
