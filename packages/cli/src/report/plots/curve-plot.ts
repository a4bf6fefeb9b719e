import type { Stretch } from "../over-seeds.ts"
import { light } from "./palette.ts"
import type { Plot } from "./plot.ts"

/** One system's curve. */
export interface Curve {
  readonly system: string
  readonly points: ReadonlyArray<Stretch>
}

/** The side-by-side panels of a figure, three to a row. */
export const panels = {
  columns: 3,
  width: 262,
  height: 130
}

/** Curves with the band of their seeds, a small panel for each system, all on the same axes. */
export const curvePlot = (
  curves: ReadonlyArray<Curve>,
  { title, percent }: { readonly title: string; readonly percent: boolean }
): Plot => {
  const values = curves.flatMap(({ system, points }, order) =>
    points.map(({ batch, mean, low, high }) => ({ system, order, batch, mean, low, high }))
  )
  const x = {
    field: "batch",
    type: "quantitative" as const,
    title: "batch",
    axis: { tickCount: 4, grid: false }
  }
  const scale = { zero: !percent }
  const axis = { tickCount: 4, ...(percent ? { format: ".0%" } : {}) }
  return {
    data: { values },
    facet: {
      field: "system",
      type: "nominal",
      sort: { field: "order", op: "min" },
      header: { title: null, labelLimit: panels.width }
    },
    columns: panels.columns,
    spacing: { row: 16, column: 20 },
    spec: {
      width: panels.width,
      height: panels.height,
      layer: [
        {
          mark: { type: "area", color: light.series1, opacity: 0.22 },
          encoding: {
            x,
            y: { field: "low", type: "quantitative", title, scale, axis },
            y2: { field: "high" }
          }
        },
        {
          mark: { type: "line", color: light.series1, point: values.length === curves.length },
          encoding: { x, y: { field: "mean", type: "quantitative", title, scale, axis } }
        }
      ]
    }
  }
}
