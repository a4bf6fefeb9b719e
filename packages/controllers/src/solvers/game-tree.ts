import type { InfoState, LegalActions, Payoffs, Protocol, Strategy, Task } from "@tracer-sdk/core"
import { requireSameActions } from "../require-lesson.ts"

/** All positions that one seat cannot tell apart. */
export interface InfoSet {
  /** Its place in the tree's `infoSets`. */
  readonly index: number
  readonly seat: string
  readonly controller: string
  readonly info: InfoState
  readonly legal: LegalActions
}

export type GameNode =
  | { readonly kind: "end"; readonly payoffs: Payoffs }
  | {
      readonly kind: "chance"
      readonly branches: ReadonlyArray<{ readonly probability: number; readonly next: GameNode }>
    }
  | { readonly kind: "decision"; readonly infoSet: InfoSet; readonly children: ReadonlyArray<GameNode> }

/** A game written out in full. */
export interface GameTree {
  readonly root: GameNode
  /** The seats by name, in the protocol's order. */
  readonly seats: ReadonlyArray<string>
  readonly infoSets: ReadonlyArray<InfoSet>
}

/** Who plays what: probabilities over `infoSet.legal.names`, in their order. */
export type Profile = (infoSet: InfoSet) => Strategy

const idleTask: Task = { id: "game", question: "" }

/**
 * Writes out a game of silent moves with payoffs.
 *
 * Throws `TypeError` where it speaks or gives no payoffs, and `RangeError` where an information state shows different actions.
 */
export const gameTree = <S>(protocol: Protocol<S>, task: Task = idleTask): GameTree => {
  const infoSets = new Map<string, InfoSet>()
  const grow = (state: S): GameNode => {
    const turn = protocol.turn(state)
    if (turn === undefined) {
      const payoffs = protocol.returns?.(state)
      if (payoffs === undefined) {
        throw new TypeError(
          `Protocol "${protocol.name}" gives no returns(); only games with payoffs can be solved.`
        )
      }
      return { kind: "end", payoffs }
    }
    if (turn.kind === "chance") {
      const branches = turn.outcomes.map(({ name, probability }) => ({
        probability,
        next: grow(protocol.apply(state, turn, { action: name }))
      }))
      return { kind: "chance", branches }
    }
    const { seat, actions, fallback } = turn
    const info = protocol.observe(state, turn)
    const key = JSON.stringify([seat.name, seat.controller, info])
    const infoSet = infoSets.get(key) ?? {
      index: infoSets.size,
      seat: seat.name,
      controller: seat.controller,
      info,
      legal: { names: actions.map(({ name }) => name), fallback }
    }
    infoSets.set(key, infoSet)
    requireSameActions({ actions: infoSet.legal.names }, info, { names: actions.map(({ name }) => name) })
    const children = actions.map(({ name, role }) => {
      if (role !== undefined) {
        throw new TypeError(
          `Action "${name}" of protocol "${protocol.name}" speaks; only silent games can be solved.`
        )
      }
      return grow(protocol.apply(state, turn, { action: name }))
    })
    return { kind: "decision", infoSet, children }
  }
  const root = grow(protocol.start(task, 0))
  return {
    root,
    seats: [...new Set(protocol.seats.map(({ name }) => name))],
    infoSets: [...infoSets.values()]
  }
}

/** What each seat earns on average when everyone plays `profile`. */
export const expectedReturns = (tree: GameTree, profile: Profile): Payoffs => {
  const strategies = tree.infoSets.map(profile)
  const totals = new Map(tree.seats.map((seat) => [seat, 0]))
  const walk = (node: GameNode, reach: number): void => {
    if (node.kind === "end") {
      for (const seat of tree.seats) {
        totals.set(seat, (totals.get(seat) ?? 0) + reach * (node.payoffs[seat] ?? 0))
      }
    } else if (node.kind === "chance") {
      for (const { probability, next } of node.branches) walk(next, reach * probability)
    } else {
      const strategy = strategies[node.infoSet.index] ?? []
      for (const [a, child] of node.children.entries()) walk(child, reach * (strategy[a] ?? 0))
    }
  }
  walk(tree.root, 1)
  return Object.fromEntries(totals)
}
