"""Losses of the maps. Targets hold 1 (yes), 0 (no) or -1 (don't care: losses and scores pass over it).

Windows that only fill a batch up hold FILLING throughout: they count as if they were not there.
"""

from __future__ import annotations

from collections.abc import Collection

import keras
from keras import ops

from wire_detection.networks.tasks import FILLING, TASKS

LEAST_POSITIVES = 50.0
"""Pixels of one junction in the target. Windows without any would else divide the focal loss of all their pixels by
nothing much: single steps of a training then undo hundreds of good ones."""


FOCAL_ALPHA, FOCAL_GAMMA = 0.75, 2.0
"""Weight of the positives, and how fast what is known already counts less. Lin et al. (ICCV 2017, table 1b) use 2 and
0.25; here positives weigh more, for a junction is rarer by far than an object's anchor."""


def masked(y_true, y_pred):
    """(truth 0 or 1, prediction clipped off 0 and 1, weight 0 where the truth is -1), all float32."""
    y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
    weight = ops.cast(y_true >= 0, "float32")
    return y_true * weight, ops.clip(y_pred, 1e-6, 1 - 1e-6), weight


def _sum(values):
    """Sum over all axes but the first: (B, ...) to (B,)."""
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))


def binary_cross_entropy(y_true, y_pred):
    """Mean of -[t log p + (1 - t) log(1 - p)] over the pixels that count; (B, H, W, 1) twice to (B,)."""
    truth, p, weight = masked(y_true, y_pred)
    entropy = -(truth * ops.log(p) + (1 - truth) * ops.log(1 - p))
    return _sum(entropy * weight) / ops.maximum(_sum(weight), 1.0)


def dice_loss(y_true, y_pred):
    """1 - 2 sum(t p) / (sum(t) + sum(p)), and 0 for a window without positives; (B, H, W, 1) twice to (B,).

    Milletari et al., V-Net, 3DV 2016. A window without wires has no overlap to ask for: there the cross-entropy alone
    speaks, for the quotient would be 0 (a loss of 1) however little is predicted.
    """
    truth, p, weight = masked(y_true, y_pred)
    positives = _sum(truth)
    overlap = 2 * _sum(truth * p) / ops.maximum(positives + _sum(p * weight), 1.0)
    return ops.where(positives > 0, 1 - overlap, 0.0)


def share_present(y_true):
    """The share of the windows of targets (B, H, W, 1) that do not only fill the batch up.

    Losses of windows divided by it have a mean over the batch that is the mean over these windows. On several devices
    the batch is that of all of them.
    """
    return ops.mean(ops.cast(ops.cast(y_true[:, 0, 0, 0], "float32") > FILLING, "float32"))


def focal_loss(y_true, y_pred, alpha: float = FOCAL_ALPHA, gamma: float = FOCAL_GAMMA):
    """Sum of -a (1 - q)^gamma log q over the pixels, divided by the batch's mean number of positives; to (B,).

    The mean is over the windows that do not only fill the batch up, and counts as LEAST_POSITIVES at least.

    q is the probability given to the true class, a is alpha for positives and 1 - alpha for negatives (Lin et al.,
    ICCV 2017, equation 5, normalised as in section 4.1).
    """
    truth, p, weight = masked(y_true, y_pred)
    q = truth * p + (1 - truth) * (1 - p)
    balance = truth * alpha + (1 - truth) * (1 - alpha)
    focal = -balance * ops.power(1 - q, gamma) * ops.log(q) * weight
    return _sum(focal) / ops.maximum(ops.mean(_sum(truth)) / share_present(y_true), LEAST_POSITIVES)


@keras.saving.register_keras_serializable(package="wires")
class WireLoss(keras.losses.Loss):
    """Binary cross-entropy + Dice, the loss of the wire map."""

    def __init__(self, name="wire_loss", reduction="sum_over_batch_size", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        return (binary_cross_entropy(y_true, y_pred) + dice_loss(y_true, y_pred)) / share_present(y_true)


@keras.saving.register_keras_serializable(package="wires")
class JunctionLoss(keras.losses.Loss):
    """Focal loss per positive pixel, the loss of the junction map."""

    def __init__(
        self, alpha=FOCAL_ALPHA, gamma=FOCAL_GAMMA, name="junction_loss", reduction="sum_over_batch_size", dtype=None
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.alpha, self.gamma = alpha, gamma

    def call(self, y_true, y_pred):
        return focal_loss(y_true, y_pred, self.alpha, self.gamma) / share_present(y_true)

    def get_config(self):
        return {**super().get_config(), "alpha": self.alpha, "gamma": self.gamma}


LOSSES = {"overlap": WireLoss, "focal": JunctionLoss}
"""Kind of loss, as tasks name it -> its class."""


def task_losses(names: Collection[str]) -> dict[str, keras.losses.Loss]:
    """The loss of each of the outputs called `names` that is a task."""
    return {name: LOSSES[task.loss]() for name, task in TASKS.items() if name in names}


def task_weights(names: Collection[str]) -> dict[str, float]:
    """By how much the loss of each of the outputs called `names` counts that is a task."""
    return {name: task.weight for name, task in TASKS.items() if name in names}
