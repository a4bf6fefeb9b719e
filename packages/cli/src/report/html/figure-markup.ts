import type { Figure } from "../document.ts"
import { light } from "../plots/palette.ts"
import { html, Markup } from "./markup.ts"
import { wordsToHtml } from "./words-to-html.ts"

const variableOf = new Map(Object.entries(light).map(([name, value]) => [value, `var(--${name})`]))

/** Lets the page's colours stand for those that the figure was drawn in, so that it follows the reader's light. */
const withPageColours = (svg: string): string =>
  svg.replaceAll(/<[a-z][^>]*>/g, (tag) =>
    tag.replaceAll(/"(#[0-9a-f]{6})"/g, (whole, colour: string) => {
      const variable = variableOf.get(colour)
      return variable === undefined ? whole : `"${variable}"`
    })
  )

/** Figures narrower than this are never scaled down on a small screen, and wider ones no further than to this: their text stays legible. */
const narrowest = 640

/** A drawn figure within the page, with its name and its description for those who do not see it. */
export const figureToHtml = ({ name, caption, description }: Figure, svg: string): Markup => {
  const width = Number(/ width="([\d.]+)"/.exec(svg)?.[1] ?? narrowest)
  const drawn = withPageColours(svg)
    // Ids are the page's, not the figure's own.
    .replaceAll(/<[a-z][^>]*>/g, (tag) =>
      tag.replaceAll(/ id="([^"]*)"/g, ` id="${name}-$1"`).replaceAll(/url\(#([^)]*)\)/g, `url(#${name}-$1)`)
    )
    .replace(
      "<svg",
      html`<svg role="img" aria-labelledby="${name}-description" style="max-width: ${width}px; min-width: ${Math.min(width, narrowest)}px"`
        .text
    )
    .replace(">", () => html`><desc id="${name}-description">${description}</desc>`.text)
  return html`<figure id="figure-${name}">
<div class="scroll" tabindex="0" role="group" aria-label="Figure, scrolls sideways where it is wider than the screen">${new Markup(drawn)}</div>
<figcaption>${wordsToHtml(caption)}</figcaption>
</figure>`
}
