"""The training step of bench/trainers.ts in PyTorch, transformers and PEFT.

    python bench/peers/train_step.py '{"vocabularySize": 4096, ...}' BATCH TIME THREADS

Takes as many steps as each line of its standard input says, and answers with their milliseconds as JSON: forward pass, GSPO loss
over all positions, backward pass, gradient clipping and Adam on LoRA weights, in float32.
"""

import json
import logging
import sys
import time as clock
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from decoder import decoder_of

model, batch, time, threads = json.loads(sys.argv[1]), *map(int, sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(1)
decoder = decoder_of(model, use_cache=False)
targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
policy = get_peft_model(decoder, LoraConfig(r=8, lora_alpha=16, lora_dropout=0.0, target_modules=targets))
trained = [parameter for parameter in policy.parameters() if parameter.requires_grad]
adam = torch.optim.Adam(trained, lr=1e-3)
place = torch.arange(batch * time).view(batch, time)
ids, labels = (place * 7919 + 1) % model["vocabularySize"], (place * 7919 + 2) % model["vocabularySize"]
old = torch.full((batch, time), -torch.log(torch.tensor(float(model["vocabularySize"]))))
advantages = torch.tensor([1.0 if row % 2 == 0 else -1.0 for row in range(batch)])


def step():
    logits = policy(input_ids=ids).logits
    scores = -torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none").view(batch, time)
    ratio = (scores - old).mean(1).exp()
    loss = -torch.minimum(ratio * advantages, ratio.clamp(0, 1e6) * advantages).mean()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 0.5)
    adam.step()
    adam.zero_grad()
    return loss.item()


print(json.dumps({"ready": f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}"}), flush=True)
for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = clock.perf_counter()
        step()
        times.append(1000 * (clock.perf_counter() - start))
    print(json.dumps(times), flush=True)
