import type { Interval } from "@tracer-sdk/core"
import { fixed } from "../../render/number.ts"
import { verdictOf, verdictSigns } from "../verdict.ts"

/** A number with its sign, as in `+3.1`. */
export const signed = (value: number, digits: number): string =>
  `${value > 0 && Number(fixed(value, digits)) !== 0 ? "+" : ""}${fixed(value, digits)}`

const range = ({ low, high }: Interval, say: (value: number) => string): string =>
  Number.isFinite(low) && Number.isFinite(high) ? `${say(low)} to ${say(high)}` : "no interval"

/** A difference of shares in points with its interval and its verdict's sign: `+3.1 (+1.0 to +5.2) ▲`. */
export const pointsCell = (difference: Interval): string => {
  const say = (share: number) => signed(100 * share, 1)
  return `${say(difference.mean)} (${range(difference, say)}) ${verdictSigns[verdictOf(difference)]}`
}

/** A difference of any unit with its interval. */
export const differenceCell = (difference: Interval, digits: number): string => {
  const say = (value: number) => signed(value, digits)
  return `${say(difference.mean)} (${range(difference, say)})`
}

/** A price: as many decimals as it takes to see it. */
export const price = (value: number): string =>
  value === 0
    ? "0"
    : value >= 0.1
      ? fixed(value, 2)
      : value >= 0.001
        ? fixed(value, 4)
        : value.toExponential(1)

/** A count of a total: `12 of 900`. */
export const countOf = (count: number, of: number): string =>
  `${count.toLocaleString("en")} of ${of.toLocaleString("en")}`
