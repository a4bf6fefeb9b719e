"""Writes what PyTorch's Adam makes of a tiny decoder in four GSPO steps, in float64.

    python3 tools/reference/gspo_steps_fixture.py packages/trainers/src > packages/trainers/src/learner/fixtures/steps.json

Needs torch, transformers, peft. Trains the checkpoint decoder/fixtures/qwen2 three ways: the LoRA adapter
adapter/fixtures/ours-qwen2, the last layer, and every weight. Five groups, of which one has no signal, with completions that were cut
off, weights by group, and recorded log-probabilities that are not the model's own; two mini-batches, two epochs, the k3 divergence
from the base model, gradients clipped to norm 0.5. Written sequence by sequence, without padding.
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
                    cutOff=integer(0, 5) == 0,
                )
            )
        groups.append(dict(prompt=prompt, weight=[1.0, 0.5, 1.0, 2.0, 1.5][number], sequences=sequences))
    return groups


def with_advantages(groups):
    """Sequences with advantages, in groups: without those that were cut off, without groups that have no signal."""
    kept = []
    for group in groups:
        rewards = torch.tensor([one["reward"] for one in group["sequences"]], dtype=torch.float64)
        deviation = rewards.std(unbiased=False)
        if deviation < 0.05:
            continue
        advantages = (rewards - rewards.mean()) / (deviation + 1e-8)
        sequences = [
            (group["prompt"], one["completion"], torch.tensor(one["recorded"]).double(), advantage, group["weight"])
            for one, advantage in zip(group["sequences"], advantages)
            if not one["cutOff"]
        ]
        if sequences:
            kept.append(sequences)
    return kept


def loss_of(model, reference, sequences):
    terms = []
    for prompt, completion, recorded, advantage, weight in sequences:
        new = log_probabilities(model, prompt, completion)
        with torch.no_grad():
            apart = reference(prompt, completion)
        ratio = torch.exp((new - recorded).mean())
        clipped = ratio.clamp(1 - options["epsilonLow"], 1 + options["epsilonHigh"])
        difference = apart - new
        divergence = (torch.exp(difference) - difference - 1).mean()
        terms.append(options["kl"] * divergence - weight * torch.minimum(ratio * advantage, clipped * advantage))
    return torch.stack(terms).mean()


def train(model, parameters, reference, learning_rate, groups):
    optimizer = torch.optim.Adam(list(parameters.values()), lr=learning_rate)
    half = len(groups) // 2
    steps = []
    for _ in range(options["epochs"]):
        for part in (groups[:half], groups[half:]):
            loss = loss_of(model, reference, sum(part, []))
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


groups = make_groups()
material = with_advantages(groups)
assert len(material) == 4

adapted = PeftModel.from_pretrained(copy.deepcopy(base), sources / "adapter/fixtures/ours-qwen2", is_trainable=True)
adapted = adapted.double().eval()
short = lambda name: name.removeprefix("base_model.model.").replace(".default", "")
lora = {short(name): parameter for name, parameter in adapted.named_parameters() if parameter.requires_grad}


def whole(names):
    model = copy.deepcopy(base)
    parameters = {}
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(names(name))
        if parameter.requires_grad:
            parameters[name] = parameter
    return model, parameters


runs = []
for config, rate, (model, parameters) in [
    (dict(kind="lora"), 0.01, (adapted, lora)),
    (dict(kind="layers", last=1), 0.002, whole(lambda name: name.startswith("model.layers.1."))),
    (dict(kind="full"), 0.002, whole(lambda name: True)),
]:
    runs.append(
        dict(adapter=config, learningRate=rate, steps=train(model, parameters, reference_of(base), rate, material))
    )
print(json.dumps(dict(options=options, temperature=temperature, stride=stride, groups=groups, runs=runs), separators=(",", ":")))
