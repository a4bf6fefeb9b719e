import type { Config } from "vega-lite"
import { light, series } from "./palette.ts"

/** Loaded with the page's own text; a figure in a file of its own has no page around it. */
export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"

/** How every figure of a report looks. */
export const theme: Config = {
  background: "transparent",
  font: fontFamily,
  aria: false,
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: light.faint,
    titleColor: light.ink,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    domainColor: light.rule,
    tickColor: light.rule,
    tickSize: 4,
    gridColor: light.grid,
    labelLimit: 260
  },
  header: {
    title: null,
    labelColor: light.ink,
    labelFontSize: 12,
    labelFontWeight: "bold",
    labelAnchor: "start",
    labelLimit: 280
  },
  legend: {
    title: null,
    orient: "top",
    labelColor: light.ink,
    labelFontSize: 12,
    labelLimit: 220,
    symbolSize: 80,
    columnPadding: 16
  },
  range: { category: series },
  text: { color: light.ink, fontSize: 11 },
  line: { strokeWidth: 2 },
  rule: { color: light.rule }
}
