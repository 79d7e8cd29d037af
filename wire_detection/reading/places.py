"""Places where strokes may meet, each listed once: where bars touch or cross, filled shapes, peaks of the junction map.

Nothing is decided here but what is looked at: a place that is not listed is never a junction, and one too many costs a
row of features. So the limits are wide.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.spatial import cKDTree

from wire_detection.classic.detect import Candidates
from wire_detection.classic.strokes import Bars
from wire_detection.reading.ridges import Ridges
from wire_detection.sheets.geometry import (
    as_points,
    compose_affine,
    crossing_shares,
    points_near_segments,
    transform_points,
)
from wire_detection.sheets.groups import connected_groups

LEAST_PEAK = 0.1
"""Peaks of the junction map below this are noise more than nine times in ten, and lie where bars meet anyhow."""

DIRECTIONS = ((False, 1), (True, 1), (False, -1), (True, -1))
"""The four arms of a place, clockwise from the right: is the arm vertical, and which way along it."""


@dataclass(frozen=True)
class Places:
    """N places on the upright sheet.

    centre: (N, 2) float32 x y      kind: (N,) int, which of CONTACT, BLOB and PEAK named it first
    """

    centre: np.ndarray
    kind: np.ndarray

    def __len__(self) -> int:
        return len(self.centre)


CONTACT, BLOB, PEAK = range(3)


def find_places(candidates: Candidates, ridges: Ridges, junction: np.ndarray, matrix: np.ndarray) -> Places:
    """The places of a sheet.

    What lies within two stroke widths of a place listed before is that place. The lines of two bars cross at an exact
    point, a filled shape has a centre, a map is coarse: so they are listed in this order.

    Args:
        junction: (h, w) float32 junction map.
        matrix: (2, 3) from the sheet's pixels to those of the map.
    """
    back = cv2.invertAffineTransform(compose_affine(candidates.back, matrix))
    listed = (
        np.concatenate([contacts(candidates.bars, candidates.stroke_px), ridge_contacts(ridges, candidates)]),
        as_points(np.concatenate([candidates.dots.centre, candidates.squares.centre])),
        at_ink(transform_points(local_peaks(junction), back), candidates.ink, candidates.stroke_px),
    )
    centre, kind = as_points(()), np.zeros(0, int)
    for number, points in enumerate(listed):
        points = merged(points, candidates.stroke_px)
        if len(centre) and len(points):
            points = points[cKDTree(centre).query(points)[0] > 2 * candidates.stroke_px + 1]
        centre, kind = np.concatenate([centre, points]), np.append(kind, np.full(len(points), number))
    return Places(centre, kind)


def contacts(bars: Bars, stroke_px: float) -> np.ndarray:
    """(M, 2) points where the lines of a horizontal and a vertical bar cross, and both are there or nearly so."""
    rows, columns = bars.take(~bars.vertical), bars.take(bars.vertical)
    slack = 1.5 * stroke_px + 1  # an end that stops at the rim of a wide bar or of a dot
    x, y = rows.meetings(columns)
    i, j = np.nonzero(
        (x >= rows.low[:, None] - slack)
        & (x <= rows.high[:, None] + slack)
        & (y >= columns.low[None] - slack)
        & (y <= columns.high[None] + slack)
    )
    return as_points(np.stack([x[i, j], y[i, j]], 1))


def ridge_contacts(ridges: Ridges, candidates: Candidates) -> np.ndarray:
    """(M, 2) points where a ridge ends on a bar or on another ridge, and where it crosses one."""
    others = np.concatenate([candidates.bars.segments(), ridges.segments])
    ends = ridges.segments.reshape(-1, 2)
    touching = points_near_segments(ends, others, 0.5 * candidates.stroke_px)
    resting = touching[touching[:, 1] != len(candidates.bars) + touching[:, 0] // 2, 0]
    return as_points(np.concatenate([ends[np.unique(resting)], crossings_of(ridges.segments, others)]))


def crossings_of(segments: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(M, 2) points where one of the segments (N, 4) crosses one of the others (K, 4), each within both."""
    share, along = crossing_shares(segments[:, None], others[None])
    i, j = np.nonzero((share > 0) & (share < 1) & (along > 0) & (along < 1))
    return segments[i, :2] + share[i, j, None] * (segments[i, 2:] - segments[i, :2])


def merged(points: np.ndarray, reach_px: float) -> np.ndarray:
    """(M, 2) the means of the groups of points (N, 2) that lie within `reach_px` of one another."""
    if not len(points):
        return as_points(())
    group = connected_groups(cKDTree(points).query_pairs(reach_px, output_type="ndarray"), len(points))
    total = np.bincount(group)
    return as_points(np.stack([np.bincount(group, points[:, axis]) / total for axis in (0, 1)], 1))


def at_ink(points: np.ndarray, ink: np.ndarray, reach_px: float) -> np.ndarray:
    """(M, 2) those of the points (N, 2) that have ink (H, W) within `reach_px` of them in x and in y."""
    side = 2 * int(np.ceil(reach_px)) + 1
    near = cv2.dilate(ink, np.ones((side, side), np.uint8)) > 0
    x, y = np.round(points).astype(int).T
    return points[near[np.clip(y, 0, ink.shape[0] - 1), np.clip(x, 0, ink.shape[1] - 1)]]


def local_peaks(junction: np.ndarray) -> np.ndarray:
    """(M, 2) x y of the pixels of the map that are the highest within two pixels, and at least LEAST_PEAK.

    Where several that touch are equally high, it is their middle.
    """
    highest = cv2.dilate(junction, np.ones((5, 5), np.uint8))
    top = ((junction >= highest) & (junction >= LEAST_PEAK)).astype(np.uint8)
    _, _, _, centres = cv2.connectedComponentsWithStats(top)
    return as_points(centres[1:])
