import type { Interval } from "@tracer-sdk/core"
import { excerptOfName } from "./name-label.ts"
import { light, series, shapes } from "./palette.ts"
import { linearScale, logScale, roundFactors, spansFactors } from "./pixel-scale.ts"
import { placeLabels } from "./place-labels.ts"
import type { Plot } from "./plot.ts"

/** A system's accuracy and what it took. */
export interface EfficiencyPoint {
  readonly system: string
  readonly group: string
  /** Per task. */
  readonly tokens: number
  readonly accuracy: Interval
  readonly efficient: boolean
}

const width = 860
const height = 460
const fontSize = 11

const scalesOf = (points: ReadonlyArray<EfficiencyPoint>) => {
  const tokens = points.map((point) => point.tokens)
  const [least, most] = [Math.min(...tokens), Math.max(...tokens)]
  const ends = points.flatMap(({ accuracy }) => [accuracy.mean, accuracy.low, accuracy.high])
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const margin = Math.max(0.01, (high - low) * 0.06)
  const room = Math.max(1, (most - least) * 0.08)
  return {
    x: spansFactors(tokens)
      ? logScale([least / 1.5, most * 1.6], 0, width)
      : linearScale([Math.max(0, least - room), most + room], 0, width),
    y: linearScale([Math.max(0, low - margin), Math.min(1, high + margin)], height, 0)
  }
}

/** Accuracy against tokens per task, each system by its name, with the efficient frontier. */
export const frontierPlot = (points: ReadonlyArray<EfficiencyPoint>, groups: ReadonlyArray<string>): Plot => {
  const { x, y } = scalesOf(points)
  // Who stands on the frontier has the first choice of places.
  const sorted = points.toSorted(
    (a, b) => Number(b.efficient) - Number(a.efficient) || b.accuracy.mean - a.accuracy.mean
  )
  const labels = placeLabels(
    sorted.map(({ system, tokens, accuracy, efficient }) => ({
      text: excerptOfName(system),
      bold: efficient,
      x: x.toPixel(tokens),
      y: y.toPixel(accuracy.mean),
      bar: [y.toPixel(accuracy.high), y.toPixel(accuracy.low)] as const
    })),
    { width, height, fontSize }
  )
  const values = sorted.map(({ system, group, tokens, accuracy, efficient }, i) => {
    const label = labels[i] ?? { x: 0, y: 0, width: 0, far: false }
    const end =
      label.x > x.toPixel(tokens) ? label.x - 2 : Math.min(label.x + label.width + 2, x.toPixel(tokens))
    return {
      label: excerptOfName(system),
      group,
      tokens,
      accuracy: accuracy.mean,
      low: accuracy.low,
      high: accuracy.high,
      efficient,
      labelX: x.toValue(label.x),
      labelY: y.toValue(label.y),
      endX: x.toValue(end),
      far: label.far
    }
  })
  const across = {
    type: "quantitative" as const,
    scale: { type: x.type, domain: [...x.domain], nice: false, ...(x.type === "log" ? {} : { zero: false }) },
    axis: x.type === "log" ? { values: [...roundFactors(x.domain)] } : { tickCount: 8 },
    title: x.type === "log" ? "tokens per task, logarithmic" : "tokens per task"
  }
  const up = {
    type: "quantitative" as const,
    scale: { domain: [...y.domain], nice: false, zero: false },
    axis: { format: ".0%" },
    title: "accuracy"
  }
  const present = groups.filter((group) => points.some((point) => point.group === group))
  const byGroup = {
    field: "group",
    type: "nominal" as const,
    legend: present.length > 1 ? { symbolOpacity: 1, symbolStrokeWidth: 0 } : null
  }
  const range = <A>(kinds: ReadonlyArray<A>) => present.map((_, i) => kinds[i % kinds.length] ?? "")
  return {
    width,
    height,
    data: { values },
    layer: [
      {
        transform: [{ filter: "datum.efficient" }],
        // Between two systems there is none: what the cheaper one reaches holds up to the dearer one.
        mark: {
          type: "line",
          interpolate: "step-after",
          color: light.rule,
          strokeWidth: 1.5,
          strokeDash: [5, 3]
        },
        encoding: { x: { field: "tokens", ...across }, y: { field: "accuracy", ...up } }
      },
      {
        mark: { type: "rule", opacity: 0.45, strokeWidth: 1.5 },
        encoding: {
          x: { field: "tokens", ...across },
          y: { field: "low", ...up },
          y2: { field: "high" },
          color: { ...byGroup, scale: { domain: present, range: range(series) } }
        }
      },
      {
        transform: [{ filter: "datum.far" }],
        mark: { type: "rule", color: light.rule, strokeWidth: 0.75 },
        encoding: {
          x: { field: "tokens", ...across },
          y: { field: "accuracy", ...up },
          x2: { field: "endX" },
          y2: { field: "labelY" }
        }
      },
      {
        mark: { type: "point", filled: true, opacity: 1, size: 75, stroke: light.paper, strokeWidth: 0.5 },
        encoding: {
          x: { field: "tokens", ...across },
          y: { field: "accuracy", ...up },
          color: { ...byGroup, scale: { domain: present, range: range(series) } },
          shape: { ...byGroup, scale: { domain: present, range: range(shapes) } }
        }
      },
      ...[true, false].map((efficient) => ({
        transform: [{ filter: efficient ? "datum.efficient" : "!datum.efficient" }],
        mark: {
          type: "text" as const,
          align: "left" as const,
          baseline: "middle" as const,
          fontSize,
          fontWeight: efficient ? ("bold" as const) : ("normal" as const)
        },
        encoding: {
          x: { field: "labelX", ...across },
          y: { field: "labelY", ...up },
          text: { field: "label", type: "nominal" as const }
        }
      }))
    ]
  }
}
