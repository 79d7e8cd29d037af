"""The residual network."""

from __future__ import annotations

import keras
from keras import layers

from wire_detection.networks.blocks import BATCH_MOMENTUM, STEM_STRIDE, decoder, residual_block, task_heads


def build(input_shape, widths) -> keras.Model:
    """Residual encoder with identity mappings, decoder with skips."""
    inputs = keras.Input(input_shape, name="image")
    x = layers.Conv2D(
        widths[0], 2 * STEM_STRIDE, strides=STEM_STRIDE, padding="same", use_bias=False, name="stem_conv"
    )(inputs)
    skips = []
    for level, width in enumerate(widths, start=1):
        x = residual_block(x, width, f"down{level}_a", strides=1 if level == 1 else 2)
        x = residual_block(x, width, f"down{level}_b")
        skips.append(x)
    x = layers.BatchNormalization(momentum=BATCH_MOMENTUM, name="bottom_norm")(skips.pop())
    x = layers.ReLU(name="bottom_relu")(x)
    return keras.Model(inputs, task_heads(decoder(x, skips)), name="resnet")
