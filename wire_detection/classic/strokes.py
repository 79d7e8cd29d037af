"""Straight strokes are horizontal and vertical bars, found by run lengths, with their width and position.

A bar is a run of ink much longer than the strokes are wide. Bars are measured on an upright sheet (skew.py); every
length is stated in stroke widths, so that a 100-dpi figure and a 600-dpi scan look alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from wire_detection.classic.skew import odd
from wire_detection.sheets.groups import connected_groups
from wire_detection.sheets.raster import pixels_at

SAMPLES = 24
"""Cuts measured along each bar; their median does not see the few that meet a crossing stroke or a letter."""

LONGEST_BRIDGE = 22.0
"""Ink between two pieces of a line joins them over this many stroke widths: the largest dots are 20 wide."""


@dataclass(frozen=True)
class Bars:
    """Straight horizontal and vertical strokes, N of them; lengths in pixels.

    vertical: (N,) bool, false for a horizontal bar
    low, high: (N,) float32, where the bar begins and ends along its direction (x of a horizontal bar, y of a vertical)
    offset: (N,) float32, its position across (y of a horizontal bar, x of a vertical one)
    width: (N,) float32, median width of its cuts      darkness: (N,) float32, median darkest value of its cuts
    """

    vertical: np.ndarray
    low: np.ndarray
    high: np.ndarray
    offset: np.ndarray
    width: np.ndarray
    darkness: np.ndarray

    def __len__(self) -> int:
        return len(self.low)

    @property
    def length(self) -> np.ndarray:
        return self.high - self.low

    def take(self, index: np.ndarray) -> Bars:
        """Choose the bars of `index`, a mask or numbers."""
        return Bars(*(getattr(self, name)[index] for name in self.__dataclass_fields__))

    def segments(self) -> np.ndarray:
        """Give the bars as segments (N, 4) float32 x0 y0 x1 y1."""
        return np.stack([*self.xy(self.low, self.offset), *self.xy(self.high, self.offset)], 1).astype(np.float32)

    def xy(self, along: np.ndarray, across: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the x and y of places `along` and `across` the bars, both (N, ...) or broadcast to it."""
        vertical = self.vertical.reshape(-1, *[1] * (np.ndim(along) - 1))
        return np.where(vertical, across, along), np.where(vertical, along, across)

    def places_of(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tell where along each bar (N, M) and where across it (N, M) the points (M, 2) x y lie."""
        return self.xy(points[None, :, 0], points[None, :, 1])  # x and y change places for a vertical bar, both ways

    def with_ends(self, low: np.ndarray, high: np.ndarray) -> Bars:
        return replace(self, low=np.asarray(low, np.float32), high=np.asarray(high, np.float32))


EMPTY_BARS = Bars(np.zeros(0, bool), *(np.zeros(0, np.float32) for _ in range(5)))


def join_bars(*parts: Bars) -> Bars:
    """Join all `parts` into one Bars."""
    return Bars(*(np.concatenate([getattr(p, name) for p in parts]) for name in Bars.__dataclass_fields__))


def find_bars(darkness: np.ndarray, ink: np.ndarray, stroke_px: float, shortest_px: float) -> Bars:
    """Find all horizontal and vertical bars of at least `shortest_px`.

    Args:
        darkness: (H, W) float32, 0 paper to 1 black; the bars are measured on it.
        ink: (H, W) uint8, 1 where there is ink that may belong to a bar.
    """
    horizontal = _horizontal_bars(darkness, ink, stroke_px, shortest_px)
    vertical = _horizontal_bars(np.ascontiguousarray(darkness.T), np.ascontiguousarray(ink.T), stroke_px, shortest_px)
    return join_bars(horizontal, replace(vertical, vertical=np.ones(len(vertical), bool)))


def _horizontal_bars(darkness: np.ndarray, ink: np.ndarray, stroke_px: float, shortest_px: float) -> Bars:
    run, thick = odd(shortest_px), odd(2.6 * stroke_px + 2)
    long_runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    fills = cv2.morphologyEx(long_runs, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8))
    pieces, _ = cv2.findContours(long_runs & ~fills, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = np.array([cv2.boundingRect(piece) for piece in pieces], int).reshape(-1, 4)
    low, high = boxes[:, 0].astype(np.float32), (boxes[:, 0] + boxes[:, 2] - 1).astype(np.float32)
    offset = boxes[:, 1] + (boxes[:, 3] - 1) / 2
    keep = boxes[:, 2] >= max(3, run // 3)
    bars = _measured(darkness, low[keep], high[keep], offset[keep].astype(np.float32), stroke_px)
    bars = _joined(bars, ink, stroke_px)
    return bars.take(bars.length + 1 >= shortest_px)


def _measured(darkness: np.ndarray, low: np.ndarray, high: np.ndarray, offset: np.ndarray, stroke_px: float) -> Bars:
    """Measure the width, darkness and sub-pixel offset of horizontal bars by SAMPLES cuts across each."""
    if not len(low):
        return EMPTY_BARS
    reach = int(np.ceil(3 * stroke_px)) + 1
    along = np.linspace(0.06, 0.94, SAMPLES)[None] * (high - low)[:, None] + low[:, None]
    across = np.round(offset)[:, None, None] + np.arange(-reach, reach + 1)[None, None]
    cuts = _own_stroke(pixels_at(darkness, along[:, :, None], across), reach)
    total, darkest = cuts.sum(2), cuts.max(2)
    centre = (cuts * across).sum(2) / np.maximum(total, 1e-6)
    widths = np.where(total > 0, total / np.maximum(darkest, 1e-6), 0)
    medians = (np.median(cut, 1).astype(np.float32) for cut in (centre, widths, darkest))
    return Bars(np.zeros(len(low), bool), low, high, *medians)


def _own_stroke(cuts: np.ndarray, middle: int) -> np.ndarray:
    """Keep of each cut (N, S, 2 * middle + 1) only what hangs together with its middle, no near parallel line."""
    pale = cuts < 0.2 * cuts[..., middle - 1 : middle + 2].max(-1, keepdims=True)
    cuts = cuts.copy()
    cuts[..., middle + 1 :][np.cumsum(pale[..., middle + 1 :], -1) > 0] = 0
    cuts[..., :middle][np.cumsum(pale[..., middle - 1 :: -1], -1)[..., ::-1] > 0] = 0
    return cuts


def _joined(bars: Bars, ink: np.ndarray, stroke_px: float) -> Bars:
    """Join pieces of one line: nothing but a hairline gap lies between them, or ink all the way (a dot, a fill)."""
    if len(bars) < 2:
        return bars
    left, right = _next_on_line(bars, 0.75 * stroke_px, LONGEST_BRIDGE * stroke_px)
    gap = bars.low[right] - bars.high[left]
    row = np.clip(np.round((bars.offset[left] + bars.offset[right]) / 2), 0, ink.shape[0] - 1).astype(int)
    bridged = gap <= 1.2 * stroke_px + 1
    for i in np.flatnonzero(~bridged):
        bridged[i] = ink[row[i], int(bars.high[left[i]]) + 1 : int(bars.low[right[i]])].all()
    label = connected_groups(np.stack([left[bridged], right[bridged]], 1), len(bars))
    count = label.max() + 1
    weight = np.maximum(bars.length, 1)
    total = np.bincount(label, weight, count)
    mean = [
        (np.bincount(label, v * weight, count) / total).astype(np.float32)
        for v in (bars.offset, bars.width, bars.darkness)
    ]
    low, high = np.full(count, np.inf, np.float32), np.full(count, -np.inf, np.float32)
    np.minimum.at(low, label, bars.low)
    np.maximum.at(high, label, bars.high)
    return Bars(np.zeros(count, bool), low, high, *mean)


def _next_on_line(bars: Bars, tolerance_px: float, farthest_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Pair bars (left, right) where `right` is the next bar after `left` on the same line."""
    order = np.argsort(bars.offset, kind="stable")
    offset, low = bars.offset[order], bars.low[order]
    first = np.searchsorted(offset, offset - tolerance_px, "left")
    last = np.searchsorted(offset, offset + tolerance_px, "right")
    high = bars.high[order]
    pairs = []
    for i in range(len(order)):
        near = low[first[i] : last[i]] - high[i]
        near = np.where((near > -tolerance_px) & (np.arange(first[i], last[i]) != i), near, np.inf)
        j = int(np.argmin(near))
        if near[j] <= farthest_px:
            pairs.append((order[i], order[first[i] + j]))
    pairs = np.array(pairs, int).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
