"""Proves that LoRA adapters go between this package and PEFT, both ways.

    python tools/reference/peft_fixture.py packages/trainers/src/decoder/fixtures packages/trainers/src/adapter/fixtures

Needs torch, transformers, peft. The first directory holds the tiny base models of architectures.py.

`peft-BASE` is an adapter that PEFT saved over a base, with the logits that PEFT computes in expected.json: all linear modules in
32-bit floats; modules of Phi-3 with rank-stabilised scale in bfloat16; a pattern for modules in float16.

`ours-BASE` is an adapter that tools/reference/golden-adapter.ts wrote, with the same adapter merged into the base by it in a
directory that is not kept. Both are loaded here without a missing or unexpected key; expected.json gets PEFT's logits, and the
SHA-256 of the merged weights once transformers has computed the same logits with them.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.utils import load_peft_weights, set_peft_model_state_dict
from transformers import AutoModelForCausalLM

bases, target = Path(sys.argv[1]), Path(sys.argv[2])
ids = torch.tensor([[5, 17, 33, 8, 60, 4, 4, 29, 51, 12], [1, 44, 9, 27, 27, 3, 58, 16, 35, 20]])


def load(directory):
    return AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()


def logits_of(model):
    with torch.no_grad():
        return model(ids, use_cache=False).logits


def write_expected(directory, logits, **more):
    rows = [[round(x, 6) for x in row] for row in logits.reshape(-1, logits.shape[-1]).tolist()]
    expected = {"ids": ids.tolist(), "logits": rows, **more}
    (directory / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


def from_peft(base, seed, dtype, **settings):
    plain = load(bases / base)
    without = logits_of(plain)
    generator = torch.Generator().manual_seed(seed)
    model = get_peft_model(plain, LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.copy_((0.15 * torch.randn(parameter.shape, generator=generator)).to(dtype).float())
    logits = logits_of(model)
    assert (logits - without).abs().max() > 0.5, "the adapter has to matter"
    directory = target / f"peft-{base}"
    for parameter in model.parameters():
        parameter.data = parameter.data.to(dtype)
    model.save_pretrained(directory)
    (directory / "README.md").unlink()
    path = directory / "adapter_config.json"
    config = json.loads(path.read_text())
    config["base_model_name_or_path"] = base
    if isinstance(config["target_modules"], list):
        config["target_modules"].sort()
    path.write_text(json.dumps(config, indent=2) + "\n")
    write_expected(directory, logits)


def from_us(base):
    directory = target / f"ours-{base}"
    with tempfile.TemporaryDirectory() as merged:
        tool = Path(__file__).parent / "golden-adapter.ts"
        subprocess.run(["node", tool, bases / base, directory, merged], check=True)
        plain = load(bases / base)
        without = logits_of(plain)
        with warnings.catch_warnings():
            # PEFT warns of missing adapter keys.
            warnings.simplefilter("error")
            model = PeftModel.from_pretrained(plain, directory).eval()
        outcome = set_peft_model_state_dict(model, load_peft_weights(str(directory)))
        lost = [name for name in outcome.missing_keys if "lora_" in name]
        assert not lost and not outcome.unexpected_keys, (lost, outcome.unexpected_keys)
        logits = logits_of(model)
        assert (logits - without).abs().max() > 0.5, "the adapter has to matter"
        alone = load(merged)
        assert (logits_of(alone) - logits).abs().max() < 2e-5, "the merged model has to be the adapted one"
        files = sorted(Path(merged).glob("*.safetensors"))
        digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    write_expected(directory, logits, merged=digests)


from_peft("qwen2", 1, torch.float32, r=4, lora_alpha=6, target_modules="all-linear", lora_dropout=0.1)
from_peft(
    "phi3",
    2,
    torch.bfloat16,
    r=3,
    lora_alpha=5,
    use_rslora=True,
    target_modules=["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
)
from_peft("qwen3", 3, torch.float16, r=2, lora_alpha=4, target_modules=r".*\.(q_proj|v_proj|down_proj)")
from_us("qwen2")
from_us("phi3")
