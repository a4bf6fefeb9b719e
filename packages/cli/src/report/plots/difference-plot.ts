import type { Interval } from "@tracer-sdk/core"
import { type Verdict, verdictOf } from "../verdict.ts"
import { light } from "./palette.ts"
import type { Plot } from "./plot.ts"

/** A system less the baseline, in shares. */
export interface Difference {
  readonly system: string
  readonly group: string
  readonly accuracy: Interval
}

const order: ReadonlyArray<Verdict> = ["better", "worse", "unclear"]

/** Differences with their intervals, one below the other, in points. */
export const differencePlot = (
  differences: ReadonlyArray<Difference>,
  groups: ReadonlyArray<string>
): Plot => {
  const values = differences.map(({ system, group, accuracy: { mean, low, high } }, order) => ({
    system,
    group,
    order,
    groupOrder: groups.indexOf(group),
    mean: 100 * mean,
    // Without an interval there is no bar.
    low: Number.isFinite(low) ? 100 * low : 100 * mean,
    high: Number.isFinite(high) ? 100 * high : 100 * mean,
    verdict: verdictOf({ mean, low, high })
  }))
  const y = {
    field: "system",
    type: "nominal" as const,
    sort: { field: "order", op: "min" as const },
    title: null,
    axis: { grid: true, domain: false, ticks: false, labelColor: light.ink }
  }
  const colour = {
    field: "verdict",
    type: "nominal" as const,
    legend: null,
    scale: { domain: [...order], range: [light.better, light.worse, light.unclear] }
  }
  return {
    data: { values },
    facet: {
      row: {
        field: "group",
        type: "nominal",
        sort: { field: "groupOrder", op: "min" },
        header: { labelOrient: "top", labelAnchor: "start", labelPadding: 4, title: null }
      }
    },
    spacing: 14,
    resolve: { scale: { y: "independent" } },
    spec: {
      width: 600,
      height: { step: 20 },
      layer: [
        {
          mark: { type: "rule", color: light.ink, strokeWidth: 1 },
          encoding: { x: { datum: 0, type: "quantitative" } }
        },
        {
          mark: { type: "rule", strokeWidth: 2 },
          encoding: {
            x: {
              field: "low",
              type: "quantitative",
              title: "points of accuracy more than the baseline",
              axis: { tickCount: 8 }
            },
            x2: { field: "high" },
            y,
            color: colour
          }
        },
        {
          mark: { type: "point", size: 70, opacity: 1, strokeWidth: 1.5 },
          encoding: {
            x: { field: "mean", type: "quantitative" },
            y,
            color: colour,
            fill: {
              field: "verdict",
              type: "nominal",
              legend: null,
              scale: { domain: [...order], range: [light.better, light.worse, light.paper] }
            },
            shape: {
              field: "verdict",
              type: "nominal",
              legend: null,
              scale: { domain: [...order], range: ["triangle-up", "triangle-down", "circle"] }
            }
          }
        }
      ]
    }
  }
}
