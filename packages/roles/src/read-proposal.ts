import { type Grader, graderFor, type Role, type Task } from "@tracer-sdk/core"
import { memoizedReading } from "./memoized-reading.ts"

/** What a role that answers has to be told beside its options. */
export interface Answering {
  readonly name?: string
  /** Reads the answers; by default the grader of the task's data set. */
  readonly grader?: (task: Task) => Grader
}

/** Reads an answer to the question from an utterance, by the task's grader. */
export const proposalReader = (grader: (task: Task) => Grader = graderFor): Role["read"] => {
  const read = memoizedReading((text, by: Grader) => {
    const answer = by.read(text)
    return answer.kind === "answer"
      ? { kind: "proposal", answer: answer.answer }
      : { kind: "unreadable", expected: "proposal", reason: answer.reason }
  })
  return ({ task }, text) => read(text, grader(task))
}
