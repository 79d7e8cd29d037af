"""How surely a piece of a stroke is a wire is told by two perceptrons, one after the other.

Both weigh what piece_features.py knows of it; the second also sees what the first one said of everything around. They
were fitted on drawn sheets by benchmarks/classifier_fit.py.

A network sees some hundred pixels around each point, and a frame's line looks like a wire there; what the stroke ends
at, a thousand pixels on, tells them apart. The rules of the classic detector know it, but not what a symbol is. And
strokes that are drawn in one are of one kind: classifying again with the first answers at hand is auto-context (Tu and
Bai, IEEE Trans. Pattern Analysis and Machine Intelligence 32(10), 2010).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wire_detection.classic.detect import Candidates
from wire_detection.classic.features import stack_columns
from wire_detection.paths import SHIPPED_WEIGHTS
from wire_detection.reading.piece_features import context_features, piece_features
from wire_detection.reading.pieces import Pieces
from wire_detection.sheets.safe_files import replacing

PLACE = SHIPPED_WEIGHTS / "piece_classifier.npz"

PARTS = ("first", "second")
"""Names of the two perceptrons, in the classifier and in its file."""

FARTHEST = 5.0
"""Standardised features beyond this are cut: nothing is said by extrapolation of what was never seen."""


class Perceptron(NamedTuple):
    """Mean and spread (F,) of the features, weights (F, K), (K,), (K,) and () of two layers."""

    mean: np.ndarray
    spread: np.ndarray
    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray

    def standardised(self, columns: np.ndarray) -> np.ndarray:
        """(N, F) features, of zero mean and unit spread on the sheets that it learned from."""
        return np.clip((columns - self.mean) / self.spread, -FARTHEST, FARTHEST)

    def logits(self, columns: np.ndarray) -> np.ndarray:
        """(N,) logits, from the features (N, F)."""
        return np.maximum(self.standardised(columns) @ self.hidden + self.hidden_bias, 0) @ self.output + (
            self.output_bias
        )


class PieceClassifier(NamedTuple):
    """`first` goes by the piece features, `second` by these and by the context features that follow from the first.

    features: the names of all of them, in the order in which the perceptrons weigh them; the piece features come first
    """

    features: tuple[str, ...]
    first: Perceptron
    second: Perceptron

    def logits(self, candidates: Candidates, pieces: Pieces, stroke_features: Mapping[str, np.ndarray]) -> np.ndarray:
        """(N,) logits of the `pieces` of the bars of `candidates` being wires.

        Args:
            stroke_features: the classic features of the bars, name -> (B,).

        Raises:
            ValueError: when it was fitted for other features.
        """
        columns = piece_features(candidates, pieces, stroke_features)
        first = self.first.logits(self._stacked(columns))
        context = context_features(candidates, pieces, stroke_features, first)
        return self.second.logits(self._stacked({**columns, **context}))

    def _stacked(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """(N, F) float32, the columns, which must be the first F that it was fitted for."""
        if tuple(columns) != self.features[: len(columns)]:
            raise ValueError("the classifier of pieces was fitted for other features; run benchmarks/classifier_fit.py")
        return stack_columns(columns)


def save_classifier(classifier: PieceClassifier, path: Path = PLACE) -> None:
    """Write the classifier and the names of its features."""
    arrays = {
        f"{name}_{field}": value for name in PARTS for field, value in getattr(classifier, name)._asdict().items()
    }
    with replacing(path) as temporary:
        np.savez(temporary, features=np.array(classifier.features), **arrays)


@cache
def load_classifier(path: Path = PLACE) -> PieceClassifier:
    """The classifier that was fitted for the pretrained networks.

    Raises:
        ValueError: when the file is not there or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            parts = (Perceptron(*(content[f"{name}_{field}"] for field in Perceptron._fields)) for name in PARTS)
            return PieceClassifier(tuple(content["features"].tolist()), *parts)
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read ({error}); check out the package's files again") from None
