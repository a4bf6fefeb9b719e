import type { PromptSet } from "./templates.ts"

const solve = {
  system: "Solve.",
  first: "{question}",
  again: "{question}\nEarlier answer: {answer} ({verdict})"
}
const judge = { system: "Review.", user: "{question}\nProposed: {line}" }

/** The short prompts that the shipped small model was trained on; it understands no others, so every role is asked in one of them. */
export const arithmetic: PromptSet = {
  proposer: solve,
  reviewer: judge,
  // The earlier answer is somebody else's; nobody reviews in a debate.
  debater: { ...solve, again: "{question}\nEarlier answer: {other} (unreviewed)" },
  critic: judge,
  refiner: solve,
  verifier: judge,
  // RIGHT ends the dialogue, WRONG gives the word to the first speaker.
  selector: judge,
  // Of the ends that an equation has, the equals sign alone is always a token: `. ` and the final answer's line begin alike.
  thinker: { system: "Solve.", step: "{question}", finish: "{question}", stop: ["="], continues: "=" }
}
