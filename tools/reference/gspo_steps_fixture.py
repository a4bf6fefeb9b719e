"""Writes what PyTorch's Adam makes of a tiny decoder in four GSPO steps, in float64.

    python3 tools/reference/gspo_steps_fixture.py packages/trainers/src > packages/trainers/src/learner/fixtures/steps.json

Needs torch, transformers, peft. Trains the checkpoint decoder/fixtures/qwen2 in several ways: the LoRA adapter
adapter/fixtures/ours-qwen2, the last layer, and every weight; by GSPO, by GSPO-token and GRPO with rewards by token, and by GSPO with
ratios of its own and truncated importance weights. Five groups, of which one has no signal, with completions that were cut off, weights
by group, and recorded log-probabilities that are not the model's own; two mini-batches, two epochs, the k3 divergence from the base
model, gradients clipped to norm 0.5. Written sequence by sequence, without padding.
"""

import copy
import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

sources = Path(sys.argv[1])
base_directory = sources / "decoder/fixtures/qwen2"
options = dict(epsilonLow=0.02, epsilonHigh=0.03, kl=0.05, maxGradientNorm=0.5, miniBatches=2, epochs=2)
temperature = 0.8
stride = 11

base = AutoModelForCausalLM.from_pretrained(base_directory, dtype=torch.float32, attn_implementation="eager")
base = base.double().eval()


def log_probabilities(model, prompt, completion):
    ids = torch.tensor([prompt + completion])
    logits = model(ids, use_cache=False).logits[0, len(prompt) - 1 : -1] / temperature
    return torch.log_softmax(logits, -1).gather(-1, torch.tensor(completion)[:, None])[:, 0]


def make_groups():
    generator = torch.Generator().manual_seed(23)
    integer = lambda low, high: torch.randint(low, high, (1,), generator=generator).item()
    rewards = [[1, -1, -1, -1], [1, 1, -1, 0], [1, 1, 1, 1], [-1, 1, 1, 1], [0, 1]]
    groups = []
    for number, own in enumerate(rewards):
        prompt = [integer(1, 61) for _ in range(integer(2, 6))]
        sequences = []
        for reward in own:
            completion = [integer(1, 61) for _ in range(integer(1, 7))]
            with torch.no_grad():
                recorded = log_probabilities(base, prompt, completion)
            recorded = recorded + 0.05 * torch.randn(len(completion), generator=generator, dtype=torch.float64)
            sequences.append(
                dict(
                    completion=completion,
                    recorded=[round(x, 7) for x in recorded.tolist()],
                    reward=reward,
                    tokenRewards=[reward if number == 2 else integer(-2, 3) for _ in completion],
                    cutOff=integer(0, 5) == 0,
                )
            )
        groups.append(dict(prompt=prompt, weight=[1.0, 0.5, 1.0, 2.0, 1.5][number], sequences=sequences))
    return groups


def with_advantages(groups, by_token):
    """Sequences with advantages, in groups: without those that were cut off, without groups that have no signal."""
    kept = []
    for group in groups:
        rewards = [
            torch.tensor(one["tokenRewards"] if by_token else [one["reward"]], dtype=torch.float64)
            for one in group["sequences"]
        ]
        mean = torch.stack([one.mean() for one in rewards]).mean()
        deviation = torch.stack([((one - mean) ** 2).mean() for one in rewards]).mean().sqrt()
        if deviation < 0.05:
            continue
        sequences = [
            (
                group["prompt"],
                one["completion"],
                torch.tensor(one["recorded"]).double(),
                (own - mean) / (deviation + 1e-8),
                group["weight"],
                torch.ones(len(one["completion"]), dtype=torch.float64),
            )
            for one, own in zip(group["sequences"], rewards)
            if not one["cutOff"]
        ]
        if sequences:
            kept.append(sequences)
    return kept


def with_own_ratios(model, groups, cap):
    """Ratios start from the model's own log-probabilities; tokens weigh by those over the recorded ones, up to the cap."""
    weighed = []
    for group in groups:
        sequences = []
        for prompt, completion, recorded, advantage, weight, _ in group:
            with torch.no_grad():
                own = log_probabilities(model, prompt, completion)
            sequences.append((prompt, completion, own, advantage, weight, torch.exp(own - recorded).clamp(max=cap)))
        weighed.append(sequences)
    return weighed


def objective_of(variant, new, old, advantages, importance):
    low, high = 1 - options["epsilonLow"], 1 + options["epsilonHigh"]
    clipped = lambda ratio, advantage: torch.minimum(ratio * advantage, ratio.clamp(low, high) * advantage)
    sequence = torch.exp((new - old).mean())
    if variant == "gspo":
        return clipped(sequence, advantages[0]) * importance.mean()
    terms = []
    for token, before, advantage, factor in zip(new, old, advantages.expand(len(new)), importance):
        ratio = torch.exp(token - before) if variant == "grpo" else sequence.detach() * torch.exp(token - token.detach())
        terms.append(factor * clipped(ratio, advantage))
    return torch.stack(terms).mean()


def loss_of(model, reference, variant, sequences):
    terms = []
    for prompt, completion, old, advantages, weight, importance in sequences:
        new = log_probabilities(model, prompt, completion)
        with torch.no_grad():
            apart = reference(prompt, completion)
        difference = apart - new
        divergence = (torch.exp(difference) - difference - 1).mean()
        terms.append(options["kl"] * divergence - weight * objective_of(variant, new, old, advantages, importance))
    return torch.stack(terms).mean()


def train(model, parameters, reference, variant, learning_rate, groups):
    optimizer = torch.optim.Adam(list(parameters.values()), lr=learning_rate)
    half = len(groups) // 2
    steps = []
    for _ in range(options["epochs"]):
        for part in (groups[:half], groups[half:]):
            loss = loss_of(model, reference, variant, sum(part, []))
            optimizer.zero_grad()
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(list(parameters.values()), options["maxGradientNorm"])
            optimizer.step()
            values = {
                name: [float(f"{x:.8g}") for x in parameter.detach().flatten()[::stride].tolist()]
                for name, parameter in parameters.items()
            }
            steps.append(dict(loss=loss.item(), gradientNorm=norm.item(), parameters=values))
    return steps


def reference_of(model):
    return lambda prompt, completion: log_probabilities(model, prompt, completion)


def adapted():
    model = PeftModel.from_pretrained(copy.deepcopy(base), sources / "adapter/fixtures/ours-qwen2", is_trainable=True)
    model = model.double().eval()
    short = lambda name: name.removeprefix("base_model.model.").replace(".default", "")
    return model, {short(name): value for name, value in model.named_parameters() if value.requires_grad}


def whole(chosen):
    model = copy.deepcopy(base)
    parameters = {}
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(chosen(name))
        if parameter.requires_grad:
            parameters[name] = parameter
    return model, parameters


groups = make_groups()
runs = []
for adapter, variant, rate, cap, (model, parameters) in [
    (dict(kind="lora"), "gspo", 0.01, None, adapted()),
    (dict(kind="lora"), "gspo", 0.01, 1.02, adapted()),
    (dict(kind="layers", last=1), "gspo-token", 0.002, None, whole(lambda name: name.startswith("model.layers.1."))),
    (dict(kind="full"), "grpo", 0.002, 1.02, whole(lambda name: True)),
]:
    material = with_advantages(groups, variant != "gspo")
    if cap is not None:
        material = with_own_ratios(model, material, cap)
    reference = lambda prompt, completion: log_probabilities(base, prompt, completion)
    steps = train(model, parameters, reference, variant, rate, material)
    settings = dict(variant=variant, learningRate=rate, **({} if cap is None else dict(importanceCap=cap)))
    runs.append(dict(adapter=adapter, settings=settings, groups=len(material), steps=steps))
print(json.dumps(dict(options=options, temperature=temperature, stride=stride, groups=groups, runs=runs), separators=(",", ":")))
