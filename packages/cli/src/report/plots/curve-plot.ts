import type { Stretch } from "../over-seeds.ts"
import { batchAxis, panelSize, panelsBy } from "./batch-panels.ts"
import { light } from "./palette.ts"
import type { Plot } from "./plot.ts"

/** One system's curve. */
export interface Curve {
  readonly system: string
  readonly points: ReadonlyArray<Stretch>
}

/** Curves with the band of their seeds, a small panel for each system, all on the same axes. */
export const curvePlot = (
  curves: ReadonlyArray<Curve>,
  { title, percent }: { readonly title: string; readonly percent: boolean }
): Plot => {
  const values = curves.flatMap(({ system, points }, order) =>
    points.map(({ batch, mean, low, high }) => ({ system, order, batch, mean, low, high }))
  )
  const scale = { zero: !percent }
  const axis = { tickCount: 4, ...(percent ? { format: ".0%" } : {}) }
  return {
    data: { values },
    ...panelsBy("system"),
    spec: {
      ...panelSize,
      layer: [
        {
          mark: { type: "area", color: light.series1, opacity: 0.22 },
          encoding: {
            x: batchAxis,
            y: { field: "low", type: "quantitative", title, scale, axis },
            y2: { field: "high" }
          }
        },
        {
          mark: { type: "line", color: light.series1, point: values.length === curves.length },
          encoding: { x: batchAxis, y: { field: "mean", type: "quantitative", title, scale, axis } }
        }
      ]
    }
  }
}
