"""The decoder of the benchmarks, as transformers has it."""

from transformers import LlamaConfig, LlamaForCausalLM


def decoder_of(model, **settings):
    """A decoder of random float32 weights with the sizes of a `DecoderConfig`."""
    config = LlamaConfig(
        vocab_size=model["vocabularySize"],
        hidden_size=model["hiddenSize"],
        intermediate_size=model["intermediateSize"],
        num_hidden_layers=model["layers"],
        num_attention_heads=model["heads"],
        num_key_value_heads=model["keyValueHeads"],
        head_dim=model["headSize"],
        max_position_embeddings=model["maximumPositions"],
        rms_norm_eps=model["rmsNormEpsilon"],
        tie_word_embeddings=model["tiedEmbeddings"],
        **settings,
    )
    return LlamaForCausalLM(config).float()
