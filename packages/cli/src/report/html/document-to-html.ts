import type { Block, ReportDocument } from "../document.ts"
import { dialogueToHtml } from "./dialogue-to-html.ts"
import { figureToHtml } from "./figure-markup.ts"
import { html, Markup, nothing } from "./markup.ts"
import { stylesheet } from "./stylesheet.ts"
import { tableToHtml } from "./table-to-html.ts"
import { wordsToHtml } from "./words-to-html.ts"

const blockToHtml = (block: Block, drawn: ReadonlyMap<string, string>): Markup => {
  switch (block.kind) {
    case "paragraph":
      return html`<p>${wordsToHtml(block.words)}</p>`
    case "list":
      return html`<ul>
${block.items.map((item) => html`<li>${wordsToHtml(item)}</li>`)}
</ul>`
    case "subheading":
      return html`<h3 id="${block.id}">${block.title}</h3>`
    case "table":
      return tableToHtml(block)
    case "figure": {
      const svg = drawn.get(block.name)
      return svg === undefined ? nothing : figureToHtml(block, svg)
    }
    case "dialogue":
      return dialogueToHtml(block)
  }
}

/** Scripts and addresses are forbidden, so that nothing that a model said can run or call home, should it ever stand unescaped. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** The report as one page that needs no other file and no network; `drawn` holds its figures by name, as SVG. */
export const documentToHtml = (
  { title, subtitle, sections }: ReportDocument,
  drawn: ReadonlyMap<string, string>
): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>
${new Markup(stylesheet)}
</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
<nav aria-label="Contents"><ul>
${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
</ul></nav>
</header>
<main>
${sections.map(
  ({ id, title, blocks }) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${blocks.map((block) => blockToHtml(block, drawn))}
</section>`
)}
</main>
</body>
</html>
`.text
