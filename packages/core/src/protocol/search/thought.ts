import type { TranscriptEntry } from "../../transcript.ts"

/** One step of reasoning: a node of the tree that a search grows. */
export interface Thought {
  /** Index of the thought that it goes on from; -1 for the root, which says nothing. */
  readonly parent: number
  /** Steps up to and with this one; 0 for the root. */
  readonly depth: number
  readonly text: string
  /** Index of its utterance in the transcript; -1 for the root. */
  readonly at: number
  /** `open` can be gone on from, `final` states the answer, `failed` says nothing that could be read. */
  readonly status: "open" | "final" | "failed"
  /** Indices of the solutions that it states or was completed to, among the board's proposals. */
  readonly solutions: ReadonlyArray<number>
  /** How often it or a thought that goes on from it was valued, and the sum of these values, each from 0 to 1. */
  readonly visits: number
  readonly total: number
}

/** Thoughts by index, parents before their children; the first is the root. */
export type ThoughtTree = ReadonlyArray<Thought>

/** A tree in which nothing has been thought yet. */
export const seedling: ThoughtTree = [
  { parent: -1, depth: 0, text: "", at: -1, status: "open", solutions: [], visits: 0, total: 0 }
]

/** Indices from the first step to the thought itself, without the root. */
export const pathTo = (tree: ThoughtTree, index: number): ReadonlyArray<number> => {
  const path: Array<number> = []
  for (let at = index; at > 0; at = tree[at]?.parent ?? 0) path.unshift(at)
  return path
}

/** The reasoning up to and with a thought, step by step. */
export const stepsTo = (tree: ThoughtTree, index: number): ReadonlyArray<string> =>
  pathTo(tree, index).flatMap((at) => tree[at]?.text ?? [])

/** Indices of the thoughts that go on from a thought, in the order in which they were said. */
export const childrenOf = (tree: ThoughtTree, index: number): ReadonlyArray<number> =>
  tree.flatMap(({ parent }, at) => (parent === index ? [at] : []))

/** The mean of the values of a thought; 0 where it has none. */
export const meanValue = ({ visits, total }: Thought): number => (visits === 0 ? 0 : total / visits)

/** What an utterance adds to the reasoning; one that has to be the answer fails where it is none. */
export const statusOf = ({ text = "", reading }: TranscriptEntry, mustAnswer: boolean): Thought["status"] => {
  if (reading?.kind === "proposal") return "final"
  const failed = mustAnswer || reading === undefined || reading.kind === "unreadable" || text.trim() === ""
  return failed ? "failed" : "open"
}

/** The tree with a value, from 0 to 1, counted for a thought and all that it goes on from. */
export const backUp = (tree: ThoughtTree, index: number, value: number): ThoughtTree => {
  const path = new Set([0, ...pathTo(tree, index)])
  return tree.map((thought, at) =>
    path.has(at) ? { ...thought, visits: thought.visits + 1, total: thought.total + value } : thought
  )
}
