import { Effect, Schema } from "effect"
import { lossVariants } from "../gspo/index.ts"

const positive = Schema.Finite.check(Schema.isGreaterThan(0))
const notNegative = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
const fraction = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

/** What a role can have of its own: the spread of a sequence's log ratio goes with 1 / sqrt(length), and lengths differ by role. */
const RoleOptions = Schema.Struct({
  learningRate: Schema.optionalKey(positive),
  epsilonLow: Schema.optionalKey(fraction),
  epsilonHigh: Schema.optionalKey(positive),
  /** Leaves the role as it is: its groups are neither trained on nor reported. */
  frozen: Schema.optionalKey(Schema.Boolean)
})

/** How adapters learn from groups. */
export const GspoOptions = Schema.Struct({
  /** Adam's, constant. */
  learningRate: positive.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1e-3))),
  /** Optimizer steps per pass over an update's groups; the ratio leaves 1, and clipping acts, from the second on. */
  miniBatches: count.pipe(Schema.withDecodingDefaultKey(Effect.succeed(4))),
  /** Passes over an update's groups. */
  epochs: count.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  variant: Schema.Literals(lossVariants).pipe(Schema.withDecodingDefaultKey(Effect.succeed("gspo" as const))),
  /** Clipping; 0.1 is TRACER's, the GSPO paper has 3e-4 and 4e-4 for answers of thousands of tokens. */
  epsilonLow: fraction.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0.1))),
  epsilonHigh: positive.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0.1))),
  /**
   * For utterances that another engine drew: ratios start from this process's own log-probabilities, read once before an update, and
   * each token counts by `min(own / recorded probability, cap)` (Yao et al. 2025). Without it ratios start from the recorded ones.
   */
  importanceCap: Schema.optionalKey(positive),
  /** Weight of the k3 divergence from the base model without adapter; 0 spares its forward pass. */
  kl: notNegative.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0))),
  /** Gradients with a larger global norm are scaled down to it. */
  maxGradientNorm: positive.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0.5))),
  /** Groups whose rewards have a smaller standard deviation are skipped. */
  minimumRewardSpread: notNegative.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0.05))),
  /** Leaves completions that were cut off out of the loss; their rewards still count in their group's mean. */
  maskTruncated: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true))),
  /** Tokens, padding included, that go through the decoder at once: bounds memory, not the size of a step. */
  maxTokensPerStep: count.pipe(Schema.withDecodingDefaultKey(Effect.succeed(8192))),
  /** Keeps only what goes into each layer, and computes the rest again for the gradient: about a third more time, far less memory. */
  checkpointing: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  /** The agents that learn, by default all: those behind an API cannot. */
  agents: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Settings of single roles, by role name. */
  roles: Schema.Record(Schema.String, RoleOptions).pipe(Schema.withDecodingDefaultKey(Effect.succeed({})))
})
export type GspoOptions = typeof GspoOptions.Type
export type GspoOptionsInput = typeof GspoOptions.Encoded

/** The options that hold for one role. */
export const optionsFor = (options: GspoOptions, role: string): GspoOptions => ({
  ...options,
  ...options.roles[role]
})

/** Whether an (agent, role) learns at all. */
export const learns = (
  options: GspoOptions,
  { agent, role }: { readonly agent: string; readonly role: string }
): boolean => options.roles[role]?.frozen !== true && (options.agents?.includes(agent) ?? true)
