"""Straight strokes are horizontal and vertical bars, found by run lengths, with their width and position.

A bar is a run of ink much longer than the strokes are wide. Bars are measured on an upright sheet (skew.py); every
length is stated in stroke widths, so that a 100-dpi figure and a 600-dpi scan look alike. A stroke that a hand drew
leans by some degrees: its runs of ink lie like stairs, and it is a bar with a slope, or a few of them where it bends.
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

HALF_PLATE = np.array([1.5, 2.0, 2.5])
"""In stroke widths: where ink beside a line, on both sides of it, is that of a plate across its end."""

LEVEL = 2.0
"""Runs of ink that lie together and take up no more than this many stroke widths, and 2 px for their soft edges, are a
straight level stroke; higher ones may be the stairs of one that leans."""

BEND = 1.0
"""A stroke that strays from a straight line by no more than this many stroke widths is one straight bar."""


@dataclass(frozen=True)
class Bars:
    """Straight horizontal and vertical strokes, N of them; lengths in pixels.

    vertical: (N,) bool, false for a horizontal bar
    low, high: (N,) float32, where the bar begins and ends along its direction (x of a horizontal bar, y of a vertical)
    offset: (N,) float32, its position across (y of a horizontal bar, x of a vertical one), at its middle
    width: (N,) float32, median width of its cuts      darkness: (N,) float32, median darkest value of its cuts
    slope: (N,) float32, by how much its position across grows per pixel along it; 0 of a level bar
    """

    vertical: np.ndarray
    low: np.ndarray
    high: np.ndarray
    offset: np.ndarray
    width: np.ndarray
    darkness: np.ndarray
    slope: np.ndarray

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
        """Give the x and y of places `along` and `across` the bars, both (N, ...) or broadcast to it.

        What lies on a bar, sloped or not, is `across` it by its offset.
        """
        across = across + self._lean(along)
        vertical = self._beside(self.vertical, along)
        return np.where(vertical, across, along), np.where(vertical, along, across)

    def offset_at(self, along: np.ndarray) -> np.ndarray:
        """Tell the position across (N, ...) of each bar, sloped or not, at places `along` it (N, ...)."""
        return self._beside(self.offset, along) + self._lean(along)

    def _lean(self, along: np.ndarray) -> np.ndarray:
        """By how much each bar strays across at places `along` it (N, ...)."""
        return self._beside(self.slope, along) * (along - self._beside(self.middle, along))

    @staticmethod
    def _beside(values: np.ndarray, along: np.ndarray) -> np.ndarray:
        """The values (N,) of the bars, to go with places along them (N, ...)."""
        return values.reshape(-1, *[1] * (np.ndim(along) - 1))

    def places_of(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tell where along each bar (N, M) and where across it (N, M) the points (M, 2) x y lie."""
        vertical = self.vertical[:, None]
        x, y = points[None, :, 0], points[None, :, 1]
        along = np.where(vertical, y, x)
        return along, np.where(vertical, x, y) - self._lean(along)

    def with_ends(self, low: np.ndarray, high: np.ndarray) -> Bars:
        low, high = np.asarray(low, np.float32), np.asarray(high, np.float32)
        return replace(self, low=low, high=high, offset=self.offset_at((low + high) / 2))

    @property
    def middle(self) -> np.ndarray:
        return (self.low + self.high) / 2

    def meetings(self, others: Bars) -> tuple[np.ndarray, np.ndarray]:
        """Tell where along each bar (N, M), and where along each of the perpendicular `others` (N, M), their lines
        cross."""
        offset, slope, middle = (values[:, None] for values in (self.offset, self.slope, self.middle))
        along = others.offset + others.slope * (offset - slope * middle - others.middle)
        along = along / (1 - slope * others.slope)
        return along, offset + slope * (along - middle)


EMPTY_BARS = Bars(np.zeros(0, bool), *(np.zeros(0, np.float32) for _ in range(6)))


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
    vertical = _horizontal_bars(cv2.transpose(darkness), cv2.transpose(ink), stroke_px, shortest_px)
    return join_bars(horizontal, replace(vertical, vertical=np.ones(len(vertical), bool)))


def _horizontal_bars(darkness: np.ndarray, ink: np.ndarray, stroke_px: float, shortest_px: float) -> Bars:
    run, thick = odd(shortest_px), odd(2.6 * stroke_px + 2)
    long_runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    fills = cv2.morphologyEx(long_runs, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8))
    pieces, _ = cv2.findContours(long_runs & ~fills, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    lines = [line for piece in pieces for line in _lines_of(piece, stroke_px, shortest_px)]
    lines = np.array(lines, np.float32).reshape(-1, 4)
    bars = _measured(darkness, lines[lines[:, 2] - lines[:, 0] + 1 >= max(3, run // 3)], stroke_px)
    bars = _joined(bars, ink, stroke_px)
    on_sheet = (bars.offset >= 0) & (bars.offset <= len(ink) - 1)  # the dark rim of a scan has its middle outside
    return bars.take(on_sheet & (bars.length + 1 >= shortest_px))


def _lines_of(piece: np.ndarray, stroke_px: float, shortest_px: float) -> list[tuple[float, float, float, float]]:
    """Give the straight lines x0 y0 x1 y1 that make up a piece of runs of ink, which is given by its contour.

    One level line for most; where the runs lie like stairs, the lines that their middles follow to BEND stroke widths,
    or to as many more as make each line at least `shortest_px` long.
    """
    left, top, width, height = cv2.boundingRect(piece)
    right, middle = left + width - 1, top + (height - 1) / 2
    if height <= LEVEL * stroke_px + 2 or width < shortest_px:
        return [(left, middle, right, middle)]
    filled = cv2.drawContours(np.zeros((height, width), np.uint8), [piece - (left, top)], 0, 1, cv2.FILLED)
    rows = top + np.arange(height) @ filled / filled.sum(0)
    middles = np.stack([np.arange(left, right + 1), rows], 1).astype(np.float32)
    bend = BEND * stroke_px
    while True:
        corners = cv2.approxPolyDP(middles, bend, False).reshape(-1, 2)
        if len(corners) == 2 or np.diff(corners[:, 0]).min() >= shortest_px:
            return [(*start, *stop) for start, stop in zip(corners.tolist(), corners[1:].tolist(), strict=False)]
        bend *= 2


def _measured(darkness: np.ndarray, lines: np.ndarray, stroke_px: float) -> Bars:
    """Measure the bars along roughly horizontal lines (N, 4) x0 y0 x1 y1 by SAMPLES cuts across each.

    The median cut tells a bar's width, darkness and offset to a fraction of a pixel; of one that leans, the medians of
    its two halves tell the slope.
    """
    if not len(lines):
        return EMPTY_BARS
    low, high = lines[:, 0], lines[:, 2]
    slope = (lines[:, 3] - lines[:, 1]) / np.maximum(high - low, 1)
    shares = np.linspace(0.06, 0.94, SAMPLES)
    along = shares[None] * (high - low)[:, None] + low[:, None]
    expected = lines[:, 1:2] + slope[:, None] * (along - low[:, None])
    reach = int(np.ceil(3 * stroke_px)) + 1
    across = np.round(expected)[:, :, None] + np.arange(-reach, reach + 1)[None, None]
    cuts = _own_stroke(pixels_at(darkness, along[:, :, None], across), reach)
    total, darkest = cuts.sum(2), cuts.max(2)
    centre = np.where(total > 0, (cuts * across).sum(2) / np.maximum(total, 1e-6), expected)
    widths = np.where(total > 0, total / np.maximum(darkest, 1e-6), 0)
    half = SAMPLES // 2
    aside = centre - expected
    drift = np.median(aside[:, half:], 1) - np.median(aside[:, :half], 1)
    turned = drift / np.maximum((shares[half:].mean() - shares[:half].mean()) * (high - low), 1)
    slope = np.where(slope != 0, slope + turned, 0).astype(np.float32)
    level = centre - slope[:, None] * (along - (low + high)[:, None] / 2)
    medians = [np.median(cut, 1).astype(np.float32) for cut in (level, widths, darkest)]
    return Bars(np.zeros(len(low), bool), low, high, *medians, slope)


def _own_stroke(cuts: np.ndarray, middle: int) -> np.ndarray:
    """Keep of each cut (N, S, 2 * middle + 1) only what hangs together with its middle, no near parallel line."""
    pale = cuts < 0.2 * cuts[..., middle - 1 : middle + 2].max(-1, keepdims=True)
    cuts = cuts.copy()
    cuts[..., middle + 1 :][np.cumsum(pale[..., middle + 1 :], -1) > 0] = 0
    cuts[..., :middle][np.cumsum(pale[..., middle - 1 :: -1], -1)[..., ::-1] > 0] = 0
    return cuts


def _joined(bars: Bars, ink: np.ndarray, stroke_px: float) -> Bars:
    """Join pieces of one level line: nothing but a hairline gap lies between, or ink all the way (a dot, a fill).

    A gap between two plates is no hairline but a capacitor.
    """
    if len(bars) < 2:
        return bars
    left, right = _next_on_line(bars, 0.75 * stroke_px, LONGEST_BRIDGE * stroke_px)
    gap = bars.low[right] - bars.high[left]
    row = np.clip(np.round((bars.offset[left] + bars.offset[right]) / 2), 0, ink.shape[0] - 1).astype(int)
    bridged = (gap <= 1.2 * stroke_px + 1) & ~_between_plates(bars.high[left], bars.low[right], row, ink, stroke_px)
    for i in np.flatnonzero(~bridged):
        bridged[i] = ink[row[i], int(bars.high[left[i]]) + 1 : int(bars.low[right[i]])].all()
    bridged &= (bars.slope[left] == 0) & (bars.slope[right] == 0)
    label = connected_groups(np.stack([left[bridged], right[bridged]], 1), len(bars))
    count = label.max() + 1
    weight = np.maximum(bars.length, 1)
    total = np.bincount(label, weight, count)
    mean = [
        (np.bincount(label, v * weight, count) / total).astype(np.float32)
        for v in (bars.offset, bars.width, bars.darkness, bars.slope)
    ]
    low, high = np.full(count, np.inf, np.float32), np.full(count, -np.inf, np.float32)
    np.minimum.at(low, label, bars.low)
    np.maximum.at(high, label, bars.high)
    return Bars(np.zeros(count, bool), low, high, *mean)


def _between_plates(
    high: np.ndarray, low: np.ndarray, row: np.ndarray, ink: np.ndarray, stroke_px: float
) -> np.ndarray:
    """Tell of gaps (G,) between the columns `high` and `low` on a row which have a plate on either side."""
    is_plate = np.ones(len(row), bool)
    for column in (high - stroke_px / 2, low + stroke_px / 2):
        for aside in HALF_PLATE * stroke_px:
            is_plate &= (pixels_at(ink, column, row - aside) > 0) & (pixels_at(ink, column, row + aside) > 0)
    return is_plate & (low - high > 1.5)


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
