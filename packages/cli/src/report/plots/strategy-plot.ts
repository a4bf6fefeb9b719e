import { fixed } from "../../render/number.ts"
import { compareInfo } from "../info-order.ts"
import type { LearnedStrategy } from "../learned-strategies.ts"
import { excerptOfName } from "./name-label.ts"
import { heat, light } from "./palette.ts"
import type { Plot } from "./plot.ts"

/** Steps from here on are so dark that letters on them are light. */
const darkFrom = 4

const step = (probability: number): number => Math.min(heat.length - 1, Math.floor(probability * heat.length))

/** Many visits in few letters: 1,234 or 12.3k. */
const short = (visits: number): string =>
  visits < 10_000 ? visits.toLocaleString("en") : `${Math.round(visits / 1000).toLocaleString("en")}k`

/** One controller's strategies as a heat map, states down and systems across, with figures in the cells. */
export const strategyPlot = (learned: ReadonlyArray<LearnedStrategy>): Plot => {
  const [only, ...others] = new Set(learned.map(({ action }) => action))
  const rowOf = ({ info, action }: LearnedStrategy) => (others.length === 0 ? info : `${info}: ${action}`)
  const systems = [...new Set(learned.map(({ system }) => system))]
  const rows = [
    ...new Set(
      learned.toSorted((a, b) => compareInfo(a.info, b.info) || (a.action < b.action ? -1 : 1)).map(rowOf)
    )
  ]
  const values = learned.map((strategy) => ({
    system: strategy.system,
    column: systems.indexOf(strategy.system),
    row: rowOf(strategy),
    rowOrder: rows.indexOf(rowOf(strategy)),
    step: step(strategy.probability),
    chance: fixed(100 * strategy.probability, 0),
    visits: `n ${short(strategy.visits)}`,
    dark: step(strategy.probability) >= darkFrom
  }))
  const x = {
    field: "system",
    type: "nominal" as const,
    sort: { field: "column", op: "min" as const },
    title: null,
    axis: {
      orient: "top" as const,
      labelAngle: -40,
      labelLimit: 150,
      domain: false,
      ticks: false,
      labelColor: light.ink
    }
  }
  const y = {
    field: "row",
    type: "nominal" as const,
    sort: { field: "rowOrder", op: "min" as const },
    title: others.length === 0 && only !== undefined ? `chance of "${excerptOfName(only)}"` : null,
    axis: { domain: false, ticks: false, labelColor: light.ink, labelLimit: 300 }
  }
  const color = {
    condition: { test: "datum.dark", value: light.paper },
    value: light.ink
  }
  return {
    data: { values },
    width: { step: 58 },
    height: { step: 34 },
    layer: [
      {
        mark: { type: "rect", stroke: light.paper, strokeWidth: 2 },
        encoding: {
          x,
          y,
          color: {
            field: "step",
            type: "ordinal",
            scale: { domain: heat.map((_, i) => i), range: heat },
            legend: null
          }
        }
      },
      {
        mark: { type: "text", dy: -5, fontSize: 12, fontWeight: "bold" },
        encoding: { x, y, text: { field: "chance", type: "nominal" }, color }
      },
      {
        mark: { type: "text", dy: 8, fontSize: 10 },
        encoding: { x, y, text: { field: "visits", type: "nominal" }, color }
      }
    ]
  }
}
