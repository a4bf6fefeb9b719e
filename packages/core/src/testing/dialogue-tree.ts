import type { LegalActions } from "../controller.ts"
import { isRight } from "../engine/is-right.ts"
import { legalActions } from "../engine/move.ts"
import type { InfoState, Protocol, SeatTurn } from "../protocol.ts"
import { graderFor } from "../task/grader-for.ts"
import type { Task } from "../task.ts"
import type { Reading, View } from "../transcript.ts"

/** An utterance that a policy can make, with its probability and the tokens it reads and writes (default 0). */
export interface PossibleUtterance {
  readonly text: string
  readonly probability: number
  readonly tokens?: number
}

/** A dialogue whose policies' distributions are known, so that everything about it can be computed. */
export interface KnownDialogue<S> {
  readonly protocol: Protocol<S>
  /** Needs a gold answer. */
  readonly task: Task
  /** All that `agent` can say in `role` about `view`; probabilities sum to 1. */
  readonly speak: (view: View, role: string, agent: string) => ReadonlyArray<PossibleUtterance>
  readonly read: (view: View, role: string, text: string) => Reading
  /** The dialogue's number, which may decide who sits where; default 0. */
  readonly episode?: number
}

/** An information state in which a controller has a choice. */
export interface ChoicePoint {
  readonly controller: string
  readonly info: InfoState
  readonly legal: LegalActions
}

/** `next` and `options` are indices of earlier nodes of the tree. */
export type DialogueNode =
  | { readonly kind: "end"; readonly correct: boolean }
  | {
      readonly kind: "chance"
      readonly branches: ReadonlyArray<{
        readonly probability: number
        readonly tokens: number
        readonly next: number
      }>
    }
  | {
      readonly kind: "choice"
      /** An index of `points`. */
      readonly point: number
      readonly options: ReadonlyArray<number>
    }

/** A dialogue written out, with identical positions shared; every node comes after those it leads to. */
export interface DialogueTree {
  readonly nodes: ReadonlyArray<DialogueNode>
  readonly root: number
  readonly points: ReadonlyArray<ChoicePoint>
}

/** Writes out every dialogue that can be held. Throws `RangeError` where probabilities do not sum to 1. */
export const dialogueTree = <S>(dialogue: KnownDialogue<S>): DialogueTree => {
  const { protocol, task, speak, read } = dialogue
  const grader = graderFor(task)
  const nodes: Array<DialogueNode> = []
  const known = new Map<string, number>()
  const points: Array<ChoicePoint> = []
  const pointIndices = new Map<string, number>()

  const share = (node: DialogueNode): number => {
    const key = JSON.stringify(node)
    const found = known.get(key)
    if (found !== undefined) return found
    known.set(key, nodes.length)
    return nodes.push(node) - 1
  }
  const pointIndex = (point: ChoicePoint): number => {
    const key = JSON.stringify([point.controller, point.info])
    const found = pointIndices.get(key)
    if (found !== undefined) return found
    pointIndices.set(key, points.length)
    return points.push(point) - 1
  }
  const chance = (
    where: string,
    outcomes: ReadonlyArray<{ readonly probability: number; readonly tokens: number; readonly next: number }>
  ): number => {
    const total = outcomes.reduce((sum, { probability }) => sum + probability, 0)
    if (Math.abs(total - 1) > 1e-9) throw new RangeError(`The probabilities of ${where} sum to ${total}.`)
    const merged = new Map<string, (typeof outcomes)[number]>()
    for (const outcome of outcomes) {
      const key = `${outcome.next} ${outcome.tokens}`
      const held = merged.get(key)?.probability ?? 0
      if (outcome.probability > 0) {
        merged.set(key, { ...outcome, probability: held + outcome.probability })
      }
    }
    return share({ kind: "chance", branches: [...merged.values()] })
  }

  const grow = (state: S): number => {
    const turn = protocol.turn(state)
    if (turn === undefined) {
      return share({ kind: "end", correct: isRight(task, grader, protocol.answer(state)) === true })
    }
    if (turn.kind === "chance") {
      return chance(
        "a chance turn",
        turn.outcomes.map(({ name, probability }) => ({
          probability,
          tokens: 0,
          next: grow(protocol.apply(state, turn, { action: name }))
        }))
      )
    }
    const options = turn.actions.map((action) => act(state, turn, action.name, action.role))
    const [only] = options
    if (options.length === 1 && only !== undefined) return only
    const point = {
      controller: turn.seat.controller,
      info: protocol.observe(state, turn),
      legal: legalActions(turn)
    }
    return share({ kind: "choice", point: pointIndex(point), options })
  }
  const act = (state: S, turn: SeatTurn, action: string, role: string | undefined): number => {
    if (role === undefined) return grow(protocol.apply(state, turn, { action }))
    const view = protocol.view(state)
    return chance(
      `what "${turn.seat.agent}" can say as ${role}`,
      speak(view, role, turn.seat.agent).map(({ text, probability, tokens = 0 }) => ({
        probability,
        tokens,
        next: grow(
          protocol.apply(state, turn, { action, utterance: { text, reading: read(view, role, text) } })
        )
      }))
    )
  }
  const root = grow(protocol.start(task, dialogue.episode ?? 0))
  return { nodes, root, points }
}
