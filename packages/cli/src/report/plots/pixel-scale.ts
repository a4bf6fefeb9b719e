/** A scale between values and pixels, the same as the plotting library's own. */
export interface PixelScale {
  readonly type: "linear" | "log"
  readonly domain: readonly [low: number, high: number]
  readonly toPixel: (value: number) => number
  readonly toValue: (pixel: number) => number
}

/** Whether values span so much that equal steps should be equal factors. */
export const spansFactors = (values: ReadonlyArray<number>): boolean => {
  const lowest = Math.min(...values)
  return lowest > 0 && Math.max(...values) / lowest > 5
}

/** A linear scale from `low` to `high`; `from` and `to` in pixels. */
export const linearScale = (domain: readonly [number, number], from: number, to: number): PixelScale => {
  const [low, high] = domain
  return {
    type: "linear",
    domain,
    toPixel: (value) => from + ((value - low) / (high - low)) * (to - from),
    toValue: (pixel) => low + ((pixel - from) / (to - from)) * (high - low)
  }
}

/** A logarithmic scale; both ends of the domain have to be above 0. */
export const logScale = (domain: readonly [number, number], from: number, to: number): PixelScale => {
  const inner = linearScale([Math.log(domain[0]), Math.log(domain[1])], from, to)
  return {
    type: "log",
    domain,
    toPixel: (value) => inner.toPixel(Math.log(value)),
    toValue: (pixel) => Math.exp(inner.toValue(pixel))
  }
}

/** The numbers 1, 2 and 5 times a power of ten within a domain above 0. */
export const roundFactors = ([low, high]: readonly [number, number]): ReadonlyArray<number> => {
  const first = Math.floor(Math.log10(low))
  const decades = Math.ceil(Math.log10(high)) - first + 1
  return Array.from({ length: decades }, (_, i) => [1, 2, 5].map((n) => n * 10 ** (first + i)))
    .flat()
    .filter((value) => value >= low && value <= high)
}
