"""Writes losses and gradients of the policy losses from PyTorch autograd, in float64.

    python3 tools/reference/gspo_fixture.py > packages/trainers/src/gspo/fixtures/policy-loss.json

The losses are written here as the papers state them, sequence by sequence, so that they share no code and no
vectorisation with the TensorFlow.js ones: GSPO (arXiv 2507.18071), GRPO (arXiv 2402.03300), k3 (Schulman 2020).
"""

import json

import torch

LENGTHS = [4, 2, 5, 3, 1, 5]
TIME = 7
OFFSETS = [1, 3, 0, 2, 4, 2]


def draw(generator, low, high, shape):
    return low + (high - low) * torch.rand(shape, generator=generator, dtype=torch.float64)


def sequence_objective(new, old, advantage, token_advantages, variant, low, high):
    if variant == "gspo":
        ratio = torch.exp((new - old).mean())
        return torch.minimum(ratio * advantage, ratio.clamp(1 - low, 1 + high) * advantage)
    if variant == "gspo-token":
        sequence = torch.exp((new - old).mean()).detach()
        terms = []
        for token, own in zip(new, token_advantages):
            ratio = sequence * torch.exp(token) / torch.exp(token).detach()
            terms.append(torch.minimum(ratio * own, ratio.clamp(1 - low, 1 + high) * own))
        return torch.stack(terms).mean()
    terms = []
    for token, before, own in zip(new, old, token_advantages):
        ratio = torch.exp(token) / torch.exp(before)
        terms.append(torch.minimum(ratio * own, ratio.clamp(1 - low, 1 + high) * own))
    return torch.stack(terms).mean()


def case(name, seed, variant, low, high, kl, spread, by_token):
    generator = torch.Generator().manual_seed(seed)
    rows = len(LENGTHS)
    old = draw(generator, -3.0, -0.1, (rows, TIME))
    new = (old + draw(generator, -spread, spread, (rows, TIME))).requires_grad_(True)
    reference = old.detach() + draw(generator, -0.3, 0.3, (rows, TIME))
    advantages = draw(generator, -1.8, 1.8, (rows,))
    token_advantages = draw(generator, -1.8, 1.8, (rows, TIME)) if by_token else advantages[:, None].expand(rows, TIME)
    weights = draw(generator, 0.5, 2.0, (rows,))
    mask = torch.zeros(rows, TIME)
    sequences = rows + 2
    loss = torch.zeros((), dtype=torch.float64)
    for row, (length, offset) in enumerate(zip(LENGTHS, OFFSETS)):
        at = slice(offset, offset + length)
        mask[row, at] = 1
        objective = sequence_objective(
            new[row, at], old[row, at], advantages[row], token_advantages[row, at], variant, low, high
        )
        loss = loss - weights[row] * objective / sequences
        apart = reference[row, at] - new[row, at]
        loss = loss + kl * (torch.exp(apart) - apart - 1).mean() / sequences
    loss.backward()
    flat = lambda values: [round(value, 7) for value in values.detach().flatten().tolist()]
    return {
        "name": name,
        "options": {"variant": variant, "epsilonLow": low, "epsilonHigh": high, "kl": kl},
        "batch": rows,
        "time": TIME,
        "sequences": sequences,
        "mask": [int(value) for value in mask.flatten().tolist()],
        "old": flat(old * mask),
        "new": flat(new),
        "reference": flat(reference),
        "advantages": flat(advantages),
        **({"tokenAdvantages": flat(token_advantages)} if by_token else {}),
        "weights": flat(weights),
        "loss": round(loss.item(), 8),
        "gradient": [round(value, 8) for value in new.grad.flatten().tolist()],
    }


CASES = [
    case("gspo, some clipped", 1, "gspo", 0.1, 0.1, 0.0, 0.6, False),
    case("gspo, narrow and uneven", 2, "gspo", 3e-4, 4e-4, 0.0, 0.002, False),
    case("gspo with divergence", 3, "gspo", 0.2, 0.28, 0.05, 0.4, False),
    case("gspo-token, advantages by token", 4, "gspo-token", 0.1, 0.1, 0.0, 0.5, True),
    case("grpo, some clipped", 5, "grpo", 0.2, 0.2, 0.0, 0.6, False),
    case("grpo, advantages by token, divergence", 6, "grpo", 0.2, 0.28, 0.02, 0.6, True),
]
print("[\n" + ",\n".join(json.dumps(one) for one in CASES) + "\n]")
