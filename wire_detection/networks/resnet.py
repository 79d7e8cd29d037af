"""The residual network."""

from __future__ import annotations

import keras

from wire_detection.networks.blocks import bottom, decoder, encoder, task_heads


def build(input_shape, widths) -> keras.Model:
    """Encoder with identity mappings at every resolution, decoder with skips."""
    inputs = keras.Input(input_shape, name="image")
    x, skips = encoder(inputs, widths[:-1], residual=True)
    return keras.Model(inputs, task_heads(decoder(bottom(x, widths[-1]), skips)), name="resnet")
