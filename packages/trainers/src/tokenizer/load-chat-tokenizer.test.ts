import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { temporaryDirectory } from "../../test/temporary-directory.ts"
import { type ChatTemplateOptions, loadChatTokenizer } from "./index.ts"

const tokenizerFile = {
  added_tokens: ["<s>", "</s>"].map((content, id) => ({
    id,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false
  })),
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: { type: "BPE", vocab: { "<s>": 0, "</s>": 1, a: 2, b: 3 }, merges: [] }
}

/** Loads a tokenizer from a directory that holds these files, as JSON unless they are text. */
const load = (files: Readonly<Record<string, unknown>>, options?: ChatTemplateOptions) =>
  Effect.gen(function* () {
    const directory = yield* temporaryDirectory
    const all = { "tokenizer.json": tokenizerFile, ...files }
    for (const [name, contents] of Object.entries(all)) {
      const text = typeof contents === "string" ? contents : JSON.stringify(contents)
      yield* Effect.promise(() => writeFile(join(directory, name), text))
    }
    return yield* loadChatTokenizer(directory, options)
  }).pipe(Effect.scoped)

const question = { role: "user", content: "ab" } as const

it.effect(
  "a template may stand in the config, alone or by name, or in a file of its own, which goes first",
  () =>
    Effect.gen(function* () {
      const alone = yield* load({
        "tokenizer_config.json": { chat_template: "one {{ messages[0].content }}" }
      })
      expect(alone.render([question])).toBe("one ab")

      const named = [
        { name: "tool_use", template: "tools" },
        { name: "default", template: "two {{ messages[0].content }}" }
      ]
      const byName = yield* load({ "tokenizer_config.json": { chat_template: named } })
      expect(byName.render([question])).toBe("two ab")

      const file = { "chat_template.jinja": "three {{ messages[0].content }}\n" }
      expect((yield* load(file)).render([question])).toBe("three ab")
      const both = yield* load({ ...file, "tokenizer_config.json": { chat_template: named } })
      expect(both.render([question])).toBe("three ab")
    })
)

it.effect("a template sees the special tokens that the config names, as texts", () =>
  Effect.gen(function* () {
    const tokenizer = yield* load({
      "tokenizer_config.json": {
        chat_template: "{{ bos_token }}|{{ eos_token }}|{{ pad_token }}|{{ unk_token }}",
        bos_token: "<s>",
        eos_token: { content: "</s>", lstrip: false },
        pad_token: null
      }
    })
    expect(tokenizer.render([question])).toBe("<s>|</s>||")
    expect(tokenizer.encode("<s>ab</s>")).toEqual([0, 2, 3, 1])
  })
)

it.effect("a template sees the variables and the date that it is given", () =>
  Effect.gen(function* () {
    const files = { "chat_template.jinja": '{{ strftime_now("%Y") }} {{ "on" if thinking else "off" }}' }
    expect((yield* load(files)).render([question])).toBe("2024 off")
    const tokenizer = yield* load(files, { variables: { thinking: true }, date: "2031-01-01" })
    expect(tokenizer.render([question])).toBe("2031 on")
  })
)

const failure = (files: Readonly<Record<string, unknown>>) => Effect.flip(load(files))

it.effect("a directory without a template is refused, and the error says what to do", () =>
  Effect.gen(function* () {
    const nowhere = yield* failure({ "tokenizer_config.json": { bos_token: "<s>" } })
    expect(nowhere.message).toContain("has no chat template")
    expect(nowhere.hint).toContain("Instruct")
    const unnamed = yield* failure({
      "tokenizer_config.json": { chat_template: [{ name: "rag", template: "" }] }
    })
    expect(unnamed.message).toContain("has no chat template")
  })
)

it.effect("what cannot be used is named", () =>
  Effect.gen(function* () {
    const template = { "chat_template.jinja": "{{ messages[0].content }}" }
    const withPart = (part: object) => ({ ...template, "tokenizer.json": { ...tokenizerFile, ...part } })

    const cases = [
      [{ "chat_template.jinja": "{% if %}" }, "chat template cannot be used"],
      [{ ...template, "tokenizer.json": "{" }, "tokenizer.json is not JSON"],
      [withPart({ pre_tokenizer: { type: "Whitespace" } }), 'pre_tokenizer: {"type":"Whitespace"} is not'],
      [
        withPart({ normalizer: { type: "Sequence", normalizers: [{ type: "NFC" }, { type: "Lowercase" }] } }),
        'normalizer: {"type":"Lowercase"} is not'
      ],
      [withPart({ decoder: { type: "WordPiece", prefix: "##" } }), 'decoder: {"type":"WordPiece"'],
      [withPart({ model: { type: "Unigram", vocab: [] } }), "only byte-pair encoding"],
      [withPart({ model: { ...tokenizerFile.model, dropout: 0.1 } }), "only byte-pair encoding"],
      [
        withPart({ added_tokens: [{ ...tokenizerFile.added_tokens[0], single_word: true }] }),
        "single_word of <s>"
      ],
      [
        withPart({
          decoder: {
            type: "Sequence",
            decoders: [{ type: "Fuse" }, { type: "Replace", pattern: { String: "a" }, content: "b" }]
          }
        }),
        "Replace cannot follow"
      ]
    ] as const
    for (const [files, message] of cases) expect((yield* failure(files)).message).toContain(message)
  })
)
