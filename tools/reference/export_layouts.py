"""Proves that TRL takes what `tracer export` writes.

    node tools/reference/golden-export.ts packages/core/test/fixtures/export
    python tools/reference/export_layouts.py packages/core/test/fixtures/export

Needs trl, datasets, torch, transformers. Each layout is loaded as JSONL and as Parquet: both hold the same rows, in the columns and
types that TRL's formats name; conversational rows take a chat template, and the preparation of the trainers' own data runs on them.
"""

import sys
from pathlib import Path

from datasets import Value, load_dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from trl.data_utils import apply_chat_template, is_conversational, unpair_preference_dataset
from trl.experimental.prm import PRMTrainer

target = Path(sys.argv[1])

words = Tokenizer(models.WordLevel({"[UNK]": 0, "[EOS]": 1}, unk_token="[UNK]"))
words.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, unk_token="[UNK]", eos_token="[EOS]", pad_token="[EOS]")
tokenizer.chat_template = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}</{{ m.role }}>{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)

messages = ["prompt", "completion", "chosen", "rejected"]
origin = ["task", "round", "agent", "role"]
columns = {
    "prompt-completion": ["prompt", "completion", "reward", *origin],
    "preference": ["prompt", "chosen", "rejected", "score_chosen", "score_rejected", *origin],
    "unpaired-preference": ["prompt", "completion", "label", *origin],
    "stepwise": ["prompt", "completions", "labels", "task"],
}

for layout, names in columns.items():
    parquet = load_dataset("parquet", data_files=str(target / f"{layout}.parquet"), split="train")
    lines = load_dataset("json", data_files=str(target / f"{layout}.jsonl"), split="train")
    assert parquet.column_names == names, (layout, parquet.column_names)
    assert lines.column_names == names, (layout, lines.column_names)
    assert parquet.to_list() == lines.to_list(), layout
    assert len(parquet) > 0, layout

    if layout == "stepwise":
        assert parquet.features["prompt"] == Value("string")
        assert parquet.features["completions"].feature == Value("string")
        assert parquet.features["labels"].feature == Value("bool")
        assert all(len(row["completions"]) == len(row["labels"]) for row in parquet)
        row = parquet[0]
        tokens = PRMTrainer.tokenize_row(
            {name: row[name] for name in ("prompt", "completions", "labels")},
            tokenizer=tokenizer,
            step_separator="\n",
            max_length=None,
            max_completion_length=None,
            train_on_last_step_only=False,
            is_eval=False,
        )
        # One label at the end of each step; the rest is not looked at.
        assert [label for label in tokens["labels"] if label != -100] == [int(label) for label in row["labels"]]
        continue

    for row in parquet:
        assert is_conversational(row), layout
        for name in messages:
            assert all(set(message) == {"role", "content"} for message in row.get(name, []))
        templated = apply_chat_template(
            {name: row[name] for name in messages if name in row}, tokenizer
        )
        assert templated["prompt"].endswith("<assistant>"), templated["prompt"]
        for name in ("completion", "chosen", "rejected"):
            if name in row:
                assert templated[name].startswith(row[name][0]["content"]), templated
    if layout == "preference":
        pairs = parquet.select_columns(["prompt", "chosen", "rejected"])
        assert unpair_preference_dataset(pairs).column_names == ["prompt", "completion", "label"]
        assert all(row["score_chosen"] > row["score_rejected"] for row in parquet)
    if layout == "unpaired-preference":
        assert parquet.features["label"] == Value("bool")
    if layout == "prompt-completion":
        assert parquet.features["reward"] == Value("float64")

print(f"TRL takes {', '.join(columns)} from {target}")
