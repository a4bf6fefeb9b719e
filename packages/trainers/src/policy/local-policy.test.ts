import { beforeAll, expect, it } from "@effect/vitest"
import { type GenerateRequest, stopIndex } from "@tracer-sdk/core"
import { policyConformance } from "@tracer-sdk/core/testing"
import { Effect } from "effect"
import { tinyConfig } from "../../test/tiny-config.ts"
import { makeAdapterStore } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { createDecoder } from "../decoder/index.ts"
import { localModel, nanoModelDirectory } from "../local/index.ts"
import { makeSampler } from "../sampler/index.ts"
import { loadChatTokenizer, makeChatTokenizer } from "../tokenizer/index.ts"
import { localPolicy } from "./index.ts"

beforeAll(() => quietly(loadCpu))

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
    const decoder = createDecoder({ ...tinyConfig, vocabularySize: 8, maximumPositions: 32 }, 4)
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

const request: GenerateRequest = {
  prompt: {
    messages: [
      { role: "user", content: "Mia has 3 bags with 4 apples each and loses 2. How many apples are left?" }
    ]
  },
  samples: 4,
  sampling: { temperature: 1, maxTokens: 40 },
  seed: 3,
  agent: "ann",
  role: "proposer",
  view
}
const nano = localModel({ backend: "cpu", seed: 1 })

it.effect("the small model conforms, with every way of drawing", () =>
  Effect.gen(function* () {
    const policy = yield* nano
    const samplings = [
      request.sampling,
      { temperature: 0, maxTokens: 30 },
      { temperature: 1.3, maxTokens: 30, topP: 0.9, topK: 20 }
    ]
    for (const sampling of samplings) {
      for (const { check } of policyConformance(policy, { ...request, sampling })) {
        yield* Effect.promise(() => Promise.resolve(check()))
      }
    }
  })
)

it.effect("a stop string ends a completion's text, while its tokens and their order of draws stay", () =>
  Effect.gen(function* () {
    const policy = yield* nano
    const whole = yield* policy.generate(request)
    // Two characters from the middle of a text, so that a token's border often lies within.
    const middle = whole[0]?.text.slice(20, 22) ?? ""
    const stopped = yield* policy.generate({ ...request, sampling: { ...request.sampling, stop: [middle] } })
    stopped.forEach(({ text, tokens, usage, finish }, i) => {
      const full = whole[i]
      const at = stopIndex(full?.text ?? "", [middle])
      expect(text).toBe(at < 0 ? full?.text : full?.text.slice(0, at))
      expect(tokens?.ids).toEqual(full?.tokens?.ids.slice(0, usage.completion))
      expect(tokens?.logProbabilities).toEqual(full?.tokens?.logProbabilities.slice(0, usage.completion))
      if (at >= 0) {
        expect(finish).toBe("stop")
        expect(usage.completion).toBeLessThan(full?.usage.completion ?? 0)
      }
    })
    expect(stopped[0]?.text).toHaveLength(20)
  })
)

it.effect(
  "a message of the assistant's is gone on with, from the tokens that it would have had as part of the whole",
  () =>
    Effect.gen(function* () {
      const policy = yield* nano
      const chat = yield* loadChatTokenizer(nanoModelDirectory)
      const [question] = request.prompt.messages
      if (question === undefined) throw new Error("no question")
      const asked = [{ role: "system" as const, content: "Solve." }, question]
      const spoken = { ...request, prompt: { messages: asked }, sampling: { temperature: 0, maxTokens: 40 } }
      const [whole] = yield* policy.generate({ ...spoken, samples: 1 })
      expect(whole?.text).toBe("3*4=12. 12-2=10.\nFinal answer: 10")
      const begin = chat.encodeChat(asked)
      for (const begun of ["3*4=", "3*4=12. 12-2="]) {
        const messages = [...asked, { role: "assistant" as const, content: begun }]
        const [rest] = yield* policy.generate({ ...spoken, prompt: { messages }, samples: 1 })
        expect(begun + rest?.text).toBe(whole?.text)
        expect([...(rest?.tokens?.prompt ?? []), ...(rest?.tokens?.ids ?? [])]).toEqual([
          ...begin,
          ...(whole?.tokens?.ids ?? [])
        ])
      }
      const step = { ...spoken, sampling: { ...spoken.sampling, stop: ["="] } }
      const messages = [...asked, { role: "assistant" as const, content: "3*4=" }]
      const [next] = yield* policy.generate({ ...step, prompt: { messages }, samples: 1 })
      expect(next?.text).toBe("12. 12-2")
    })
)

it.effect("text is told in pieces while it is spoken, and is the completion's in the end", () =>
  Effect.gen(function* () {
    const policy = yield* nano
    const told: Array<Array<string>> = [[], [], [], []]
    const onText = (sample: number, text: string) => told[sample]?.push(text)
    const sampling = { ...request.sampling, stop: ["\n"] }
    const completions = yield* policy.generate({ ...request, sampling, onText })
    expect(told.map((pieces) => pieces.join(""))).toEqual(completions.map(({ text }) => text))
    for (const pieces of told) expect(pieces.length).toBeGreaterThan(3)
  })
)
