/** The size of one of the side-by-side panels of a figure, in pixels. */
export const panelSize = { width: 262, height: 130 }

/** Lays data out in panels, three to a row, one for each value of `field`, in the order of the field `order`. */
export const panelsBy = (field: string) => ({
  facet: {
    field,
    type: "nominal" as const,
    sort: { field: "order", op: "min" as const },
    header: { title: null, labelLimit: panelSize.width }
  },
  columns: 3,
  spacing: { row: 16, column: 20 }
})

/** The horizontal axis of what is followed batch by batch. */
export const batchAxis = {
  field: "batch",
  type: "quantitative" as const,
  title: "batch",
  axis: { tickCount: 4, grid: false }
}
