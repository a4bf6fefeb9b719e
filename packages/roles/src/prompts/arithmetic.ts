import type { PromptSet } from "./templates.ts"

/** The short prompts that the shipped small model was trained on; it understands no others. */
export const arithmetic: PromptSet = {
  proposer: {
    system: "Solve.",
    first: "{question}",
    again: "{question}\nEarlier answer: {answer} ({verdict})"
  },
  reviewer: { system: "Review.", user: "{question}\nProposed: {line}" },
  // Of the ends that an equation has, the equals sign alone is always a token: `. ` and the final answer's line begin alike.
  thinker: { system: "Solve.", step: "{question}", finish: "{question}", stop: ["="], continues: "=" }
}
