import type { RunSummary } from "@tracer-sdk/core"
import { fixed } from "./number.ts"
import type { Style } from "./style.ts"
import { pad } from "./text.ts"

const eighths = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
const widest = 80
const height = 6

/** Means of `values` over at most `most` equal stretches, in order. */
export const stretches = (values: ReadonlyArray<number>, most: number): ReadonlyArray<number> => {
  const size = Math.ceil(values.length / most)
  const means: Array<number> = []
  for (let i = 0; i < values.length; i += size) {
    const part = values.slice(i, i + size)
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length)
  }
  return means
}

/** Bars from `low` to `high`, top line first; every value within shows at least a sliver. */
const bars = (values: ReadonlyArray<number>, low: number, high: number): ReadonlyArray<string> =>
  Array.from({ length: height }, (_, fromTop) => {
    const below = (height - 1 - fromTop) * 8
    return values
      .map((value) => {
        const filled = Math.max(1, Math.round(((value - low) / (high - low)) * height * 8))
        return eighths[Math.min(8, Math.max(0, filled - below))] ?? " "
      })
      .join("")
  })

const panel = (
  title: string,
  values: ReadonlyArray<number>,
  [low, high]: readonly [number, number],
  label: (value: number) => string,
  style: Style
): ReadonlyArray<string> => {
  const labels = [label(high), ...Array.from({ length: height - 2 }, () => ""), label(low)]
  const width = Math.max(...labels.map((text) => text.length))
  return [
    `  ${title}`,
    ...bars(values, low, high).map((line, i) =>
      `  ${style.faint(`${pad(labels[i] ?? "", width, "right")} |`)}${line}`.trimEnd()
    )
  ]
}

/**
 * A training run's accuracy and tokens, batch by batch from left to right, as two small bar charts.
 *
 * Long runs are averaged over neighbouring batches so that the chart stays within the page.
 */
export const renderCurve = (curve: RunSummary["curve"], style: Style): ReadonlyArray<string> => {
  if (curve.length === 0) return []
  const accuracy = stretches(
    curve.map((point) => point.accuracy),
    widest
  )
  const tokens = stretches(
    curve.map((point) => point.tokensPerTask),
    widest
  )
  const per = Math.ceil(curve.length / widest)
  const most = Math.max(...tokens)
  return [
    ...panel("accuracy in training", accuracy, [0, 1], (value) => `${fixed(100 * value, 0)}%`, style),
    ...panel(
      "tokens per task in training",
      tokens,
      [0, most > 0 ? most : 1],
      (value) => fixed(value, 0),
      style
    ),
    style.faint(`  batches in all: ${curve.length}; in each column: ${per}`)
  ]
}
