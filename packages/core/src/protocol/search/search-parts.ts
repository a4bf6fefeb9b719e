import { type Move, once, type Part, parallel, perform, seatAt, sequence, when } from "../parts/index.ts"
import { asTheyAre, backUpAll, complete, grow, isOpen, judgeable, solve } from "./search-changes.ts"
import {
  judgingView,
  lastEntryOf,
  remember,
  type SearchBoard,
  type SearchMemory,
  thinkingView
} from "./search-memory.ts"
import type { SearchSettings } from "./search-options.ts"

/** The turns of a search, to be put together. */
export interface SearchParts {
  /** Goes on from each thought of the frontier, `most` at most, all together; what is new becomes the candidates. */
  readonly expand: (most: number) => Part<SearchMemory>
  /** Values each of the candidates, `most` at most, and backs the values up. */
  readonly value: (most: number) => Part<SearchMemory>
  /** Goes on from the one thought of the frontier to an answer, which nobody judges. */
  readonly finish: Part<SearchMemory>
}

const thinkRole = "thinker"

/** Turns taken together: as many of `most` as there is work for. */
const together = (
  most: number,
  work: (board: SearchBoard) => number,
  turn: (slot: number) => Part<SearchMemory>
): Part<SearchMemory> =>
  parallel(
    ...Array.from({ length: most }, (_, slot) =>
      when<SearchMemory>((board) => slot < work(board), turn(slot))
    )
  )

/** The turns of a search: the first agent thinks, the others judge in turn; one alone does both. */
export const searchParts = (agents: ReadonlyArray<string>, settings: SearchSettings): SearchParts => {
  const { samples, depth, judgements, rollouts, value, judge } = settings
  const [first = "", ...others] = agents
  const thinkerSeat = seatAt(first, "thinker")
  const judgeSeats = (others.length === 0 ? [first] : others).map((agent) => seatAt(agent, "reviewer"))
  const info = "search"
  const think: Move<SearchMemory> = { name: "think", role: thinkRole }

  const thinking = (
    thoughtOf: (board: SearchBoard) => number | undefined,
    mayStep: (board: SearchBoard, thought: number) => boolean
  ) =>
    once<SearchMemory>(thinkerSeat, [think], {
      info,
      view: (_, board) => {
        const thought = thoughtOf(board) ?? 0
        return thinkingView(board, thought, mayStep(board, thought))
      }
    })

  const judging = (slot: number) => {
    const draftOf = (board: SearchBoard) => judgeable(board)[Math.floor(slot / judgements)]
    const review: Move<SearchMemory> = {
      name: "review",
      role: judge,
      does: (board, entry) => {
        const draft = draftOf(board)
        const about = draft === undefined ? undefined : lastEntryOf(board, draft)?.round
        if (about === undefined) return board
        return { ...board, transcript: [...board.transcript.slice(0, -1), { ...entry, about }] }
      }
    }
    const seat = judgeSeats[slot % judgeSeats.length] ?? thinkerSeat
    return once<SearchMemory>(seat, [review], {
      info,
      view: (view, board) => {
        const draft = draftOf(board)
        return draft === undefined ? view : judgingView(board, draft)
      }
    })
  }

  const expand = (most: number): Part<SearchMemory> =>
    sequence(
      together(
        most * samples,
        ({ memory }) => memory.frontier.length * samples,
        (slot) =>
          thinking(
            ({ memory }) => memory.frontier[Math.floor(slot / samples)],
            ({ memory }, thought) => (memory.tree[thought]?.depth ?? 0) + 1 < depth
          )
      ),
      perform(grow(samples, depth))
    )

  const playOut = (most: number): Part<SearchMemory> => {
    const open = (board: SearchBoard) => board.memory.candidates.filter((thought) => isOpen(board, thought))
    return sequence(
      together(
        most * rollouts,
        (board) => open(board).length * rollouts,
        (slot) =>
          thinking(
            (board) => open(board)[Math.floor(slot / rollouts)],
            () => false
          )
      ),
      perform(complete(rollouts))
    )
  }

  return {
    expand,
    value: (most) => {
      const drafts = value === "rollout" ? most * rollouts : most
      return sequence(
        value === "rollout" ? playOut(most) : perform(asTheyAre),
        together(drafts * judgements, (board) => judgeable(board).length * judgements, judging),
        perform(backUpAll(judgements))
      )
    },
    finish: sequence(
      thinking(
        ({ memory }) => memory.frontier[0],
        () => false
      ),
      perform((board) => {
        const entry = board.transcript.at(-1)
        const thought = board.memory.frontier[0] ?? 0
        if (entry === undefined) return board
        const [solved, solution] = solve(board, { thought, rollout: board.transcript.length - 1 }, entry)
        return { ...remember(solved, { heard: solved.transcript.length }), pending: solution }
      })
    )
  }
}
