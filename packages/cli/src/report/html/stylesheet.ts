import { type Colours, dark, light } from "../plots/palette.ts"
import { fontFamily } from "../plots/theme.ts"

const variables = (colours: Colours): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(" ")

/** The look of the page: light and dark on screens, black on white on A4. */
export const stylesheet = `
:root { color-scheme: light; ${variables(light)} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${variables(dark)} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 70rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 ${fontFamily}; overflow-wrap: break-word;
}
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 3rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--grid); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .5rem; }
.dialogue h3 { font-size: 1rem; margin: 0 0 .5rem; }
p, ul, ol { margin: .6rem 0; }
p, li { max-width: 48rem; }
a { color: var(--series1); }
a:focus-visible, .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--series1); outline-offset: 2px; }
code { font: .9em/1.4 ui-monospace, Menlo, Consolas, monospace; background: var(--panel); padding: .1em .3em; border-radius: 3px; }
.subtitle { color: var(--faint); margin: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; margin: 1.2rem 0 0; }
nav li { max-width: none; }
.scroll { overflow-x: auto; max-width: 100%; }
figure { margin: 1.2rem 0 1.8rem; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--faint); font-size: .9rem; max-width: 48rem; margin-top: .4rem; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
.table figcaption { margin: 0 0 .5rem; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--grid); }
thead th { border-bottom: 1.5px solid var(--rule); vertical-align: bottom; font-weight: 600; }
tbody th { font-weight: normal; }
tbody th:first-child { min-width: 9rem; max-width: 20rem; }
th.right, td.right { text-align: right; }
td.right { white-space: nowrap; }
tr.group th { font-weight: 600; padding-top: .9rem; border-bottom-color: var(--rule); }
tr.strong > * { font-weight: 600; background: var(--panel); }
sup { line-height: 0; font-size: .75em; padding-left: .15em; }
.notes { list-style: none; padding: 0; font-size: .85rem; color: var(--faint); margin: .5rem 0 0; }
details { margin: .8rem 0 1.4rem; }
summary { cursor: pointer; color: var(--faint); font-size: .9rem; }
.dialogue { margin: 1.2rem 0 1.8rem; padding: 1rem 1.1rem; border: 1px solid var(--grid); border-radius: 6px; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem .8rem; margin: 0 0 .8rem; font-size: .9rem; }
dt { color: var(--faint); }
dd { margin: 0; }
.said, dd { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.turns { list-style: none; padding: 0; margin: 0; }
.turns > li { max-width: none; border-top: 1px solid var(--grid); padding: .55rem 0; }
.turn { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-size: .9rem; }
.credit { font-variant-numeric: tabular-nums; white-space: nowrap; }
.credit.up { color: var(--better); font-weight: 600; }
.credit.down { color: var(--worse); font-weight: 600; }
.credit.none { color: var(--faint); }
.reading { color: var(--faint); }
.said { margin: .3rem 0 0; padding-left: .8rem; border-left: 3px solid var(--grid); font-size: .9rem; }
@media (max-width: 40rem) {
  body { padding: 1.2rem .9rem 3rem; }
  h1 { font-size: 1.5rem; }
  .table tbody th:first-child { position: sticky; left: 0; background: var(--paper); min-width: 7rem; max-width: 10rem; }
  .table tbody tr.strong th:first-child { background: var(--panel); }
  .table tbody tr.group th:first-child { position: static; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .4rem; }
}
@page { size: A4; margin: 14mm 13mm; }
@media print {
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  nav, details:not([open]) { display: none; }
  h2 { margin-top: 1.6rem; }
  h2, h3, .table figcaption { break-after: avoid; }
  section > p, tr.group, .dialogue dl { break-after: avoid; }
  p, li { orphans: 3; widows: 3; }
  .scroll { overflow: visible; }
  figure:not(.table), section > p, figcaption, .turns > li, tr, dl { break-inside: avoid; }
  figure svg { min-width: 0 !important; max-height: 205mm; }
  thead { display: table-header-group; }
  table { font-size: 7pt; width: 100%; }
  th, td { padding: .15rem .25rem; }
  tbody th:first-child { min-width: 24mm; overflow-wrap: anywhere; }
  .dialogue { border-color: var(--rule); }
  a { color: inherit; text-decoration: none; }
}
`.trim()
