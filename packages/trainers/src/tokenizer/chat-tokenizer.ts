import { Tokenizer } from "@huggingface/tokenizers"
import type { Message } from "@tracer-sdk/core"
import { type ChatTemplateOptions, makeChatTemplate } from "./chat-template.ts"
import { readDecoder } from "./decoder-file.ts"
import { libraryFile } from "./library-file.ts"
import { absentFrom, interrupting, interruption } from "./literal-text.ts"
import { makeTextStream, type TextStream } from "./text-stream.ts"

/** Text to token ids and back, and a chat as a model was trained to see it. */
export interface ChatTokenizer {
  /** Token ids of the text alone: nothing is put before or after. */
  encode(text: string): ReadonlyArray<number>
  /** The text of the ids; special tokens are left out. */
  decode(ids: ReadonlyArray<number>): string
  /** A new text that grows token by token; whole, it is what `decode` makes of its ids. */
  stream(): TextStream
  /**
   * The chat as text, ready for the assistant's next words: a chat that ends with a message of the assistant's is cut at the end of
   * what that says, so that the next words go on with it. Throws what the template raises.
   */
  render(messages: ReadonlyArray<Message>): string
  /**
   * Token ids of the rendered chat. Only the template's own text makes special tokens: what a message says stays text, whatever it
   * says, so that no speaker can end a turn or begin another's. Throws what the template raises.
   */
  encodeChat(messages: ReadonlyArray<Message>): ReadonlyArray<number>
  tokenId(token: string): number | undefined
}

/**
 * A tokenizer of the contents of `tokenizer.json`, with a Jinja chat template; ids and texts are those of `transformers`, except
 * that messages make no special tokens, and that its version 5 reads the files of Llama 2 and its kin as if they said otherwise of a text's leading spaces. Throws where file
 * or template is malformed, or has parts that are not supported.
 */
export const makeChatTokenizer = (
  tokenizerFile: Readonly<Record<string, unknown>>,
  chatTemplate: string,
  specialTokens: Readonly<Record<string, string>> = {},
  options: ChatTemplateOptions = {}
): ChatTokenizer => {
  const tokenizer = new Tokenizer(libraryFile(tokenizerFile), {})
  const write = makeChatTemplate(chatTemplate, specialTokens, options)
  const render = (messages: ReadonlyArray<Message>): string =>
    write(messages, { continueFinalMessage: messages.at(-1)?.role === "assistant" })
  const decoding = readDecoder(tokenizerFile.decoder)
  const specialOnes = [...tokenizer.get_added_tokens_decoder().values()].filter((token) => token.special)
  const special = new Set(specialOnes.map(({ id }) => id))
  const interrupt = interrupting(specialOnes.map(({ content }) => content))
  const tokenText = (id: number): string | undefined =>
    special.has(id) ? undefined : tokenizer.id_to_token(id)
  const stream = (): TextStream => makeTextStream(tokenText, decoding())
  const idsOf = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids
  // UTF-8 has no lone surrogates: they become U+FFFD, whatever the tokenizer's alphabet.
  const encode = (text: string) => idsOf(text.toWellFormed())
  const encodeChat = (messages: ReadonlyArray<Message>): ReadonlyArray<number> => {
    const text = render(messages)
    // The template is shown a mark that it can handle as text, as in JSON.
    const mark = absentFrom([text, ...messages.map(({ content }) => content)].join("\n"))
    const marked = messages.map((message) => ({ ...message, content: interrupt(message.content, mark) }))
    if (marked.every(({ content }, index) => content === messages[index]?.content)) return encode(text)
    return idsOf(render(marked).toWellFormed().replaceAll(mark, interruption))
  }
  return {
    encode,
    decode: (ids) => {
      const text = stream()
      return ids.map((id) => text.push(id)).join("") + text.end()
    },
    stream,
    render,
    encodeChat,
    tokenId: (token) => tokenizer.token_to_id(token)
  }
}
