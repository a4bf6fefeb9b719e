import { type Completion, type Policy, PolicyError } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { AdapterStore } from "../adapter/index.ts"
import type { DrawnTokens, Sampler } from "../sampler/index.ts"
import type { ChatTokenizer } from "../tokenizer/index.ts"

/** What a local policy speaks with. */
export interface LocalPolicyParts {
  readonly name: string
  readonly tokenizer: ChatTokenizer
  readonly sampler: Sampler
  /** Each (agent, role) speaks through its own adapter; without a store, all through the model as it is. */
  readonly adapters?: AdapterStore
}

const completionOf = (
  tokenizer: ChatTokenizer,
  prompt: ReadonlyArray<number>,
  { ids, logProbabilities, finish }: DrawnTokens
): Completion => ({
  text: tokenizer.decode(finish === "stop" ? ids.slice(0, -1) : ids),
  usage: { prompt: prompt.length, completion: ids.length },
  finish,
  tokens: { prompt, ids, logProbabilities }
})

/**
 * A policy that draws from a decoder in this process. Calls that are under way at the same time share the sampler's batches; a
 * call's completions are a function of the weights and the request alone.
 */
export const localPolicy = ({ name, tokenizer, sampler, adapters }: LocalPolicyParts): Policy => ({
  name,
  generate: Effect.fnUntraced(function* (request) {
    const prompt = yield* Effect.try({
      try: () => tokenizer.encode(tokenizer.render(request.prompt.messages)),
      catch: (cause) =>
        new PolicyError({
          message: `The chat template of ${name} refuses the prompt of role ${request.role}: ${cause}`,
          hint: "Use messages that the model's chat template knows, as system, user and assistant in turn.",
          retryable: false,
          cause
        })
    })
    const drawn = yield* sampler.sample({
      prompt,
      samples: request.samples,
      seed: request.seed,
      temperature: request.sampling.temperature,
      maxTokens: request.sampling.maxTokens,
      adapter: adapters?.get(request.agent, request.role)
    })
    return drawn.map((draw) => completionOf(tokenizer, prompt, draw))
  })
})
