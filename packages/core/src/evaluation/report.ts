import { Schema } from "effect"
import type { DialogueRecord } from "./dialogue-record.ts"
import { Interval, wilson } from "./interval.ts"
import { costOf, type Prices } from "./price.ts"
import { reviewQuality, sumVerdicts } from "./review-quality.ts"

/** How many of how many. */
export const Rate = Schema.Struct({ count: Schema.Int, of: Schema.Int })

/** What one system did on one set of tasks. */
export const EvaluationReport = Schema.Struct({
  system: Schema.String,
  tasks: Schema.Int,
  accuracy: Interval,
  /** Means per task. */
  promptTokens: Schema.Number,
  completionTokens: Schema.Number,
  calls: Schema.Number,
  /** Mean per task, in the currency of the configuration's prices; absent where a price is not known. */
  cost: Schema.optionalKey(Schema.Number),
  /** Dialogues that ended without a readable answer; they count as wrong, too. */
  unparsed: Schema.Int,
  wrongToRight: Schema.Int,
  rightToWrong: Schema.Int,
  /** Right at the end, of those whose first proposal was wrong. */
  correction: Rate,
  /** Right at the end, of those whose first proposal was right. */
  preservation: Rate,
  /**
   * Verdicts on answers, held against the truth; "wrong" is the positive class, and a score of one half or more says "right". Absent
   * where nobody reviewed.
   */
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

const sumOf = <A>(items: ReadonlyArray<A>, value: (item: A) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0)

const speakRatesOf = (records: ReadonlyArray<DialogueRecord>) => {
  const rates = new Map<string, { controller: string; info: string; spoke: number; of: number }>()
  for (const { controller, info, spoke } of records.flatMap((record) => record.choices)) {
    const key = `${controller}\n${info}`
    const rate = rates.get(key) ?? { controller, info, spoke: 0, of: 0 }
    rates.set(key, { ...rate, spoke: rate.spoke + (spoke ? 1 : 0), of: rate.of + 1 })
  }
  return [...rates.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rate]) => rate)
}

const meanCost = (records: ReadonlyArray<DialogueRecord>, prices: Prices): number | undefined => {
  let sum = 0
  for (const { usage } of records) {
    const cost = costOf(usage, prices)
    if (cost === undefined) return undefined
    sum += cost
  }
  return sum / Math.max(1, records.length)
}

/** Summarises dialogues by their records. Costs are reported where every price is known. */
export const reportOf = (
  system: string,
  records: ReadonlyArray<DialogueRecord>,
  prices: Prices = new Map()
): EvaluationReport => {
  const n = Math.max(1, records.length)
  const correct = records.filter((record) => record.correct).length
  const startedWrong = records.filter(({ first }) => first === false)
  const startedRight = records.filter(({ first }) => first === true)
  const corrected = startedWrong.filter((record) => record.correct).length
  const preserved = startedRight.filter((record) => record.correct).length
  const reviews = reviewQuality(sumVerdicts(records.map(({ verdicts }) => verdicts)))
  const cost = prices.size === 0 ? undefined : meanCost(records, prices)
  return {
    system,
    tasks: records.length,
    accuracy: wilson(correct, records.length),
    promptTokens: sumOf(records, (record) => record.promptTokens) / n,
    completionTokens: sumOf(records, (record) => record.completionTokens) / n,
    calls: sumOf(records, (record) => record.calls) / n,
    ...(cost === undefined ? {} : { cost }),
    unparsed: records.filter(({ parsed }) => !parsed).length,
    wrongToRight: corrected,
    rightToWrong: startedRight.length - preserved,
    correction: { count: corrected, of: startedWrong.length },
    preservation: { count: preserved, of: startedRight.length },
    ...(reviews === undefined ? {} : { reviews }),
    speakRates: speakRatesOf(records),
    belowChance: correct / n < sumOf(records, ({ guessing }) => guessing) / n,
    perTask: records.map((record) => ({
      task: record.task,
      correct: record.correct,
      tokens: record.promptTokens + record.completionTokens,
      calls: record.calls
    }))
  }
}
