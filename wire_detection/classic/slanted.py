"""Slanted wires are straight strokes, neither horizontal nor vertical, between two wires.

Between the open ends of two bars they are looked for pair by pair. Anywhere else the progressive probabilistic Hough
transform (Matas, Galambos and Kittler, Computer Vision and Image Understanding 78(1), 2000) proposes them, on the ink
that no bar explains; those between two wires are wires too, sides of triangles, levers and hatchings are not.
"""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.classic.chains import ended_on, on_ink
from wire_detection.classic.strokes import Bars
from wire_detection.sheets.geometry import (
    as_segments,
    crossing_shares,
    merge_collinear,
    points_near_segments,
    segment_lengths,
)
from wire_detection.sheets.raster import draw_segments, pixels_at, widened

SHORTEST = 14.0
"""In stroke widths; shorter slants are arrow heads, zigzags and letters."""

AXIS_DEG = 4.0
"""Lines nearer to an axis than this are the bars of an imperfectly upright sheet."""

VOTES = 0.5
"""Share of the pixels along the shortest slant that must vote for it: the others lie beside its line by rounding."""

HELD = 2.5
"""In stroke widths, how near to a wire a slant must end: the ink that bars explain is left out around them."""

BACKWARDS = -0.9
"""Cosine of the angle between a bar and the slant from its end: what leads back along the bar is that bar's own ink."""

NEAR_END = 0.1
"""Of a slant's length: what meets it nearer to an end does not cross it."""

MOST_LEFT = 0.05
"""Where more of the sheet is ink that no bar explains there are pictures or textures, and lines in them anywhere."""

MOST_ENDS = 400
"""Of more open ends than this no pairs are tried, and of no more slants whether they cross each other: such a sheet is
a photograph or a halftone, not a drawing."""


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
    both = bars.segments().reshape(-1, 2, 2)
    points = both[bar, end]
    way = points - both[bar, 1 - end]
    if len(points) > MOST_ENDS:
        return np.zeros((0, 4), np.float32), np.zeros((0, 2), int)
    i, j = np.triu_indices(len(points), 1)
    step = points[j] - points[i]
    length = np.hypot(step[:, 0], step[:, 1])
    angle = np.degrees(np.arctan2(np.abs(step[:, 1]), np.abs(step[:, 0])))
    likely = (length >= SHORTEST * stroke_px) & (angle > AXIS_DEG) & (angle < 90 - AXIS_DEG) & (bar[i] != bar[j])
    for tip, sign in ((i, 1), (j, -1)):
        ahead = sign * (step * way[tip]).sum(1)
        likely &= ahead > BACKWARDS * length * np.hypot(*way[tip].T)
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


def propose_slanted(bars: Bars, ink: np.ndarray, stroke_px: float) -> np.ndarray:
    """Propose slanted strokes (S, 4) float32 anywhere in the ink (H, W) uint8 that no bar explains."""
    left = ink * ~draw_segments(ink.shape, bars.segments(), 2 * stroke_px + 3)
    shortest = (SHORTEST - 2 * HELD) * stroke_px
    if not 0 < np.count_nonzero(left) <= MOST_LEFT * left.size:
        return as_segments(())
    found = cv2.HoughLinesP(left, 1, np.pi / 360, int(VOTES * shortest), None, shortest, stroke_px + 1)
    lines = merge_collinear(as_segments(found if found is not None else ()), offset_px=stroke_px, gap_px=3 * stroke_px)
    step = np.abs(lines[:, 2:] - lines[:, :2])
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    return longest_alone(lines[(angle > AXIS_DEG) & (angle < 90 - AXIS_DEG)], 2 * stroke_px)


def longest_alone(lines: np.ndarray, reach_px: float) -> np.ndarray:
    """The segments (M, 4), longest first, none of which lies with both its ends within `reach_px` of a longer one."""
    lines = lines[np.argsort(-segment_lengths(lines), kind="stable")]
    near = points_near_segments(lines.reshape(-1, 2), lines, reach_px)
    near = near[near[:, 0] // 2 > near[:, 1]]
    pairs, counts = np.unique(np.stack([near[:, 0] // 2, near[:, 1]], 1), axis=0, return_counts=True)
    return np.delete(lines, pairs[counts == 2, 0], 0)


def held_slants(
    proposed: np.ndarray, wires: np.ndarray, bars: np.ndarray, ink: np.ndarray, stroke_px: float
) -> np.ndarray:
    """Choose the `proposed` slants (S, 4) between two of the `wires` (N, 4), and end them there: (M, 4) float32.

    Two that cross each other are chosen when one end of each is on a wire: they couple a pair of stages crosswise, and
    their other ends may be on leads; they end on any of the `bars` (B, 4). An end that two slants share is the tip of a
    triangle, and ink that runs on beyond an end is a symbol's.
    """
    if not len(proposed) or not len(wires):
        return as_segments(())
    chains = [on_ink(line.reshape(2, 2), ink, stroke_px) for line in proposed]
    reach_px = 2 * HELD * stroke_px + 1
    tips, lines = np.concatenate(chains), np.array([chain.ravel() for chain in chains])
    near = points_near_segments(tips, wires, reach_px)
    held = np.bincount(near[:, 0], minlength=len(tips)).reshape(-1, 2).astype(bool)
    tip, other = points_near_segments(tips, lines, reach_px).T
    meets = (tip // 2 != other) & ~_cross(lines[tip // 2], lines[other])
    shared = np.bincount(tip[meets], minlength=len(tips)).reshape(-1, 2).any(1)
    coupled = _coupled(lines, held.any(1) & ~shared)
    chosen = np.flatnonzero(held.all(1) & ~shared | coupled)
    if not len(chosen):
        return as_segments(())
    slants = np.concatenate([ended_on([chains[i]], bars if coupled[i] else wires, reach_px) for i in chosen])
    points = slants.reshape(-1, 2, 2)
    drawn = _inked(points[:, 0], points[:, 1], widened(ink, 1)) >= 0.97
    along = (points[:, 1] - points[:, 0]) / np.maximum(segment_lengths(slants), 1)[:, None]
    for tip, sign in ((points[:, 0], -1), (points[:, 1], 1)):
        drawn &= _inked(tip + sign * 4 * stroke_px * along, tip + sign * 7 * stroke_px * along, ink) < 0.5
    return as_segments(slants[drawn & (segment_lengths(slants) >= SHORTEST * stroke_px)])


def _coupled(lines: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """Tell which of the segments (S, 4) that are `begun` (S,) bool cross just one other such segment: (S,) bool."""
    tried = np.flatnonzero(begun)[:MOST_ENDS]
    coupled = np.zeros(len(lines), bool)
    coupled[tried] = _cross(lines[tried, None], lines[tried]).sum(1) == 1
    return coupled


def _cross(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Tell whether segments (..., 4) cross each other between their ends: (...) bool."""
    shares = np.stack(crossing_shares(one, other))
    return ((shares > NEAR_END) & (shares < 1 - NEAR_END)).all(0)


def _inked(starts: np.ndarray, stops: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Measure the share (N,) of ink along the lines from `starts` (N, 2) to `stops` (N, 2)."""
    steps = np.linspace(0, 1, 80)[None, :, None]
    points = starts[:, None] * (1 - steps) + stops[:, None] * steps
    return pixels_at(ink, points[..., 0], points[..., 1]).mean(1)
