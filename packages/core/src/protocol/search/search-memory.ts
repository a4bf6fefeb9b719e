import type { Answer } from "../../answer/index.ts"
import type { View } from "../../transcript.ts"
import type { Board } from "../parts/index.ts"
import { pathTo, seedling, stepsTo, type ThoughtTree } from "./thought.ts"

/** A line of reasoning to be valued: up to a thought, or beyond it to an answer. */
export interface Draft {
  readonly thought: number
  /** Index in the transcript of the rollout that completed it. */
  readonly rollout?: number
  /** Index of the solution that it is, among the board's proposals. */
  readonly solution?: number
}

/** What a search keeps in mind: the tree, and what its next turns are about. */
export interface SearchMemory {
  readonly tree: ThoughtTree
  /** The thoughts that a beam search keeps, whether they state an answer or not. */
  readonly kept: ReadonlyArray<number>
  /** Thoughts to be gone on from. */
  readonly frontier: ReadonlyArray<number>
  /** Thoughts to be valued. */
  readonly candidates: ReadonlyArray<number>
  /** What is judged, in place of the candidates. */
  readonly drafts: ReadonlyArray<Draft>
  /** Entries of the transcript that the tree knows of. */
  readonly heard: number
}

export type SearchBoard = Board<SearchMemory>

export const emptySearch: SearchMemory = {
  tree: seedling,
  kept: [],
  frontier: [0],
  candidates: [],
  drafts: [],
  heard: 0
}

/** The board with parts of the search's memory replaced. */
export const remember = (board: SearchBoard, changes: Partial<SearchMemory>): SearchBoard => ({
  ...board,
  memory: { ...board.memory, ...changes }
})

/** What the thinker sees: the steps up to a thought, and whether it may take one more. */
export const thinkingView = (
  { task, transcript, memory }: SearchBoard,
  thought: number,
  mayStep: boolean
): View => ({
  task,
  transcript: pathTo(memory.tree, thought).flatMap((at) => transcript[memory.tree[at]?.at ?? -1] ?? []),
  steps: stepsTo(memory.tree, thought),
  options: mayStep ? ["step", "answer"] : ["answer"]
})

/** What a judge sees of a draft: its steps, and as pending their text with the answer, where there is one. */
export const judgingView = (board: SearchBoard, { thought, rollout, solution }: Draft): View => {
  const { task, transcript, steps = [] } = thinkingView(board, thought, true)
  const completion = rollout === undefined ? undefined : board.transcript[rollout]
  const all = completion === undefined ? steps : [...steps, completion.text ?? ""]
  const answer: Answer | undefined = solution === undefined ? undefined : board.proposals[solution]?.answer
  const text = all.join("\n")
  return {
    task,
    transcript: completion === undefined ? transcript : [...transcript, completion],
    steps: all,
    pending: answer === undefined ? { text } : { text, answer }
  }
}

/** The entry of the transcript that a draft ends with. */
export const lastEntryOf = ({ memory, transcript }: SearchBoard, { thought, rollout }: Draft) =>
  transcript[rollout ?? memory.tree[thought]?.at ?? -1]
