"""The blocks that all families of networks are built of."""

from __future__ import annotations

import math

import keras
from keras import layers

from wire_detection.networks.custom_layers import MapFromTokens, PositionEncoding
from wire_detection.networks.tasks import TASKS, head_name

STEM_STRIDE = 4
"""The first convolution looks at 8x8 pixels every 4: strokes are some 2 px wide, and where exactly they run is told by
the ink itself. Features at full resolution cost most of a step and say nothing about what a line means."""

DEEP_BLOCKS = 3
"""Residual blocks at the bottom, where there are few cells, so that they cost little."""

BATCH_MOMENTUM = 0.97
"""Of the running means of batch normalisation: batches are small, and a shorter memory makes validation jump about."""


def conv_block(x, channels: int, name: str, *, kernel=3, strides: int = 1):
    """Convolution, batch normalisation, ReLU."""
    x = layers.Conv2D(
        channels,
        kernel,
        strides=strides,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    x = layers.BatchNormalization(momentum=BATCH_MOMENTUM, name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def double_conv(x, channels: int, name: str):
    """Two convolutions of 3x3 (Ronneberger et al., U-Net, MICCAI 2015)."""
    return conv_block(conv_block(x, channels, f"{name}_a"), channels, f"{name}_b")


def residual_block(x, channels: int, name: str):
    """Pre-activation residual block (He et al., Identity Mappings in Deep Residual Networks, ECCV 2016).

    It begins as its shortcut: the last convolution starts at zero, so that a block put into a trained network changes
    nothing at first (after Goyal et al., Accurate, Large Minibatch SGD, 2017, section 5.1).
    """
    y = x
    for part, initializer in (("a", "he_normal"), ("b", "zeros")):
        y = layers.BatchNormalization(momentum=BATCH_MOMENTUM, name=f"{name}_norm_{part}")(y)
        y = layers.ReLU(name=f"{name}_relu_{part}")(y)
        y = layers.Conv2D(
            channels, 3, padding="same", use_bias=False, kernel_initializer=initializer, name=f"{name}_conv_{part}"
        )(y)
    return layers.Add(name=f"{name}_add")([x, y])


def sheet_style(x, name: str):
    """Weigh the channels by what the whole window shows on average: drawing programs, books and hands differ in habits.

    After Hu et al., Squeeze-and-Excitation Networks, CVPR 2018, with a gain of one at first instead of a sigmoid.
    """
    channels = x.shape[-1]
    style = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_mean")(x)
    style = layers.Dense(channels // 4, activation="relu", name=f"{name}_dense_a")(style)
    gain = layers.Dense(channels, kernel_initializer="zeros", bias_initializer="ones", name=f"{name}_dense_b")(style)
    return layers.Multiply(name=f"{name}_weigh")([x, gain])


def strip_context(x, name: str, *, length: int = 11):
    """Gather context along rows and along columns: depthwise strips 1xN and Nx1, which suit axis-parallel lines.

    After Hou et al., Strip Pooling, CVPR 2020, with strips of finite length so that the result of a tile does not
    depend on what lies far outside it.
    """
    channels = x.shape[-1]
    row = layers.DepthwiseConv2D((1, length), padding="same", use_bias=False, name=f"{name}_row")(x)
    column = layers.DepthwiseConv2D((length, 1), padding="same", use_bias=False, name=f"{name}_column")(x)
    y = layers.Concatenate(name=f"{name}_concat")([x, row, column])
    y = conv_block(y, channels, f"{name}_mix", kernel=1)
    return layers.Add(name=f"{name}_add")([x, y])


def attention_block(x, name: str, *, heads: int = 4):
    """Multi-head self-attention over all cells of a feature map, with positions, then a two-layer perceptron.

    Both add nothing at first, as in `residual_block`.
    """
    channels = x.shape[-1]
    y = PositionEncoding(name=f"{name}_positions")(x)
    y = layers.LayerNormalization(name=f"{name}_norm_a")(y)
    tokens = layers.Reshape((-1, channels), name=f"{name}_tokens")(y)
    tokens = layers.MultiHeadAttention(heads, channels // heads, name=f"{name}_heads")(tokens, tokens)
    tokens = layers.Dense(channels, kernel_initializer="zeros", name=f"{name}_mix")(tokens)
    x = layers.Add(name=f"{name}_add_a")([x, MapFromTokens(name=f"{name}_map")([tokens, x])])
    y = layers.LayerNormalization(name=f"{name}_norm_b")(x)
    y = layers.Dense(2 * channels, activation="relu", name=f"{name}_dense_a")(y)
    y = layers.Dense(channels, kernel_initializer="zeros", name=f"{name}_dense_b")(y)
    return layers.Add(name=f"{name}_add_b")([x, y])


def attention_gate(skip, gate, name: str):
    """Weigh a skip connection by what the decoder looks for (Oktay et al., Attention U-Net, MIDL 2018).

    The weights lie between 0 and 2 and are 1 at first.
    """
    channels = max(8, skip.shape[-1] // 2)
    asked = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_gate")(gate)
    offered = layers.Conv2D(channels, 1, name=f"{name}_skip")(skip)
    weight = layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([asked, offered]))
    weight = layers.Conv2D(1, 1, activation="tanh", kernel_initializer="zeros", name=f"{name}_weight")(weight)
    return layers.Add(name=f"{name}_add_skip")([skip, layers.Multiply(name=f"{name}_weigh")([skip, weight])])


def encoder(x, widths, *, residual: bool = False):
    """A stem of stride 4, then a skip and half the resolution for each width; returns (the last values, skips)."""
    x = conv_block(x, widths[0], "stem", kernel=2 * STEM_STRIDE, strides=STEM_STRIDE)
    skips = []
    for level, width in enumerate(widths, start=1):
        x = double_conv(x, width, f"down{level}")
        if residual:
            x = residual_block(x, width, f"down{level}_residual")
        skips.append(x)
        x = layers.MaxPooling2D(2, name=f"down{level}_pool")(x)
    return x, skips


def bottom(x, channels: int):
    """What is told where a cell stands for 32x32 pixels: strips for context, deeper features, the sheet's style."""
    x = double_conv(x, channels, "bottom")
    x = strip_context(strip_context(x, "context1"), "context2")
    for number in range(1, DEEP_BLOCKS + 1):
        x = residual_block(x, channels, f"deep{number}")
    return sheet_style(x, "style")


def decoder(x, skips: list, *, gated: bool = False):
    """Double the resolution once for each skip, deepest first, and mix the skip in."""
    for level, skip in reversed(list(enumerate(skips, start=1))):
        name = f"up{level}"
        x = conv_block(x, skip.shape[-1], f"{name}_reduce", kernel=1)
        x = layers.UpSampling2D(2, interpolation="nearest", name=f"{name}_upsample")(x)
        kept = attention_gate(skip, x, f"{name}_attention") if gated else skip
        x = layers.Concatenate(name=f"{name}_concat")([x, kept])
        x = conv_block(x, skip.shape[-1], f"{name}_a")
        x = conv_block(x, skip.shape[-1], f"{name}_b")
    return x


def task_heads(x) -> dict:
    """A map for each of the TASKS at the window's resolution: sixteen values per cell, laid out as 4x4 pixels."""
    outputs = {}
    for name, task in TASKS.items():
        y = layers.Conv2DTranspose(
            1,
            STEM_STRIDE,
            strides=STEM_STRIDE,
            name=head_name(name),
            bias_initializer=keras.initializers.Constant(math.log(task.prior / (1 - task.prior))),
        )(x)
        outputs[name] = layers.Activation("sigmoid", dtype="float32", name=name)(y)
    return outputs
