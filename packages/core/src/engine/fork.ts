import { Effect } from "effect"
import type { StrategyMode } from "../controller.ts"
import type { Continuation, Forks, Utterance } from "../credit.ts"
import type { PolicyError } from "../errors.ts"
import type { SeatTurn } from "../protocol.ts"
import { type RandomKey, split } from "../random.ts"
import type { Task } from "../task.ts"
import { eagerAll } from "./eager-all.ts"
import { type Game, member } from "./game.ts"
import { turnsTogether } from "./move.ts"
import { playOut } from "./play-out.ts"
import { speak, spokenAct, tokensOf } from "./speak.ts"

/** A decision's frozen state, with what the real dialogue has already drawn there. */
export interface ForkPoint<S> {
  readonly game: Game<S>
  readonly task: Task
  readonly state: S
  readonly turn: SeatTurn
  readonly key: RandomKey
  /** The utterances of the action that was played, to be reused; empty where it was silent. */
  readonly drawn: { readonly action: string; readonly utterances: ReadonlyArray<Utterance> }
  /** The strategies that the dialogue is played with, and so its forks. */
  readonly strategy: StrategyMode
  /** Utterances to draw for a spoken action that was not played, and dialogues to play out after a silent one. */
  readonly samples: number
}

/** Forks that tell what was understood on the way. */
export interface ContinuedForks extends Forks {
  outcomes(action: string): Effect.Effect<ReadonlyArray<Continuation>, PolicyError>
}

/**
 * The dialogues that could follow a decision.
 *
 * The i-th dialogue of every action shares its random draws with the i-th of the others, so that differences of
 * values have less variance than the values.
 */
export const forksOf = <S>(point: ForkPoint<S>): ContinuedForks => {
  const { game, task, state, turn } = point
  const drawn = new Map<string, ReadonlyArray<Utterance>>([[point.drawn.action, point.drawn.utterances]])
  const ended = new Map<string, ReadonlyArray<Continuation>>()

  const utterances = (name: string): Effect.Effect<ReadonlyArray<Utterance>, PolicyError> => {
    const known = drawn.get(name)
    if (known !== undefined) return Effect.succeed(known)
    const action = turn.actions.find((candidate) => candidate.name === name)
    if (action?.role === undefined) return Effect.succeed([])
    const view = game.protocol.view(state, turn)
    const role = member(game.roles, "role", action.role)
    const draw = speak(game, {
      agent: turn.seat.agent,
      role,
      view,
      prompt: role.prompt(view),
      samples: point.samples,
      key: split(point.key, name)
    })
    return Effect.mapEager(draw, (spoken) => {
      drawn.set(name, spoken)
      return spoken
    })
  }

  const outcomes = (name: string): Effect.Effect<ReadonlyArray<Continuation>, PolicyError> => {
    const known = ended.get(name)
    if (known !== undefined) return Effect.succeed(known)
    return Effect.flatMapEager(utterances(name), (spoken) => {
      const playOuts: Array<Effect.Effect<Continuation, PolicyError>> = []
      const silent = turn.actions.find((candidate) => candidate.name === name)?.role === undefined
      const branches = silent ? point.samples : spoken.length
      const isJoined = turnsTogether(game.protocol, state, turn).length > 1
      for (let i = 0; i < branches; i++) {
        const utterance = spoken[i]
        const act = utterance === undefined ? { action: name } : spokenAct(name, utterance)
        const spent = utterance === undefined ? 0 : tokensOf(utterance)
        const played = playOut(
          game,
          task,
          game.protocol.apply(state, turn, act),
          split(point.key, i),
          point.strategy
        )
        playOuts.push(
          spent === 0 && !isJoined
            ? played
            : Effect.mapEager(played, ({ correct, tokens, steps }) => ({
                correct,
                tokens: tokens + spent,
                // The first step is of those who spoke at the same time.
                steps: isJoined ? steps.slice(1) : steps
              }))
        )
      }
      return Effect.mapEager(eagerAll(playOuts), (found) => {
        ended.set(name, found)
        return found
      })
    })
  }

  return { utterances, outcomes }
}
