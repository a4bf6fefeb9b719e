import { worded } from "./worded.ts"

/** Prompts for graduate-level science questions with lettered choices. */
export const gpqa = worded({
  kind: "a graduate-level science question with lettered choices, exactly one of which is correct",
  lastLine: "Final answer: <letter>",
  advice: "Reason step by step and say why the other choices fail.",
  check:
    "Decide on your own which choice is correct, then compare letters: look for misapplied laws and for choices that were dismissed too soon."
})
