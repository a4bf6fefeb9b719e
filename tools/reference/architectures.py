"""Writes a tiny random checkpoint of each architecture, and what PyTorch and transformers compute with it.

    python tools/reference/architectures.py packages/trainers/src/decoder/fixtures

Needs torch and transformers. A directory for each checkpoint then holds config.json, the weights and expected.json: token ids, the
logits of every position, a greedy continuation of 32 tokens, the log-probabilities of the tokens at a temperature, and each weight's
gradient of their sum (its norm, and its product with cos 0, cos 1, ...). All is computed in 32-bit floats from the weights as they
were stored.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from transformers import (
    AutoModelForCausalLM,
    GenerationConfig,
    LlamaConfig,
    MistralConfig,
    Phi3Config,
    Qwen2Config,
    Qwen3Config,
)

small = dict(
    vocab_size=61,
    hidden_size=24,
    intermediate_size=36,
    num_hidden_layers=2,
    num_attention_heads=6,
    num_key_value_heads=2,
    max_position_embeddings=64,
    rms_norm_eps=1e-5,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
)

# Spellings of positions: transformers 4 has rope_theta and rope_scaling, transformers 5 has rope_parameters.
checkpoints = {
    # As Llama 3.1 and 3.2: of the four frequencies one is kept, one blended, two are slowed.
    "llama3": dict(
        config=lambda: LlamaConfig(
            **small,
            head_dim=8,
            tie_word_embeddings=True,
            rope_theta=100.0,
            rope_scaling=dict(
                rope_type="llama3",
                factor=8.0,
                low_freq_factor=1.0,
                high_freq_factor=4.0,
                original_max_position_embeddings=32,
            ),
        ),
        transformers4=True,
    ),
    "llama-linear": dict(
        config=lambda: LlamaConfig(
            **small,
            tie_word_embeddings=False,
            attention_bias=True,
            mlp_bias=True,
            rope_parameters=dict(rope_type="linear", rope_theta=500.0, factor=2.5),
        ),
        dtype=torch.bfloat16,
        shards="12KB",
    ),
    "mistral": dict(
        config=lambda: MistralConfig(
            **{**small, "num_attention_heads": 4},
            head_dim=8,
            sliding_window=5,
            tie_word_embeddings=False,
            rope_theta=1000.0,
        ),
        dtype=torch.float16,
        transformers4=True,
    ),
    # As Qwen2.5-Instruct: one more end token in generation_config.json.
    "qwen2": dict(
        config=lambda: Qwen2Config(
            **small,
            tie_word_embeddings=True,
            use_sliding_window=True,
            sliding_window=7,
            max_window_layers=1,
            rope_parameters=dict(rope_type="default", rope_theta=1000.0),
        ),
        end_tokens=[2, 9],
        shards="24KB",
    ),
    "qwen2-yarn": dict(
        config=lambda: Qwen2Config(
            **{**small, "num_hidden_layers": 1, "hidden_size": 48},
            tie_word_embeddings=True,
            rope_theta=50.0,
            rope_scaling=dict(
                rope_type="yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=2.0, beta_slow=0.5
            ),
        ),
        dtype=torch.bfloat16,
        transformers4=True,
    ),
    "qwen3": dict(
        config=lambda: Qwen3Config(
            **{**small, "num_attention_heads": 4},
            head_dim=12,
            tie_word_embeddings=True,
            rope_parameters=dict(rope_type="default", rope_theta=1000.0),
        ),
    ),
    # As Phi-3-mini-128k and Phi-4-mini: 6 of a head's 8 features are rotated.
    "phi3": dict(
        config=lambda: Phi3Config(
            **{**small, "max_position_embeddings": 160, "hidden_size": 32, "num_attention_heads": 4},
            tie_word_embeddings=False,
            original_max_position_embeddings=40,
            sliding_window=30,
            rope_theta=100.0,
            partial_rotary_factor=0.75,
            rope_scaling=dict(type="longrope", short_factor=[1.0, 1.25, 1.5], long_factor=[1.5, 3.0, 6.0]),
        ),
        transformers4=True,
        # Longer than the original positions: padding behind a sequence makes transformers take the long factors.
        runs=[dict(), dict(maximumPositions=160, tokens=46, pad_to=80)],
    ),
}


def randomize(model, generator):
    """Wide enough for attention to choose, for distributions to be far from uniform, and for every bias and norm to matter."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if name.endswith(".bias"):
                parameter.copy_(0.4 * noise)
            elif parameter.dim() == 1:
                parameter.copy_(1 + 0.25 * noise)
            else:
                parameter.copy_(0.25 * noise * (24 / parameter.shape[1]) ** 0.5)


def as_transformers4(directory):
    path = directory / "config.json"
    config = json.loads(path.read_text())
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    partial = rope.pop("partial_rotary_factor", None)
    if partial is not None:
        config["partial_rotary_factor"] = partial
        # Where Phi-3's configurations have it.
        config["original_max_position_embeddings"] = rope.pop("original_max_position_embeddings")
        rope["type"] = rope.pop("rope_type")
    config["rope_scaling"] = None if rope.get("rope_type") == "default" else rope
    config["torch_dtype"] = config.pop("dtype")
    path.write_text(json.dumps(config, indent=2) + "\n")


def greedy(model, prompt, steps, pad_to):
    """The most probable continuation; None where a step is closer than the accuracy that is asked for."""
    ids = list(prompt)
    with torch.no_grad():
        for _ in range(steps):
            padded = ids + [0] * max(0, pad_to - len(ids))
            best = model(torch.tensor([padded]), use_cache=False).logits[0, len(ids) - 1].topk(2)
            if best.values[0] - best.values[1] < 5e-3:
                return None
            ids.append(best.indices[0].item())
    return ids[len(prompt) :]


def run_of(model, generator, tokens=24, pad_to=0, **load):
    vocabulary = model.config.vocab_size
    ids = torch.randint(1, vocabulary, (2, tokens), generator=generator)
    padded = torch.nn.functional.pad(ids, (0, max(0, pad_to - tokens)))
    logits = model(padded, use_cache=False).logits[:, :tokens]
    prompt = ids[0, :6].tolist()
    continuation = greedy(model, prompt, 32, pad_to)
    if continuation is None or len(set(continuation)) < 8 or logits.std() < 0.5:
        return None
    temperature, scored_from = 0.8, 4
    scores = torch.log_softmax(logits[:, :-1] / temperature, -1).gather(-1, ids[:, 1:, None])[..., 0]
    model.zero_grad()
    scores[:, scored_from - 1 :].sum().backward()
    gradients = {}
    for name, parameter in model.named_parameters():
        flat = parameter.grad.flatten().double()
        sketch = (flat * torch.arange(len(flat)).double().cos()).sum()
        gradients[name] = [float(f"{x:.8g}") for x in (flat.norm().item(), sketch.item())]
    return dict(
        **load,
        ids=ids.tolist(),
        logits=[[round(x, 5) for x in row] for row in logits.detach().reshape(-1, vocabulary).tolist()],
        prompt=prompt,
        greedy=continuation,
        temperature=temperature,
        scoredFrom=scored_from,
        scores=[[round(x, 6) for x in row] for row in scores.detach().tolist()],
        gradients=gradients,
    )


def write(directory, config, dtype=torch.float32, shards="1GB", transformers4=False, end_tokens=None, runs=({},)):
    for seed in range(100):
        shutil.rmtree(directory, ignore_errors=True)
        generator = torch.Generator().manual_seed(seed)
        made = AutoModelForCausalLM.from_config(config(), attn_implementation="eager").eval()
        randomize(made, generator)
        made.to(dtype).save_pretrained(directory, max_shard_size=shards)
        if transformers4:
            as_transformers4(directory)
        (directory / "generation_config.json").unlink(missing_ok=True)
        if end_tokens is not None:
            GenerationConfig(eos_token_id=end_tokens).save_pretrained(directory)
        model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
        results = [run_of(model, generator, **run) for run in runs]
        if None not in results:
            spread = max(abs(x) for row in results[0]["logits"] for x in row)
            print(f"{directory.name}: seed {seed}, largest logit {spread:.1f}, {sorted(p.name for p in directory.iterdir())}")
            (directory / "expected.json").write_text(json.dumps(results, separators=(",", ":")) + "\n")
            return
    raise SystemExit(f"{directory.name}: no seed gives a clear continuation")


for name, checkpoint in checkpoints.items():
    write(Path(sys.argv[1]) / name, **checkpoint)
