"""The grid of a sheet: the even spacing on which its program, or a careful hand, laid the wires.

Editors want coordinates on a grid. It is measured where the sheet shows one, so that its lines fall on theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GRID_STROKES = 1.27 / 0.1524
"""Stroke widths in a step of the grid: KiCad draws wires 6 mil (0.1524 mm) wide on a grid of 50 mil (1.27 mm)."""

CLOSEST_STROKES = 2.0
"""Lines nearer than this, in stroke widths, are two readings of one."""

ALIKE = 0.03
"""Share by which spacings that count as one may differ, and half a pixel more for lines drawn on whole pixels."""

FINEST_PART = 4
"""The most common spacing is up to so many steps of a grid: symbols hold their leads two or four steps apart."""

ON_GRID = 0.8
"""Mean resultant length, from 0 to 1, of the places of lines within their step of the grid from which it is one.

Lines that lie anywhere have 0, lines exactly on the grid 1 (Mardia and Jupp 2000, Directional Statistics, 2.3.1).
"""

MOST_LINES = 2000
"""Of so many lines the grid is measured, evenly chosen: more would not tell it better."""


@dataclass(frozen=True)
class Grid:
    """Points `step_px` apart in x and y, one of them at `origin` (x, y) in pixels.

    measured: whether the sheet's lines lie on it, or it was only chosen to suit the sheet's strokes
    """

    step_px: float
    origin: np.ndarray
    measured: bool


def find_grid(lines: list[np.ndarray], stroke_px: float) -> Grid:
    """Find the grid of the sheet whose vertical lines lie at the x and whose horizontal lines at the y of `lines`."""
    lines = [np.sort(np.asarray(values, np.float64)) for values in lines]
    lines = [values[np.linspace(0, len(values) - 1, min(len(values), MOST_LINES)).astype(int)] for values in lines]
    usual = GRID_STROKES * stroke_px
    spacing = _most_common_spacing(lines, CLOSEST_STROKES * stroke_px)
    for part in range(1, 1 + min(FINEST_PART, int(spacing / (CLOSEST_STROKES * stroke_px)))):
        step, share = _refined(lines, spacing / part)
        if share >= ON_GRID:
            step /= max(1, round(step / usual))
            return Grid(step, _origin(lines, step), measured=True)
    return Grid(usual, _origin(lines, usual), measured=False)


def _most_common_spacing(lines: list[np.ndarray], closest_px: float) -> float:
    """Find the spacing that most neighbouring lines have, in pixels; 0 where there are no neighbours."""
    spacings = np.sort(np.concatenate([np.diff(values) for values in lines]))
    spacings = spacings[spacings > closest_px]
    if not len(spacings):
        return 0.0
    last = np.searchsorted(spacings, spacings * (1 + ALIKE) + 0.5, side="right")
    first = int(np.argmax(last - np.arange(len(spacings))))
    return float(spacings[first : last[first]].mean())


def _refined(lines: list[np.ndarray], step: float) -> tuple[float, float]:
    """Find the step near `step` on which the lines lie best, and how well, from 0 to 1."""
    extent = max(np.ptp(values) if len(values) else 0.0 for values in lines)
    low, high = 1 / (step * (1 + ALIKE)), 1 / (step * (1 - ALIKE))
    for count in (3 + int(np.ceil(4 * (high - low) * extent)), 33, 33, 33):  # a quarter turn at the far end, then finer
        waves, width = np.linspace(low, high, count, retstep=True)
        turns = sum(np.abs(np.exp(2j * np.pi * np.outer(waves, values)).sum(1)) for values in lines)
        best = int(np.argmax(turns))
        low, high = waves[best] - width, waves[best] + width
    return float(1 / waves[best]), float(turns[best] / sum(map(len, lines)))


def _origin(lines: list[np.ndarray], step: float) -> np.ndarray:
    """(2,) the point of the grid, less than a step from 0, to which most lines are near."""
    turns = np.array([np.angle(np.exp(2j * np.pi * values / step).sum()) for values in lines])
    return turns / (2 * np.pi) * step
