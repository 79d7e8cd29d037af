"""Cut straight strokes where a network's map says that a wire begins or ends within them.

A wire, the lead that it ends at and the stem of a ground symbol are drawn as one line: the ink shows no border, the
map does. Along every bar the map's logits are read, and the cheapest division into stretches of wire and of something
else is found, a change of the two costing something too.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from wire_detection.classic.strokes import Bars
from wire_detection.sheets.geometry import transform_points
from wire_detection.sheets.raster import pixels_at

LARGEST_MAP_LOGIT = 4.0
"""Logits beyond this are not told apart: a map is never surer than 98 in 100."""

WEAK_SHARE = 0.2
"""A wire is one all along: what is weak in a fifth of its length is doubtful."""

END_STEPS = 3
"""Stroke widths at an end of a piece: what the map says there is not yet blurred by what lies beyond."""

COST_OF_CHANGE = 12.0
"""Logits, summed over one sample per stroke width, that must speak for a change between wire and something else."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of bars.

    bars: N of them       source: (N,) int, the bar that each is a piece of
    logits: (N,) float32, mean logit of the map along each piece
    weakest: (N,) float32, mean logit along the WEAK_SHARE of each piece where it is lowest
    at_ends: (N, 2) float32, mean logit along the first and the last END_STEPS stroke widths of each piece
    """

    bars: Bars
    source: np.ndarray
    logits: np.ndarray
    weakest: np.ndarray
    at_ends: np.ndarray


def clipped_logits(probabilities: np.ndarray) -> np.ndarray:
    """Logits of probabilities, the natural logarithm of p / (1 - p), not beyond LARGEST_MAP_LOGIT."""
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.clip(np.log(p / (1 - p)), -LARGEST_MAP_LOGIT, LARGEST_MAP_LOGIT)


def cut_bars(bars: Bars, wire: np.ndarray, matrix: np.ndarray, stroke_px: float) -> Pieces:
    """The pieces of `bars` that are wire or something else by the map `wire` (H, W) of probabilities.

    Args:
        matrix: (2, 3) from the bars' pixels to those of the map.
        stroke_px: stroke width in the bars' pixels.
    """
    if not len(bars):
        nothing = np.zeros(0, np.float32)
        return Pieces(bars, np.zeros(0, int), nothing, nothing, nothing.reshape(0, 2))
    logits, counts = logits_along(bars, wire, matrix, stroke_px)
    states = divide(logits, counts, COST_OF_CHANGE)
    inside = np.arange(logits.shape[1])[None] < counts[:, None]
    begins = inside.copy()
    begins[:, 1:] &= states[:, 1:] != states[:, :-1]
    source, first = np.nonzero(begins)
    last_of_bar = np.append(source[1:] != source[:-1], True)
    after = np.where(last_of_bar, counts[source], np.append(first[1:], 0))
    step = bars.length[source] / counts[source]
    low = np.where(first == 0, bars.low[source], bars.low[source] + first * step)
    high = np.where(last_of_bar, bars.high[source], bars.low[source] + after * step)
    total = np.concatenate([np.zeros((len(bars), 1)), np.cumsum(np.where(inside, logits, 0), 1)], 1)

    def mean(first: np.ndarray, after: np.ndarray) -> np.ndarray:
        return ((total[source, after] - total[source, first]) / (after - first)).astype(np.float32)

    at_ends = mean(first, np.minimum(first + END_STEPS, after)), mean(np.maximum(after - END_STEPS, first), after)
    return Pieces(
        bars.take(source).with_ends(low, high),
        source,
        mean(first, after),
        _weakest(logits[source], first, after),
        np.stack(at_ends, 1),
    )


def _weakest(logits: np.ndarray, first: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(N,) float32, the mean of the lowest WEAK_SHARE, one at least, of the values `first` to `after` of each row."""
    steps = np.arange(logits.shape[1])
    own = (steps >= first[:, None]) & (steps < after[:, None])
    lowest = np.sort(np.where(own, logits, np.inf), 1)
    count = np.maximum(1, np.round(WEAK_SHARE * (after - first))).astype(int)
    return (np.where(steps < count[:, None], lowest, 0).sum(1) / count).astype(np.float32)


def logits_along(bars: Bars, wire: np.ndarray, matrix: np.ndarray, stroke_px: float) -> tuple[np.ndarray, np.ndarray]:
    """(N, L) logits of the map `wire` at the middles of equal steps of about a stroke width along each of N bars,
    and the numbers (N,) of these steps; beyond them the array holds 0.

    At each place the highest value within a pixel of the line counts: the map is as coarse as the network's stride.
    """
    counts = np.maximum(1, np.round(bars.length / stroke_px)).astype(int)
    steps = np.arange(counts.max())
    along = bars.low[:, None] + (steps[None] + 0.5) * (bars.length / counts)[:, None]
    inside = steps[None] < counts[:, None]
    points = np.stack(bars.xy(along, bars.offset[:, None]), -1)[inside]
    highest = cv2.dilate(wire, np.ones((3, 3), np.uint8))
    values = np.zeros(along.shape, np.float32)
    values[inside] = clipped_logits(pixels_at(highest, *transform_points(points, matrix).T))
    return values, counts


def divide(logits: np.ndarray, counts: np.ndarray, cost_of_change: float) -> np.ndarray:
    """(N, L) bool, the division of each row into wire (true) and not that costs least.

    A sample of logit x costs max(0, -x) as wire and max(0, x) as anything else, a change between neighbours
    `cost_of_change`. Solved exactly for all rows at once (Viterbi, IEEE Trans. Information Theory 13(2), 1967).

    Args:
        logits: (N, L) logits, of which the first `counts` (N,) of each row exist; the others must be 0.
    """
    costs = np.stack([np.maximum(logits, 0), np.maximum(-logits, 0)], 2)  # (N, L, state): 0 other, 1 wire
    rows, length = logits.shape
    changed = np.zeros((rows, length, 2), bool)
    best = costs[:, 0].copy()
    for i in range(1, length):
        changed[:, i] = best[:, ::-1] + cost_of_change < best
        best = np.where(changed[:, i], best[:, ::-1] + cost_of_change, best) + costs[:, i]
    states = np.zeros((rows, length), bool)
    state = best[:, 1] < best[:, 0]  # beyond a row's end nothing costs: the state that it ended in goes on
    for i in range(length - 1, -1, -1):
        states[:, i] = state
        state = state ^ changed[np.arange(rows), i, state.astype(int)]
    return states


def join_alike(pieces: Pieces, logits: np.ndarray) -> tuple[Bars, np.ndarray]:
    """Join neighbouring pieces of a bar whose `logits` (N,) of being a wire have one sign: bars and logits (M,)."""
    alike = np.zeros(len(logits), bool)
    alike[1:] = (pieces.source[1:] == pieces.source[:-1]) & ((logits[1:] >= 0) == (logits[:-1] >= 0))
    group = np.cumsum(~alike) - 1
    first = np.flatnonzero(~alike)
    last = np.append(first[1:], len(logits))[: len(first)] - 1
    length = np.maximum(pieces.bars.length, 1e-3)
    mean = np.bincount(group, logits * length) / np.bincount(group, length) if len(logits) else logits
    return pieces.bars.take(first).with_ends(pieces.bars.low[first], pieces.bars.high[last]), mean
