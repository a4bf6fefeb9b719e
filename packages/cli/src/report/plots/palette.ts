/** The colours of a report in one light. */
export interface Colours {
  readonly paper: string
  readonly ink: string
  /** Secondary text; at least 4.5:1 on paper. */
  readonly faint: string
  readonly rule: string
  readonly grid: string
  readonly panel: string
  readonly better: string
  readonly worse: string
  readonly unclear: string
  readonly series1: string
  readonly series2: string
  readonly series3: string
  readonly series4: string
  readonly series5: string
  readonly series6: string
  readonly series7: string
  readonly series8: string
  readonly heat1: string
  readonly heat2: string
  readonly heat3: string
  readonly heat4: string
  readonly heat5: string
  readonly heat6: string
}

/** Colours on white, and those of every figure as it is drawn; all different, so that one can be told by its value. */
export const light: Colours = {
  paper: "#ffffff",
  ink: "#1b1f24",
  faint: "#59636e",
  rule: "#8b949e",
  grid: "#e1e5ea",
  panel: "#f5f7f9",
  better: "#0b61a4",
  worse: "#b4470a",
  unclear: "#6a737d",
  series1: "#0c62a5",
  series2: "#b5480b",
  series3: "#0f7a53",
  series4: "#7a4da2",
  series5: "#9f2d3a",
  series6: "#0f7788",
  series7: "#746000",
  series8: "#57606a",
  heat1: "#f2f6fa",
  heat2: "#d5e4f1",
  heat3: "#aacbe6",
  heat4: "#78aed8",
  heat5: "#2b6fa8",
  heat6: "#0a4c86"
}

/** The same on black. */
export const dark: Colours = {
  paper: "#14181d",
  ink: "#e7eaee",
  faint: "#a3adb8",
  rule: "#727d89",
  grid: "#2b323a",
  panel: "#1d232a",
  better: "#6cb4f5",
  worse: "#ff9c5a",
  unclear: "#a6afb9",
  series1: "#6db5f6",
  series2: "#ff9d5b",
  series3: "#4fcf9f",
  series4: "#c7a1f4",
  series5: "#ff8d97",
  series6: "#5fd0e2",
  series7: "#d9c75c",
  series8: "#b3bbc4",
  heat1: "#1a222b",
  heat2: "#20364b",
  heat3: "#274c6b",
  heat4: "#33658e",
  heat5: "#6ba8d6",
  heat6: "#a8d3f2"
}

/** Hues for what has no order, and for shapes that tell the same without colour. */
export const series = [
  light.series1,
  light.series2,
  light.series3,
  light.series4,
  light.series5,
  light.series6,
  light.series7,
  light.series8
]
export const shapes = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left"
]

/** Steps from 0 to 1, of even width. */
export const heat = [light.heat1, light.heat2, light.heat3, light.heat4, light.heat5, light.heat6]
