import { Effect } from "effect"
import { isDeliberating, type LegalActions, type Strategy, type StrategyMode } from "../controller.ts"
import type { Utterance } from "../credit.ts"
import type { PolicyError } from "../errors.ts"
import type { GenerateRequest, Usage } from "../policy.ts"
import type { Act, Action, InfoState, Protocol, SeatTurn } from "../protocol.ts"
import { type RandomKey, seedNumber, split, uniform } from "../random.ts"
import type { Prompt } from "../role.ts"
import type { View } from "../transcript.ts"
import { eagerAll } from "./eager-all.ts"
import { type Game, member } from "./game.ts"
import { requireStrategy } from "./require-strategy.ts"
import { type Selection, selectAction } from "./select-action.ts"
import { speak, spokenAct } from "./speak.ts"

// Protocols make their turns once, and engines ask for them all the time.
const legalOf = new WeakMap<SeatTurn, LegalActions>()

/** The legal actions of a seat's turn. */
export const legalActions = (turn: SeatTurn): LegalActions => {
  const known = legalOf.get(turn)
  if (known !== undefined) return known
  const legal = {
    names: turn.actions.map(({ name }) => name),
    fallback: turn.fallback,
    spoken: turn.actions.filter(({ role }) => role !== undefined).map(({ name }) => name)
  }
  legalOf.set(turn, legal)
  return legal
}

/** A seat's choice among its actions. */
export interface Decision {
  readonly turn: SeatTurn
  /** Names the turn's random draws. */
  readonly key: RandomKey
  readonly info: InfoState
  readonly legal: LegalActions
  /** What was sampled from; `[1]` where the move was forced. */
  readonly strategy: Strategy
  readonly action: Action
  /** What the turn's role sees. */
  readonly view: View
  /** What coming to a strategy cost, where a model was asked, and the agent whose model it was. */
  readonly deliberation?: Usage & { readonly agent: string }
}

/** A decision, with what was said where its action speaks: the prompt, and one utterance or more. */
export interface Move extends Decision {
  readonly prompt?: Prompt
  readonly utterances: ReadonlyArray<Utterance>
}

/** How decisions are taken. */
export interface DecisionSettings {
  readonly strategy: StrategyMode
  readonly selection: Selection
  /** Share of the decisions taken uniformly. */
  readonly exploration: number
}

/** The turns that are taken together with `turn`, itself the first. */
export const turnsTogether = <S>(protocol: Protocol<S>, state: S, turn: SeatTurn): ReadonlyArray<SeatTurn> =>
  protocol.together?.(state) ?? [turn]

const explored = (strategy: Strategy, share: number): Strategy =>
  share === 0 ? strategy : strategy.map((p) => (1 - share) * p + share / strategy.length)

/** Lets a seat choose; a forced move asks nobody. `key` is the dialogue's. */
export const decide = <S>(
  game: Game<S>,
  state: S,
  turn: SeatTurn,
  key: RandomKey,
  settings: DecisionSettings
): Effect.Effect<Decision, PolicyError> => {
  const { protocol, controllers } = game
  const turnKey = split(key, turn.round)
  const legal = legalActions(turn)
  const info = protocol.observe(state, turn)
  const view = protocol.view(state, turn)
  const choose = (strategy: Strategy, deliberation?: Decision["deliberation"]): Decision => {
    const action = turn.actions[selectAction(strategy, legal, settings.selection, uniform(turnKey))]
    if (action === undefined)
      throw new RangeError(`Round ${turn.round} of "${protocol.name}" offers no action.`)
    const decision = { turn, key: turnKey, info, legal, strategy, action, view }
    return deliberation === undefined ? decision : { ...decision, deliberation }
  }
  if (turn.actions.length === 1) return Effect.succeed(choose([1]))
  const controller = member(controllers, "controller", turn.seat.controller)
  const mode = settings.strategy
  const play = (strategy: Strategy, deliberation?: Decision["deliberation"]): Decision => {
    requireStrategy(turn.seat.controller, info, legal, strategy)
    return choose(explored(strategy, settings.exploration), deliberation)
  }
  if (!isDeliberating(controller)) return Effect.succeed(play(controller.strategy(info, legal, mode, view)))
  const seed = seedNumber(split(turnKey, "deliberate"))
  return Effect.mapEager(
    controller.deliberate({ turn, info, legal, mode, view, seed }),
    ({ strategy, usage, agent = turn.seat.agent }) => play(strategy, { ...usage, agent })
  )
}

/** Carries a decision out: draws `samples` utterances where its action speaks. */
export const carryOut = <S>(
  game: Game<S>,
  decision: Decision,
  samples: number,
  onText?: GenerateRequest["onText"]
): Effect.Effect<Move, PolicyError> => {
  const { action, turn, view, key } = decision
  if (action.role === undefined) return Effect.succeed({ ...decision, utterances: [] })
  const role = member(game.roles, "role", action.role)
  const prompt = role.prompt(view)
  const request = { agent: turn.seat.agent, role, view, prompt, samples, key }
  const spoken = speak(game, onText === undefined ? request : { ...request, onText })
  return Effect.mapEager(spoken, (utterances) => ({ ...decision, prompt, utterances }))
}

/** Decides one turn and carries it out. */
export const moveAlone = <S>(
  game: Game<S>,
  state: S,
  turn: SeatTurn,
  key: RandomKey,
  settings: DecisionSettings & { readonly samples: number }
): Effect.Effect<Move, PolicyError> =>
  Effect.flatMapEager(decide(game, state, turn, key, settings), (decision) =>
    carryOut(game, decision, settings.samples)
  )

/** Decides and carries out every one of the turns that are taken together, in their order. */
export const moveTogether = <S>(
  game: Game<S>,
  state: S,
  turn: SeatTurn,
  key: RandomKey,
  settings: DecisionSettings & { readonly samples: number }
): Effect.Effect<ReadonlyArray<Move>, PolicyError> =>
  eagerAll(turnsTogether(game.protocol, state, turn).map((one) => moveAlone(game, state, one, key, settings)))

/** What a move tells the protocol; its first utterance goes on with the dialogue. */
export const actOf = ({ action, utterances: [said] }: Pick<Move, "action" | "utterances">): Act =>
  said === undefined ? { action: action.name } : spokenAct(action.name, said)
