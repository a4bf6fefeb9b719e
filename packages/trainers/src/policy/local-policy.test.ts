import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeAdapterStore } from "../adapter/index.ts"
import { createDecoder } from "../decoder/index.ts"
import { makeSampler } from "../sampler/index.ts"
import { makeChatTokenizer } from "../tokenizer/index.ts"
import { localPolicy } from "./index.ts"

const vocabulary = ["<|end|>", "<|user|>", "<|assistant|>", "a", "b", "c", "d", "e"]
const tokenizer = makeChatTokenizer(
  {
    added_tokens: vocabulary.slice(0, 3).map((content, id) => ({
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
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])), merges: [] }
  },
  "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

const view = { task: { id: "t", question: "q" }, transcript: [] }

it.effect("a completion's text is its tokens' without the end token, and its usage counts all of them", () =>
  Effect.gen(function* () {
    const decoder = createDecoder(
      {
        modelType: "llama",
        vocabularySize: 8,
        hiddenSize: 8,
        intermediateSize: 8,
        layers: 1,
        heads: 2,
        keyValueHeads: 1,
        headSize: 4,
        maximumPositions: 32,
        rope: { theta: 10_000 },
        rmsNormEpsilon: 1e-5,
        tiedEmbeddings: true,
        biases: [],
        queryKeyNorm: false,
        fusedProjections: false,
        endTokens: [0]
      },
      4
    )
    const adapters = makeAdapterStore(decoder, 1)
    const policy = localPolicy({ name: "tiny", tokenizer, sampler: yield* makeSampler(decoder), adapters })
    const completions = yield* policy.generate({
      prompt: { messages: [{ role: "user", content: "abe" }] },
      samples: 8,
      sampling: { temperature: 1, maxTokens: 12 },
      seed: 5,
      agent: "left",
      role: "proposer",
      view
    })
    expect(completions.length).toBe(8)
    for (const { text, usage, finish, tokens } of completions) {
      expect(tokens?.prompt).toEqual([1, 3, 4, 7, 2])
      expect(usage).toEqual({ prompt: 5, completion: tokens?.ids.length })
      expect(finish).toBe(tokens?.ids.at(-1) === 0 ? "stop" : "length")
      expect(text).toBe(
        (tokens?.ids ?? [])
          .filter((id) => id > 2)
          .map((id) => vocabulary[id])
          .join("")
      )
    }
    expect(new Set(completions.map(({ text }) => text)).size).toBeGreaterThan(1)
    expect(adapters.all().map(({ name }) => name)).toEqual(["left.proposer"])
  })
)
