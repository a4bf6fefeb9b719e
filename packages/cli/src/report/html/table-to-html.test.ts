import { expect, it } from "vitest"
import { cells } from "../document.ts"
import { tableToHtml } from "./table-to-html.ts"

const columns = [
  { heading: "system", align: "left" },
  { heading: "calls", align: "right" }
] as const

it("names rows, columns and groups of rows for those who hear the table", () => {
  const { text } = tableToHtml({
    kind: "table",
    caption: "d: <calls>",
    columns,
    rows: [
      { kind: "group", title: "first" },
      cells(["a", { mark: "x" }], "1"),
      { kind: "group", title: "second" },
      { kind: "cells", cells: ["b", "2"], strong: true }
    ],
    notes: [{ mark: "x", text: "note" }]
  })
  expect(text.replaceAll(/\n\s*/g, "")).toBe(
    [
      '<figure class="table"><figcaption>d: &lt;calls&gt;</figcaption>',
      '<div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways where it is wider than the screen">',
      '<table><thead><tr><th scope="col" class="left">system</th><th scope="col" class="right">calls</th></tr></thead>',
      '<tbody><tr class="group"><th scope="rowgroup" colspan="2">first</th></tr>',
      '<tr><th scope="row">a<sup>x</sup></th><td class="right">1</td></tr></tbody>',
      '<tbody><tr class="group"><th scope="rowgroup" colspan="2">second</th></tr>',
      '<tr class="strong"><th scope="row">b</th><td class="right">2</td></tr></tbody>',
      '</table></div><ul class="notes"><li><sup>x</sup> note</li></ul></figure>'
    ].join("")
  )
})

it("folds a table away under its caption", () => {
  const { text } = tableToHtml({
    kind: "table",
    caption: "all",
    columns,
    rows: [cells("a", "1")],
    folded: true
  })
  expect(text).toMatch(/^<details><summary>all<\/summary>\n<div[\s\S]*<\/div>\s*<\/details>$/)
})
