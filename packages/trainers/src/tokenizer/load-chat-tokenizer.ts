import { join } from "node:path"
import { Effect, Schema } from "effect"
import { ModelError } from "../files/model-error.ts"
import { readJson, readOptionalBytes, readOptionalJson } from "../files/read-file.ts"
import type { ChatTemplateOptions } from "./chat-template.ts"
import { type ChatTokenizer, makeChatTokenizer } from "./chat-tokenizer.ts"

const Token = Schema.Union([Schema.String, Schema.Struct({ content: Schema.String })])
const OptionalToken = Schema.optionalKey(Schema.NullOr(Token))
const NamedTemplates = Schema.Array(Schema.Struct({ name: Schema.String, template: Schema.String }))
const TokenizerConfig = Schema.Struct({
  chat_template: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, NamedTemplates]))),
  bos_token: OptionalToken,
  eos_token: OptionalToken,
  unk_token: OptionalToken,
  sep_token: OptionalToken,
  pad_token: OptionalToken,
  cls_token: OptionalToken,
  mask_token: OptionalToken
})
type TokenizerConfig = typeof TokenizerConfig.Type

const TokenizerFile = Schema.Record(Schema.String, Schema.Unknown)

const hint =
  "A model directory holds tokenizer.json, and tokenizer_config.json with a chat_template, as Hugging Face writes them."

const textsOf = (
  tokens: Readonly<Record<string, typeof Token.Type | null>>
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(tokens).flatMap(([name, token]) =>
      token === null ? [] : [[name, typeof token === "string" ? token : token.content]]
    )
  )

/** The template of a chat without tools; undefined where there is none. */
const usualTemplate = (template: TokenizerConfig["chat_template"]): string | undefined => {
  if (template === null || template === undefined) return undefined
  return typeof template === "string" ? template : template.find(({ name }) => name === "default")?.template
}

/**
 * Loads `tokenizer.json` and the chat template: that of `chat_template.jinja`, or else that of `tokenizer_config.json`, where it
 * stands alone or is named `default`.
 */
export const loadChatTokenizer = Effect.fn("loadChatTokenizer")(function* (
  directory: string,
  options: ChatTemplateOptions = {}
): Effect.fn.Return<ChatTokenizer, ModelError> {
  const path = join(directory, "tokenizer.json")
  const configPath = join(directory, "tokenizer_config.json")
  const templatePath = join(directory, "chat_template.jinja")
  const tokenizerFile = yield* readJson(TokenizerFile, path, hint)
  const config = yield* readOptionalJson(TokenizerConfig, configPath, hint)
  const { chat_template, ...special } = config ?? {}
  const templateFile = yield* readOptionalBytes(templatePath, hint)
  const template =
    templateFile === undefined ? usualTemplate(chat_template) : new TextDecoder().decode(templateFile)
  if (template === undefined) {
    return yield* new ModelError({
      message: `${directory} has no chat template: neither chat_template.jinja, nor a chat_template in tokenizer_config.json.`,
      hint: "Base models have none. Take the model's Instruct version, or put its template into chat_template.jinja.",
      path: configPath
    })
  }
  return yield* Effect.try({
    try: () => makeChatTokenizer(tokenizerFile, template, textsOf(special), options),
    catch: (cause) =>
      new ModelError({ message: `${path} or its chat template cannot be used: ${cause}`, hint, path, cause })
  })
})
