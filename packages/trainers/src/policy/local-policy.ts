import { type Policy, PolicyError } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { AdapterStore } from "../adapter/index.ts"
import type { Sampler } from "../sampler/index.ts"
import type { ChatTokenizer } from "../tokenizer/index.ts"
import { completionOf } from "./completion-of.ts"

/** What a local policy speaks with. */
export interface LocalPolicyParts {
  readonly name: string
  readonly tokenizer: ChatTokenizer
  readonly sampler: Sampler
  /** Each (agent, role) speaks through its own adapter; without a store, all through the model as it is. */
  readonly adapters?: AdapterStore
}

/**
 * A policy that draws from a decoder in this process. Calls that are under way at the same time share the sampler's batches; a
 * call's completions are a function of the weights and the request alone.
 */
export const localPolicy = ({ name, tokenizer, sampler, adapters }: LocalPolicyParts): Policy => ({
  name,
  repeatable: true,
  generate: Effect.fnUntraced(function* (request) {
    const { samples, sampling, seed, onText } = request
    const prompt = yield* Effect.try({
      try: () => tokenizer.encodeChat(request.prompt.messages),
      catch: (cause) =>
        new PolicyError({
          message: `The chat template of ${name} refuses the prompt of role ${request.role}: ${cause}`,
          hint: "Use messages that the model's chat template knows, as system, user and assistant in turn.",
          retryable: false,
          cause
        })
    })
    /** Characters of each sample that were told. */
    const told = Array.from({ length: samples }, () => 0)
    const tell = (sample: number, text: string): void => {
      if (text === "") return
      told[sample] = (told[sample] ?? 0) + text.length
      onText?.(sample, text)
    }
    const drawn = yield* sampler.sample({
      ...sampling,
      prompt,
      samples,
      seed,
      adapter: adapters?.get(request.agent, request.role),
      ...(onText === undefined ? {} : { onText: tell })
    })
    return drawn.map((draw, sample) => {
      const completion = completionOf(tokenizer, prompt, draw, sampling.stop)
      tell(sample, completion.text.slice(told[sample]))
      return completion
    })
  })
})
