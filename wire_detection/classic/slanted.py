"""Slanted wires are straight strokes, neither horizontal nor vertical, between the ends of two wires."""

from __future__ import annotations

import numpy as np

from wire_detection.classic.strokes import Bars
from wire_detection.sheets.raster import pixels_at, widened

SHORTEST = 14.0
"""In stroke widths; shorter slants are arrow heads, zigzags and letters."""

AXIS_DEG = 4.0
"""Lines nearer to an axis than this are the bars of an imperfectly upright sheet."""

MOST_ENDS = 400
"""Of more open ends than this no pairs are tried: such a sheet is a photograph or a halftone, not a drawing."""


def find_slanted(bars: Bars, open_ends: np.ndarray, ink: np.ndarray, stroke_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Find lines of ink from the open end of one bar to that of another, which stop at both.

    A slanted side of a symbol goes on beyond the lead that ends on it; a slanted wire goes on as a straight one.

    Args:
        bars: N bars that may be wires.
        open_ends: (N, 2) bool, ends (low, high) at which no perpendicular bar and no mark lies.
        ink: (H, W) uint8 of the upright sheet.

    Returns:
        (M, 4) float32 segments x0 y0 x1 y1, and (M, 2) int, the bars that they join.
    """
    bar, end = np.nonzero(open_ends)
    points = bars.segments().reshape(-1, 2, 2)[bar, end]
    if len(points) > MOST_ENDS:
        return np.zeros((0, 4), np.float32), np.zeros((0, 2), int)
    i, j = np.triu_indices(len(points), 1)
    step = points[j] - points[i]
    length = np.hypot(step[:, 0], step[:, 1])
    angle = np.degrees(np.arctan2(np.abs(step[:, 1]), np.abs(step[:, 0])))
    likely = (length >= SHORTEST * stroke_px) & (angle > AXIS_DEG) & (angle < 90 - AXIS_DEG) & (bar[i] != bar[j])
    i, j, step, length = i[likely], j[likely], step[likely], length[likely, None]
    near = widened(ink, 1)
    along = step / np.maximum(length, 1)
    drawn = _inked(points[i], points[j], near) >= 0.97
    margin = along * 2 * stroke_px
    for tip, sign in ((points[i], -1), (points[j], 1)):
        drawn &= _inked(tip + sign * 2 * margin, tip + sign * 4 * margin, ink) < 0.5
    across = np.stack([-along[:, 1], along[:, 0]], 1) * 3 * stroke_px
    for sign in (-1, 1):  # a line, not the inside of a fill
        drawn &= _inked(points[i] + sign * across + margin, points[j] + sign * across - margin, ink) < 0.5
    i, j = i[drawn], j[drawn]
    used = np.bincount(np.concatenate([i, j]), minlength=len(points))
    alone = (used[i] == 1) & (used[j] == 1)  # two slants at one end are the tip of a triangle
    i, j = i[alone], j[alone]
    return np.concatenate([points[i], points[j]], 1).astype(np.float32), np.stack([bar[i], bar[j]], 1)


def _inked(starts: np.ndarray, stops: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Measure the share (N,) of ink along the lines from `starts` (N, 2) to `stops` (N, 2)."""
    steps = np.linspace(0, 1, 80)[None, :, None]
    points = starts[:, None] * (1 - steps) + stops[:, None] * steps
    return pixels_at(ink, points[..., 0], points[..., 1]).mean(1)
