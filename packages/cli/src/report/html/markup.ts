import { safeText } from "../safe-text.ts"

/** HTML that is known to be well-formed; all other text is escaped before it stands in a page. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"]
])

/** Escapes a text for content and for attributes in quotes. */
export const escapeHtml = (text: string): string =>
  safeText(text).replaceAll(/[&<>"']/g, (letter) => entities.get(letter) ?? letter)

type Value = string | number | Markup | ReadonlyArray<Markup>

const insert = (value: Value): string => {
  if (value instanceof Markup) return value.text
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value))
  return value.map(({ text }) => text).join("\n")
}

/** HTML from a template: values are escaped unless they are markup themselves. */
export const html = (strings: TemplateStringsArray, ...values: ReadonlyArray<Value>): Markup =>
  new Markup(
    strings
      .map((string, i) => {
        const value = values[i]
        return value === undefined ? string : string + insert(value)
      })
      .join("")
  )

export const nothing = html``
