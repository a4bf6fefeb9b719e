import {
  ConfigError,
  type ControllerSnapshot,
  type DeliberatingController,
  type Policy,
  PolicyError,
  type Seat,
  type StoreError,
  type Strategy
} from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { restoreStated, statedController } from "../stated/stated.ts"
import { untrainedStrategy } from "../untrained-strategy.ts"
import { readSelection, selectorInstructions, selectorPrompt } from "./selector-prompt.ts"

/** Options of `llmSelector`. */
export const LlmSelectorOptions = Schema.Struct({
  /** Whose model is asked; by default that of the agent whose turn it is. */
  agent: Schema.optionalKey(Schema.NonEmptyString),
  /** Replaces what the model is told; it has to ask for a last line `Next: ` with an option's name. */
  instructions: Schema.NonEmptyString.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(selectorInstructions))
  ),
  /** What is played where the reply cannot be read. */
  unreadable: Schema.Literals(["fallback", "uniform"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("fallback" as const))
  ),
  temperature: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0))
  ),
  /** The longest reply, in tokens. */
  maxTokens: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(128))
  )
})
export type LlmSelectorOptions = typeof LlmSelectorOptions.Encoded

/**
 * Asks a language model whether the seat should speak, and plays what it names.
 *
 * The model reads the problem, the dialogue and the options, and is read strictly (`readSelection`); what cannot be read plays the
 * fallback, or any action alike. Its tokens count as the dialogue's. It learns nothing, and where nobody can be asked, as in solvers,
 * its strategy is that of an untrained controller. `policies` are by agent; asking for one that is not there fails with `PolicyError`.
 */
export const llmSelector = (
  options: LlmSelectorOptions,
  { seat, policies }: { readonly seat: Seat; readonly policies: ReadonlyMap<string, Policy> }
): DeliberatingController => {
  const {
    agent = seat.agent,
    instructions,
    unreadable,
    temperature,
    maxTokens
  } = Schema.decodeSync(LlmSelectorOptions)(options)
  const stated = statedController("llm-selector", (_info, legal, mode) => untrainedStrategy(legal, mode))
  return {
    ...stated,
    deliberate: (deliberation) => {
      const { legal, view, seed } = deliberation
      const policy = policies.get(agent)
      if (policy === undefined) {
        return Effect.fail(
          new PolicyError({
            message: `The llm-selector of "${seat.controller}" has no model of an agent "${agent}" to ask.`,
            hint: "Give the controller the team's policies, by agent.",
            retryable: false
          })
        )
      }
      const request = {
        prompt: selectorPrompt(deliberation, instructions),
        samples: 1,
        sampling: { temperature, maxTokens },
        ...{ seed, agent, role: "selector", view: { ...view, options: legal.names } }
      }
      return Effect.flatMapEager(policy.generate(request), ([reply]) => {
        if (reply === undefined) {
          return Effect.fail(
            new PolicyError({
              message: `Policy "${policy.name}" gave no completion where one was asked for.`,
              hint: "A policy's generate() has to return exactly request.samples completions.",
              retryable: false
            })
          )
        }
        const named = readSelection(reply.text, legal.names)
        const strategy: Strategy =
          named === undefined
            ? untrainedStrategy(legal, unreadable === "fallback" ? "average" : "current")
            : legal.names.map((name) => (name === named ? 1 : 0))
        return Effect.succeed({ strategy, usage: reply.usage, agent })
      })
    }
  }
}

/** The selector that a configuration names; fails with `ConfigError` where the team has no such agent. */
export const configuredSelector = (
  options: LlmSelectorOptions,
  context: {
    readonly seat: Seat
    readonly policies: ReadonlyMap<string, Policy>
    readonly snapshot?: ControllerSnapshot
  }
): Effect.Effect<DeliberatingController, ConfigError | StoreError> => {
  const { policies, snapshot } = context
  // Without any model it is only looked at.
  if (options.agent !== undefined && policies.size > 0 && !policies.has(options.agent)) {
    return new ConfigError({
      path: "controller.agent",
      message: `controller.agent: there is no agent "${options.agent}"; known here: ${[...policies.keys()].join(", ")}.`,
      hint: "Name one of these, or leave it out to ask the model of whoever's turn it is."
    })
  }
  const selector = llmSelector(options, context)
  return snapshot === undefined ? Effect.succeed(selector) : restoreStated(selector, snapshot)
}
