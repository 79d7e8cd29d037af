"""Ruled and squared paper whose lines are as dark as the pencil, or bent: they are followed across the page and go.

Printed lines that are level and paler than the ink are told by their tone (paper.py). The tone of these tells nothing,
but that they go on beyond the picture, unbroken, thin and at even distances: no drawing's lines do all of that. A page
that is bent or seen askew is no matter, for each line is followed by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import median_filter

from wire_detection.sheets.ink import darkness
from wire_detection.sheets.paper import DRIFT_PX, FEWEST_LINES, INK_QUANTILE, KEPT, PALER, regular_spacing, runs

PALEST_INK = 0.06
"""Lines fade towards the edges of a photograph; they are long, and seen at half of the tone of the faintest ink."""

MOST_INK = 0.15
"""Lines and a drawing do not cover more of a sheet: on grainy paper the grain stays out of what counts as ink."""

STRIPS = 64
"""Lines are followed from one to the next of so many strips: along a 64th of its length a line is straight, and a gap
as wide as a contact or the plates of a capacitor leaves too little of it in its strip."""

NARROWEST_STRIP_PX = 12
"""Fewer strips are cut from a small sheet: in narrower ones letters are lines."""

STRIP_SHARE = 0.75
"""A line darkens so much of a strip's width."""

MARGIN_SHARE = 0.03
"""So near to both edges of the page lines must come: frames, rails and tables of drawings end before."""

LARGEST_SLOPE = 0.07
"""Steeper lines are none of this paper: the sheet has been turned upright by its strokes before."""

FOLLOWED_PX = 3.0
"""How far from where its slope led to a line may go on in the next strip."""

STEADY, BENDING = 0.5, 0.1
"""So much of that is taken for a change of its place, and of its slope: strokes that run into a line move its middle by
a pixel or two (an alpha-beta filter)."""

UNBROKEN_SHARE = 0.97
"""Lines of a family are seen in so many of the strips; rungs of a ladder diagram are broken by contacts and coils."""

SEEN_SHARE = 0.8
"""The others of the family, which fade or pass under much of the drawing, are seen in so many."""

BENT_SHARE = 0.15
"""By which share of the spacing the distance between two lines may be off: on a bent page, or one seen askew, it is
larger in one place than in another."""

WIDEST_LINE_PX = 12
"""Of printed lines, on a scan of 600 dpi."""

TONES = 8
"""Within such a part of the width a line has one tone, KEPT times that of all the lines at most: light falls on the
page unevenly, and a stroke may lie on the line."""

THICKER = 1.5
"""What is so many times thicker than the lines, and a pixel, is not a line alone: a stroke along or across it."""


@dataclass(frozen=True)
class Ruling:
    """Lines right across a sheet (H, W), from its left to its right edge, from the top to the bottom.

    rows: (N, W) float64, where each of them lies in each column      unbroken: (N,) bool, whether they have no gaps
    """

    rows: np.ndarray
    unbroken: np.ndarray

    def spacing_px(self, height: int) -> float:
        """Measure the distance between the lines; 0 where they are no family that goes down half the sheet."""
        if self.unbroken.sum() < FEWEST_LINES or np.ptp(self.rows[:, 0]) < height / 2:
            return 0.0
        spacings = [regular_spacing(self.rows[:, column], BENT_SHARE) for column in (0, self.rows.shape[1] // 2, -1)]
        return float(np.median(spacings)) if min(spacings) else 0.0

    def tones(self, dark: np.ndarray) -> np.ndarray:
        """Find the `darkness` (H, W) along the lines: (N, W)."""
        rows = np.clip(np.round(self.rows).astype(int), 1, len(dark) - 2)
        columns = np.arange(dark.shape[1])
        return np.max([dark[rows + step, columns] for step in (-1, 0, 1)], axis=0)

    def is_level_and_pale(self, dark: np.ndarray) -> bool:
        """Tell whether the lines can be told by their tone, as `without_printed_lines` does it."""
        level = np.median(np.ptp(self.rows, axis=1)) <= DRIFT_PX
        return bool(level and np.median(self.tones(dark)) < PALER * np.quantile(dark[::4, ::4], INK_QUANTILE))


def without_ruling(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """Level out the lines of ruled or squared paper on a sheet (H, W) uint8 that are dark, or not level.

    Where there are such lines, one or two across them from edge to edge are the margin of the page, and go as well.

    Returns:
        the sheet, itself where nothing is done, and the spacing of the lines in pixels, 0 without any.
    """
    if min(grey.shape) < FEWEST_LINES * NARROWEST_STRIP_PX:
        return grey, 0.0
    ink = ruling_ink(grey)
    level, upright = follow_lines(ink), follow_lines(ink.T)
    level_px, upright_px = level.spacing_px(grey.shape[0]), upright.spacing_px(grey.shape[1])
    if not max(level_px, upright_px):
        return grey, 0.0
    dark = darkness(grey)
    if (not level_px or level.is_level_and_pale(dark)) and (not upright_px or upright.is_level_and_pale(dark.T)):
        return grey, 0.0
    cleaned = grey.copy()
    for part, ruling, spacing_px in ((cleaned, level, level_px), (cleaned.T, upright, upright_px)):
        if spacing_px or 0 < len(ruling.rows) < FEWEST_LINES:
            _level_out(part, ruling)
    return cleaned, max(level_px, upright_px)


def ruling_ink(grey: np.ndarray) -> np.ndarray:
    """Tell which pixels of a sheet (H, W) may be of a line, however faint: (H, W) uint8, 1 where they may."""
    dark = darkness(grey)
    return (dark > max(PALEST_INK, float(np.quantile(dark[::4, ::4], 1 - MOST_INK)))).astype(np.uint8)


def follow_lines(ink: np.ndarray) -> Ruling:
    """Follow the lines that go right across a sheet, of which `ink` (H, W) uint8 tells the dark pixels."""
    width = ink.shape[1]
    nothing = Ruling(np.zeros((0, width)), np.zeros(0, bool))
    margin = int(MARGIN_SHARE * width)
    count = int(np.clip((width - 2 * margin) // NARROWEST_STRIP_PX, 1, STRIPS))
    edges = np.linspace(margin, width - margin, count + 1).astype(int)
    profiles = (_profile(ink[:, start:end]) for start, end in zip(edges[:-1], edges[1:], strict=True))
    first, widths = _lines_in(next(profiles), WIDEST_LINE_PX)
    if not len(first) or not len(_lines_in(_profile(ink[:, edges[-2] : edges[-1]]), WIDEST_LINE_PX)[0]):
        return nothing
    rows, widest = first[:, None], np.median(widths) + 2  # two that touch are wider, and the middle of neither
    steepest = LARGEST_SLOPE * (width - 2 * margin) / count
    slope, seen = np.zeros(len(rows)), np.ones(len(rows))
    for strip, profile in enumerate(profiles, 2):
        found, led = _lines_in(profile, widest)[0], rows[:, -1] + slope
        off = _nearest(found, led) - led
        goes_on = np.abs(off) <= FOLLOWED_PX + (steepest if strip == 2 else 0)
        off[~goes_on] = 0
        slope = slope + off * (1 if strip == 2 else BENDING)
        rows = np.column_stack([rows, led + off * (1 if strip == 2 else STEADY)])
        seen = seen + (goes_on | (profile[np.clip(np.round(led).astype(int), 0, len(profile) - 1)] >= STRIP_SHARE))
        alive = (seen >= strip - (1 - SEEN_SHARE) * count) & (np.abs(slope) <= steepest + FOLLOWED_PX)
        rows, slope, seen = rows[alive], slope[alive], seen[alive]
        if not len(rows):
            return nothing
    apart = np.all(np.diff(rows, axis=0, prepend=-np.inf) > WIDEST_LINE_PX / 2, axis=1)
    middles = (edges[:-1] + edges[1:] - 1) / 2
    across = np.array([np.interp(np.arange(width), middles, line) for line in rows[apart]]).reshape(-1, width)
    return Ruling(across, seen[apart] >= UNBROKEN_SHARE * count)


def _profile(strip: np.ndarray) -> np.ndarray:
    """Measure which share of each row of a strip (H, w) uint8, or of those beside it, is ink: (H,) float64."""
    return cv2.dilate(np.ascontiguousarray(strip), np.ones((3, 1), np.uint8)).mean(axis=1)


def _lines_in(profile: np.ndarray, widest: float) -> tuple[np.ndarray, np.ndarray]:
    """Find the middle rows (N,) float64, and the widths (N,), of lines across a strip that are at most so wide."""
    starts, ends = runs(profile >= STRIP_SHARE)
    width = ends - starts
    return (starts + ends - 1)[width <= widest] / 2, width[width <= widest]


def _nearest(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Find the nearest of `found` (N,) to each of `wanted` (M,); infinity where there is none."""
    if not len(found):
        return np.full(len(wanted), np.inf)
    return found[np.argmin(np.abs(found[None] - wanted[:, None]), axis=1)]


def _level_out(grey: np.ndarray, ruling: Ruling) -> None:
    """Give `grey` (H, W) uint8 the tone of the paper beside the lines of a ruling where there is a line alone."""
    ink = ruling_ink(grey)
    tones, columns = ruling.tones(darkness(grey)), np.arange(grey.shape[1])
    ends = [_run_through(ink, np.round(row).astype(int)) for row in ruling.rows]
    thickness = np.array([bottom - top + 1 for top, bottom in ends])
    usual_px = np.median(thickness[thickness > 0])
    window = len(columns) // TONES | 1
    family_tone = KEPT * median_filter(np.median(tones, axis=0), window, mode="nearest")
    own_tone = np.minimum(median_filter(tones, (1, window), mode="nearest"), family_tone)
    alone = (thickness > 0) & (thickness <= THICKER * usual_px + 1) & (tones <= KEPT * own_tone)
    for (top, bottom), there in zip(ends, alone, strict=True):
        first, last = np.clip([top - 1, bottom + 1], 1, len(grey) - 2)  # the edges of a line are soft
        paper = np.maximum(grey[first - 1, columns], grey[last + 1, columns])
        for step in range(int(THICKER * usual_px) + 4):
            inside = there & (first + step <= last)
            grey[(first + step)[inside], columns[inside]] = paper[inside]


def _run_through(ink: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the first and the last row of the run of ink through, or next to, the row (W,) in each column of `ink`.

    Where there is none, the last one is before the first.
    """
    height, columns = len(ink), np.arange(len(rows))
    middle = rows.copy()
    for step in (-2, 2, -1, 1, 0):  # the nearest last
        beside = np.clip(rows + step, 0, height - 1)
        middle = np.where(ink[beside, columns] > 0, beside, middle)
    middle = np.clip(middle, 0, height - 1)
    reach = 2 * WIDEST_LINE_PX
    padded = np.pad(ink, ((reach, reach), (0, 0)))
    window = padded[middle + reach + np.arange(-reach, reach + 1)[:, None], columns].astype(int)
    up, down = (np.cumprod(side, axis=0).sum(axis=0) for side in (window[reach::-1], window[reach:]))
    return middle - up + 1, middle + down - 1
