import { Template } from "@huggingface/jinja"
import type { Message } from "@tracer-sdk/core"
import { formatTime, startOfDay } from "./format-time.ts"
import { absentFrom } from "./literal-text.ts"
import { pythonFunctions, repairTemplate } from "./python-semantics.ts"

/** What a chat template is given beside the messages. */
export interface ChatTemplateOptions {
  /** Variables of the template's own, such as Qwen3's `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>>
  /**
   * The day that a template which prints today's date is told, as in 2024-07-26. Fixed, so that a run is the same tomorrow; by
   * default the day that Llama 3's template falls back to.
   */
  readonly date?: string
}

/** How a chat is to end. */
export interface ChatEnding {
  /** Begins the assistant's next message; true by default, and without effect on a message that is continued. */
  readonly addGenerationPrompt?: boolean
  /** Ends the text with the last message's own, so that what follows goes on with it; false by default. */
  readonly continueFinalMessage?: boolean
}

/** Writes a chat as text; throws what the template raises, and where it leaves out a message that is to be continued. */
export type ChatTemplate = (messages: ReadonlyArray<Message>, ending?: ChatEnding) => string

/** The first two messages as one, where they are a system's and a user's. */
const foldSystem = (messages: ReadonlyArray<Message>): ReadonlyArray<Message> | undefined => {
  const [system, user, ...rest] = messages
  if (system?.role !== "system" || user?.role !== "user") return undefined
  if (system.content.trim() === "") return [user, ...rest]
  return [{ role: "user", content: `${system.content}\n\n${user.content}` }, ...rest]
}

/**
 * The text up to the mark that was put, with a blank, at the end of what the last message says. A template that trims messages
 * takes the blank away, and would have taken those before the mark.
 */
const upToMark = (text: string, mark: string, said: string): string => {
  const words = said.trim()
  const at = text.lastIndexOf(mark)
  const open = text.slice(0, at)
  if (at < 0 || !open.includes(words)) {
    throw new Error("The chat template leaves out the message that is to be continued, or changes it.")
  }
  return words === "" || text.startsWith(" ", at + mark.length) ? open : open.trimEnd()
}

/**
 * A chat template in Jinja, as `transformers` applies it. A system message that the template refuses, or leaves out, is put
 * before the first user message instead, with an empty line between. Throws where the template is malformed.
 *
 * `specialTokens`: the template's `bos_token`, `eos_token` and so on.
 */
export const makeChatTemplate = (
  source: string,
  specialTokens: Readonly<Record<string, string>> = {},
  { variables = {}, date = "2024-07-26" }: ChatTemplateOptions = {}
): ChatTemplate => {
  const time = startOfDay(date)
  if (time === undefined) throw new Error(`"${date}" is not a day such as 2024-07-26.`)
  // The library's own strftime_now cannot be replaced from outside; the line break belongs to the statement.
  const lines = source.replace(/\r\n?/gu, "\n")
  const template = new Template(`{% set strftime_now = strftime_fixed %}\n${lines}`)
  repairTemplate(template.parsed)

  const write = (messages: ReadonlyArray<Message>, addGenerationPrompt: boolean): string =>
    template.render({
      tools: null,
      documents: null,
      ...specialTokens,
      ...variables,
      ...pythonFunctions,
      strftime_fixed: (format: string) => formatTime(time, format),
      messages: messages.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: addGenerationPrompt
    })

  const writeChat = (messages: ReadonlyArray<Message>, addGenerationPrompt: boolean): string => {
    const folded = foldSystem(messages)
    if (folded === undefined) return write(messages, addGenerationPrompt)
    try {
      const text = write(messages, addGenerationPrompt)
      if (text.includes(messages[0]?.content.trim() ?? "")) return text
    } catch (refusal) {
      try {
        return write(folded, addGenerationPrompt)
      } catch {
        throw refusal
      }
    }
    return write(folded, addGenerationPrompt)
  }
  return (messages, { addGenerationPrompt = true, continueFinalMessage = false } = {}) => {
    const last = messages.at(-1)
    if (last === undefined || !continueFinalMessage) return writeChat(messages, addGenerationPrompt)
    const mark = absentFrom([source, ...messages.map(({ content }) => content)].join("\n"))
    const open = { ...last, content: `${last.content}${mark} ` }
    return upToMark(writeChat([...messages.slice(0, -1), open], false), mark, last.content)
  }
}
