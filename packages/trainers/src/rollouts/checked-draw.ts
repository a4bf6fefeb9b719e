import { type Sampling, stopIndex } from "@tracer-sdk/core"
import { Result } from "effect"
import type { DrawnTokens } from "../sampler/index.ts"
import type { ChatTokenizer } from "../tokenizer/index.ts"
import type { ServedDraw } from "./rollout-server.ts"

/** What a served draw is held against. */
export interface DrawChecks {
  readonly vocabularySize: number
  readonly endTokens: ReadonlyArray<number>
  readonly sampling: Sampling
  readonly tokenizer: Pick<ChatTokenizer, "decode">
}

/** vLLM writes minus infinity so. */
const smallest = -9999
/** A probability of 1, rounded up. */
const largest = 1e-3

/**
 * A served draw as the trainer takes it: up to and with its first end token, at most as long as was asked for, log-probabilities
 * at most 0, and 0 where the draw was greedy.
 *
 * Fails with a reason where tokens are missing or unknown, a log-probability is none, or the server stopped where neither an end
 * token nor a stop string is: trained on, it would be a completion that the model here would not have ended there.
 */
export const checkedDraw = (
  { ids, logProbabilities, stopped }: ServedDraw & { readonly logProbabilities: ReadonlyArray<number> },
  { vocabularySize, endTokens, sampling, tokenizer }: DrawChecks
): Result.Result<DrawnTokens, string> => {
  if (ids.length === 0) return Result.fail("a completion has no tokens, not even an end token")
  const unknown = ids.find((id) => id < 0 || id >= vocabularySize)
  if (unknown !== undefined) {
    return Result.fail(
      `token ${unknown} is not in the vocabulary of ${vocabularySize} tokens of the model here`
    )
  }
  const wrong = logProbabilities.find((score) => !(score > smallest && score <= largest))
  if (wrong !== undefined) return Result.fail(`${wrong} is not the log-probability of a token that was drawn`)
  const end = ids.findIndex((id) => endTokens.includes(id))
  const length = Math.min(end < 0 ? ids.length : end + 1, sampling.maxTokens)
  const ended = end >= 0 && end < length
  const { stop = [] } = sampling
  if (stopped && !ended && length === ids.length && stopIndex(tokenizer.decode(ids), stop) < 0) {
    const orString = stop.length === 0 ? "" : ", nor is one of the stop strings in its text"
    return Result.fail(
      `a completion stopped after token ${ids.at(-1)}, which is not one of the end tokens here (${endTokens.join(", ")})${orString}: the server leaves its end token out, or has another one`
    )
  }
  return Result.succeed({
    ids: ids.slice(0, length),
    logProbabilities: logProbabilities
      .slice(0, length)
      .map((score) => (sampling.temperature === 0 ? 0 : Math.min(0, score))),
    finish: ended || (stopped && length === ids.length) ? "stop" : "length"
  })
}
