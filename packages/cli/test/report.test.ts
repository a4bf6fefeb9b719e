import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { Effect, Schema } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { figuresOf } from "../src/report/document.ts"
import { writeReport } from "../src/report/index.ts"
import { reportDocument } from "../src/report/report-document.ts"
import { benchmarkExample } from "./benchmark-example.ts"
import { chromium, type Look, startBrowser } from "./browser.ts"
import { hostileText } from "./hostile-text.ts"

if (chromium === undefined) {
  console.warn(
    "The report is not looked at in a browser: there is no Chromium (Debian: apt-get install chromium)."
  )
}

const looks: ReadonlyArray<Look> = [
  { width: 1280, height: 900, scheme: "light", media: "screen" },
  { width: 390, height: 800, scheme: "dark", media: "screen" },
  // A4 less its margins, at 96 pixels an inch.
  { width: 695, height: 1017, scheme: "light", media: "print" }
]

/** What a page looks like, as far as a program can tell. */
const Seen = Schema.Struct({
  pageWidth: Schema.Number,
  screenWidth: Schema.Number,
  figures: Schema.Array(Schema.Struct({ name: Schema.String, width: Schema.Number, height: Schema.Number })),
  /** Figures and tables that show only a part of themselves, and cannot be scrolled. */
  clipped: Schema.Int,
  scripts: Schema.Int,
  images: Schema.Int,
  dialogues: Schema.Int,
  /** Texts in figures that reach beyond the figure. */
  cut: Schema.Array(Schema.String),
  paper: Schema.String
})

const look = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)]
  const figures = all("figure svg")
  return {
    pageWidth: document.documentElement.scrollWidth,
    screenWidth: document.documentElement.clientWidth,
    figures: figures.map((svg) => {
      const { width, height } = svg.getBoundingClientRect()
      return { name: svg.closest("figure").id, width, height }
    }),
    clipped: all(".scroll").filter((box) =>
      box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "auto").length,
    scripts: all("script").length,
    images: all("img, iframe, object, embed").length,
    dialogues: all("article.dialogue").length,
    cut: figures.flatMap((svg) => {
      const frame = svg.getBoundingClientRect()
      return [...svg.querySelectorAll("text")].filter((text) => {
        const box = text.getBoundingClientRect()
        return box.left < frame.left - 2 || box.right > frame.right + 2
      }).map((text) => svg.closest("figure").id + ": " + text.textContent)
    }),
    paper: getComputedStyle(document.body).backgroundColor
  }
})()`

describe.skipIf(chromium === undefined)("the report in a browser", () => {
  let folder: string
  let browser: Awaited<ReturnType<typeof startBrowser>>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tracer-report-"))
    browser = await startBrowser(chromium ?? "")
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  })

  it.each([
    ["usual", undefined],
    ["hostile", hostileText]
  ])("is whole on every screen and on paper, and asks for nothing, with %s texts", async (name, hostile) => {
    const summary = benchmarkExample(hostile === undefined ? {} : { hostile })
    const { html } = await Effect.runPromise(writeReport(summary, join(folder, name)))
    const address = pathToFileURL(html).href
    const expected = figuresOf(reportDocument(summary)).map((figure) => `figure-${figure.name}`)
    for (const view of looks) {
      const page = await browser.open(address, view)
      const seen = Schema.decodeUnknownSync(Seen)(await page.evaluate(look))
      expect(page.complaints).toEqual([])
      expect(page.requests).toEqual([address])
      expect(seen.pageWidth).toBeLessThanOrEqual(seen.screenWidth)
      expect(seen.figures.map((figure) => figure.name)).toEqual(expected)
      for (const { width, height } of seen.figures) {
        expect(width).toBeGreaterThan(80)
        expect(height).toBeGreaterThan(40)
      }
      expect(seen).toMatchObject({ clipped: 0, scripts: 0, images: 0, dialogues: 8 })
      expect(seen.cut).toEqual([])
      expect(seen.paper).toBe(view.scheme === "dark" ? "rgb(20, 24, 29)" : "rgb(255, 255, 255)")
    }
  })
})
