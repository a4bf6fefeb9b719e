import type { TranscriptEntry } from "../../transcript.ts"
import { judgedBy, type Proposal } from "../parts/index.ts"
import { meanJudgement } from "./judgement.ts"
import { type Draft, judgingView, remember, type SearchBoard } from "./search-memory.ts"
import { backUp, statusOf, type Thought } from "./thought.ts"

const newEntries = ({ transcript, memory }: SearchBoard): ReadonlyArray<TranscriptEntry> =>
  transcript.slice(memory.heard)

/** The board with a solution more, and its index. */
export const solve = (
  board: SearchBoard,
  draft: Draft,
  entry: TranscriptEntry
): readonly [SearchBoard, number] => {
  const { round, agent, seat, reading } = entry
  const { pending } = judgingView(board, draft)
  const said = { text: pending?.text ?? "", round, agent, seat, right: 0, wrong: 0, scores: [] }
  const solution: Proposal = reading?.kind === "proposal" ? { ...said, answer: reading.answer } : said
  return [{ ...board, proposals: [...board.proposals, solution] }, board.proposals.length]
}

const withSolution = (board: SearchBoard, thought: number, solution: number): SearchBoard =>
  remember(board, {
    tree: board.memory.tree.map((one, index) =>
      index === thought ? { ...one, solutions: [...one.solutions, solution] } : one
    )
  })

/** Adds what was said to the tree; the same words twice about one thought are one, and what cannot be read is worth 0. */
export const grow =
  (samples: number, depth: number) =>
  (before: SearchBoard): SearchBoard => {
    let board = before
    const candidates: Array<number> = []
    for (const [slot, entry] of newEntries(before).entries()) {
      const parent = before.memory.frontier[Math.floor(slot / samples)]
      const from = parent === undefined ? undefined : before.memory.tree[parent]
      if (parent === undefined || from === undefined) continue
      const { tree } = board.memory
      const text = entry.text ?? ""
      if (tree.some((other) => other.parent === parent && other.text.trim() === text.trim())) continue
      const status = statusOf(entry, from.depth + 1 >= depth)
      const thought: Thought = {
        ...{ parent, depth: from.depth + 1, text, at: before.memory.heard + slot, status },
        ...{ solutions: [], visits: 0, total: 0 }
      }
      const index = tree.length
      board = remember(board, { tree: [...tree, thought] })
      if (status === "failed") {
        board = remember(board, { tree: backUp(board.memory.tree, index, 0) })
        continue
      }
      if (status === "final") {
        const [solved, solution] = solve(board, { thought: index }, entry)
        board = withSolution(solved, index, solution)
      }
      candidates.push(index)
    }
    return remember(board, { candidates, heard: before.transcript.length })
  }

/** Whether a thought can be gone on from. */
export const isOpen = ({ memory }: SearchBoard, index: number): boolean =>
  memory.tree[index]?.status === "open"

/** What the candidates are judged by where nothing is played out. */
export const asTheyAre = (board: SearchBoard): SearchBoard =>
  remember(board, {
    drafts: board.memory.candidates.map((thought) => {
      const solution = board.memory.tree[thought]?.solutions[0]
      return isOpen(board, thought) || solution === undefined ? { thought } : { thought, solution }
    })
  })

/** Takes in the rollouts: readable ones are solutions. */
export const complete =
  (rollouts: number) =>
  (before: SearchBoard): SearchBoard => {
    let board = before
    const drafts: Array<Draft> = [
      ...asTheyAre(before).memory.drafts.filter(({ thought }) => !isOpen(before, thought))
    ]
    const open = before.memory.candidates.filter((thought) => isOpen(before, thought))
    for (const [slot, entry] of newEntries(before).entries()) {
      const thought = open[Math.floor(slot / rollouts)]
      if (thought === undefined) continue
      const draft: Draft = { thought, rollout: before.memory.heard + slot }
      if (entry.reading?.kind !== "proposal") {
        drafts.push(draft)
        continue
      }
      const [solved, solution] = solve(board, draft, entry)
      board = withSolution(solved, thought, solution)
      drafts.push({ ...draft, solution })
    }
    return remember(board, { drafts, heard: before.transcript.length })
  }

/** Drafts that somebody can judge: a rollout without a readable answer is worth 0 without being asked about. */
export const judgeable = ({ memory }: SearchBoard): ReadonlyArray<Draft> =>
  memory.drafts.filter(({ rollout, solution }) => rollout === undefined || solution !== undefined)

/** Counts the judgements, and backs up for each candidate the mean value of its drafts. */
export const backUpAll =
  (judgements: number) =>
  (before: SearchBoard): SearchBoard => {
    const entries = newEntries(before)
    const asked = judgeable(before)
    const proposals = [...before.proposals]
    const readingsOf = (draft: Draft) => {
      const first = asked.indexOf(draft) * judgements
      return first < 0 ? undefined : entries.slice(first, first + judgements).map(({ reading }) => reading)
    }
    let { tree } = before.memory
    for (const candidate of before.memory.candidates) {
      const values = before.memory.drafts
        .filter(({ thought }) => thought === candidate)
        .map((draft) => {
          const readings = readingsOf(draft)
          if (readings === undefined) return 0
          const { solution } = draft
          for (const reading of readings) {
            const judged = solution === undefined ? undefined : proposals[solution]
            if (judged !== undefined && solution !== undefined)
              proposals[solution] = judgedBy(judged, reading)
          }
          return meanJudgement(readings)
        })
      const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
      tree = backUp(tree, candidate, mean)
    }
    return remember(
      { ...before, proposals },
      { tree, candidates: [], drafts: [], heard: before.transcript.length }
    )
  }
