"""Contacts tell which straight strokes touch which: in corners, in Ts, and at dots and pin marks along them.

The questions that tell a wire from the rest of a sheet are about neighbours: does this bar end in a corner, does
another end on its middle, is there a dot where they meet?
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wire_detection.classic.blocks import blocks
from wire_detection.classic.strokes import Bars


@dataclass(frozen=True)
class Contacts:
    """Ends of bars at perpendicular bars, K of them.

    bar, end: (K,) int, the bar and which of its ends (0 low, 1 high)     other: (K,) int, the bar it ends at
    corner: (K,) bool, true where `other` ends there too (an L), false where it runs through (a T)
    side: (K,) int, for a T the side of `other` from which the bar comes (-1 or 1)
    dotted: (K,) bool, true where a dot or pin mark lies on the contact
    place: (K, 2) float32 x y
    """

    bar: np.ndarray
    end: np.ndarray
    other: np.ndarray
    corner: np.ndarray
    side: np.ndarray
    dotted: np.ndarray
    place: np.ndarray

    @property
    def plain_tee(self) -> np.ndarray:
        """(K,) bool, true where a bar ends on the side of another and no mark says that they connect."""
        return ~self.corner & ~self.dotted

    @property
    def plain_corner(self) -> np.ndarray:
        """(K,) bool, true where two bars end at one another without a mark."""
        return self.corner & ~self.dotted


def end_at_marks(bars: Bars, marks: np.ndarray, diameters: np.ndarray, stroke_px: float) -> Bars:
    """Let bars whose end lies within a dot or pin mark end at its centre: the run of ink goes on to its far rim.

    marks: (M, 2) x y with diameters (M,), in pixels.
    """
    if not len(marks) or not len(bars):
        return bars
    along, across = bars.places_of(marks)
    on_line = np.abs(across - bars.offset[:, None]) <= np.maximum(1.2 * stroke_px, 0.3 * diameters)[None]
    ends = []
    for end in (bars.low, bars.high):
        distance = np.where(on_line, np.abs(along - end[:, None]), np.inf)
        nearest = distance.argmin(1)
        rows = np.arange(len(bars))
        inside = distance[rows, nearest] <= 0.5 * diameters[nearest] + stroke_px
        ends.append(np.where(inside, along[rows, nearest], end))
    return bars.with_ends(*ends)


def find_contacts(bars: Bars, marks: np.ndarray, mark_radius: np.ndarray, stroke_px: float) -> Contacts:
    """Find every end of a bar that lies at a perpendicular bar; `marks` (M, 2) x y are dots and pin marks."""
    parts = []
    for vertical in (False, True):
        rows, columns = np.flatnonzero(bars.vertical == vertical), np.flatnonzero(bars.vertical != vertical)
        parts += [
            _contacts(bars, rows[block], columns, end, stroke_px)
            for end in (0, 1)
            for block in blocks(max(1, len(rows)), len(columns))
        ]
    bar, end, other, corner, side, place = (np.concatenate(column) for column in zip(*parts, strict=True))
    dotted = np.zeros(len(bar), bool)
    if len(marks) and len(bar):
        distance = np.hypot(place[:, None, 0] - marks[None, :, 0], place[:, None, 1] - marks[None, :, 1])
        dotted = (distance <= mark_radius[None] + stroke_px).any(1)
    return Contacts(bar, end, other, corner, side, dotted, place)


def _contacts(bars: Bars, rows: np.ndarray, columns: np.ndarray, end: int, stroke_px: float) -> tuple:
    tip = (bars.high if end else bars.low)[rows]
    outward = 1 if end else -1
    across, position = bars.take(rows).meetings(bars.take(columns))
    beyond = (across - tip[:, None]) * outward
    slack = bars.width[columns][None] / 2 + 1.2 * stroke_px
    inside = np.minimum(slack + stroke_px, 0.5 * bars.length[rows][:, None])
    low, high = bars.low[columns][None], bars.high[columns][None]
    tolerance = 1.5 * stroke_px + 1
    touch = (beyond <= slack) & (beyond >= -inside) & (position >= low - tolerance) & (position <= high + tolerance)
    i, j = np.nonzero(touch)
    corner = np.minimum(np.abs(position[i, j] - low[0, j]), np.abs(position[i, j] - high[0, j])) <= tolerance
    place = np.stack([across[i, j], position[i, j]], 1).astype(np.float32)
    return (
        rows[i],
        np.full(len(i), end),
        columns[j],
        corner,
        np.full(len(i), -outward),
        np.where(bars.vertical[rows[i], None], place[:, ::-1], place),
    )


def snap_to_contacts(bars: Bars, contacts: Contacts) -> Bars:
    """Move ends onto the centre line of the bar that they end at."""
    ends = np.stack([bars.low, bars.high], 1)
    target = np.where(bars.vertical[contacts.bar], contacts.place[:, 1], contacts.place[:, 0])
    distance = np.abs(ends[contacts.bar, contacts.end] - target)
    order = np.argsort(-distance, kind="stable")
    ends[contacts.bar[order], contacts.end[order]] = target[order]
    return bars.with_ends(ends[:, 0], ends[:, 1])


def count_on(bars: Bars, points: np.ndarray, tolerance_px: float) -> np.ndarray:
    """Count the points (M, 2) on each bar: (N,) int."""
    if not len(points) or not len(bars):
        return np.zeros(len(bars), int)
    along, across = bars.places_of(points)
    on = (
        (np.abs(across - bars.offset[:, None]) <= tolerance_px)
        & (along >= bars.low[:, None] - tolerance_px)
        & (along <= bars.high[:, None] + tolerance_px)
    )
    return on.sum(1)
