import type { Stretch } from "../over-seeds.ts"
import { batchAxis, panelSize, panelsBy } from "./batch-panels.ts"
import { light } from "./palette.ts"
import type { Plot } from "./plot.ts"

/** One controller's regret and bound while learning. */
export interface RegretPanel {
  readonly system: string
  readonly controller: string
  readonly regret: ReadonlyArray<Stretch>
  readonly bound: ReadonlyArray<Stretch>
}

/** Average regret and its bound, a small panel for each controller, all on the same axes. */
export const regretPlot = (shown: ReadonlyArray<RegretPanel>): Plot => {
  const values = shown.flatMap(({ system, controller, regret, bound }, order) => {
    const panel = `${system}: ${controller}`
    return [
      ...regret.map((point) => ({ panel, order, kind: "average regret", ...point })),
      ...bound.map((point) => ({ panel, order, kind: "bound", ...point }))
    ]
  })
  const kinds = ["average regret", "bound"]
  const y = { type: "quantitative" as const, title: "regret", axis: { tickCount: 4 }, scale: { zero: true } }
  const color = {
    field: "kind",
    type: "nominal" as const,
    scale: { domain: kinds, range: [light.series1, light.series2] }
  }
  return {
    data: { values },
    ...panelsBy("panel"),
    spec: {
      ...panelSize,
      layer: [
        {
          transform: [{ filter: "datum.kind === 'average regret'" }],
          mark: { type: "area", color: light.series1, opacity: 0.22 },
          encoding: { x: batchAxis, y: { field: "low", ...y }, y2: { field: "high" } }
        },
        {
          mark: { type: "line", point: shown.every(({ regret }) => regret.length === 1) },
          encoding: {
            x: batchAxis,
            y: { field: "mean", ...y },
            color,
            strokeDash: {
              field: "kind",
              type: "nominal",
              scale: {
                domain: kinds,
                range: [
                  [1, 0],
                  [5, 3]
                ]
              }
            }
          }
        }
      ]
    }
  }
}
