import { Effect } from "effect"
import type { Dialogue, Outcome, PlayedTurn, Replay } from "../credit.ts"
import type { PolicyError } from "../errors.ts"
import type { Act, SeatTurn } from "../protocol.ts"
import { type RandomKey, split } from "../random.ts"
import type { Task } from "../task.ts"
import { drawChance } from "./chance.ts"
import { type Game, member } from "./game.ts"
import { isRight } from "./is-right.ts"
import { actOf, carryOut, type DecisionSettings, decide, type Move } from "./move.ts"
import { spokenAct, tokensOf, tokensUsed } from "./speak.ts"

/** A dialogue that was played, and how, so that it can be played again. */
export interface Recording<S> {
  readonly game: Game<S>
  readonly task: Task
  readonly episode: number
  readonly key: RandomKey
  readonly settings: DecisionSettings
  readonly turns: ReadonlyArray<PlayedTurn>
}

/** The move of a seat that is not heard. */
const silentAct = <S>(game: Game<S>, state: S, turn: SeatTurn): Act => {
  const silent = turn.actions.filter(({ role }) => role === undefined)
  const preferred = silent.find(({ name }) => name === turn.fallback) ?? silent[0]
  const action = preferred ?? turn.actions[0]
  if (action?.role === undefined) return { action: action?.name ?? turn.fallback }
  const reading = member(game.roles, "role", action.role).read(game.protocol.view(state, turn), "")
  return { action: action.name, utterance: { text: "", reading } }
}

const recordedAct = ({ action, utterance }: PlayedTurn): Act =>
  utterance === undefined ? { action } : spokenAct(action, utterance)

const sameSight = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/**
 * Plays a recorded dialogue again without the turns for which `heard` is false.
 *
 * A turn that the record does not hold, because the dialogue took another way, is not heard when frozen, and decided and spoken like
 * any other `anew`. Chance falls as it fell.
 */
export const replay: <S>(
  recording: Recording<S>,
  heard: Parameters<Dialogue["replay"]>[0],
  how: Replay
) => Effect.Effect<Outcome, PolicyError> = Effect.fnUntracedEager(function* <S>(
  recording: Recording<S>,
  heard: (turn: PlayedTurn) => boolean,
  how: Replay
) {
  const { game, task, key, settings } = recording
  const { protocol } = game
  const record = new Map(recording.turns.map((played) => [played.turn.round, played]))
  let state = protocol.start(task, recording.episode)
  let tokens = 0
  let chanceMoves = 0
  for (let turn = protocol.turn(state); turn !== undefined; turn = protocol.turn(state)) {
    if (turn.kind === "chance") {
      state = protocol.apply(state, turn, drawChance(turn, split(key, "chance"), chanceMoves++))
      continue
    }
    const at = record.get(turn.round)
    const played = at?.turn.seat.controller === turn.seat.controller ? at : undefined
    if (played !== undefined && !heard(played)) {
      state = protocol.apply(state, turn, silentAct(game, state, turn))
      continue
    }
    const legal = turn.actions.find(({ name }) => name === played?.action)
    if (how === "frozen") {
      const act =
        legal === undefined || played === undefined ? silentAct(game, state, turn) : recordedAct(played)
      if (legal !== undefined && played?.utterance !== undefined) tokens += tokensOf(played.utterance)
      state = protocol.apply(state, turn, act)
      continue
    }
    const decision = yield* decide(game, state, turn, key, settings)
    if (decision.deliberation !== undefined) tokens += tokensUsed(decision.deliberation)
    const said = played?.action === decision.action.name ? played.utterance : undefined
    const role = decision.action.role
    const same =
      said !== undefined &&
      played !== undefined &&
      role !== undefined &&
      sameSight(
        member(game.roles, "role", role).prompt(decision.view).messages,
        member(game.roles, "role", role).prompt(played.view).messages
      )
    const move: Move = same ? { ...decision, utterances: [said] } : yield* carryOut(game, decision, 1)
    for (const utterance of move.utterances) tokens += tokensOf(utterance)
    state = protocol.apply(state, turn, actOf(move))
  }
  return { correct: isRight(task, game.grader(task), protocol.answer(state)) === true, tokens }
})
