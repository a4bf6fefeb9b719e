import { describe, expect, it } from "vitest"
import { hostileText } from "../../../test/hostile-text.ts"
import { escapeHtml, html, nothing } from "./markup.ts"

describe("html", () => {
  it("escapes values in content and in attributes, and leaves markup as it is", () => {
    const inner = html`<b>${"<i>"}</b>`
    expect(html`<p title="${"\"'"}">${inner} & ${1 / 2}</p>`.text).toBe(
      '<p title="&quot;&#39;"><b>&lt;i&gt;</b> & 0.5</p>'
    )
    expect(html`<ul>${[html`<li>${"a"}</li>`, html`<li>${"b"}</li>`]}${nothing}</ul>`.text).toBe(
      "<ul><li>a</li>\n<li>b</li></ul>"
    )
  })

  it("lets no text open a tag, end an attribute, or stand with half a character", () => {
    const escaped = escapeHtml(hostileText)
    expect(escaped).not.toMatch(/[<>"']/)
    expect(escaped).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
    // No control characters, nothing that turns text around, no lone surrogate.
    expect(escaped).toMatch(/^[^\p{Cc}\u202a-\u202e\p{Cs}]*$/u)
  })
})
