import { Effect, Schema } from "effect"

const variants = ["rm", "rm+", "linear", "dcfr", "predictive"] as const

/** Options of `regretMatching`. */
export const RegretMatchingOptions = Schema.Struct({
  /** Which member of the family: see `regretMatching`. */
  variant: Schema.Literals(variants).pipe(Schema.withDecodingDefaultKey(Effect.succeed("rm" as const))),
  /** The t-th strategy weighs `t^gamma` in the average: 0 is uniform, 1 linear. Default 1; 2 for `dcfr` and `predictive`. */
  gamma: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 10 }))),
  /** Of `dcfr`: positive regrets keep the share `t^alpha / (t^alpha + 1)` after the t-th update. Default 1.5. */
  alpha: Schema.optionalKey(Schema.Finite),
  /** Of `dcfr`: negative regrets keep the share `t^beta / (t^beta + 1)`. Default 0. */
  beta: Schema.optionalKey(Schema.Finite),
  /**
   * What it learns from. `external`: the values of all actions. `outcome`: that of the played action alone, over the probability with
   * which it was drawn, and 0 for the others, which is right on average; all values where none is said to have been played.
   */
  sampling: Schema.Literals(["external", "outcome"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("external" as const))
  )
}).check(
  Schema.makeFilter(({ variant, alpha, beta }) =>
    variant === "dcfr" || (alpha === undefined && beta === undefined)
      ? undefined
      : `alpha and beta belong to the variant "dcfr", not to "${variant}"`
  )
)
export type RegretMatchingOptions = typeof RegretMatchingOptions.Encoded

/** A member of the family with all its parameters. */
export interface RegretVariant {
  readonly name: (typeof variants)[number]
  readonly gamma: number
  /** The exponents of the discount; absent where nothing is discounted. */
  readonly discount?: { readonly alpha: number; readonly beta: number }
  /** Whether regrets are clipped at 0 after every update. */
  readonly clips: boolean
  /** Whether the strategy also follows the last instantaneous regret. */
  readonly predicts: boolean
  /** The t-th visit weighs `t^measure` in the average regret that diagnostics show. */
  readonly measure: number
  /** Whether it learns from the value of the played action alone. */
  readonly outcomeOnly: boolean
}

const decode = Schema.decodeSync(RegretMatchingOptions)

/** The variant that options name; throws where they contradict each other. */
export const regretVariant = (options: RegretMatchingOptions): RegretVariant => {
  const { variant: name, alpha = 1.5, beta = 0, gamma, sampling } = decode(options)
  const outcomeOnly = sampling === "outcome"
  const plain = { name, gamma: gamma ?? 1, clips: false, predicts: false, measure: 0, outcomeOnly }
  switch (name) {
    case "rm":
      return plain
    case "rm+":
      return { ...plain, clips: true }
    case "predictive":
      return { ...plain, gamma: gamma ?? 2, clips: true, predicts: true }
    case "linear":
      return { ...plain, discount: { alpha: 1, beta: 1 }, measure: 1 }
    case "dcfr":
      return { ...plain, gamma: gamma ?? 2, discount: { alpha, beta }, measure: gamma ?? 2 }
  }
}

/** The variant in words. */
export const variantTitle = ({ name, gamma, discount, outcomeOnly }: RegretVariant): string => {
  const parameters =
    name === "dcfr" && discount !== undefined
      ? `alpha ${discount.alpha}, beta ${discount.beta}, gamma ${gamma}`
      : `gamma ${gamma}`
  return `${name} with ${parameters}${outcomeOnly ? ", by outcome sampling" : ""}`
}

/** The share that survives a discount of exponent `exponent` after the t-th update: `t^e / (t^e + 1)`. */
export const keptShare = (t: number, exponent: number): number => 1 / (1 + t ** -exponent)

/** `t^exponent`, without a power where none is needed. */
export const powerWeight = (t: number, exponent: number): number =>
  exponent === 0 ? 1 : exponent === 1 ? t : t ** exponent
