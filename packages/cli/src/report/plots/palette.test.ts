import { describe, expect, it } from "vitest"
import { type Colours, dark, light } from "./palette.ts"

/** Relative luminance (WCAG 2.2). */
const luminance = (colour: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

describe.each([
  ["light", light],
  ["dark", dark]
] as const)("the %s palette", (_, colours: Colours) => {
  it("has text that can be read, 4.5:1 as WCAG 2.2 asks", () => {
    for (const name of ["ink", "faint", "better", "worse", "unclear", "series1"] as const) {
      expect(contrast(colours[name], colours.paper), name).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(colours.ink, colours.panel)).toBeGreaterThanOrEqual(4.5)
  })

  it("has marks that can be seen, 3:1", () => {
    for (const name of [
      "series2",
      "series3",
      "series4",
      "series5",
      "series6",
      "series7",
      "series8"
    ] as const) {
      expect(contrast(colours[name], colours.paper), name).toBeGreaterThanOrEqual(3)
    }
    expect(contrast(colours.rule, colours.paper)).toBeGreaterThanOrEqual(3)
  })

  it("has letters that can be read on every step of a heat map, and steps in order without colour", () => {
    const steps = [colours.heat1, colours.heat2, colours.heat3, colours.heat4, colours.heat5, colours.heat6]
    for (const [i, step] of steps.entries()) {
      expect(contrast(i < 4 ? colours.ink : colours.paper, step), `step ${i + 1}`).toBeGreaterThanOrEqual(4.5)
    }
    const fromPaper = steps.map((step) => contrast(step, colours.paper))
    expect(fromPaper).toEqual(fromPaper.toSorted((a, b) => a - b))
  })
})

it("has a colour for each name, so that a figure's colours can be told apart by value", () => {
  const values = Object.values(light)
  expect(new Set(values).size).toBe(values.length)
  expect(Object.keys(dark)).toEqual(Object.keys(light))
})
