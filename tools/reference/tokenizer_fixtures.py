"""Writes what transformers makes of difficult strings, for each kind of tokenizer that our architectures use.

    python tools/reference/tokenizer_fixtures.py packages/trainers/src/tokenizer/fixtures

Needs transformers. The vocabularies are small and trained here, on the strings themselves; normalizer, pre-tokenizer, decoder and
added tokens of a family are those of the models it is named after. The directory then holds strings.json, vocabularies.json and
families.json: each family's tokenizer.json without its vocabulary, the ids of every string, those of it as text without special
tokens where they are others, the decoded text where it is another than the string, and texts of random ids.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path

from tokenizer_strings import STRINGS
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

directory = Path(sys.argv[1])


def byte_level_vocabulary():
    """Trained without any split, so that a family that splits at the wrong place finds other tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=900, initial_alphabet=alphabet, show_progress=False, max_token_length=12)
    tokenizer.train_from_iterator(STRINGS * 2, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return {"vocab": model["vocab"], "merges": [" ".join(merge) for merge in model["merges"]]}


def byte_fallback_vocabulary():
    """SentencePiece's layout: unknown, begin, end, the 256 bytes, then pieces; what has no piece is bytes."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("[^▁]+|▁+"), "isolated")
    texts = [string for string in STRINGS if "<" not in string]
    counts = Counter("".join(texts).replace(" ", "▁"))
    alphabet = sorted(counts, key=lambda character: (-counts[character], character))[:120]
    trainer = trainers.BpeTrainer(
        vocab_size=500,
        initial_alphabet=alphabet,
        limit_alphabet=len(alphabet),
        show_progress=False,
        max_token_length=8,
    )
    tokenizer.train_from_iterator(texts * 2, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    pieces = [piece for piece, _ in sorted(model["vocab"].items(), key=lambda entry: entry[1])]
    extra = ["▁▁", "▁▁▁▁", "▁a", "▁t", "▁th", "▁the"]
    merges = [list(merge) for merge in model["merges"]]
    merges += [["▁", "▁"], ["▁▁", "▁▁"], ["▁", "a"], ["▁", "t"], ["▁t", "h"], ["▁th", "e"]]
    vocabulary = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *pieces]
    vocabulary += [piece for piece in extra if piece not in vocabulary]
    known = set(vocabulary)
    kept = [a + " " + b for a, b in merges if a in known and b in known and a + b in known]
    return {"vocab": {piece: index for index, piece in enumerate(vocabulary)}, "merges": list(dict.fromkeys(kept))}


VOCABULARIES = {"byte-level": byte_level_vocabulary(), "byte-fallback": byte_fallback_vocabulary()}

CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + TAIL
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + TAIL
UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
TEKKEN = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*|\p{{N}}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def byte_level(add_prefix_space=False, use_regex=False):
    return {
        "type": "ByteLevel",
        "add_prefix_space": add_prefix_space,
        "trim_offsets": True,
        "use_regex": use_regex,
    }


def sequence(name, *parts):
    return {"type": "Sequence", name: list(parts)}


def added(*tokens):
    """(content, special, keywords), ids from the end of the vocabulary unless the vocabulary has the token."""
    return [{"content": content, "special": special, **options} for content, special, options in tokens]


def special(*contents, **options):
    return added(*((content, True, options) for content in contents))


def plain(*contents, **options):
    return added(*((content, False, options) for content in contents))


REPLACE_SPACE = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
LLAMA2_NORMALIZER = sequence("normalizers", {"type": "Prepend", "prepend": "▁"}, REPLACE_SPACE)
FALLBACK_STEPS = [
    {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
    {"type": "ByteFallback"},
    {"type": "Fuse"},
]
LLAMA2_DECODER = sequence(
    "decoders", *FALLBACK_STEPS, {"type": "Strip", "content": " ", "start": 1, "stop": 0}
)
SENTENCEPIECE = special("<unk>", "<s>", "</s>")
CHAT_MARKS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

FAMILIES = {
    "qwen": {
        "vocabulary": "byte-level",
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": sequence("pretokenizers", split({"Regex": QWEN}), byte_level()),
        "decoder": byte_level(),
        "added_tokens": special(*CHAT_MARKS) + plain("<tool_call>", "</tool_call>", "<think>", "</think>"),
    },
    "llama-3": {
        "vocabulary": "byte-level",
        "model": {"ignore_merges": True},
        "pre_tokenizer": sequence("pretokenizers", split({"Regex": LLAMA3}), byte_level()),
        "decoder": byte_level(True, True),
        "added_tokens": special(
            "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"
        ),
    },
    "mistral-nemo": {
        "vocabulary": "byte-level",
        "model": {"ignore_merges": True},
        "pre_tokenizer": sequence("pretokenizers", split({"Regex": TEKKEN}), byte_level()),
        "decoder": byte_level(True, True),
        "added_tokens": special("<unk>", "<s>", "</s>", "[INST]", "[/INST]"),
    },
    "smollm": {
        "vocabulary": "byte-level",
        "pre_tokenizer": sequence(
            "pretokenizers", {"type": "Digits", "individual_digits": True}, byte_level(False, True)
        ),
        "decoder": byte_level(True, True),
        "added_tokens": special(*CHAT_MARKS),
    },
    "gpt-2 with a space before": {
        "vocabulary": "byte-level",
        "pre_tokenizer": byte_level(True, True),
        "decoder": byte_level(True, True),
        "added_tokens": special("<|endoftext|>"),
    },
    "llama-2": {
        "vocabulary": "byte-fallback",
        "normalizer": LLAMA2_NORMALIZER,
        "decoder": LLAMA2_DECODER,
        "added_tokens": SENTENCEPIECE,
    },
    "phi-3": {
        "vocabulary": "byte-fallback",
        "normalizer": LLAMA2_NORMALIZER,
        "decoder": LLAMA2_DECODER,
        "added_tokens": special("<unk>", "<s>")
        + plain("</s>", rstrip=True)
        + special("<|endoftext|>")
        + special("<|user|>", "<|assistant|>", "<|end|>", rstrip=True)
        + special("<think>", lstrip=True),
    },
    "mistral": {
        "vocabulary": "byte-fallback",
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": "▁",
            "prepend_scheme": "first",
            "split": False,
        },
        "decoder": LLAMA2_DECODER,
        "added_tokens": SENTENCEPIECE + special("[INST]", "[/INST]"),
    },
    "metaspace": {
        "vocabulary": "byte-fallback",
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "added_tokens": SENTENCEPIECE,
    },
    "gemma": {
        "vocabulary": "byte-fallback",
        "normalizer": REPLACE_SPACE,
        "pre_tokenizer": split({"String": "▁"}, "MergedWithPrevious"),
        "decoder": sequence("decoders", *FALLBACK_STEPS),
        "added_tokens": SENTENCEPIECE + plain("\n\n", "▁▁▁▁▁▁▁▁"),
    },
    "words after their spaces": {
        "vocabulary": "byte-level",
        "pre_tokenizer": sequence(
            "pretokenizers",
            split({"Regex": r"\s|\p{P}"}, "MergedWithNext"),
            split({"Regex": r"[^\p{Cc}]+"}, "Removed", True),
            byte_level(),
        ),
        "decoder": byte_level(),
        "added_tokens": special("<|endoftext|>"),
    },
}


def tokenizer_file(family):
    """Contents of a tokenizer.json, without vocabulary and merges."""
    vocabulary = VOCABULARIES[family["vocabulary"]]["vocab"]
    tokens = []
    following = len(vocabulary)
    for token in family["added_tokens"]:
        known = vocabulary.get(token["content"])
        options = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
        tokens.append({"id": following if known is None else known, **options, **token})
        following += known is None
    fallback = family["vocabulary"] == "byte-fallback"
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": tokens,
        "normalizer": family.get("normalizer"),
        "pre_tokenizer": family.get("pre_tokenizer"),
        "post_processor": None,
        "decoder": family["decoder"],
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>" if fallback else None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": fallback,
            "byte_fallback": fallback,
            "ignore_merges": False,
            **family.get("model", {}),
        },
    }


def decode(tokenizer, ids):
    return tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)


def random_ids(tokenizer, count):
    """Ids at random, half of them of bytes alone, some beyond the vocabulary: what a model may well say."""
    draw = random.Random(7)
    size = len(tokenizer)
    names = tokenizer.convert_ids_to_tokens(range(size))
    pieces = [i for i, name in enumerate(names) if len(name) == 1 or name.startswith("<0x")]
    for number in range(count):
        among = range(size + 2) if number % 2 == 0 else pieces
        yield [draw.choice(among) for _ in range(draw.randrange(1, 11))]


def family_fixture(name, family):
    file = tokenizer_file(family)
    full = {**file, "model": {**file["model"], **VOCABULARIES[family["vocabulary"]]}}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_str(json.dumps(full)))
    ids = [tokenizer.encode(string, add_special_tokens=False) for string in STRINGS]
    tokenizer.backend_tokenizer.encode_special_tokens = True
    literal = [tokenizer.backend_tokenizer.encode(string, add_special_tokens=False).ids for string in STRINGS]
    texts = [decode(tokenizer, each) for each in ids]
    changed = {index: text for index, text in enumerate(texts) if text != STRINGS[index]}
    drawn = [[each, decode(tokenizer, each)] for each in random_ids(tokenizer, 60)]
    return {
        "name": name,
        "vocabulary": family["vocabulary"],
        "file": file,
        "ids": [" ".join(map(str, each)) for each in ids],
        "literal": {
            index: " ".join(map(str, each)) for index, each in enumerate(literal) if each != ids[index]
        },
        "changed": changed,
        "drawn": drawn,
    }


def write(name, value):
    (directory / name).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


directory.mkdir(parents=True, exist_ok=True)
write("strings.json", STRINGS)
write("vocabularies.json", VOCABULARIES)
write("families.json", [family_fixture(name, family) for name, family in FAMILIES.items()])
