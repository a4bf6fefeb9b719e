import { worded } from "./worded.ts"

/** Prompts for grade-school word problems with one number as answer. */
export const gsm8k = worded({
  kind: "a grade-school math word problem, whose answer is one number",
  lastLine: "Final answer: <number>",
  advice: "Reason step by step and write out each calculation.",
  check:
    "Work out the answer on your own first, then compare: look for quantities left out, units mixed up and slips of arithmetic."
})
