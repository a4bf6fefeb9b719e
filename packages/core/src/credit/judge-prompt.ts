import type { Utterance, UtteranceGroup } from "../credit.ts"
import type { Prompt } from "../role.ts"
import type { TranscriptEntry } from "../transcript.ts"

/** What a judge is told by default. */
export const judgeInstructions =
  "You grade one contribution to a discussion between agents who work on a question. A good contribution is correct and moves the discussion towards the right answer; a bad one is wrong, misleads, or adds nothing. Think as briefly as you can, then end with a line that reads Score: and a number from 0 (harmful) over 0.5 (of no consequence) to 1 (as good as can be), as in\nScore: 0.7"

const spoken = ({ agent, role, text }: TranscriptEntry): ReadonlyArray<string> =>
  text === undefined ? [] : [`${agent} (${role ?? "speaker"}): ${text}`]

/** Asks for the grade of one utterance, in its context. */
export const judgePrompt = (
  { task, view, agent, role }: UtteranceGroup,
  { completion }: Utterance,
  { instructions, gold }: { readonly instructions: string; readonly gold: boolean }
): Prompt => {
  const before = view.transcript.flatMap(spoken)
  const parts = [
    `Question:\n${task.question}`,
    ...(task.choices === undefined ? [] : [`Choices:\n${task.choices.join("\n")}`]),
    ...(gold && task.gold !== undefined ? [`Reference answer:\n${task.gold}`] : []),
    `Discussion so far:\n${before.length === 0 ? "(nothing was said yet)" : before.join("\n\n")}`,
    `Contribution to grade, by ${agent} (${role}):\n${completion.text}`
  ]
  return {
    messages: [
      { role: "system", content: instructions },
      { role: "user", content: parts.join("\n\n") }
    ]
  }
}

const scoreLine = /^score\s*[:=]\s*(0?\.\d{1,6}|[01](?:\.\d{1,6})?)\.?$/i

/**
 * The grade on the last line of a judge's words, from 0 to 1; `undefined` where that line is anything but `Score: ` and such a number
 * (emphasis set aside), so that a number in passing is never taken for a grade.
 */
export const readScore = (text: string): number | undefined => {
  const last = text.trimEnd().split("\n").at(-1) ?? ""
  const found = scoreLine.exec(
    last
      .slice(0, 200)
      .replace(/[*_`#]/g, "")
      .trim()
  )?.[1]
  const score = found === undefined ? undefined : Number(found)
  return score !== undefined && score <= 1 ? score : undefined
}
