"""The U-Net."""

from __future__ import annotations

import keras

from wire_detection.networks.blocks import decoder, double_conv, encoder, strip_context, task_heads


def build(input_shape, widths) -> keras.Model:
    """Encoder and decoder with skips behind a stem of stride 4, strips for context at the bottom."""
    inputs = keras.Input(input_shape, name="image")
    x, skips = encoder(inputs, widths[:-1])
    x = double_conv(x, widths[-1], "bottom")
    x = strip_context(strip_context(x, "context1"), "context2")
    return keras.Model(inputs, task_heads(decoder(x, skips)), name="unet")
