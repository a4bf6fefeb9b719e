import { Effect } from "effect"
import type { Answer } from "../answer/index.ts"
import type { ActionValues, Strategy, StrategyMode } from "../controller.ts"
import type { CreditAssigner, DecisionPoint, Utterance, UtteranceGroup } from "../credit.ts"
import type { CreditError, PolicyError } from "../errors.ts"
import type { TracerEvent } from "../event.ts"
import type { SeatTurn } from "../protocol.ts"
import { type RandomKey, split, uniform } from "../random.ts"
import type { Task } from "../task.ts"
import type { Reading, TranscriptEntry } from "../transcript.ts"
import { drawChance } from "./chance.ts"
import { eagerAll } from "./eager-all.ts"
import { forksOf } from "./fork.ts"
import { type Game, member } from "./game.ts"
import { isRight } from "./is-right.ts"
import { legalActions } from "./play-out.ts"
import { type Selection, selectAction } from "./select-action.ts"
import { speak, spokenAct } from "./speak.ts"

/** How a dialogue is played. */
export interface PlaySettings {
  readonly mode: "train" | "evaluate" | "solve"
  readonly strategy: StrategyMode
  readonly selection: Selection
  /** Present in training: values both actions of every decision, and keeps the utterances drawn. */
  readonly training?: {
    readonly credit: CreditAssigner
    /** Utterances drawn at a turn that speaks (G). */
    readonly groupSize: number
    /** Utterances drawn, and dialogues played out, for an action that was not played. */
    readonly forkSamples: number
    /** Share of the decisions taken uniformly instead of by the strategy; forks never explore. Default 0. */
    readonly exploration?: number
  }
  readonly emit?: (event: TracerEvent) => void
  /** Emits what is said already while it is spoken, as `utterance-delta`. */
  readonly deltas?: boolean
}

/** A decision with the values of its legal actions. */
export interface ValuedDecision {
  readonly point: DecisionPoint
  readonly values: ActionValues
}

/** A dialogue from start to end. Tokens and calls are those of the dialogue itself, without candidates and forks. */
export interface Episode {
  readonly number: number
  readonly task: Task
  readonly answer: Answer | undefined
  /** `undefined` where the task has no gold answer. */
  readonly correct: boolean | undefined
  readonly transcript: ReadonlyArray<TranscriptEntry>
  readonly calls: number
  readonly promptTokens: number
  readonly completionTokens: number
  readonly decisions: ReadonlyArray<ValuedDecision>
  readonly groups: ReadonlyArray<UtteranceGroup>
  /** The information states in which a choice was made, with the action chosen. */
  readonly choices: ReadonlyArray<{
    readonly controller: string
    readonly info: string
    readonly action: string
    readonly spoke: boolean
  }>
}

/** A reading in a few words, as events carry it. */
export const describeReading = (reading: Reading): string => {
  switch (reading.kind) {
    case "proposal":
      return `proposal ${reading.answer.canonical}`
    case "verdict":
      return `verdict ${reading.verdict}`
    case "comment":
      return "comment"
    case "unreadable":
      return `unreadable ${reading.reason}`
  }
}

const explored = (strategy: Strategy, share: number): Strategy =>
  share === 0 ? strategy : strategy.map((p) => (1 - share) * p + share / strategy.length)

/**
 * Plays one dialogue.
 *
 * With a policy that answers at once the result is an effect that is already finished.
 */
export const playEpisode: <S>(
  game: Game<S>,
  task: Task,
  episode: number,
  key: RandomKey,
  settings: PlaySettings
) => Effect.Effect<Episode, PolicyError | CreditError> = Effect.fnUntracedEager(function* <S>(
  game: Game<S>,
  task: Task,
  episode: number,
  key: RandomKey,
  settings: PlaySettings
) {
  const { protocol } = game
  const { emit, training } = settings
  const grader = game.grader(task)
  const valuations: Array<Effect.Effect<ValuedDecision, PolicyError | CreditError>> = []
  const groups: Array<UtteranceGroup> = []
  const choices: Array<Episode["choices"][number]> = []
  let calls = 0
  let promptTokens = 0
  let completionTokens = 0
  let state = protocol.start(task, episode)
  let chanceMoves = 0

  emit?.({ type: "episode-start", episode, mode: settings.mode, task: task.id, question: task.question })
  for (let turn = protocol.turn(state); turn !== undefined; turn = protocol.turn(state)) {
    if (turn.kind === "chance") {
      state = protocol.apply(state, turn, drawChance(turn, split(key, "chance"), chanceMoves++))
      continue
    }
    const seatTurn: SeatTurn = turn
    const { seat, round } = seatTurn
    const turnKey = split(key, round)
    const legal = legalActions(seatTurn)
    const info = protocol.observe(state, seatTurn)
    const forced = seatTurn.actions.length === 1
    const strategy = forced
      ? [1]
      : explored(
          member(game.controllers, "controller", seat.controller).strategy(info, legal, settings.strategy),
          training?.exploration ?? 0
        )
    const action = seatTurn.actions[selectAction(strategy, legal, settings.selection, uniform(turnKey))]
    if (action === undefined) break
    const where = { episode, round, agent: seat.agent, seat: seat.name }
    emit?.({
      type: "turn-start",
      ...where,
      info,
      actions: legal.names,
      ...(forced ? {} : { strategy })
    })
    if (!forced) {
      choices.push({
        controller: seat.controller,
        info,
        action: action.name,
        spoke: action.role !== undefined
      })
    }

    const before = state
    const view = protocol.view(before)
    let utterances: ReadonlyArray<Utterance> = []
    if (action.role === undefined) {
      state = protocol.apply(before, seatTurn, { action: action.name })
      emit?.({ type: "turn-skip", ...where, action: action.name })
    } else {
      const role = member(game.roles, "role", action.role)
      const prompt = role.prompt(view)
      const spoken = yield* speak(game, {
        agent: seat.agent,
        role,
        view,
        prompt,
        samples: training?.groupSize ?? 1,
        key: turnKey,
        ...(settings.deltas === true && emit !== undefined
          ? {
              onText: (sample: number, text: string) => {
                // The first utterance goes on with the dialogue.
                if (sample === 0) emit({ type: "utterance-delta", ...where, role: role.name, text })
              }
            }
          : {})
      })
      utterances = spoken
      const said = spoken[0]
      calls += 1
      promptTokens += said.completion.usage.prompt
      completionTokens += said.completion.usage.completion
      if (training !== undefined && training.groupSize > 1) {
        groups.push({
          episode,
          agent: seat.agent,
          seat: seat.name,
          role: role.name,
          round,
          task,
          grader,
          view,
          prompt,
          sampling: game.sampling(role.name),
          utterances
        })
      }
      state = protocol.apply(before, seatTurn, spokenAct(action.name, said))
      emit?.({
        type: "utterance",
        ...where,
        action: action.name,
        role: role.name,
        text: said.completion.text,
        reading: describeReading(said.reading),
        promptTokens: said.completion.usage.prompt,
        completionTokens: said.completion.usage.completion
      })
    }

    if (training !== undefined && !forced) {
      const point: DecisionPoint = {
        episode,
        task,
        grader,
        turn: seatTurn,
        info,
        legal,
        strategy,
        played: action.name,
        view
      }
      const forks = forksOf({
        game,
        task,
        state: before,
        turn: seatTurn,
        key: split(turnKey, "fork"),
        drawn: { action: action.name, utterances },
        samples: training.forkSamples
      })
      valuations.push(
        Effect.mapEager(training.credit.decision(point, forks), (values) => ({ point, values }))
      )
    }
  }

  const decisions = yield* eagerAll(valuations)
  const answer = protocol.answer(state)
  const correct = isRight(task, grader, answer)
  emit?.({
    type: "episode-end",
    episode,
    task: task.id,
    ...(answer === undefined ? {} : { answer: answer.canonical }),
    ...(correct === undefined ? {} : { correct }),
    calls,
    promptTokens,
    completionTokens
  })
  return {
    number: episode,
    task,
    answer,
    correct,
    transcript: protocol.view(state).transcript,
    calls,
    promptTokens,
    completionTokens,
    decisions,
    groups,
    choices
  }
})
