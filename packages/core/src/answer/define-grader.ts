import { reasonOf } from "../reason-of.ts"
import { answerMarks, beforeNextQuestion, believed } from "./final-answer.ts"
import { type Answer, answered, type Grader, type ReadAnswer, unreadable } from "./grader.ts"

/** What the author of a grader writes. */
export interface GraderDefinition {
  readonly name: string
  /**
   * What the words of an answer come to, in one spelling for all that mean the same; `undefined` where they are no answer.
   *
   * It gets the words alone: what stands in a box, behind `####` or on a final-answer line, or the last line of an utterance that
   * announces no answer; of a gold, all of it, or what follows its `####`.
   */
  readonly parse: (words: string) => string | undefined
  /** Whether two answers are the same, where equal spellings are not the whole truth. Symmetric, and true of an answer and itself. */
  readonly equal?: (answer: string, gold: string) => boolean
}

/** Longest words that `parse` is given, in characters. */
const maximumWords = 1500

const linesOf = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line.trim() !== "")

/**
 * A grader from one or two functions: finding the answer in an utterance, golds behind `####`, and texts that go on after
 * their answer are seen to. Where `parse` throws, there is no answer; where `equal` throws, the answers differ.
 */
export const defineGrader = ({ name, parse, equal }: GraderDefinition): Grader => {
  const parsed = (words: string): ReadAnswer => {
    const own = words.trim().slice(0, maximumWords)
    if (own === "") return unreadable("the answer is empty")
    try {
      const canonical = parse(own)
      return canonical === undefined ? unreadable(`it is no answer to ${name}`) : answered(own, canonical)
    } catch (cause) {
      return unreadable(`${name} cannot read it: ${reasonOf(cause)}`)
    }
  }
  const same = ({ canonical: mine }: Answer, { canonical: theirs }: Answer): boolean => {
    if (mine === theirs) return true
    try {
      return equal?.(mine, theirs) === true
    } catch {
      return false
    }
  }
  return {
    name,
    read: (text) => {
      const marks = believed(answerMarks(text))
      for (const { boxed, content } of marks) {
        const answer = parsed(boxed ? content : (linesOf(content)[0] ?? ""))
        if (answer.kind === "answer") return answer
      }
      if (marks.length > 0) return unreadable(`the final answer is no answer to ${name}`)
      return parsed(linesOf(beforeNextQuestion(text).slice(-maximumWords)).at(-1) ?? "")
    },
    gold: (text) => {
      const at = text.lastIndexOf("####")
      return parsed(at < 0 ? text : text.slice(at + 4))
    },
    equal: same
  }
}
