import { Effect } from "effect"
import type { StrategyMode } from "../controller.ts"
import type { Continuation } from "../credit.ts"
import type { PolicyError } from "../errors.ts"
import { type RandomKey, split } from "../random.ts"
import type { Task } from "../task.ts"
import type { Reading } from "../transcript.ts"
import { drawChance } from "./chance.ts"
import type { Game } from "./game.ts"
import { isRight } from "./is-right.ts"
import { actOf, type Move, moveAlone, moveTogether } from "./move.ts"
import { tokensOf, tokensUsed } from "./speak.ts"

/**
 * Plays a fork to its end with the strategies of its dialogue, one utterance a turn, and values nothing on the way.
 *
 * `key` names the draws by turn count, so that two branches of one decision share them (common random numbers).
 */
export const playOut: <S>(
  game: Game<S>,
  task: Task,
  state: S,
  key: RandomKey,
  strategy: StrategyMode
) => Effect.Effect<Continuation, PolicyError> = Effect.fnUntracedEager(function* <S>(
  game: Game<S>,
  task: Task,
  start: S,
  key: RandomKey,
  strategy: StrategyMode
) {
  const { protocol } = game
  const settings = { strategy, selection: "sample", exploration: 0, samples: 1 } as const
  let state = start
  const steps: Array<ReadonlyArray<Reading | undefined>> = []
  let tokens = 0
  let chanceMoves = 0
  const take = (move: Move) => {
    for (const utterance of move.utterances) tokens += tokensOf(utterance)
    if (move.deliberation !== undefined) tokens += tokensUsed(move.deliberation)
    state = protocol.apply(state, move.turn, actOf(move))
  }
  for (let turn = protocol.turn(state); turn !== undefined; turn = protocol.turn(state)) {
    if (turn.kind === "chance") {
      state = protocol.apply(state, turn, drawChance(turn, split(key, "chance"), chanceMoves++))
      continue
    }
    if (protocol.together === undefined) {
      const move = yield* moveAlone(game, state, turn, key, settings)
      steps.push([move.utterances[0]?.reading])
      take(move)
      continue
    }
    const moves = yield* moveTogether(game, state, turn, key, settings)
    steps.push(moves.map(({ utterances: [said] }) => said?.reading))
    for (const move of moves) take(move)
  }
  return { correct: isRight(task, game.grader(task), protocol.answer(state)) === true, tokens, steps }
})
