import { escapeHtml } from "../html/markup.ts"
import { light } from "./palette.ts"

/** A drawn figure as a file of its own: on paper's white, since whoever shows it does not say on what, and with its description. */
export const standalone = (svg: string, description: string): string =>
  `${svg.replace(/^<svg[^>]*>/, (tag) => `${tag.slice(0, -1)} role="img"><desc>${escapeHtml(description)}</desc><rect width="100%" height="100%" fill="${light.paper}"/>`)}\n`
