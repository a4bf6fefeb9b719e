import type { Controller, View } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { proposalsIn } from "../bayes/proposals.ts"
import { untrainedStrategy } from "../untrained-strategy.ts"
import { statedController } from "./stated.ts"

/** Options of `thresholdController`. */
export const ThresholdControllerOptions = Schema.Struct({
  /** Speaks while the votes on the pending answer are fewer than this. */
  below: Schema.Finite.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  /** Speaks only while they are more than this. */
  above: Schema.optionalKey(Schema.Finite)
}).check(
  Schema.makeFilter(({ below, above = Number.NEGATIVE_INFINITY }) =>
    Math.floor(above) + 1 < below
      ? undefined
      : `no votes are more than above (${above}) and fewer than below (${below})`
  )
)
export type ThresholdControllerOptions = typeof ThresholdControllerOptions.Encoded

/** The votes that a view shows on its pending answer; `undefined` where no readable answer is pending. */
const votesIn = (view: View): number | undefined => {
  if (view.pending?.answer === undefined) return undefined
  const { verdicts } = proposalsIn(view).at(-1) ?? { verdicts: [] }
  return verdicts.reduce((votes, { right }) => votes + (right ? 1 : -1), 0)
}

/**
 * Speaks while the votes on the pending answer (RIGHT less WRONG) are above `above` and below `below`, and is silent otherwise.
 *
 * The votes are those of the information state (`vote=+1`), or those that the view shows where its key has none. Without a readable
 * answer there is nothing to be content with, and it speaks. Several actions that speak, or several that do not, are played alike.
 * Where it is not known what speaks, or nothing tells the votes, it plays like an untrained controller.
 */
export const thresholdController = (options: ThresholdControllerOptions = {}): Controller => {
  const { below, above = Number.NEGATIVE_INFINITY } = Schema.decodeSync(ThresholdControllerOptions)(options)
  return statedController("threshold", (info, legal, mode, view) => {
    const { names, spoken } = legal
    const bucket = /(?:^|\s)vote=(\S+)/.exec(info)?.[1]
    if (spoken === undefined || (bucket === undefined && view === undefined)) {
      return untrainedStrategy(legal, mode)
    }
    const votes = bucket === undefined ? view && votesIn(view) : Number(bucket)
    const speaks = votes === undefined || Number.isNaN(votes) || (votes > above && votes < below)
    const wanted = names.filter((name) => spoken.includes(name) === speaks)
    const played = wanted.length > 0 ? wanted : names
    return names.map((name) => (played.includes(name) ? 1 / played.length : 0))
  })
}
