import { Effect } from "effect"
import type { Answer } from "../answer/index.ts"
import type { ActionValues, StrategyMode } from "../controller.ts"
import type { CreditAssigner, DecisionPoint, Dialogue, PlayedTurn, UtteranceGroup } from "../credit.ts"
import type { CreditError, PolicyError } from "../errors.ts"
import type { TracerEvent } from "../event.ts"
import type { Usage } from "../policy.ts"
import { type RandomKey, split } from "../random.ts"
import type { Task } from "../task.ts"
import type { TranscriptEntry } from "../transcript.ts"
import { drawChance } from "./chance.ts"
import { describeReading } from "./describe-reading.ts"
import { eagerAll } from "./eager-all.ts"
import { type ContinuedForks, forksOf } from "./fork.ts"
import { type Game, member } from "./game.ts"
import { isRight } from "./is-right.ts"
import { actOf, carryOut, type Decision, decide, type Move, turnsTogether } from "./move.ts"
import { replay } from "./replay.ts"
import type { Selection } from "./select-action.ts"
import { samplingOf } from "./speak.ts"

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
  /** The same tokens by the agent whose model read and wrote them. */
  readonly usage: ReadonlyMap<string, Usage>
  readonly turns: ReadonlyArray<PlayedTurn>
  readonly decisions: ReadonlyArray<ValuedDecision>
  readonly groups: ReadonlyArray<UtteranceGroup>
  /** The information states in which a choice was made, with the action chosen. */
  readonly choices: ReadonlyArray<{
    readonly controller: string
    readonly info: string
    readonly action: string
    readonly spoke: boolean
  }>
  /** The dialogue with what could have become of it; forks of it never touch the real one. */
  readonly dialogue: Dialogue
}

/** What events say of where they happened. */
const placeOf = (episode: number, { seat, round }: Decision["turn"]) => ({
  episode,
  round,
  agent: seat.agent,
  seat: seat.name
})

const playedTurn = (
  { turn, info, action, view, utterances, deliberation }: Move,
  isWithPrevious: boolean
): PlayedTurn => {
  const [utterance] = utterances
  const silent = { turn, info, action: action.name, view }
  const played = utterance === undefined ? silent : { turn, info, action: action.name, view, utterance }
  if (deliberation === undefined && !isWithPrevious) return played
  return {
    ...played,
    ...(deliberation === undefined ? {} : { deliberation }),
    ...(isWithPrevious ? { withPrevious: true } : {})
  }
}

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
  const { emit, training, strategy, selection } = settings
  const grader = game.grader(task)
  const decisionSettings = { strategy, selection, exploration: training?.exploration ?? 0 }
  const valuations: Array<Effect.Effect<ValuedDecision, PolicyError | CreditError>> = []
  const groups: Array<UtteranceGroup> = []
  const branches = new Map<UtteranceGroup, { readonly forks: ContinuedForks; readonly action: string }>()
  const choices: Array<Episode["choices"][number]> = []
  const turns: Array<PlayedTurn> = []
  let calls = 0
  let promptTokens = 0
  let completionTokens = 0
  const usageByAgent = new Map<string, { prompt: number; completion: number }>()
  const spend = (agent: string, usage: Usage) => {
    const spent = usageByAgent.get(agent)
    if (spent === undefined) {
      usageByAgent.set(agent, { prompt: usage.prompt, completion: usage.completion })
    } else {
      spent.prompt += usage.prompt
      spent.completion += usage.completion
    }
    calls += 1
    promptTokens += usage.prompt
    completionTokens += usage.completion
  }

  /** Announces a decision; what it then says may be heard already while it is spoken. */
  const announce = ({ turn, info, legal, strategy: odds, action, deliberation }: Decision) => {
    const forced = turn.actions.length === 1
    if (emit !== undefined) {
      const strategyOfChoice = forced ? {} : { strategy: odds }
      emit({ type: "turn-start", ...placeOf(episode, turn), info, actions: legal.names, ...strategyOfChoice })
    }
    if (deliberation !== undefined) spend(deliberation.agent, deliberation)
    if (forced) return
    const spoke = action.role !== undefined
    choices.push({ controller: turn.seat.controller, info, action: action.name, spoke })
  }
  const hearing = ({ turn, action }: Decision) => {
    const { role } = action
    if (settings.deltas !== true || emit === undefined || role === undefined) return undefined
    return (sample: number, text: string) => {
      // The first utterance goes on with the dialogue.
      if (sample === 0) emit({ type: "utterance-delta", ...placeOf(episode, turn), role, text })
    }
  }
  const report = ({ turn, action, utterances: [said] }: Move) => {
    if (said === undefined) {
      emit?.({ type: "turn-skip", ...placeOf(episode, turn), action: action.name })
      return
    }
    const { text, usage } = said.completion
    spend(turn.seat.agent, usage)
    emit?.({
      type: "utterance",
      ...placeOf(episode, turn),
      action: action.name,
      role: action.role ?? "",
      text,
      reading: describeReading(said.reading),
      promptTokens: usage.prompt,
      completionTokens: usage.completion
    })
  }
  /** Keeps what training learns from: the group of utterances, and the values of the actions. */
  const keep = (before: S, move: Move) => {
    const { turn, key: turnKey, info, legal, strategy: odds, action, view, prompt, utterances } = move
    const { seat, round } = turn
    const forced = turn.actions.length === 1
    const grouped = training !== undefined && prompt !== undefined && training.groupSize > 1
    if (training === undefined || (forced && !grouped)) return
    const forks = forksOf({
      game,
      task,
      state: before,
      turn,
      key: split(turnKey, "fork"),
      drawn: { action: action.name, utterances },
      strategy,
      samples: training.forkSamples
    })
    if (grouped && action.role !== undefined) {
      const { role } = action
      const sampling = samplingOf(game, member(game.roles, "role", role), view)
      const drawnBy = { agent: seat.agent, seat: seat.name, role, round }
      const group: UtteranceGroup = { episode, ...drawnBy, task, grader, view, prompt, sampling, utterances }
      groups.push(group)
      branches.set(group, { forks, action: action.name })
    }
    if (forced) return
    const played = action.name
    const point: DecisionPoint = { episode, task, grader, turn, info, legal, strategy: odds, played, view }
    valuations.push(Effect.mapEager(training.credit.decision(point, forks), (values) => ({ point, values })))
  }

  const samples = training?.groupSize ?? 1
  let state = protocol.start(task, episode)
  let chanceMoves = 0
  const take = (move: Move, isWithPrevious: boolean) => {
    report(move)
    keep(state, move)
    turns.push(playedTurn(move, isWithPrevious))
    state = protocol.apply(state, move.turn, actOf(move))
  }
  emit?.({ type: "episode-start", episode, mode: settings.mode, task: task.id, question: task.question })
  for (let turn = protocol.turn(state); turn !== undefined; turn = protocol.turn(state)) {
    if (turn.kind === "chance") {
      state = protocol.apply(state, turn, drawChance(turn, split(key, "chance"), chanceMoves++))
      continue
    }
    if (protocol.together === undefined) {
      const decision = yield* decide(game, state, turn, key, decisionSettings)
      announce(decision)
      take(yield* carryOut(game, decision, samples, hearing(decision)), false)
      continue
    }
    const now = state
    const decisions = yield* eagerAll(
      turnsTogether(protocol, now, turn).map((one) => decide(game, now, one, key, decisionSettings))
    )
    for (const decision of decisions) announce(decision)
    const moves = yield* eagerAll(
      decisions.map((decision) => carryOut(game, decision, samples, hearing(decision)))
    )
    for (const [i, move] of moves.entries()) take(move, i > 0)
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
  const { transcript } = protocol.view(state)
  const dialogue: Dialogue = {
    episode,
    task,
    grader,
    answer,
    turns,
    transcript,
    outcome: { correct: correct === true, tokens: promptTokens + completionTokens },
    continuations: (group) => {
      const branch = branches.get(group)
      return branch === undefined ? Effect.succeed([]) : branch.forks.outcomes(branch.action)
    },
    replay: (heard, how) =>
      replay({ game, task, episode, key, settings: decisionSettings, turns }, heard, how)
  }
  return {
    number: episode,
    task,
    answer,
    correct,
    transcript,
    calls,
    promptTokens,
    completionTokens,
    usage: usageByAgent,
    turns,
    decisions,
    groups,
    choices,
    dialogue
  }
})
