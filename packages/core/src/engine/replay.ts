import { Effect } from "effect"
import type { Dialogue, Outcome, PlayedTurn, Replay } from "../credit.ts"
import type { PolicyError } from "../errors.ts"
import type { Act, SeatTurn } from "../protocol.ts"
import { type RandomKey, split } from "../random.ts"
import type { Task } from "../task.ts"
import { drawChance } from "./chance.ts"
import { eagerAll } from "./eager-all.ts"
import { type Game, member } from "./game.ts"
import { isRight } from "./is-right.ts"
import { actOf, carryOut, type Decision, type DecisionSettings, decide, turnsTogether } from "./move.ts"
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

/** A turn of a replay, with the tokens that it took. */
interface Retaken {
  readonly act: Act
  readonly tokens: number
}

/** The move of a seat that is not heard: what it did, if that was silent, else its silent action, else a text without a meaning. */
const unheard = <S>({ game }: Recording<S>, state: S, turn: SeatTurn, played?: PlayedTurn): Retaken => {
  const silent = turn.actions.filter(({ role }) => role === undefined)
  const preferred = [played?.action, turn.fallback].flatMap((wanted) =>
    silent.filter(({ name }) => name === wanted)
  )
  const action = preferred[0] ?? silent[0] ?? turn.actions[0]
  if (action?.role === undefined) return { act: { action: action?.name ?? turn.fallback }, tokens: 0 }
  const reading = member(game.roles, "role", action.role).read(game.protocol.view(state, turn), "")
  return { act: { action: action.name, utterance: { text: "", reading } }, tokens: 0 }
}

/** The move that was made, with what it took. */
const recorded = ({ action, utterance, deliberation }: PlayedTurn): Retaken => ({
  act: utterance === undefined ? { action } : spokenAct(action, utterance),
  tokens:
    (utterance === undefined ? 0 : tokensOf(utterance)) +
    (deliberation === undefined ? 0 : tokensUsed(deliberation))
})

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** What was said at the same turn, if the model would be asked in the same words. */
const saidBefore = <S>(
  { game }: Recording<S>,
  { action, view }: Decision,
  played: PlayedTurn | undefined
) => {
  if (played?.utterance === undefined || action.role === undefined || played.action !== action.name) {
    return undefined
  }
  const role = member(game.roles, "role", action.role)
  return same(role.prompt(view).messages, role.prompt(played.view).messages) ? played.utterance : undefined
}

/** Takes a turn again, asking only what has not been asked in the same words. */
const anew = <S>(
  recording: Recording<S>,
  state: S,
  turn: SeatTurn,
  played: PlayedTurn | undefined,
  heard: (turn: PlayedTurn) => boolean
): Effect.Effect<Retaken, PolicyError> => {
  const { game, key, settings } = recording
  const { protocol } = game
  const knowsDecision =
    played?.deliberation !== undefined &&
    protocol.observe(state, turn) === played.info &&
    same(protocol.view(state, turn), played.view)
  if (knowsDecision) return Effect.succeed(recorded(played))
  return Effect.flatMapEager(decide(game, state, turn, key, settings), (decision) => {
    const { info, action, view, deliberation } = decision
    if (played === undefined && !heard({ turn, info, action: action.name, view })) {
      return Effect.succeed(unheard(recording, state, turn))
    }
    const thought = deliberation === undefined ? 0 : tokensUsed(deliberation)
    const said = saidBefore(recording, decision, played)
    const move =
      said === undefined ? carryOut(game, decision, 1) : Effect.succeed({ ...decision, utterances: [said] })
    return Effect.mapEager(move, ({ utterances }) => ({
      act: actOf({ action, utterances }),
      tokens: utterances.reduce((sum, utterance) => sum + tokensOf(utterance), thought)
    }))
  })
}

/**
 * Plays a recorded dialogue again without the turns for which `heard` is false.
 *
 * A turn that the record does not hold, because the dialogue took another way, is not heard when frozen; `anew` it is decided and spoken
 * like any other where `heard` allows it. Chance falls as it fell.
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
  const { game, task, key } = recording
  const { protocol } = game
  const record = new Map(recording.turns.map((played) => [played.turn.round, played]))
  const retake = (state: S, turn: SeatTurn): Effect.Effect<Retaken, PolicyError> => {
    const at = record.get(turn.round)
    const played = at?.turn.seat.controller === turn.seat.controller ? at : undefined
    if (played !== undefined && !heard(played)) {
      return Effect.succeed(unheard(recording, state, turn, played))
    }
    if (how === "anew") return anew(recording, state, turn, played, heard)
    const isLegal = turn.actions.some(({ name }) => name === played?.action)
    return Effect.succeed(
      played !== undefined && isLegal ? recorded(played) : unheard(recording, state, turn)
    )
  }
  let state = protocol.start(task, recording.episode)
  let tokens = 0
  let chanceMoves = 0
  for (let turn = protocol.turn(state); turn !== undefined; turn = protocol.turn(state)) {
    if (turn.kind === "chance") {
      state = protocol.apply(state, turn, drawChance(turn, split(key, "chance"), chanceMoves++))
      continue
    }
    const now = state
    const turns = turnsTogether(protocol, now, turn)
    const retaken = yield* eagerAll(turns.map((one) => retake(now, one)))
    for (const [i, one] of turns.entries()) {
      const move = retaken[i]
      if (move === undefined) continue
      state = protocol.apply(state, one, move.act)
      tokens += move.tokens
    }
  }
  return { correct: isRight(task, game.grader(task), protocol.answer(state)) === true, tokens }
})
