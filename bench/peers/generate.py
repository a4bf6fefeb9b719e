"""The drawing of bench/sampler.ts with transformers' generate.

    python bench/peers/generate.py '{"vocabularySize": 4096, ...}' REQUESTS PROMPT TOKENS THREADS

Draws REQUESTS completions of TOKENS tokens after random prompts of PROMPT tokens, as often as each line of its standard input says,
and answers with the milliseconds as JSON: in float32, with a KV cache, at temperature 1 from the whole vocabulary.
"""

import json
import logging
import sys
import time as clock
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import torch
import transformers
from decoder import decoder_of

model, requests, prompt, tokens, threads = json.loads(sys.argv[1]), *map(int, sys.argv[2:6])
torch.set_num_threads(threads)
torch.manual_seed(1)
decoder = decoder_of(model, bos_token_id=None, eos_token_id=None, pad_token_id=0).eval()


@torch.inference_mode()
def draw():
    ids = torch.randint(0, model["vocabularySize"], (requests, prompt))
    drawn = decoder.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=True,
        temperature=1.0,
        top_k=0,
        min_new_tokens=tokens,
        max_new_tokens=tokens,
    )
    assert drawn.shape == (requests, prompt + tokens)


ready = f"torch {torch.__version__}, transformers {transformers.__version__}, {threads} threads"
print(json.dumps({"ready": ready}), flush=True)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = clock.perf_counter()
        draw()
        times.append(1000 * (clock.perf_counter() - start))
    print(json.dumps(times), flush=True)
