import { answerMarks, believed } from "./final-answer.ts"
import { answered, type Grader, type ReadAnswer, sameCanonical, unreadable } from "./grader.ts"

const normalise = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/[*_`"]/g, "")
    .replace(/\s{1,100}/g, " ")
    .trim()
    .replace(/[.!,;:]{1,10}$/, "")
    .trim()
    .toLowerCase()

const asAnswer = (text: string): ReadAnswer => {
  const canonical = normalise(text)
  return canonical === "" ? unreadable("the answer is empty") : answered(text.trim(), canonical)
}

const firstLine = (content: string): string => content.split("\n", 1)[0] ?? ""

/** Compares words: letter case, markup, spacing and a final full stop do not count. */
export const exactGrader: Grader = {
  name: "exact",
  read(text) {
    const mark = believed(answerMarks(text))[0]
    if (mark === undefined) return asAnswer(text)
    return asAnswer(mark.boxed ? mark.content : firstLine(mark.content))
  },
  gold(text) {
    const at = text.lastIndexOf("####")
    return asAnswer(at < 0 ? text : text.slice(at + 4))
  },
  equal: sameCanonical
}
