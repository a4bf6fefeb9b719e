import { beforeAll, describe, expect, it } from "vitest"
import { benchmarkExample } from "../../../test/benchmark-example.ts"
import { hostileText } from "../../../test/hostile-text.ts"
import { figuresOf } from "../document.ts"
import { reportDocument } from "../report-document.ts"
import { draw } from "./draw.ts"
import { tidySvg } from "./tidy-svg.ts"

/** What the library says of panels with axes of their own; they are of the same data. */
const known = /^Detected faceted independent scales/

const drawAll = async (hostile?: string) => {
  const warnings: Array<string> = []
  const figures = figuresOf(reportDocument(benchmarkExample(hostile === undefined ? {} : { hostile })))
  const drawn = new Map<string, string>()
  for (const { name, plot } of figures) {
    drawn.set(name, await draw(plot, (warning) => void warnings.push(`${name}: ${warning}`)))
  }
  return { drawn, warnings: warnings.filter((warning) => !known.test(warning.replace(/^\S+ /, ""))) }
}

/** Tags and texts in turn, as a parser of XML takes them apart. */
const tagsOf = (svg: string) => svg.match(/<[^>]*>/g) ?? []

describe("draw", () => {
  let first: Awaited<ReturnType<typeof drawAll>>
  let hostile: Awaited<ReturnType<typeof drawAll>>
  beforeAll(async () => {
    first = await drawAll()
    hostile = await drawAll(hostileText)
  })

  it("draws every kind of figure, and the library finds nothing odd about it", () => {
    const kinds = new Set([...first.drawn.keys()].map((name) => name.replace(/-(arithmetic|gpqa).*/, "")))
    expect([...kinds]).toEqual([
      "differences",
      "efficiency",
      "curves",
      "tokens",
      "regret",
      "strategies",
      "turned-answers"
    ])
    expect(first.warnings).toEqual([])
    expect(hostile.warnings).toEqual([])
  })

  it("draws the same twice, whatever was drawn before", async () => {
    expect((await drawAll()).drawn).toEqual(first.drawn)
  })

  it("lets no text become markup, and writes nothing that XML forbids", () => {
    const allowed = /^<\/?(svg|g|path|text|line|rect|defs|clipPath|tspan|linearGradient|stop)[\s/>]/
    for (const svg of hostile.drawn.values()) {
      for (const tag of tagsOf(svg)) expect(tag).toMatch(allowed)
      expect(svg).toMatch(/^[^\p{Cc}\p{Cs}\u202a-\u202e]*$/u)
      expect(svg).not.toMatch(/ (on\w+|href|src|style)="/)
      expect(svg.replaceAll(/<[^>]*>/g, "")).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
    }
  })

  it("names every system of the frontier's figure, and no number is longer than a hundredth", () => {
    const svg = first.drawn.get("efficiency-arithmetic") ?? ""
    for (const name of ["single", "TRACER", "debate 2 x 3", "linear CFR"]) {
      expect(svg).toContain(`>${name}</text>`)
    }
    expect(tagsOf(svg).join("")).not.toMatch(/\d\.\d{3}/)
  })
})

describe("tidySvg", () => {
  it("rounds what is in tags, and leaves texts alone", () => {
    expect(
      tidySvg(
        '<svg class="marks" width="9"><path aria-hidden="true" d="" display="none"/><text transform="translate(1.23456,2)" role="x">1.23456 class="a"</text></svg>'
      )
    ).toBe('<svg width="9"><text transform="translate(1.23,2)">1.23456 class="a"</text></svg>')
  })
})
