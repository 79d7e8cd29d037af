"""Scores of single pixels, for the log of a training."""

from __future__ import annotations

import keras
from keras import ops

from wire_detection.networks.losses import masked


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
        truth, p, weight = masked(y_true, y_pred)
        said = ops.cast(p >= 0.5, "float32") * weight
        self.counts.assign_add(ops.stack([ops.sum(said * truth), ops.sum(said), ops.sum(truth), ops.sum(weight)]))

    def result(self):
        numerator, denominator = self.FORMULAS[self.formula](*(self.counts[i] for i in range(4)))
        return ops.where(denominator > 0, numerator / ops.maximum(denominator, 1.0), 1.0)

    def get_config(self):
        return {**super().get_config(), "formula": self.formula}
