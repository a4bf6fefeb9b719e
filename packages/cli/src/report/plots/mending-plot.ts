import { light } from "./palette.ts"
import type { Plot } from "./plot.ts"

/** How many answers of a system talking turned around. */
export interface Turned {
  readonly system: string
  readonly wrongToRight: number
  readonly rightToWrong: number
}

/** Answers mended to the right, and broken to the left, with their counts. */
export const mendingPlot = (turned: ReadonlyArray<Turned>): Plot => {
  const values = turned.flatMap(({ system, wrongToRight, rightToWrong }, order) => [
    { system, order, kind: "wrong to right", signed: wrongToRight, count: wrongToRight },
    { system, order, kind: "right to wrong", signed: -rightToWrong, count: rightToWrong }
  ])
  const kinds = ["right to wrong", "wrong to right"]
  const y = {
    field: "system",
    type: "nominal" as const,
    sort: { field: "order", op: "min" as const },
    title: null,
    axis: { domain: false, ticks: false, labelColor: light.ink }
  }
  const most = Math.max(...turned.flatMap(({ wrongToRight, rightToWrong }) => [wrongToRight, rightToWrong]))
  const room = (count: (of: Turned) => number) => Math.max(...turned.map(count)) + Math.max(1, most * 0.06)
  const x = {
    field: "signed",
    type: "quantitative" as const,
    title: "answers, all seeds together",
    // As wide as the counts, with room for their labels.
    scale: { domain: [-room(({ rightToWrong }) => rightToWrong), room(({ wrongToRight }) => wrongToRight)] },
    // Both sides are counts.
    axis: { labelExpr: "format(abs(datum.value), ',')", tickMinStep: 1 }
  }
  return {
    width: 560,
    height: { step: 20 },
    data: { values },
    layer: [
      {
        mark: { type: "bar", height: 12 },
        encoding: {
          x,
          y,
          color: {
            field: "kind",
            type: "nominal",
            scale: { domain: kinds, range: [light.worse, light.better] }
          }
        }
      },
      {
        mark: { type: "rule", color: light.ink, strokeWidth: 1 },
        encoding: { x: { datum: 0, type: "quantitative" } }
      },
      ...[true, false].map((mended) => ({
        transform: [
          {
            filter: mended
              ? "datum.kind === 'wrong to right' && datum.count > 0"
              : "datum.kind === 'right to wrong' && datum.count > 0"
          }
        ],
        mark: {
          type: "text" as const,
          align: mended ? ("left" as const) : ("right" as const),
          baseline: "middle" as const,
          dx: mended ? 4 : -4
        },
        encoding: { x, y, text: { field: "count", type: "quantitative" as const, format: "," } }
      }))
    ]
  }
}
