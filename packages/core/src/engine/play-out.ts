import { Effect } from "effect"
import type { Outcome } from "../credit.ts"
import type { PolicyError } from "../errors.ts"
import type { SeatTurn } from "../protocol.ts"
import { type RandomKey, split, uniform } from "../random.ts"
import type { Task } from "../task.ts"
import { drawChance } from "./chance.ts"
import { type Game, member } from "./game.ts"
import { isRight } from "./is-right.ts"
import { selectAction } from "./select-action.ts"
import { speak, spokenAct, tokensOf } from "./speak.ts"

/** The legal actions of a seat's turn. */
export const legalActions = (turn: SeatTurn) => ({
  names: turn.actions.map((action) => action.name),
  fallback: turn.fallback
})

/**
 * Plays a fork to its end with the current strategies, one utterance a turn, and values nothing on the way.
 *
 * `key` names the draws by turn count, so that two branches of one decision share them (common random numbers).
 */
export const playOut: <S>(
  game: Game<S>,
  task: Task,
  state: S,
  key: RandomKey
) => Effect.Effect<Outcome, PolicyError> = Effect.fnUntracedEager(function* <S>(
  game: Game<S>,
  task: Task,
  start: S,
  key: RandomKey
) {
  const { protocol } = game
  let state = start
  let tokens = 0
  let chanceMoves = 0
  for (let turn = protocol.turn(state); turn !== undefined; turn = protocol.turn(state)) {
    if (turn.kind === "chance") {
      state = protocol.apply(state, turn, drawChance(turn, split(key, "chance"), chanceMoves++))
      continue
    }
    const turnKey = split(key, turn.round)
    const legal = legalActions(turn)
    const strategy =
      turn.actions.length === 1
        ? [1]
        : member(game.controllers, "controller", turn.seat.controller).strategy(
            protocol.observe(state, turn),
            legal,
            "current"
          )
    const action = turn.actions[selectAction(strategy, legal, "sample", uniform(turnKey))]
    if (action?.role === undefined) {
      state = protocol.apply(state, turn, { action: action?.name ?? legal.fallback })
      continue
    }
    const view = protocol.view(state)
    const role = member(game.roles, "role", action.role)
    const utterances = yield* speak(game, {
      agent: turn.seat.agent,
      role,
      view,
      prompt: role.prompt(view),
      samples: 1,
      key: turnKey
    })
    const utterance = utterances[0]
    tokens += tokensOf(utterance)
    state = protocol.apply(state, turn, spokenAct(action.name, utterance))
  }
  return { correct: isRight(task, game.grader(task), protocol.answer(state)) === true, tokens }
})
