import type { Dialogue, DialogueTurn } from "../document.ts"
import { creditWords } from "../words/credit-words.ts"
import { html, type Markup, nothing } from "./markup.ts"

const turnToHtml = ({ title, reading, text, credit }: DialogueTurn): Markup => {
  const worth = credit > 0 ? "up" : credit < 0 ? "down" : "none"
  return html`<li>
<div class="turn"><span>${title}${reading === undefined ? nothing : html` <span class="reading">(${reading})</span>`}</span>
<span class="credit ${worth}">${creditWords(credit)}</span></div>${
    text === undefined
      ? nothing
      : html`
<div class="said" dir="auto">${text}</div>`
  }
</li>`
}

/** A dialogue to be read turn by turn. */
export const dialogueToHtml = ({ title, facts, turns }: Dialogue): Markup => html`<article class="dialogue">
<h3>${title}</h3>
<dl>
${facts.map(([name, value]) => html`<dt>${name}</dt><dd dir="auto">${value}</dd>`)}
</dl>
<ol class="turns">
${turns.map(turnToHtml)}
</ol>
</article>`
