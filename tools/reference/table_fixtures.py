"""Writes small tables of tasks as their publishers' tools write theirs: with pyarrow and with Python's own csv.

    python tools/reference/table_fixtures.py packages/core/src/data/fixtures

Needs pyarrow. All rows are made up; only the columns and formats are those of GSM8K, MATH-500, GPQA and MMLU.
"""

import csv
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

target = Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)

words = [
    {"question": "A crate holds 6 jars. How many jars are in 7 crates?", "answer": "7 * 6 = <<7*6=42>>42\n#### 42"},
    {"question": "Lena had 31 nails and used 12. How many are left?", "answer": "31 - 12 = <<31-12=19>>19\n#### 19"},
    {"question": "A tram has 3 cars of 1,100 seats. How many seats?", "answer": "3 * 1,100 = 3,300\n#### 3,300"},
]
# One file for each compression, and several groups of rows in the last.
for codec in ["snappy", "zstd", "gzip", "brotli", "lz4", "none"]:
    pq.write_table(pa.Table.from_pylist(words), target / f"words-{codec}.parquet", compression=codec, row_group_size=2)
(target / "words.jsonl").write_text("".join(json.dumps(row) + "\n" for row in words))

latex = [
    {
        "problem": "What is $\\frac{1}{3} + \\frac16$?",
        "solution": "It is $\\boxed{\\frac{1}{2}}$.",
        "answer": "\\frac{1}{2}",
        "subject": "Prealgebra",
        "level": 1,
        "unique_id": "test/made-up/1.json",
    },
    {
        "problem": "Solve $x - 4 > 0$.",
        "solution": "So $x \\in \\boxed{(4,\\infty)}$.",
        "answer": "(4,\\infty)",
        "subject": "Algebra",
        "level": 2,
        "unique_id": "test/made-up/2.json",
    },
]
(target / "latex.jsonl").write_text("".join(json.dumps(row) + "\n" for row in latex))

science = [
    ["recA", "Which of these is a noble gas,\nat room temperature?", "Neon\n", "Iron", "Ozone, O3", 'So-called "laughing" gas'],
    ["recB", "What does a thermometer measure?", "Temperature", "Pressure", "Charge", "Mass "],
]
header = ["Record ID", "Question", "Correct Answer", "Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3"]
with open(target / "science.csv", "w", newline="") as file:
    csv.writer(file).writerows([header, *science])

keyed = [
    {"question": "Which is even?", "subject": "numbers", "choices": ["3", "5", "8", "9"], "answer": 2},
    {"question": "Which is prime?", "subject": "numbers", "choices": ["4", "6", "8", "2"], "answer": 3},
]
schema = pa.schema(
    [("question", pa.string()), ("subject", pa.string()), ("choices", pa.list_(pa.string())), ("answer", pa.int64())]
)
pq.write_table(pa.Table.from_pylist(keyed, schema=schema), target / "keyed.parquet")
