"""The U-Net."""

from __future__ import annotations

import keras

from wire_detection.networks.blocks import bottom, decoder, encoder, task_heads


def build(input_shape, widths) -> keras.Model:
    """Encoder and decoder with skips behind a stem of stride 4."""
    inputs = keras.Input(input_shape, name="image")
    x, skips = encoder(inputs, widths[:-1])
    return keras.Model(inputs, task_heads(decoder(bottom(x, widths[-1]), skips)), name="unet")
