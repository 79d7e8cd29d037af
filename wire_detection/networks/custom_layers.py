"""Layers that Keras does not have; blocks.py puts layers together."""

from __future__ import annotations

import math

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="wires")
class PositionEncoding(layers.Layer):
    """Add fixed sine and cosine positions of both axes to feature maps (B, H, W, C), C divisible by 4.

    Vaswani et al., Attention Is All You Need, NeurIPS 2017, section 3.5, one half of the channels for each axis.
    """

    def call(self, features):
        height, width, channels = ops.shape(features)[1], ops.shape(features)[2], features.shape[-1]
        rows, columns = self._waves(height, channels // 2), self._waves(width, channels // 2)
        grid = ops.concatenate(
            [
                ops.broadcast_to(rows[:, None, :], (height, width, channels // 2)),
                ops.broadcast_to(columns[None, :, :], (height, width, channels // 2)),
            ],
            axis=-1,
        )
        return features + ops.cast(grid[None], features.dtype)

    @staticmethod
    def _waves(length, channels):
        """(length, channels) float32: sines, then cosines, of wavelengths from 2 pi to 1000 pi cells."""
        rates = ops.exp(-math.log(500.0) * ops.arange(channels // 2, dtype="float32") / max(1, channels // 2 - 1))
        phases = ops.arange(length, dtype="float32")[:, None] * rates[None]
        return ops.concatenate([ops.sin(phases), ops.cos(phases)], axis=-1)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable(package="wires")
class MapFromTokens(layers.Layer):
    """Lay tokens (B, H*W, C) out as the map (B, H, W, C) that the second input shows."""

    def call(self, inputs):
        tokens, like = inputs
        return ops.reshape(tokens, ops.shape(like))

    def compute_output_shape(self, input_shape):
        return input_shape[1]
