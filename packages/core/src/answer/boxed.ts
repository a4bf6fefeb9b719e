import { answerMarks, believed } from "./final-answer.ts"
import { type Answer, answered, type Grader, type ReadAnswer, unreadable } from "./grader.ts"
import { sameForm } from "./latex/compare.ts"
import { printForm } from "./latex/form.ts"
import { parseForm } from "./latex/parse-form.ts"

const asAnswer = (latex: string): ReadAnswer => answered(latex, printForm(parseForm(latex)))

/** A final-answer line without the marks that set it as mathematics. */
const unset = (line: string): string =>
  line
    .replace(/\\[()[\]]/g, " ")
    .replace(/\*\*|`/g, "")
    .trim()

const readLine = (content: string): ReadAnswer => {
  const line = content.split("\n").find((part) => /[\p{L}\p{N}]/u.test(part)) ?? ""
  const latex = unset(line)
  return latex === "" ? unreadable("the final answer is empty") : asAnswer(latex)
}

/**
 * LaTeX answers, as MATH's: the last balanced `\boxed{}`, else an explicit final-answer line; compared by what they
 * mean. Units, names in front (`x = 5`) and percent signs do not count where only one of the two has them.
 */
export const boxedGrader: Grader = {
  name: "boxed",
  read(text) {
    const marks = believed(answerMarks(text))
    const box = marks.find((mark) => mark.boxed && mark.content.trim() !== "")
    if (box !== undefined) return asAnswer(box.content)
    for (const mark of marks) {
      const answer = mark.boxed ? unreadable("the box is empty") : readLine(mark.content)
      if (answer.kind === "answer") return answer
    }
    return unreadable(
      marks.length === 0 ? "there is no box and no final answer" : "the final answer is empty"
    )
  },
  gold(text) {
    const box = answerMarks(text).findLast((mark) => mark.boxed)
    if (box !== undefined) return asAnswer(box.content)
    const at = text.lastIndexOf("####")
    return asAnswer((at < 0 ? text : text.slice(at + 4)).trim())
  },
  equal: (answer: Answer, gold: Answer): boolean =>
    answer.canonical === gold.canonical || sameForm(parseForm(answer.text), parseForm(gold.text))
}
