"""Writes losses and gradients of the policy losses from PyTorch autograd, in float64.

    python3 tools/reference/gspo_fixture.py > packages/trainers/src/gspo/fixtures/policy-loss.json

The losses are written here as the papers state them, sequence by sequence, so that they share no code and no
vectorisation with the TensorFlow.js ones: GSPO (arXiv 2507.18071), GRPO (arXiv 2402.03300), k3 (Schulman 2020),
truncated importance sampling (Yao et al. 2025). Those named after TRL (1.13) are computed by its GRPOTrainer's own
`_compute_loss` with `loss_type="grpo"`, for `importance_sampling_level="sequence"` and `"token"`. Needs torch, trl.
"""

import json
from collections import defaultdict
from types import SimpleNamespace

import torch
from trl import GRPOTrainer

LENGTHS = [4, 2, 5, 3, 1, 5]
TIME = 7
OFFSETS = [1, 3, 0, 2, 4, 2]


def draw(generator, low, high, shape):
    return low + (high - low) * torch.rand(shape, generator=generator, dtype=torch.float64)


def sequence_objective(new, old, advantage, token_advantages, importance, variant, low, high):
    if variant == "gspo":
        ratio = torch.exp((new - old).mean())
        return torch.minimum(ratio * advantage, ratio.clamp(1 - low, 1 + high) * advantage) * importance.mean()
    if variant == "gspo-token":
        sequence = torch.exp((new - old).mean()).detach()
        terms = []
        for token, own in zip(new, token_advantages):
            ratio = sequence * torch.exp(token) / torch.exp(token).detach()
            terms.append(torch.minimum(ratio * own, ratio.clamp(1 - low, 1 + high) * own))
        return (torch.stack(terms) * importance).mean()
    terms = []
    for token, before, own in zip(new, old, token_advantages):
        ratio = torch.exp(token) / torch.exp(before)
        terms.append(torch.minimum(ratio * own, ratio.clamp(1 - low, 1 + high) * own))
    return (torch.stack(terms) * importance).mean()


def papers_loss(new, old, reference, advantages, token_advantages, importance, weights, sequences, variant, low, high, kl):
    loss = torch.zeros((), dtype=torch.float64)
    for row, (length, offset) in enumerate(zip(LENGTHS, OFFSETS)):
        at = slice(offset, offset + length)
        objective = sequence_objective(
            new[row, at], old[row, at], advantages[row], token_advantages[row, at], importance[row, at], variant, low, high
        )
        loss = loss - weights[row] * objective / sequences
        apart = reference[row, at] - new[row, at]
        loss = loss + kl * (torch.exp(apart) - apart - 1).mean() / sequences
    return loss


def trl_loss(new, old, reference, token_advantages, importance, mask, variant, low, high, kl):
    """TRL's own code on given log-probabilities; it knows no weights by group."""
    trainer = SimpleNamespace(
        _get_per_token_logps_and_entropies=lambda *args, **kwargs: (new, torch.zeros_like(new), None),
        accelerator=SimpleNamespace(gather=lambda x: x, reduce=lambda x, reduction: x),
        args=SimpleNamespace(delta=None, use_bias_correction_kl=False),
        model=SimpleNamespace(training=False),
        _metrics=defaultdict(lambda: defaultdict(list)),
        importance_sampling_level="sequence" if variant == "gspo" else "token",
        loss_type="grpo",
        beta=kl,
        epsilon_low=low,
        epsilon_high=high,
        top_entropy_quantile=1.0,
        off_policy_mask_threshold=None,
        use_vllm=True,
        vllm_importance_sampling_correction=True,
        aux_loss_enabled=False,
        _entropy_bonus_enabled=False,
    )
    nothing = torch.zeros(new.shape[0], 0, dtype=torch.int64)
    inputs = {
        "prompt_ids": nothing,
        "prompt_mask": nothing,
        "completion_ids": torch.zeros(new.shape, dtype=torch.int64),
        "completion_mask": mask.double(),
        "advantages": token_advantages,
        "old_per_token_logps": old,
        "ref_per_token_logps": reference,
        "importance_sampling_ratio": importance,
    }
    return GRPOTrainer._compute_loss(trainer, None, inputs)


def case(name, seed, variant, low, high, kl, spread, by_token, cap=None, by_trl=False):
    generator = torch.Generator().manual_seed(seed)
    rows = len(LENGTHS)
    old = draw(generator, -3.0, -0.1, (rows, TIME))
    new = (old + draw(generator, -spread, spread, (rows, TIME))).requires_grad_(True)
    reference = old.detach() + draw(generator, -0.3, 0.3, (rows, TIME))
    advantages = draw(generator, -1.8, 1.8, (rows,))
    token_advantages = draw(generator, -1.8, 1.8, (rows, TIME)) if by_token else advantages[:, None].expand(rows, TIME)
    weights = draw(generator, 0.5, 2.0, (rows,))
    apart = draw(generator, -0.5, 0.5, (rows, TIME))
    importance = torch.ones(rows, TIME, dtype=torch.float64) if cap is None else torch.exp(apart).clamp(max=cap)
    mask = torch.zeros(rows, TIME)
    for row, (length, offset) in enumerate(zip(LENGTHS, OFFSETS)):
        mask[row, offset : offset + length] = 1
    sequences = rows + 2
    if by_trl:
        weights, sequences = torch.ones_like(weights), rows
        given = token_advantages if by_token else advantages
        loss = trl_loss(new, old, reference, given, importance, mask, variant, low, high, kl)
    else:
        loss = papers_loss(
            new, old, reference, advantages, token_advantages, importance, weights, sequences, variant, low, high, kl
        )
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
        **({} if cap is None else {"importance": flat(importance * mask)}),
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
    case("gspo, truncated weights", 7, "gspo", 0.1, 0.1, 0.0, 0.5, False, cap=1.2),
    case("gspo-token, truncated weights", 8, "gspo-token", 0.1, 0.1, 0.03, 0.5, True, cap=1.2),
    case("grpo, truncated weights", 9, "grpo", 0.2, 0.28, 0.0, 0.6, False, cap=1.2),
    case("TRL by sequence", 10, "gspo", 0.1, 0.2, 0.0, 0.6, False, by_trl=True),
    case("TRL by sequence, divergence, truncated weights", 11, "gspo", 0.1, 0.1, 0.04, 0.5, False, cap=1.3, by_trl=True),
    case("TRL by token, divergence, truncated weights", 12, "grpo", 0.2, 0.28, 0.04, 0.6, True, cap=1.3, by_trl=True),
]
print("[\n" + ",\n".join(json.dumps(one) for one in CASES) + "\n]")
