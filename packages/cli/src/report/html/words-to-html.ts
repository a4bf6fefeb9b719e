import type { Words } from "../document.ts"
import { html, Markup } from "./markup.ts"

/** Running text as HTML. */
export const wordsToHtml = (words: Words): Markup =>
  typeof words === "string"
    ? html`${words}`
    : new Markup(
        words
          .map((piece) => {
            if (typeof piece === "string") return html`${piece}`.text
            if ("strong" in piece) return html`<strong>${piece.strong}</strong>`.text
            if ("code" in piece) return html`<code>${piece.code}</code>`.text
            return html`<sup>${piece.mark}</sup>`.text
          })
          .join("")
      )
