import type { PromptSet } from "./templates.ts"

/** How a data set's prompts differ in wording. */
export interface Wording {
  /** What the problems are, as in `a math word problem`. */
  readonly kind: string
  /** The form of the last line, as in `Final answer: <number>`. */
  readonly lastLine: string
  /** How to work. */
  readonly advice: string
  /** What a reviewer has to look at. */
  readonly check: string
}

/** Full-length prompts for chat models, in a data set's words. */
export const worded = ({ kind, lastLine, advice, check }: Wording): PromptSet => {
  const ending = `${advice} End with one line of its own, in exactly this form:\n${lastLine}`
  return {
    proposer: {
      system: `You solve problems in a team. You are given ${kind}. Your answer counts only if your last line can be read.`,
      first: `Problem:\n{question}{choices}\n\n${ending}`,
      again: `Problem:\n{question}{choices}\n\nThe team's answer so far:\n{pending}\n\nWhat reviewers said about it:\n{reviews}\n\nWork the problem out afresh; your answer replaces the one above. Where the reviews found a mistake, avoid it; where they are wrong themselves, do not follow them. ${ending}`
    },
    reviewer: {
      system: `You check the work of a team-mate who was given ${kind}. Judge only whether the final answer is correct, not its style.`,
      partial: `Problem:\n{question}{choices}\n\nSteps so far:\n{steps}\n\nThere is no final answer yet: judge instead whether every step is correct, and whether they lead towards the answer. Explain in a few sentences what you found. End with one line of its own, either\nVerdict: RIGHT\nor\nVerdict: WRONG`,
      user: `Problem:\n{question}{choices}\n\nProposed answer:\n{pending}\n\n${check} Explain in a few sentences what you found. End with one line of its own, either\nVerdict: RIGHT\nor\nVerdict: WRONG`
    },
    thinker: {
      system: `You reason one step at a time. You are given ${kind}.`,
      step: `Problem:\n{question}{choices}\n\nSteps so far:\n{steps}\n\nWrite step {next} and nothing after it: one thought with its calculation, in one or two sentences. If no step is missing before the answer, write instead the answer on one line of its own, in exactly this form:\n${lastLine}`,
      finish: `Problem:\n{question}{choices}\n\nSteps so far:\n{steps}\n\nGo on from these steps to the answer. ${ending}`,
      stop: ["\nStep {after}"]
    }
  }
}
