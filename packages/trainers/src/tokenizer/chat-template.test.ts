import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import type { Message } from "@tracer-sdk/core"
import { Schema } from "effect"
import { makeChatTemplate } from "./chat-template.ts"

/** Chats as transformers writes them: tools/reference/tokenizer_templates.py. */
const Chats = Schema.Array(
  Schema.Array(
    Schema.Struct({ role: Schema.Literals(["system", "user", "assistant"]), content: Schema.String })
  )
)
const Fixture = Schema.Struct({
  chats: Chats,
  continuedChats: Chats,
  templates: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      template: Schema.String,
      variables: Schema.Record(Schema.String, Schema.Unknown),
      texts: Schema.Array(Schema.Array(Schema.NullOr(Schema.String))),
      continued: Schema.Array(Schema.NullOr(Schema.String))
    })
  )
})
const { chats, continuedChats, templates } = Schema.decodeUnknownSync(Fixture)(
  JSON.parse(readFileSync(new URL("fixtures/templates.json", import.meta.url), "utf8"))
)
const specialTokens = { bos_token: "<s>", eos_token: "</s>" }

/** Whether the chat's system message, if it has one, is in the text: elsewhere we part from transformers on purpose. */
const takesSystem = ([first]: ReadonlyArray<Message>, text: string | null | undefined): boolean =>
  first?.role !== "system" || (text ?? "").includes(first.content.trim())

describe.each(templates)("$name $variables", ({ template, variables, texts, continued }) => {
  const render = makeChatTemplate(template, specialTokens, { variables })
  const cases = [true, false].flatMap((addGenerationPrompt, row) =>
    chats.map((chat, index) => ({ chat, addGenerationPrompt, text: texts[row]?.[index] }))
  )

  it("writes chats as transformers does", () => {
    const written = cases.filter(({ chat, text }) => text !== null && takesSystem(chat, text))
    expect(written.map(({ chat, addGenerationPrompt }) => render(chat, { addGenerationPrompt }))).toEqual(
      written.map(({ text }) => text)
    )
    expect(written.length).toBeGreaterThanOrEqual(6)
  })

  it("ends with the words of a message that is continued, where transformers does", () => {
    const written = continuedChats.flatMap((chat, index) => {
      const text = continued[index] ?? null
      // Of a message that says nothing yet, transformers may cut the line break that begins it.
      const begun = chat.at(-1)?.content !== ""
      return text !== null && begun && takesSystem(chat, text) ? [{ chat, text }] : []
    })
    expect(written.map(({ chat }) => render(chat, { continueFinalMessage: true }))).toEqual(
      written.map(({ text }) => text)
    )
    const refused = continuedChats.filter((chat, index) => continued[index] === null && chat.length === 2)
    for (const chat of refused)
      expect(() => render(chat, { continueFinalMessage: true })).toThrow("continued")
    expect(written.length + refused.length).toBeGreaterThanOrEqual(6)
  })

  it("refuses the chats without a system message that it refuses there", () => {
    const refused = cases.filter(({ chat, text }) => text === null && chat[0]?.role !== "system")
    for (const { chat } of refused) expect(() => render(chat)).toThrow("user and assistant take turns")
  })
})

const question: Message = { role: "user", content: "Why?" }
const system: Message = { role: "system", content: "Be kind." }
const answer: Message = { role: "assistant", content: "So." }

describe("a message that is continued", () => {
  const chatml = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</{{ m.role }}>{% endfor %}<assistant>"
  const trims = "{% for m in messages %}<{{ m.role }}>\n{{ m.content | trim }}\n{% endfor %}<assistant>\n"
  const goOn = { continueFinalMessage: true }

  it("is cut where it ends, however often its words stand elsewhere", () => {
    for (const content of ["So ", "a", "assistant>", "\uE000"]) {
      expect(makeChatTemplate(chatml)([question, { role: "assistant", content }], goOn)).toBe(
        `<user>Why?</user><assistant>${content}`
      )
    }
  })

  it("loses the blanks that the template takes from every message, and no others", () => {
    const said = (content: string) =>
      makeChatTemplate(trims)([question, { role: "assistant", content }], goOn)
    expect(said(" So \n")).toBe("<user>\nWhy?\n<assistant>\nSo")
    expect(said("")).toBe("<user>\nWhy?\n<assistant>\n")
  })

  it("has to be in what the template writes", () => {
    const leavesOut = "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}"
    expect(() => makeChatTemplate(leavesOut)([question, answer], goOn)).toThrow("leaves out")
  })
})

describe("a system message", () => {
  const refuses = `{% for m in messages %}{% if m.role == "system" %}{{ raise_exception("no system") }}{% endif %}[{{ m.role }}] {{ m.content }}{% endfor %}`
  const leavesOut = `{% for m in messages if m.role != "system" %}[{{ m.role }}] {{ m.content }}{% endfor %}`

  it.each([refuses, leavesOut])(
    "goes before the question where the template has no place for it",
    (source) => {
      const render = makeChatTemplate(source)
      expect(render([system, question, answer])).toBe("[user] Be kind.\n\nWhy?[assistant] So.")
      expect(render([question])).toBe("[user] Why?")
      expect(render([{ role: "system", content: " " }, question])).toBe("[user] Why?")
    }
  )

  it("is refused where there is no question to put it before", () => {
    expect(() => makeChatTemplate(refuses)([system])).toThrow("no system")
    expect(() => makeChatTemplate(refuses)([system, answer])).toThrow("no system")
  })
})

describe("today's date", () => {
  const source = '{{ strftime_now("%a %A %d %b %B %m %y %Y %H:%M:%S %I %p %%") }}'

  it("is the same day on every day", () => {
    expect(makeChatTemplate(source)([question])).toBe("Fri Friday 26 Jul July 07 24 2024 00:00:00 12 AM %")
  })

  it("is the day that is asked for", () => {
    expect(makeChatTemplate(source, {}, { date: "2026-03-01" })([question])).toBe(
      "Sun Sunday 01 Mar March 03 26 2026 00:00:00 12 AM %"
    )
    for (const date of ["1 March", "2026-02-30T", "2026-02-30", "2026-13-01"]) {
      expect(() => makeChatTemplate(source, {}, { date })).toThrow(`"${date}" is not a day`)
    }
  })

  it("refuses a field that it cannot write", () => {
    expect(() => makeChatTemplate('{{ strftime_now("%j") }}')([question])).toThrow("the field %j")
  })
})

it("reads a template with any line ends", () => {
  const source = "{%- for m in messages %}\n{{ m.content }}\n{% endfor %}\nend"
  const unix = makeChatTemplate(source)([question, answer])
  expect(unix).toBe("Why?\nSo.\nend")
  expect(makeChatTemplate(source.replaceAll("\n", "\r\n"))([question, answer])).toBe(unix)
})
