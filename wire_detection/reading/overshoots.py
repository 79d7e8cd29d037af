"""Overshoots: wires drawn a little beyond the one that they end on, as a hand does it.

What crosses a wire leads somewhere. A stroke that ends on bare paper right behind one connects with it.
"""

from __future__ import annotations

import numpy as np

from wire_detection import defaults
from wire_detection.reading.bridges import MEETING, open_ends
from wire_detection.reading.crossings import SLANT
from wire_detection.reading.place_features import near
from wire_detection.sheets.geometry import as_segments, cross_product, points_near_segments
from wire_detection.sheets.raster import pixels_at

LONGEST = 4.0
"""In stroke widths: more of a stroke than that behind a wire leads somewhere, to a label or to an open terminal."""

BARE = np.arange(1.0, 3.01, 0.5)
"""In stroke widths beyond an end, where paper tells that the stroke leads to no symbol."""


def without_overshoots(wires: np.ndarray, junctions: np.ndarray, dark: np.ndarray, stroke_px: float) -> np.ndarray:
    """The wires (N, 4) float32, of which those that end on bare paper right behind another one end on that one.

    Where one of the `junctions` (M, 2) tells that they connect, a short wire may well lead on; what sticks out at both
    its ends was drawn so, like the channel of a transistor.

    Args:
        dark: (H, W) darkness of the sheet.
    """
    ends, owner, way = open_ends(wires, stroke_px)
    beyond = ends[:, None] + BARE[:, None] * stroke_px * way[:, None]
    bare = (pixels_at(dark, *beyond.transpose(2, 0, 1)) <= defaults.INK_THRESHOLD).all(1)
    end, other = points_near_segments(ends, wires, LONGEST * stroke_px).T
    back = _way_back(ends[end], way[end], wires[other])
    own_px = np.hypot(*(wires[:, 2:] - wires[:, :2]).T)[owner[end]]
    place = ends[end] - back[:, None] * way[end]
    over = bare[end] & (back > 0) & (back <= LONGEST * stroke_px) & (back < 0.5 * own_px)
    at_both_ends = np.bincount(owner[np.unique(end[over])], minlength=len(wires)) == 2
    over &= ~at_both_ends[owner[end]] & ~near(place, junctions, MEETING * stroke_px)
    shortened = wires.astype(float)
    for number in np.flatnonzero(over)[np.argsort(back[over], kind="stable")]:  # the farthest crossing last
        wire = owner[end[number]]
        column = 0 if (wires[wire, :2] == ends[end[number]]).all() else 2
        shortened[wire, column : column + 2] = place[number]
    return as_segments(shortened)


def _way_back(tips: np.ndarray, way: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(K,) how far before the tips (K, 2), along their ways (K, 2), the segments (K, 4) are crossed; 0 where not."""
    off, step = others[:, :2] - tips, others[:, 2:] - others[:, :2]
    turn, length = cross_product(way, step), np.hypot(*step.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead, share = cross_product(off, step) / turn, cross_product(off, way) / turn
    met = (np.abs(turn) >= SLANT * length) & (share >= 0) & (share <= 1)
    return np.where(met, -ahead, 0)
