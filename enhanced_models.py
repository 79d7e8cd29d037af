"""Networks that map a window of a sheet to two probability maps, `wire` and `junction`; their losses and metrics.

All builders take images (B, H, W, 3) float32, ink 1 on paper 0, with H and W divisible by 32, and give a dictionary
of two maps (B, H, W, 1) float32. Targets hold 1 (yes), 0 (no) or -1 (don't care: losses and metrics pass over it).
Only `keras` is used, so that the same code runs on any Keras backend.
"""

from __future__ import annotations

import math

import keras
from keras import layers, ops

DIVISOR = 32
"""Heights and widths of windows are multiples of this: the deepest features have 1/32 of the window's resolution."""

STEM_STRIDE = 4
"""The first convolution looks at 8x8 pixels every 4: strokes are some 2 px wide, and where exactly they run is told by
the ink itself. Features at full resolution cost most of a step and say nothing about what a line means."""

MODEL_SIZES = {
    "small": (32, 64, 96, 128),
    "medium": (48, 96, 144, 192),
    "large": (64, 128, 256, 384),
}
"""Channels at 1/4, 1/8, 1/16 and 1/32 of the window's resolution."""

BATCH_MOMENTUM = 0.97
"""Of the running means of batch normalisation: batches are small, and a shorter memory makes validation jump about."""

WEIGHT_MOMENTUM = 0.95
"""Of the running mean of the weights, by which models are judged and saved: it stands still where single steps jump
(Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992)."""

JUNCTION_PRIOR = 0.01
"""The probability that an untrained junction head gives, so that rare positives don't start as a flood of false ones
(Lin et al., Focal Loss for Dense Object Detection, ICCV 2017, section 4.1)."""


LEAST_POSITIVES = 50.0
"""Pixels of one junction in the target. Windows without any would else divide the focal loss of all their pixels by
nothing much: single steps of a training then undo hundreds of good ones."""

LARGEST_GRADIENT = 1.0
"""Norm of all gradients together to which larger ones are cut (Pascanu et al., On the Difficulty of Training Recurrent
Neural Networks, ICML 2013)."""


# --- layers --------------------------------------------------------------------------------------------------------


@keras.saving.register_keras_serializable(package="wires")
class PositionEncoding(layers.Layer):
    """Add fixed sine and cosine positions of both axes to feature maps (B, H, W, C), C divisible by 4.

    Vaswani et al., Attention Is All You Need, NeurIPS 2017, section 3.5, one half of the channels for each axis.
    """

    def call(self, features):
        height, width, channels = ops.shape(features)[1], ops.shape(features)[2], features.shape[-1]
        rows, columns = self._waves(height, channels // 2), self._waves(width, channels // 2)
        grid = ops.concatenate([ops.broadcast_to(rows[:, None, :], (height, width, channels // 2)),
                                ops.broadcast_to(columns[None, :, :], (height, width, channels // 2))], axis=-1)
        return features + ops.cast(grid[None], features.dtype)

    @staticmethod
    def _waves(length, channels):
        """(length, channels) float32: sines, then cosines, of wavelengths from 2 pi to 1000 pi cells."""
        rates = ops.exp(-math.log(500.0) * ops.arange(channels // 2, dtype="float32") / max(1, channels // 2 - 1))
        phases = ops.arange(length, dtype="float32")[:, None] * rates[None]
        return ops.concatenate([ops.sin(phases), ops.cos(phases)], axis=-1)

    def compute_output_shape(self, input_shape):
        return input_shape


# --- blocks --------------------------------------------------------------------------------------------------------


def conv_block(x, channels: int, name: str, *, kernel=3, strides: int = 1):
    """Convolution, batch normalisation, ReLU."""
    x = layers.Conv2D(channels, kernel, strides=strides, padding="same", use_bias=False,
                      kernel_initializer="he_normal", name=f"{name}_conv")(x)
    x = layers.BatchNormalization(momentum=BATCH_MOMENTUM, name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def double_conv(x, channels: int, name: str):
    """Two convolutions of 3x3 (Ronneberger et al., U-Net, MICCAI 2015)."""
    return conv_block(conv_block(x, channels, f"{name}_a"), channels, f"{name}_b")


def residual_block(x, channels: int, name: str, *, strides: int = 1):
    """Pre-activation residual block (He et al., Identity Mappings in Deep Residual Networks, ECCV 2016)."""
    y = layers.BatchNormalization(momentum=BATCH_MOMENTUM, name=f"{name}_norm_a")(x)
    y = layers.ReLU(name=f"{name}_relu_a")(y)
    shortcut = x
    if strides != 1 or x.shape[-1] != channels:
        shortcut = layers.Conv2D(channels, 1, strides=strides, use_bias=False, name=f"{name}_shortcut")(y)
    y = layers.Conv2D(channels, 3, strides=strides, padding="same", use_bias=False, kernel_initializer="he_normal",
                      name=f"{name}_conv_a")(y)
    y = layers.BatchNormalization(momentum=BATCH_MOMENTUM, name=f"{name}_norm_b")(y)
    y = layers.ReLU(name=f"{name}_relu_b")(y)
    y = layers.Conv2D(channels, 3, padding="same", use_bias=False, kernel_initializer="he_normal",
                      name=f"{name}_conv_b")(y)
    return layers.Add(name=f"{name}_add")([shortcut, y])


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
    """Multi-head self-attention over all cells of a feature map, with positions, then a two-layer perceptron."""
    channels = x.shape[-1]
    y = PositionEncoding(name=f"{name}_positions")(x)
    y = layers.LayerNormalization(name=f"{name}_norm_a")(y)
    tokens = layers.Reshape((-1, channels), name=f"{name}_tokens")(y)
    tokens = layers.MultiHeadAttention(heads, channels // heads, name=f"{name}_heads")(tokens, tokens)
    x = layers.Add(name=f"{name}_add_a")([x, MapFromTokens(name=f"{name}_map")([tokens, x])])
    y = layers.LayerNormalization(name=f"{name}_norm_b")(x)
    y = layers.Dense(2 * channels, activation="relu", name=f"{name}_dense_a")(y)
    y = layers.Dense(channels, name=f"{name}_dense_b")(y)
    return layers.Add(name=f"{name}_add_b")([x, y])


@keras.saving.register_keras_serializable(package="wires")
class MapFromTokens(layers.Layer):
    """Lay tokens (B, H*W, C) out as the map (B, H, W, C) that the second input shows."""

    def call(self, inputs):
        tokens, like = inputs
        return ops.reshape(tokens, ops.shape(like))

    def compute_output_shape(self, input_shape):
        return input_shape[1]


def attention_gate(skip, gate, name: str):
    """Weigh a skip connection by what the decoder looks for (Oktay et al., Attention U-Net, MIDL 2018)."""
    channels = max(8, skip.shape[-1] // 2)
    asked = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_gate")(gate)
    offered = layers.Conv2D(channels, 1, name=f"{name}_skip")(skip)
    weight = layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([asked, offered]))
    weight = layers.Conv2D(1, 1, activation="sigmoid", name=f"{name}_weight")(weight)
    return layers.Multiply(name=f"{name}_weigh")([skip, weight])


def encoder(x, widths):
    """A stem of stride 4, then a skip and half the resolution for each width; returns (the last values, skips)."""
    x = conv_block(x, widths[0], "stem", kernel=2 * STEM_STRIDE, strides=STEM_STRIDE)
    skips = []
    for level, width in enumerate(widths, start=1):
        x = double_conv(x, width, f"down{level}")
        skips.append(x)
        x = layers.MaxPooling2D(2, name=f"down{level}_pool")(x)
    return x, skips


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


def heads(x) -> dict:
    """The two maps at the window's resolution: sixteen values a cell for each task, laid out as 4x4 pixels."""
    outputs = {}
    for task, prior in (("wire", 0.1), ("junction", JUNCTION_PRIOR)):
        y = layers.Conv2DTranspose(1, STEM_STRIDE, strides=STEM_STRIDE, name=f"{task}_logits",
                                   bias_initializer=keras.initializers.Constant(math.log(prior / (1 - prior))))(x)
        outputs[task] = layers.Activation("sigmoid", dtype="float32", name=task)(y)
    return outputs


# --- builders ------------------------------------------------------------------------------------------------------


def build_unet(input_shape, widths) -> keras.Model:
    """Encoder and decoder with skips behind a stem of stride 4, strips for context at the bottom."""
    inputs = keras.Input(input_shape, name="image")
    x, skips = encoder(inputs, widths[:-1])
    x = double_conv(x, widths[-1], "bottom")
    x = strip_context(strip_context(x, "context1"), "context2")
    return keras.Model(inputs, heads(decoder(x, skips)), name="unet")


def build_resnet(input_shape, widths) -> keras.Model:
    """Residual encoder with identity mappings, decoder with skips."""
    inputs = keras.Input(input_shape, name="image")
    x = layers.Conv2D(widths[0], 2 * STEM_STRIDE, strides=STEM_STRIDE, padding="same", use_bias=False,
                      name="stem_conv")(inputs)
    skips = []
    for level, width in enumerate(widths, start=1):
        x = residual_block(x, width, f"down{level}_a", strides=1 if level == 1 else 2)
        x = residual_block(x, width, f"down{level}_b")
        skips.append(x)
    x = layers.BatchNormalization(momentum=BATCH_MOMENTUM, name="bottom_norm")(skips.pop())
    x = layers.ReLU(name="bottom_relu")(x)
    return keras.Model(inputs, heads(decoder(x, skips)), name="resnet")


def build_attention(input_shape, widths) -> keras.Model:
    """U-Net with self-attention at the bottom and attention-gated skips."""
    inputs = keras.Input(input_shape, name="image")
    x, skips = encoder(inputs, widths[:-1])
    x = conv_block(x, widths[-1], "bottom")
    x = attention_block(attention_block(x, "attention1"), "attention2")
    return keras.Model(inputs, heads(decoder(x, skips, gated=True)), name="attention")


MODEL_BUILDERS = {"unet": build_unet, "resnet": build_resnet, "attention": build_attention}


def create_model(model_type: str = "unet", input_shape=(512, 512, 3), model_size: str = "small") -> keras.Model:
    """A network with two outputs, `wire` and `junction`, not yet compiled.

    Args:
        model_type: one of MODEL_BUILDERS.
        input_shape: (height, width, 3); height and width divisible by 32, or None for any such size.
        model_size: one of MODEL_SIZES.

    Raises:
        ValueError: for an unknown type or size, or a height or width that 32 does not divide.
    """
    if model_type not in MODEL_BUILDERS:
        raise ValueError(f"model type {model_type!r} is unknown; choose from {', '.join(MODEL_BUILDERS)}")
    if model_size not in MODEL_SIZES:
        raise ValueError(f"model size {model_size!r} is unknown; choose from {', '.join(MODEL_SIZES)}")
    if any(side is not None and (side < DIVISOR or side % DIVISOR) for side in input_shape[:2]):
        raise ValueError(f"input shape {tuple(input_shape)}: height and width must be multiples of {DIVISOR}")
    return MODEL_BUILDERS[model_type](tuple(input_shape), MODEL_SIZES[model_size])


# --- losses --------------------------------------------------------------------------------------------------------


def _cared(y_true, y_pred):
    """(truth 0 or 1, prediction clipped off 0 and 1, weight 0 where the truth is -1), all float32."""
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    weight = ops.cast(y_true >= 0, "float32")
    return y_true * weight, ops.clip(y_pred, 1e-6, 1 - 1e-6), weight


def _sum(values):
    """Sum over all axes but the first: (B, ...) to (B,)."""
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))


def binary_cross_entropy(y_true, y_pred):
    """Mean of -[t log p + (1 - t) log(1 - p)] over the pixels that count; (B, H, W, 1) twice to (B,)."""
    truth, p, weight = _cared(y_true, y_pred)
    entropy = -(truth * ops.log(p) + (1 - truth) * ops.log(1 - p))
    return _sum(entropy * weight) / ops.maximum(_sum(weight), 1.0)


def dice_loss(y_true, y_pred):
    """1 - 2 sum(t p) / (sum(t) + sum(p)), and 0 for a window without positives; (B, H, W, 1) twice to (B,).

    Milletari et al., V-Net, 3DV 2016. A window without wires has no overlap to ask for: there the cross-entropy alone
    speaks, for the quotient would be 0 (a loss of 1) however little is predicted.
    """
    truth, p, weight = _cared(y_true, y_pred)
    positives = _sum(truth)
    overlap = 2 * _sum(truth * p) / ops.maximum(positives + _sum(p * weight), 1.0)
    return ops.where(positives > 0, 1 - overlap, 0.0)


def focal_loss(y_true, y_pred, alpha: float = 0.75, gamma: float = 2.0):
    """Sum of -a (1 - q)^gamma log q over the pixels, divided by the batch's mean number of positives; to (B,).

    No batch counts as having less than LEAST_POSITIVES of them in a window.

    q is the probability given to the true class, a is alpha for positives and 1 - alpha for negatives (Lin et al.,
    ICCV 2017, equation 5, normalised as in section 4.1).
    """
    truth, p, weight = _cared(y_true, y_pred)
    q = truth * p + (1 - truth) * (1 - p)
    balance = truth * alpha + (1 - truth) * (1 - alpha)
    focal = -balance * ops.power(1 - q, gamma) * ops.log(q) * weight
    return _sum(focal) / ops.maximum(ops.mean(_sum(truth)), LEAST_POSITIVES)


@keras.saving.register_keras_serializable(package="wires")
class WireLoss(keras.losses.Loss):
    """Binary cross-entropy + Dice, the loss of the wire map."""

    def __init__(self, name="wire_loss", reduction="sum_over_batch_size", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        return binary_cross_entropy(y_true, y_pred) + dice_loss(y_true, y_pred)


@keras.saving.register_keras_serializable(package="wires")
class JunctionLoss(keras.losses.Loss):
    """Focal loss per positive pixel, the loss of the junction map."""

    def __init__(self, alpha=0.75, gamma=2.0, name="junction_loss", reduction="sum_over_batch_size", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.alpha, self.gamma = alpha, gamma

    def call(self, y_true, y_pred):
        return focal_loss(y_true, y_pred, self.alpha, self.gamma)

    def get_config(self):
        return {**super().get_config(), "alpha": self.alpha, "gamma": self.gamma}


# --- metrics -------------------------------------------------------------------------------------------------------


@keras.saving.register_keras_serializable(package="wires")
class PixelScore(keras.metrics.Metric):
    """One of PixelScore.FORMULAS over all pixels seen, a pixel counting as predicted from a probability of 0.5."""

    FORMULAS = {
        "accuracy": lambda hit, predicted, positive, seen: (seen - predicted - positive + 2 * hit, seen),
        "precision": lambda hit, predicted, positive, seen: (hit, predicted),
        "recall": lambda hit, predicted, positive, seen: (hit, positive),
        "iou": lambda hit, predicted, positive, seen: (hit, predicted + positive - hit),
    }
    """Name -> (numerator, denominator) from the numbers of hits, predicted, positive and seen pixels."""

    def __init__(self, formula: str, name=None, dtype=None):
        super().__init__(name=name or formula, dtype=dtype)
        if formula not in self.FORMULAS:
            raise ValueError(f"formula {formula!r} is unknown; choose from {', '.join(self.FORMULAS)}")
        self.formula = formula
        self.counts = self.add_weight(shape=(4,), initializer="zeros", name="counts")

    def update_state(self, y_true, y_pred, sample_weight=None):
        truth, p, weight = _cared(y_true, y_pred)
        said = ops.cast(p >= 0.5, "float32") * weight
        self.counts.assign_add(ops.stack([ops.sum(said * truth), ops.sum(said), ops.sum(truth), ops.sum(weight)]))

    def result(self):
        numerator, denominator = self.FORMULAS[self.formula](*(self.counts[i] for i in range(4)))
        return ops.where(denominator > 0, numerator / ops.maximum(denominator, 1.0), 1.0)

    def get_config(self):
        return {**super().get_config(), "formula": self.formula}


def compile_model(model: keras.Model, learning_rate: float = 1e-4) -> keras.Model:
    """Give `model` its optimizer (Adam, with a running mean of the weights), losses and pixel scores; return it."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate, global_clipnorm=LARGEST_GRADIENT, use_ema=True,
                                        ema_momentum=WEIGHT_MOMENTUM),
        loss={"wire": WireLoss(), "junction": JunctionLoss()},
        metrics={task: [PixelScore(formula) for formula in PixelScore.FORMULAS] for task in ("wire", "junction")},
    )
    return model
