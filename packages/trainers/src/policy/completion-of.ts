import { type Completion, stopIndex } from "@tracer-sdk/core"
import type { DrawnTokens } from "../sampler/index.ts"
import type { ChatTokenizer } from "../tokenizer/index.ts"

/** The completion that drawn tokens are: its text ends before a stop string, or before the end token; the tokens stay as drawn. */
export const completionOf = (
  tokenizer: Pick<ChatTokenizer, "decode">,
  prompt: ReadonlyArray<number>,
  { ids, logProbabilities, finish }: DrawnTokens,
  stop: ReadonlyArray<string> = []
): Completion => {
  const whole = tokenizer.decode(ids)
  const at = stopIndex(whole, stop)
  const text = at >= 0 ? whole.slice(0, at) : finish === "stop" ? tokenizer.decode(ids.slice(0, -1)) : whole
  return {
    text,
    usage: { prompt: prompt.length, completion: ids.length },
    finish: at >= 0 ? "stop" : finish,
    tokens: { prompt, ids, logProbabilities }
  }
}
