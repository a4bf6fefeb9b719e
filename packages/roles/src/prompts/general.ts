import { worded } from "./worded.ts"

/** Prompts for problems of no known data set. */
export const general = worded({
  kind: "a problem with one short answer",
  lastLine: "Final answer: <answer>",
  advice: "Reason step by step.",
  check: "Work out the answer on your own first, then compare."
})
