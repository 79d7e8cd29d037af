"""The attention network."""

from __future__ import annotations

import keras

from wire_detection.networks.blocks import attention_block, bottom, decoder, encoder, task_heads


def build(input_shape, widths) -> keras.Model:
    """U-Net with self-attention at the bottom and attention-gated skips."""
    inputs = keras.Input(input_shape, name="image")
    x, skips = encoder(inputs, widths[:-1])
    x = bottom(x, widths[-1])
    x = attention_block(attention_block(x, "attention1"), "attention2")
    return keras.Model(inputs, task_heads(decoder(x, skips, gated=True)), name="attention")
