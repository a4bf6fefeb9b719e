import type { Interval } from "@tracer-sdk/core"

/** A number with `digits` decimals, and no minus before a zero. */
export const fixed = (value: number, digits: number): string => {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? (0).toFixed(digits) : text
}

/** A share as a percentage with one decimal, as in `61.3%`. */
export const percent = (share: number): string => `${fixed(100 * share, 1)}%`

/** An interval of a share, in per cent: `55.4 to 66.4`. */
export const percentRange = ({ low, high }: Interval): string =>
  `${fixed(100 * low, 1)} to ${fixed(100 * high, 1)}`

const signed = (text: string): string => (Number(text) > 0 ? `+${text}` : text)

/** A difference of shares in percentage points, with its interval where there is one. */
export const pointsWithRange = ({ mean, low, high }: Interval): string => {
  const points = (share: number) => signed(fixed(100 * share, 1))
  const range =
    Number.isFinite(low) && Number.isFinite(high) ? `${points(low)} to ${points(high)}` : "no interval"
  return `${points(mean)} points (${range})`
}

/** How much `value` differs from `baseline`, as in `-31%`; `undefined` where the baseline is 0. */
export const relativeChange = (value: number, baseline: number): string | undefined =>
  baseline === 0 ? undefined : `${signed(fixed(100 * (value / baseline - 1), 0))}%`

/** A count with its noun: `1 task`, `1,200 tasks`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`

/** A span of time, as in `0:42` or `1:03:07`. */
export const duration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const two = (value: number) => String(value).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** A file's size, as in `3.4 MB`. */
export const bytes = (size: number): string =>
  size < 1000 ? `${size} B` : size < 1e6 ? `${fixed(size / 1e3, 1)} kB` : `${fixed(size / 1e6, 1)} MB`
