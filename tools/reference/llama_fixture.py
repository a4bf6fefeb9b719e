"""Writes a tiny random Llama checkpoint and what PyTorch and transformers compute with it.

    python tools/reference/llama_fixture.py packages/trainers/src/decoder/fixtures/tiny-llama

Needs torch and transformers. The directory then holds config.json, model.safetensors and expected.json: token ids, the logits of
every position, a greedy continuation, and the log-probabilities and gradient norms of one scored sequence.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM

directory = Path(sys.argv[1])
torch.manual_seed(11)
config = LlamaConfig(
    vocab_size=61,
    hidden_size=24,
    intermediate_size=40,
    num_hidden_layers=2,
    num_attention_heads=6,
    num_key_value_heads=2,
    head_dim=8,
    max_position_embeddings=64,
    rope_theta=500.0,
    rms_norm_eps=1e-5,
    tie_word_embeddings=False,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
    attn_implementation="eager",
)
model = LlamaForCausalLM(config).float().eval()
with torch.no_grad():
    for name, parameter in model.named_parameters():
        # Wide enough for attention to choose and for the distributions to be far from uniform.
        parameter.copy_(torch.randn_like(parameter) * (0.1 if parameter.dim() == 1 else 0.25) + (parameter.dim() == 1))
model.save_pretrained(directory)

ids = torch.tensor([[5, 17, 33, 8, 60, 4, 4, 29, 51, 12], [1, 44, 9, 27, 27, 3, 58, 16, 35, 20]])
logits = model(ids).logits
prompt = ids[:1, :4]
greedy = model.generate(
    prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=24, do_sample=False, eos_token_id=None, pad_token_id=0
)
temperature = 0.8
scores = torch.log_softmax(logits[:, :-1] / temperature, -1).gather(-1, ids[:, 1:, None])[..., 0]
scores[:, 3:].sum().backward()
expected = {
    "ids": ids.tolist(),
    "logits": [[round(x, 6) for x in row] for row in logits.detach().reshape(-1, config.vocab_size).tolist()],
    "greedy": greedy[0, 4:].tolist(),
    "temperature": temperature,
    "scored_from": 4,
    "scores": [[round(x, 6) for x in row] for row in scores.detach().tolist()],
    "gradient_norms": {name: parameter.grad.norm().item() for name, parameter in model.named_parameters()},
}
(directory / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
(directory / "generation_config.json").unlink(missing_ok=True)
