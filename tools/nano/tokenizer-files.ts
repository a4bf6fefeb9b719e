import { byteCharacters, learnMerges } from "./byte-pairs.ts"

/** The tokens that frame a conversation, by id. */
export const specialTokens = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"] as const

/**
 * Where text is cut before byte pairs are merged: each digit by itself; a line's label with its colon; a word with the space before it,
 * and with the one after it where a number follows; other marks likewise.
 */
export const cut = String.raw`[0-9]|\.?\n\p{L}+(?: \p{L}+)?: ?| ?\p{L}+(?: (?=[0-9]))?|[^\p{L}0-9\s]+(?: (?=[0-9]))?|\s`

/** The pieces that a text is cut into, with their counts. */
const countPieces = (texts: Iterable<string>): ReadonlyMap<string, number> => {
  const pieces = new Map<string, number>()
  for (const text of texts) {
    for (const piece of text.match(new RegExp(cut, "gu")) ?? []) {
      pieces.set(piece, (pieces.get(piece) ?? 0) + 1)
    }
  }
  return pieces
}

const special = (content: string, id: number) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true
})

/** `tokenizer.json` of a byte-level BPE of `size` entries at most, learned on `texts`. */
export const makeTokenizer = (texts: Iterable<string>, size: number) => {
  const base = [...specialTokens, ...byteCharacters]
  const merges = learnMerges(countPieces(texts), size - base.length)
  const entries = [...base, ...merges.map(([left, right]) => left + right)]
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map(special),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: cut }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false }
      ]
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(entries.map((entry, id) => [entry, id])),
      merges
    }
  }
}

/** `tokenizer_config.json` with the chat template: every message behind the token of its speaker, the assistant's ends with `<|end|>`. */
export const tokenizerConfig = {
  tokenizer_class: "PreTrainedTokenizerFast",
  eos_token: "<|end|>",
  pad_token: "<|end|>",
  clean_up_tokenization_spaces: false,
  model_max_length: 256,
  chat_template:
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}" +
    "{% if message['role'] == 'assistant' %}<|end|>{% endif %}{% endfor %}" +
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
}
