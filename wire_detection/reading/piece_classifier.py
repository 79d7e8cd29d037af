"""How surely a piece of a stroke is a wire is told by two perceptrons, one after the other.

Both weigh what piece_features.py knows of it; the second also sees what the first one said of everything around. They
were fitted on drawn sheets by benchmarks/classifier_fit.py.

A network sees some hundred pixels around each point, and a frame's line looks like a wire there; what the stroke ends
at, a thousand pixels on, tells them apart. The rules of the classic detector know it, but not what a symbol is. And
strokes that are drawn in one are of one kind: classifying again with the first answers at hand is auto-context (Tu and
Bai, IEEE Trans. Pattern Analysis and Machine Intelligence 32(10), 2010).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wire_detection.classic.detect import Candidates
from wire_detection.paths import WEIGHTS
from wire_detection.reading.piece_features import CONTEXT_FEATURES, PIECE_FEATURES, context_columns, piece_columns
from wire_detection.reading.pieces import Pieces
from wire_detection.sheets.safe_files import replacing

PLACE = WEIGHTS / "piece_classifier.npz"

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
    """`first` goes by PIECE_FEATURES, `second` by these and the CONTEXT_FEATURES that follow from the first."""

    first: Perceptron
    second: Perceptron

    def logits(self, candidates: Candidates, pieces: Pieces, stroke_features: np.ndarray) -> np.ndarray:
        """(N,) logits of the `pieces` of the bars of `candidates` being wires.

        Args:
            stroke_features: (B, len(FEATURES)), the classic features of the bars.
        """
        columns = piece_columns(candidates, pieces, stroke_features)
        context = context_columns(candidates, pieces, stroke_features, self.first.logits(columns))
        return self.second.logits(np.concatenate([columns, context], 1))


def save_classifier(classifier: PieceClassifier, path: Path = PLACE) -> None:
    """Write the classifier and the names of its features."""
    arrays = {
        f"{name}_{field}": value
        for name, part in classifier._asdict().items()
        for field, value in part._asdict().items()
    }
    with replacing(path) as temporary:
        np.savez(temporary, features=np.array(PIECE_FEATURES + CONTEXT_FEATURES), **arrays)


@cache
def load_classifier(path: Path = PLACE) -> PieceClassifier:
    """The classifier that was fitted for the pretrained networks.

    Raises:
        ValueError: when the file is not there or was fitted for other features.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            names = tuple(content["features"].tolist())
            classifier = PieceClassifier(
                *(
                    Perceptron(*(content[f"{name}_{field}"] for field in Perceptron._fields))
                    for name in PieceClassifier._fields
                )
            )
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read ({error}); check out the package's files again") from None
    if names != PIECE_FEATURES + CONTEXT_FEATURES:
        raise ValueError(f"{path}: was fitted for other features; run benchmarks/classifier_fit.py")
    return classifier
