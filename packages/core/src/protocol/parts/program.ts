import type { Action, InfoState, SeatTurn } from "../../protocol.ts"
import type { View } from "../../transcript.ts"
import type { Board, Change } from "./board.ts"
import type { Part, TurnPart } from "./part.ts"
import type { Move } from "./spoken-move.ts"

/** A turn at its place in a program. */
export interface TurnInstruction<M> {
  readonly kind: "turn"
  readonly turn: SeatTurn
  readonly moves: ReadonlyArray<Move<M>>
  readonly info: (board: Board<M>, turn: SeatTurn) => InfoState
  readonly view?: (view: View, board: Board<M>) => View
}

/** `jump` leads to another instruction, always a later one: programs end. */
export type Instruction<M> =
  | TurnInstruction<M>
  | { readonly kind: "perform"; readonly change: Change<M> }
  | { readonly kind: "jump"; readonly to: (board: Board<M>) => number | undefined }
  | { readonly kind: "parallel"; readonly programs: ReadonlyArray<Program<M>> }

/** A part as a straight line of instructions. */
export type Program<M> = ReadonlyArray<Instruction<M>>

/** A place of a program that is known once it has been written that far. */
interface Label {
  at: number
}

type Guard<M> = { readonly condition: (board: Board<M>) => boolean; readonly end: Label }

const actionOf = <M>({ name, role }: Move<M>): Action => (role === undefined ? { name } : { name, role })

const turnOf = <M>({ seat, moves, fallback }: TurnPart<M>, round: number): SeatTurn => ({
  kind: "seat",
  round,
  seat,
  actions: moves.map(actionOf),
  fallback
})

/** Writes a part out, its turns numbered from 1 by their place, whether they come to be taken or not. */
export const programOf = <M>(part: Part<M>): Program<M> => {
  let round = 0
  const write = (piece: Part<M>, code: Array<Instruction<M>>, guards: ReadonlyArray<Guard<M>>): void => {
    const guard = () => {
      for (const { condition, end } of guards) {
        code.push({ kind: "jump", to: (board) => (condition(board) ? end.at : undefined) })
      }
    }
    switch (piece.kind) {
      case "turn": {
        guard()
        const { kind, moves, info, view } = piece
        const instruction = { kind, turn: turnOf(piece, ++round), moves, info }
        code.push(view === undefined ? instruction : { ...instruction, view })
        return
      }
      case "perform":
        code.push(piece)
        return
      case "silence":
        round++
        return
      case "sequence":
        for (const each of piece.parts) write(each, code, guards)
        return
      case "parallel": {
        guard()
        const programs = piece.parts.map((each) => {
          const branch: Array<Instruction<M>> = []
          write(each, branch, [])
          return branch
        })
        code.push({ kind: "parallel", programs })
        return
      }
      case "until": {
        const end: Label = { at: 0 }
        write(piece.part, code, [...guards, { condition: piece.condition, end }])
        end.at = code.length
        return
      }
      case "choose": {
        const starts = piece.parts.map((): Label => ({ at: 0 }))
        const end: Label = { at: 0 }
        const { which } = piece
        code.push({ kind: "jump", to: (board) => (starts[which(board) ?? -1] ?? end).at })
        for (const [i, each] of piece.parts.entries()) {
          const start = starts[i]
          if (start !== undefined) start.at = code.length
          write(each, code, guards)
          code.push({ kind: "jump", to: () => end.at })
        }
        end.at = code.length
        return
      }
    }
  }
  const program: Array<Instruction<M>> = []
  write(part, program, [])
  return program
}

/** Every turn of a program, its branches included. */
export const turnsOf = <M>(program: Program<M>): ReadonlyArray<TurnInstruction<M>> =>
  program.flatMap((instruction) => {
    if (instruction.kind === "turn") return [instruction]
    return instruction.kind === "parallel" ? instruction.programs.flatMap(turnsOf) : []
  })
