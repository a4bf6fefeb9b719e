import type { Board } from "./board.ts"
import { join } from "./join.ts"
import type { Program, TurnInstruction } from "./program.ts"

/** How far a program has come. Where it stands at parallel parts, each of them has a cursor of its own. */
export interface Cursor<M> {
  readonly at: number
  readonly board: Board<M>
  readonly branches?: ReadonlyArray<Cursor<M>>
}

/** The way to a turn through parallel parts within parallel parts: the index of a branch on each level. */
export type Path = ReadonlyArray<number>

/** A turn to be taken, with the board as its seat has it. */
export interface Due<M> {
  readonly instruction: TurnInstruction<M>
  readonly board: Board<M>
}

/** Goes on to the next turns, or to the end. */
export const settle = <M>(program: Program<M>, cursor: Cursor<M>): Cursor<M> => {
  let { at, board, branches } = cursor
  for (let instruction = program[at]; instruction !== undefined; instruction = program[at]) {
    if (instruction.kind === "turn")
      return at === cursor.at && board === cursor.board ? cursor : { at, board }
    if (instruction.kind === "perform") {
      board = instruction.change(board)
      at++
    } else if (instruction.kind === "jump") {
      at = instruction.to(board) ?? at + 1
    } else {
      const { programs } = instruction
      const start = { at: 0, board }
      const settled = programs.map((branch, i) => settle(branch, branches?.[i] ?? start))
      if (settled.some((branch, i) => branch.at < (programs[i]?.length ?? 0))) {
        return { at, board, branches: settled }
      }
      board = join(
        board,
        settled.map((branch) => branch.board)
      )
      branches = undefined
      at++
    }
  }
  return { at, board }
}

/** The ways to all the turns that are taken together at parallel parts that are settled. */
export const duePaths = <M>(
  program: Program<M>,
  branches: ReadonlyArray<Cursor<M>>,
  at: number
): ReadonlyArray<Path> => {
  const instruction = program[at]
  if (instruction?.kind !== "parallel") return []
  return branches.flatMap((branch, i) => {
    const inner = instruction.programs[i] ?? []
    if (branch.branches !== undefined) {
      return duePaths(inner, branch.branches, branch.at).map((path) => [i, ...path])
    }
    return branch.at < inner.length ? [[i]] : []
  })
}

/** The turn at the end of a way. */
export const dueAt = <M>(program: Program<M>, cursor: Cursor<M>, path: Path): Due<M> | undefined => {
  const instruction = program[cursor.at]
  if (instruction?.kind === "turn") return { instruction, board: cursor.board }
  const [first = -1, ...rest] = path
  const branch = cursor.branches?.[first]
  if (instruction?.kind !== "parallel" || branch === undefined) return undefined
  return dueAt(instruction.programs[first] ?? [], branch, rest)
}

/** Moves on from the turn at the end of a way, after which its board is `after`; nothing else goes on. */
export const advance = <M>(
  program: Program<M>,
  { at, board, branches = [] }: Cursor<M>,
  path: Path,
  after: Board<M>
): Cursor<M> => {
  const instruction = program[at]
  if (instruction?.kind !== "parallel") return { at: at + 1, board: after }
  const [first, ...rest] = path
  return {
    at,
    board,
    branches: branches.map((branch, i) =>
      i === first ? advance(instruction.programs[i] ?? [], branch, rest, after) : branch
    )
  }
}
