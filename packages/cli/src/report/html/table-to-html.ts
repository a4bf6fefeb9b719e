import type { Table } from "../document.ts"
import { html, type Markup, nothing } from "./markup.ts"
import { wordsToHtml } from "./words-to-html.ts"

const rowToHtml = (row: Table["rows"][number], columns: Table["columns"]): Markup => {
  if (row.kind === "group") {
    return html`<tr class="group"><th scope="rowgroup" colspan="${columns.length}">${row.title}</th></tr>`
  }
  const cells = columns.map(({ align }, i) => {
    const content = wordsToHtml(row.cells[i] ?? "")
    return i === 0 ? html`<th scope="row">${content}</th>` : html`<td class="${align}">${content}</td>`
  })
  return row.strong === true ? html`<tr class="strong">${cells}</tr>` : html`<tr>${cells}</tr>`
}

/** The rows in bodies of their own, each of which begins with the heading that stands above its rows. */
const bodies = (rows: Table["rows"]): ReadonlyArray<Table["rows"]> => {
  const found: Array<Array<Table["rows"][number]>> = []
  for (const row of rows) {
    const last = found.at(-1)
    if (last === undefined || row.kind === "group") found.push([row])
    else last.push(row)
  }
  return found
}

/** A table with its caption and its notes; a folded one opens on request. */
export const tableToHtml = ({ caption, columns, rows, notes = [], folded }: Table): Markup => {
  const heading = columns.map(({ heading, align }) => html`<th scope="col" class="${align}">${heading}</th>`)
  const below = notes.map(({ mark, text }) => html`<li><sup>${mark}</sup> ${text}</li>`)
  // The caption stands outside of what scrolls, where all of it can be read on a small screen.
  const table = html`<div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways where it is wider than the screen">
<table>
<thead><tr>${heading}</tr></thead>
${bodies(rows).map(
  (body) => html`<tbody>
${body.map((row) => rowToHtml(row, columns))}
</tbody>`
)}
</table>
</div>
${below.length === 0 ? nothing : html`<ul class="notes">${below}</ul>`}`
  return folded === true
    ? html`<details><summary>${caption}</summary>
${table}
</details>`
    : html`<figure class="table"><figcaption>${caption}</figcaption>
${table}
</figure>`
}
