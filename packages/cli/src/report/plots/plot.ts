import type { TopLevelSpec } from "vega-lite"

/** A plot as Vega-Lite describes it; data are values within, never addresses. */
export type Plot = TopLevelSpec
