"""How surely a piece of a stroke is a wire. Two perceptrons, fitted on drawn sheets by benchmarks/judge_fit.py, weigh
what piece_features.py knows of it; the second also sees what the first one said of everything around.

A network sees some hundred pixels around each point, and a frame's line looks like a wire there; what the stroke ends
at, a thousand pixels on, tells them apart. The rules of the classic detector know it, but not what a symbol is. And
strokes that are drawn in one are of one kind: judging again with the first verdicts at hand is auto-context (Tu and
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

PLACE = WEIGHTS / "stroke_judge.npz"

FARTHEST = 5.0
"""Standardised features beyond this are cut: what was never seen is not judged by extrapolation."""


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

    def odds(self, columns: np.ndarray) -> np.ndarray:
        """(N,) log-odds, from the features (N, F)."""
        return np.maximum(self.standardised(columns) @ self.hidden + self.hidden_bias, 0) @ self.output + (
            self.output_bias
        )


class StrokeJudge(NamedTuple):
    """`first` judges by PIECE_FEATURES, `second` by these and the CONTEXT_FEATURES that follow from the first."""

    first: Perceptron
    second: Perceptron

    def odds(self, candidates: Candidates, pieces: Pieces, look: np.ndarray) -> np.ndarray:
        """(N,) log-odds of being a wire of the `pieces` of the bars of `candidates`, whose classic features `look` are."""
        columns = piece_columns(candidates, pieces, look)
        context = context_columns(candidates, pieces, look, self.first.odds(columns))
        return self.second.odds(np.concatenate([columns, context], 1))


def save_judge(judge: StrokeJudge, path: Path = PLACE) -> None:
    """Write the judge and the names of its features."""
    arrays = {
        f"{name}_{field}": value for name, part in judge._asdict().items() for field, value in part._asdict().items()
    }
    with replacing(path) as temporary:
        np.savez(temporary, features=np.array(PIECE_FEATURES + CONTEXT_FEATURES), **arrays)


@cache
def load_judge(path: Path = PLACE) -> StrokeJudge:
    """The judge that was fitted for the pretrained networks.

    Raises:
        ValueError: when the file is not there or was fitted for other features.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            names = tuple(content["features"].tolist())
            judge = StrokeJudge(
                *(
                    Perceptron(*(content[f"{name}_{field}"] for field in Perceptron._fields))
                    for name in StrokeJudge._fields
                )
            )
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read ({error}); check out the package's files again") from None
    if names != PIECE_FEATURES + CONTEXT_FEATURES:
        raise ValueError(f"{path}: was fitted for other features; run benchmarks/judge_fit.py")
    return judge
