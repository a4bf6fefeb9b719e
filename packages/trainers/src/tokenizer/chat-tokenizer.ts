import { join } from "node:path"
import { Template } from "@huggingface/jinja"
import { Tokenizer } from "@huggingface/tokenizers"
import type { Message } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { ModelError } from "../files/model-error.ts"
import { readJson } from "../files/read-file.ts"
import { readDecoder } from "./decoder-file.ts"
import { libraryFile } from "./library-file.ts"
import { makeTextStream, type TextStream } from "./text-stream.ts"

/** Text to token ids and back, and a chat as a model was trained to see it. */
export interface ChatTokenizer {
  /** Token ids of the text alone: nothing is put before or after. */
  encode(text: string): ReadonlyArray<number>
  /** The text of the ids; special tokens are left out. */
  decode(ids: ReadonlyArray<number>): string
  /** A new text that grows token by token; whole, it is what `decode` makes of its ids. */
  stream(): TextStream
  /** The chat as text, ready for the assistant's next words. Throws what the template raises. */
  render(messages: ReadonlyArray<Message>): string
  tokenId(token: string): number | undefined
}

const Token = Schema.Union([Schema.String, Schema.Struct({ content: Schema.String })])
const TokenizerConfig = Schema.Struct({
  chat_template: Schema.String,
  bos_token: Schema.optionalKey(Schema.NullOr(Token)),
  eos_token: Schema.optionalKey(Schema.NullOr(Token)),
  pad_token: Schema.optionalKey(Schema.NullOr(Token))
})

const TokenizerFile = Schema.Record(Schema.String, Schema.Unknown)

const tokenText = (token: typeof Token.Type | null | undefined): string | undefined =>
  typeof token === "string" ? token : token?.content

/** A tokenizer of the contents of `tokenizer.json`, with a Jinja chat template; throws where either is malformed. */
export const makeChatTokenizer = (
  tokenizerFile: Readonly<Record<string, unknown>>,
  chatTemplate: string,
  specialTokens: Readonly<Record<string, string>> = {}
): ChatTokenizer => {
  const tokenizer = new Tokenizer(libraryFile(tokenizerFile), { clean_up_tokenization_spaces: false })
  const template = new Template(chatTemplate)
  const decoder = readDecoder(tokenizerFile.decoder)
  const special = new Set(
    [...tokenizer.get_added_tokens_decoder().values()].filter((token) => token.special).map(({ id }) => id)
  )
  const tokenText = (id: number): string | undefined =>
    special.has(id) ? undefined : tokenizer.id_to_token(id)
  const stream = (): TextStream => makeTextStream(tokenText, decoder())
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) => {
      const text = stream()
      return ids.map((id) => text.push(id)).join("") + text.end()
    },
    stream,
    render: (messages) =>
      template.render({
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: true,
        ...specialTokens
      }),
    tokenId: (token) => tokenizer.token_to_id(token)
  }
}

const hint =
  "A model directory holds tokenizer.json, and tokenizer_config.json with a chat_template, as Hugging Face writes them."

/** Loads `tokenizer.json` and the chat template of `tokenizer_config.json`. */
export const loadChatTokenizer = Effect.fn("loadChatTokenizer")(function* (
  directory: string
): Effect.fn.Return<ChatTokenizer, ModelError> {
  const path = join(directory, "tokenizer.json")
  const tokenizerFile = yield* readJson(TokenizerFile, path, hint)
  const config = yield* readJson(TokenizerConfig, join(directory, "tokenizer_config.json"), hint)
  const special: Record<string, string> = {}
  for (const name of ["bos_token", "eos_token", "pad_token"] as const) {
    const text = tokenText(config[name])
    if (text !== undefined) special[name] = text
  }
  return yield* Effect.try({
    try: () => makeChatTokenizer(tokenizerFile, config.chat_template, special),
    catch: (cause) =>
      new ModelError({ message: `${path} or its chat template cannot be used: ${cause}`, hint, path, cause })
  })
})
