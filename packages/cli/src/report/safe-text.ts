import { printable } from "../render/text.ts"

/** Controls that turn the direction of what follows, and would reorder a page's own words. */
const turns = /[\u202a-\u202e\u2066-\u2069]/g

/** A text that can stand in a file: no control characters but line feeds, no half characters, nothing that turns the page around. */
export const safeText = (text: string): string => printable(text.toWellFormed()).replaceAll(turns, "?")

/** The same on one line. */
export const safeLine = (text: string): string => safeText(text).replaceAll(/\s+/g, " ").trim()

/** The beginning of a long text, and how much is missing. */
export const excerpt = (text: string, most: number): string => {
  const letters = [...text]
  return letters.length <= most
    ? text
    : `${letters.slice(0, most).join("").trimEnd()} … (${(letters.length - most).toLocaleString("en")} more characters)`
}
