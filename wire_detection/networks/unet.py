"""The U-Net."""

from __future__ import annotations

import keras

from wire_detection.networks.blocks import (
    decoder,
    double_conv,
    encoder,
    residual_block,
    sheet_style,
    strip_context,
    task_heads,
)

DEEP_BLOCKS = 3
"""Residual blocks at the bottom, where a cell stands for 32x32 pixels: they cost little there."""


def build(input_shape, widths) -> keras.Model:
    """Encoder and decoder with skips behind a stem of stride 4, context and style at the bottom."""
    inputs = keras.Input(input_shape, name="image")
    x, skips = encoder(inputs, widths[:-1])
    x = double_conv(x, widths[-1], "bottom")
    x = strip_context(strip_context(x, "context1"), "context2")
    for number in range(1, DEEP_BLOCKS + 1):
        x = residual_block(x, widths[-1], f"deep{number}")
    x = sheet_style(x, "style")
    return keras.Model(inputs, task_heads(decoder(x, skips)), name="unet")
