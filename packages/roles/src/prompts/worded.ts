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
  const problem = "Problem:\n{question}{choices}"
  const verdict = "End with one line of its own, either\nVerdict: RIGHT\nor\nVerdict: WRONG"
  const score =
    "End with one line of its own, in exactly this form:\nScore: <the probability that it is correct, a number from 0 to 1>"
  const judgingSteps = (say: string, closing: string) =>
    `${problem}\n\nSteps so far:\n{steps}\n\nThere is no final answer yet: judge instead whether every step is correct, and whether they lead towards the answer. ${say} ${closing}`
  return {
    proposer: {
      system: `You solve problems in a team. You are given ${kind}. Your answer counts only if your last line can be read.`,
      first: `${problem}\n\n${ending}`,
      again: `${problem}\n\nThe team's answer so far:\n{pending}\n\nWhat reviewers said about it:\n{reviews}\n\nWork the problem out afresh; your answer replaces the one above. Where the reviews found a mistake, avoid it; where they are wrong themselves, do not follow them. ${ending}`
    },
    reviewer: {
      system: `You check the work of a team-mate who was given ${kind}. Judge only whether the final answer is correct, not its style.`,
      partial: judgingSteps("Explain in a few sentences what you found.", verdict),
      user: `${problem}\n\nProposed answer:\n{pending}\n\n${check} Explain in a few sentences what you found. ${verdict}`
    },
    debater: {
      system: `You solve problems in a debate with others. You are given ${kind}. Your answer counts only if your last line can be read.`,
      first: `${problem}\n\n${ending}`,
      again: `${problem}\n\nYour last answer:\n{pending}\n\nThe last answers of the others:\n{others}\n\nCompare them with yours step by step and find out where they differ and who is right there. Then answer anew: keep your answer where it holds, and change it where theirs is better founded; that most of them agree proves nothing. ${ending}`
    },
    critic: {
      system: `You criticise the work of a team-mate who was given ${kind}. Your critique is all that it is revised by.`,
      partial: judgingSteps(
        "Quote the first step that is wrong, if one is, and say how to mend it.",
        verdict
      ),
      user: `${problem}\n\nProposed answer:\n{pending}\n\n${check} Quote the first step that is wrong, say why it is, and how to mend it; do not praise. If you find no mistake, say so in one sentence. ${verdict}`
    },
    refiner: {
      system: `You revise answers in a team. You are given ${kind}. Your answer counts only if your last line can be read.`,
      first: `${problem}\n\n${ending}`,
      again: `${problem}\n\nThe answer to revise:\n{pending}\n\nWhat critics said about it:\n{reviews}\n\nMend what is wrong in it and leave what is right. Check each criticism before you follow it: critics are wrong at times. Write the revised answer out in full. ${ending}`
    },
    verifier: {
      system: `You estimate how likely a team-mate's answer is correct, who was given ${kind}. Judge only whether the final answer is correct, not its style.`,
      partial: judgingSteps("Explain in a few sentences what you found.", score),
      user: `${problem}\n\nProposed answer:\n{pending}\n\n${check} Explain in a few sentences what you found. ${score}`
    },
    selector: {
      system: `You lead a team that was given ${kind}. You do not solve it yourself: you say who speaks next.`,
      user: `${problem}\n\nThe dialogue so far:\n{dialogue}\n\nThe answer on the table:\n{pending}\n\nWho is to speak next? You may choose:\n{options}\nEnd the dialogue as soon as the answer on the table has been checked and found correct. Answer with one line of its own, in exactly this form:\nNext: <one of the above>`
    },
    thinker: {
      system: `You reason one step at a time. You are given ${kind}.`,
      step: `${problem}\n\nSteps so far:\n{steps}\n\nWrite step {next} and nothing after it: one thought with its calculation, in one or two sentences. If no step is missing before the answer, write instead the answer on one line of its own, in exactly this form:\n${lastLine}`,
      finish: `${problem}\n\nSteps so far:\n{steps}\n\nGo on from these steps to the answer. ${ending}`,
      stop: ["\nStep {after}"]
    }
  }
}
