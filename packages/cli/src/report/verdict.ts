import type { Interval } from "@tracer-sdk/core"

/** What a difference's interval lets one say: it lies above zero, below it, or holds it. */
export type Verdict = "better" | "worse" | "unclear"

/** What may be said of a difference; unclear where there is no interval. */
export const verdictOf = ({ low, high }: Interval): Verdict =>
  low > 0 ? "better" : high < 0 ? "worse" : "unclear"

/** A sign for each verdict, so that it is not told by colour alone. */
export const verdictSigns: Record<Verdict, string> = { better: "▲", worse: "▼", unclear: "≈" }

/** The same difference, seen from the other system. */
export const reversed = ({ mean, low, high }: Interval): Interval => ({ mean: -mean, low: -high, high: -low })
