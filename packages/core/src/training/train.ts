import { Effect } from "effect"
import { isRegretController, type RegretDiagnostic } from "../controller.ts"
import { creditGroups } from "../credit/credit-groups.ts"
import type { CreditAssigner } from "../credit.ts"
import { eagerAll } from "../engine/eager-all.ts"
import { type Game, member } from "../engine/game.ts"
import { type Episode, playEpisode } from "../engine/play-episode.ts"
import { takeTurns } from "../engine/take-turns.ts"
import { CreditError, type TracerError } from "../errors.ts"
import type { TracerEvent } from "../event.ts"
import type { CreditedGroup, Learner } from "../learner.ts"
import { seedKey, shuffle, split } from "../random.ts"
import type { Task } from "../task.ts"
import { type EmpiricalPlay, empiricalPlay } from "./empirical-play.ts"

/** How a team is trained. */
export interface TrainSettings {
  readonly seed: number
  readonly credit: CreditAssigner
  /** Without one only the controllers learn. */
  readonly learner?: Learner
  /** Dialogues between two updates; their strategies and weights stay fixed while they are played. */
  readonly batchSize: number
  /** Passes over the tasks, each in an order of its own. */
  readonly epochs: number
  /** Dialogues played at the same time. */
  readonly concurrency: number
  /** Utterances drawn at a turn that speaks (G). */
  readonly groupSize: number
  /** Utterances drawn, and dialogues played out, for an action that was not played. */
  readonly forkSamples: number
  /**
   * Share of uniformly taken decisions in the first batch; it falls in a straight line to 0 at half of the batches.
   * Default 1.
   *
   * A state that one seat never leads to teaches another nothing, so that both may settle on less than they could
   * reach together; exploration visits it while strategies are still young.
   */
  readonly exploration?: number
  /** Skips batches that an earlier run has already done. */
  readonly startBatch?: number
  /** Goes on following the joint play of batches that an earlier run has done; a new one by default. */
  readonly play?: EmpiricalPlay
  /** All tokens read and written so far by the team's models, for `batch-end`. */
  readonly spentTokens?: () => number
  readonly emit?: (event: TracerEvent) => void
  /** Runs after each batch's updates, with the number of batches done: the place for checkpoints and evaluation. */
  readonly afterBatch?: (done: number) => Effect.Effect<void, TracerError>
}

/** The number of batches that `train` plays. */
export const batchCount = (tasks: number, settings: Pick<TrainSettings, "batchSize" | "epochs">): number =>
  Math.ceil((tasks * settings.epochs) / settings.batchSize)

const explorationAt = (batch: number, batches: number, first: number): number =>
  first * Math.max(0, 1 - (2 * batch) / batches)

const requireValues = (
  credit: CreditAssigner,
  episodes: ReadonlyArray<Episode>
): Effect.Effect<void, CreditError> => {
  for (const { point, values } of episodes.flatMap((episode) => episode.decisions)) {
    const { names } = point.legal
    if (values.length === names.length && values.every(Number.isFinite)) continue
    return new CreditError({
      message: `The credit assigner "${credit.name}" valued the actions [${names.join(", ")}] at [${values.join(", ")}].`,
      hint: "decision() has to return one finite number for each of point.legal.names, in their order."
    })
  }
  return Effect.void
}

const updateControllers = <S>(game: Game<S>, episode: Episode, emit: TrainSettings["emit"]) => {
  for (const { point, values } of episode.decisions) {
    const { seat, round } = point.turn
    member(game.controllers, "controller", seat.controller).update(point.info, point.legal, values, {
      played: { action: point.played, strategy: point.strategy }
    })
    emit?.({
      type: "decision-value",
      episode: episode.number,
      round,
      agent: seat.agent,
      seat: seat.name,
      info: point.info,
      actions: point.legal.names,
      strategy: point.strategy,
      played: point.played,
      values
    })
  }
  for (const controller of game.controllers.values()) controller.witness?.(episode.dialogue)
}

const follow = (play: EmpiricalPlay, { decisions }: Episode) =>
  play.record(
    decisions.map(({ point, values }) => ({
      controller: point.turn.seat.controller,
      info: point.info,
      actions: point.legal.names,
      played: point.played,
      values
    }))
  )

const reportRegret = <S>(game: Game<S>, batch: number, emit: NonNullable<TrainSettings["emit"]>) => {
  for (const [name, controller] of game.controllers) {
    if (!isRegretController(controller)) continue
    const states = controller.regret()
    const [first, ...rest] = states
    if (first === undefined) continue
    const share = ({ averageRegret, bound }: RegretDiagnostic) => (bound > 0 ? averageRegret / bound : 0)
    const worst = rest.reduce((a, b) => (share(b) > share(a) ? b : a), first)
    emit({
      type: "regret-measured",
      batch,
      controller: name,
      averageRegret: worst.averageRegret,
      bound: worst.bound,
      visits: worst.visits,
      invariantHolds: states.every((state) => state.invariantHolds)
    })
  }
}

/** What the utterances of a batch earned; asked while strategies and weights are still those that it was played with. */
const creditBatch = Effect.fnUntraced(function* (
  episodes: ReadonlyArray<Episode>,
  { learner, emit, credit }: TrainSettings
) {
  if (learner === undefined && emit === undefined) return []
  const groups = episodes.flatMap((episode) => episode.groups)
  const dialogues = new Map(episodes.map(({ number, dialogue }) => [number, dialogue]))
  const credited = yield* creditGroups(credit, groups, dialogues)
  return credited.map(({ group, credit: assigned }): CreditedGroup => ({ ...group, credit: assigned }))
})

const learn = Effect.fnUntraced(function* (
  credited: ReadonlyArray<CreditedGroup>,
  batch: number,
  { learner, emit }: TrainSettings
) {
  for (const { episode, round, agent, seat, role, prompt, utterances, credit } of credited) {
    const texts = utterances.map(({ completion }) => completion.text)
    const said = { prompt: prompt.messages, texts }
    emit?.({ type: "credit-assigned", episode, round, agent, seat, role, ...said, ...credit })
  }
  if (learner === undefined) return
  for (const report of yield* learner.update(credited)) emit?.({ type: "update", batch, ...report })
})

/**
 * Trains a team: plays batches of dialogues with sampling controllers, then updates regrets and weights in task order.
 *
 * A function of the settings and the tasks alone: concurrency never changes a result, since strategies are frozen
 * within a batch, every draw is named, and updates and events are merged in task order.
 */
export const train: <S>(
  game: Game<S>,
  tasks: ReadonlyArray<Task>,
  settings: TrainSettings
) => Effect.Effect<void, TracerError> = Effect.fnUntraced(function* <S>(
  game: Game<S>,
  tasks: ReadonlyArray<Task>,
  settings: TrainSettings
) {
  const { batchSize, emit, play = empiricalPlay(), spentTokens } = settings
  const root = split(seedKey(settings.seed), "train")
  const order = Array.from({ length: settings.epochs }, (_, epoch) =>
    shuffle(split(root, "order", epoch), tasks)
  ).flat()
  const batches = batchCount(tasks.length, settings)
  const turn = takeTurns()
  for (let batch = settings.startBatch ?? 0; batch < batches; batch++) {
    const spentBefore = spentTokens?.() ?? 0
    const buffers: Array<Array<TracerEvent>> = []
    const plays = order.slice(batch * batchSize, (batch + 1) * batchSize).map((task, i) => {
      const number = batch * batchSize + i
      const buffer: Array<TracerEvent> = []
      buffers.push(buffer)
      return playEpisode(game, task, number, split(root, "episode", number), {
        mode: "train",
        strategy: "current",
        selection: "sample",
        training: {
          credit: settings.credit,
          groupSize: settings.learner === undefined ? settings.forkSamples : settings.groupSize,
          forkSamples: settings.forkSamples,
          exploration: explorationAt(batch, batches, settings.exploration ?? 1)
        },
        ...(emit === undefined ? {} : { emit: (event: TracerEvent) => buffer.push(event) })
      })
    })
    const episodes = yield* eagerAll(plays, settings.concurrency)
    yield* requireValues(settings.credit, episodes)
    const credited = yield* creditBatch(episodes, settings)
    for (const [i, episode] of episodes.entries()) {
      if (emit !== undefined) for (const event of buffers[i] ?? []) emit(event)
      updateControllers(game, episode, emit)
      follow(play, episode)
    }
    yield* learn(credited, batch, settings)
    if (emit !== undefined) {
      reportRegret(game, batch, emit)
      const { decisions, ...gaps } = play.gaps()
      if (decisions > 0) emit({ type: "equilibrium-measured", batch, decisions, ...gaps })
      emit({
        type: "batch-end",
        batch,
        batches,
        episodes: episodes.length,
        correct: episodes.filter((episode) => episode.correct === true).length,
        tokens: episodes.reduce((sum, e) => sum + e.promptTokens + e.completionTokens, 0),
        ...(spentTokens === undefined ? {} : { spentTokens: spentTokens() - spentBefore })
      })
    }
    if (settings.afterBatch !== undefined) yield* settings.afterBatch(batch + 1)
    yield* turn
  }
})
