import { worded } from "./worded.ts"

/** Prompts for competition mathematics with a LaTeX answer. */
export const math = worded({
  kind: "a competition mathematics problem, whose answer is a LaTeX expression",
  lastLine: "Final answer: \\boxed{<expression>}",
  advice:
    "Reason step by step. Simplify the result fully, and leave out units and explanations from the box.",
  check:
    "Derive the answer on your own, or test the proposed one against all conditions of the problem: look for cases left out, signs, and domains. An answer in another but equal form is correct."
})
