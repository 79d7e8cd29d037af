"""How surely a piece of a stroke is a wire: what a network's map says of it and around it, how the stroke looks, what
it touches. A perceptron of one hidden layer, fitted on drawn sheets by benchmarks/judge_fit.py, weighs all of that.

A network sees some hundred pixels around each point, and a frame's line looks like a wire there; what the stroke ends
at, a thousand pixels on, tells them apart. The rules of the classic detector know it, but not what a symbol is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bar_pieces import Pieces, log_odds
from hough_detection import Candidates
from wire_confidence import FEATURES, bar_confidences, corner_groups

PLACE = Path(__file__).resolve().parent / "pretrained" / "stroke_judge.npz"

PIECE_FEATURES = FEATURES + (
    "map along bar", "map along group", "look of group", "look", "map of bars ended on", "bars ended on",
    "map of bars ending here", "bars ending here", "map of dotted neighbours", "dotted neighbours",
    "look of bars ended on", "look of bars ending here", "map along piece", "share of bar", "first", "last",
    "piece length")
"""Names of the columns of `piece_columns`; map and look are log-odds, by the network and by the classic features."""

FARTHEST = 5.0
"""Standardised features beyond this are cut: what was never seen is not judged by extrapolation."""


class StrokeJudge(NamedTuple):
    """A perceptron: mean and spread (F,) of the features, weights (F, K), (K,), (K,) and () of its two layers."""

    mean: np.ndarray
    spread: np.ndarray
    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray

    def standardised(self, columns: np.ndarray) -> np.ndarray:
        """(N, F) features, of zero mean and unit spread on the sheets that the judge learned from."""
        return np.clip((columns - self.mean) / self.spread, -FARTHEST, FARTHEST)

    def odds(self, columns: np.ndarray) -> np.ndarray:
        """(N,) log-odds of being a wire, from the features (N, F)."""
        return np.maximum(self.standardised(columns) @ self.hidden + self.hidden_bias, 0) @ self.output + (
            self.output_bias)


@cache
def load_judge(path: Path = PLACE) -> StrokeJudge:
    """The judge that was fitted for the pretrained networks.

    Raises:
        ValueError: when the file is not there or was fitted for other features.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            names = tuple(content["features"].tolist())
            judge = StrokeJudge(*(content[name] for name in StrokeJudge._fields))
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read ({error}); check out the package's files again") from None
    if names != PIECE_FEATURES:
        raise ValueError(f"{path}: was fitted for other features; run benchmarks/judge_fit.py")
    return judge


def piece_columns(found: Candidates, pieces: Pieces, look: np.ndarray) -> np.ndarray:
    """(N, len(PIECE_FEATURES)) float32, what is known of each of the pieces of the bars of `found`.

    Args:
        look: (B, len(FEATURES)), the classic features of the bars.
    """
    bars, meetings, count = found.bars, found.meetings, len(found.bars)
    classic = log_odds(bar_confidences(look, bars, meetings, found.stroke_px))
    length, piece_length = np.maximum(bars.length, 1), np.maximum(pieces.bars.length, 1e-3)
    seen = _weighted_mean(pieces.source, pieces.evidence, piece_length, count)
    group = corner_groups(bars, meetings) if count else np.zeros(0, int)
    tee, dotted = ~meetings.corner & ~meetings.dotted, meetings.dotted
    ended_on, ended_on_count = _mean_of_others(meetings.bar[tee], seen[meetings.other[tee]], count)
    ending, ending_count = _mean_of_others(meetings.other[tee], seen[meetings.bar[tee]], count)
    at_dots, at_dots_count = _mean_of_others(meetings.bar[dotted], seen[meetings.other[dotted]], count)
    look_ended_on, _ = _mean_of_others(meetings.bar[tee], classic[meetings.other[tee]], count)
    look_ending, _ = _mean_of_others(meetings.other[tee], classic[meetings.bar[tee]], count)
    of_bars = np.stack([seen, _weighted_mean(group, seen, length, count)[group],
                        _weighted_mean(group, classic, length, count)[group], classic, ended_on, ended_on_count,
                        ending, ending_count, at_dots, at_dots_count, look_ended_on, look_ending], 1)
    new_bar = np.append(True, pieces.source[1:] != pieces.source[:-1])
    of_pieces = np.stack([pieces.evidence, piece_length / length[pieces.source], new_bar[:len(pieces.source)],
                          np.append(new_bar[1:], True)[:len(pieces.source)],
                          np.log(np.maximum(piece_length / found.stroke_px, 0.2))], 1)
    return np.concatenate([look[pieces.source], of_bars[pieces.source], of_pieces], 1).astype(np.float32)


def _weighted_mean(group: np.ndarray, values: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """(count,) mean of `values` over the members of each group, by weight; 0 for a group without any."""
    return np.bincount(group, values * weights, count) / np.maximum(np.bincount(group, weights, count), 1e-3)


def _mean_of_others(bar: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(count,) mean of the `values` that belong to each bar, 0 where there is none, and their number, 6 at most."""
    number = np.bincount(bar, minlength=count)
    return np.bincount(bar, values, count) / np.maximum(number, 1), np.minimum(number, 6)
