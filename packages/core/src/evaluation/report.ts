import { Schema } from "effect"
import type { Grader } from "../answer/index.ts"
import { isRight } from "../engine/is-right.ts"
import type { Episode } from "../engine/play-episode.ts"
import type { Task } from "../task.ts"
import { Interval, wilson } from "./interval.ts"

const Rate = Schema.Struct({ count: Schema.Int, of: Schema.Int })

/** What one system did on one set of tasks. */
export const EvaluationReport = Schema.Struct({
  system: Schema.String,
  tasks: Schema.Int,
  accuracy: Interval,
  /** Means per task. */
  promptTokens: Schema.Number,
  completionTokens: Schema.Number,
  calls: Schema.Number,
  /** Dialogues that ended without a readable answer; they count as wrong, too. */
  unparsed: Schema.Int,
  wrongToRight: Schema.Int,
  rightToWrong: Schema.Int,
  /** Right at the end, of those whose first proposal was wrong. */
  correction: Rate,
  /** Right at the end, of those whose first proposal was right. */
  preservation: Rate,
  /** Verdicts against the truth; "wrong" is the positive class. Absent where nobody reviewed. */
  reviews: Schema.optionalKey(
    Schema.Struct({
      wrongGivenWrong: Rate,
      wrongGivenRight: Rate,
      unreadable: Schema.Int,
      precision: Schema.Number,
      recall: Schema.Number,
      balancedAccuracy: Schema.Number
    })
  ),
  /** How often each controller spoke in each information state. */
  speakRates: Schema.Array(
    Schema.Struct({ controller: Schema.String, info: Schema.String, spoke: Schema.Int, of: Schema.Int })
  ),
  /** True where a multiple-choice accuracy lies below guessing. */
  belowChance: Schema.Boolean,
  perTask: Schema.Array(
    Schema.Struct({ task: Schema.String, correct: Schema.Boolean, tokens: Schema.Int, calls: Schema.Int })
  )
})
export type EvaluationReport = typeof EvaluationReport.Type

/** What a report needs of a dialogue. */
export type ReportedEpisode = Omit<Episode, "turns" | "dialogue" | "decisions" | "groups">

const sumOf = <A>(items: ReadonlyArray<A>, value: (item: A) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0)

const firstProposalIsRight = (episode: ReportedEpisode, grader: Grader): boolean | undefined => {
  for (const { reading } of episode.transcript) {
    if (reading?.kind === "proposal") return isRight(episode.task, grader, reading.answer) === true
    if (reading?.kind === "unreadable" && reading.expected === "proposal") return false
  }
  return undefined
}

const reviewsOf = (episodes: ReadonlyArray<ReportedEpisode>, grader: (task: Task) => Grader) => {
  const counts = { wrongWrong: 0, rightWrong: 0, wrongRight: 0, rightRight: 0, unreadable: 0 }
  for (const episode of episodes) {
    let pendingRight = false
    for (const { reading } of episode.transcript) {
      if (reading?.kind === "proposal") {
        pendingRight = isRight(episode.task, grader(episode.task), reading.answer) === true
      } else if (reading?.kind === "verdict") {
        counts[`${reading.verdict}${pendingRight ? "Right" : "Wrong"}`]++
      } else if (reading?.kind === "unreadable") {
        if (reading.expected === "proposal") pendingRight = false
        else if (reading.expected === "verdict") counts.unreadable++
      }
    }
  }
  const wrong = counts.wrongWrong + counts.rightWrong
  const right = counts.wrongRight + counts.rightRight
  if (wrong + right + counts.unreadable === 0) return undefined
  const ratio = (count: number, of: number) => (of === 0 ? 0 : count / of)
  const recall = ratio(counts.wrongWrong, wrong)
  return {
    wrongGivenWrong: { count: counts.wrongWrong, of: wrong },
    wrongGivenRight: { count: counts.wrongRight, of: right },
    unreadable: counts.unreadable,
    precision: ratio(counts.wrongWrong, counts.wrongWrong + counts.wrongRight),
    recall,
    balancedAccuracy:
      wrong === 0 || right === 0
        ? ratio(counts.wrongWrong + counts.rightRight, wrong + right)
        : (recall + counts.rightRight / right) / 2
  }
}

const speakRatesOf = (episodes: ReadonlyArray<ReportedEpisode>) => {
  const rates = new Map<string, { controller: string; info: string; spoke: number; of: number }>()
  for (const { controller, info, spoke } of episodes.flatMap((episode) => episode.choices)) {
    const key = `${controller}\n${info}`
    const rate = rates.get(key) ?? { controller, info, spoke: 0, of: 0 }
    rates.set(key, { ...rate, spoke: rate.spoke + (spoke ? 1 : 0), of: rate.of + 1 })
  }
  return [...rates.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rate]) => rate)
}

/** Summarises played dialogues, as method.md's evaluation has it. Every task needs a gold answer. */
export const reportOf = (
  system: string,
  episodes: ReadonlyArray<ReportedEpisode>,
  grader: (task: Task) => Grader
): EvaluationReport => {
  const n = Math.max(1, episodes.length)
  const outcomes = episodes.map((episode) => ({
    episode,
    first: firstProposalIsRight(episode, grader(episode.task)),
    last: episode.correct === true
  }))
  const correct = outcomes.filter(({ last }) => last).length
  const startedWrong = outcomes.filter(({ first }) => first === false)
  const startedRight = outcomes.filter(({ first }) => first === true)
  const corrected = startedWrong.filter(({ last }) => last).length
  const preserved = startedRight.filter(({ last }) => last).length
  const reviews = reviewsOf(episodes, grader)
  const guessing =
    sumOf(episodes, ({ task }) => (task.choices === undefined ? 0 : 1 / task.choices.length)) / n
  return {
    system,
    tasks: episodes.length,
    accuracy: wilson(correct, episodes.length),
    promptTokens: sumOf(episodes, (episode) => episode.promptTokens) / n,
    completionTokens: sumOf(episodes, (episode) => episode.completionTokens) / n,
    calls: sumOf(episodes, (episode) => episode.calls) / n,
    unparsed: episodes.filter((episode) => episode.answer === undefined).length,
    wrongToRight: corrected,
    rightToWrong: startedRight.length - preserved,
    correction: { count: corrected, of: startedWrong.length },
    preservation: { count: preserved, of: startedRight.length },
    ...(reviews === undefined ? {} : { reviews }),
    speakRates: speakRatesOf(episodes),
    belowChance: correct / n < guessing,
    perTask: outcomes.map(({ episode, last }) => ({
      task: episode.task.id,
      correct: last,
      tokens: episode.promptTokens + episode.completionTokens,
      calls: episode.calls
    }))
  }
}
