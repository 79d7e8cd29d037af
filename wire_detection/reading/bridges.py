"""Short pieces of wire between ends that nearly meet: round corners, overshoots and bends drawn by hand."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from wire_detection import defaults
from wire_detection.classic.detect import LEAST_CONFIDENCE
from wire_detection.sheets.geometry import as_segments, nearest_on_segments, points_near_segments, transform_points
from wire_detection.sheets.raster import pixels_at

LONGEST = 7.0
"""In stroke widths: what is longer than the shortest bar would have been found as one, or as a ridge."""

LEAST_INKED = 0.9
"""Share of a bridge that is ink: a round corner leaves its straight chord for a little."""

SAMPLES = 16
"""Places along a bridge where the ink and the map are read: some two in a stroke width."""

FARTHEST_BACK = -0.3
"""Cosine of the angle between a wire and the bridge that goes on from its end: none leads back beside the wire."""

MEETING = 2.0
"""In stroke widths: ends of wires so near to one another meet."""

RESTING = 1.5
"""In stroke widths: an end so near to the middle of another wire rests on it."""


def find_bridges(
    wires: np.ndarray, dark: np.ndarray, wire: np.ndarray, matrix: np.ndarray, stroke_px: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of wire (M, 4) float32 from open ends to the nearest other wire, and how sure each is (M,) float32.

    A bridge is ink, and the map calls it wire.

    Args:
        wires: (N, 4) segments that were found        dark: (H, W) darkness of the sheet
        wire: (h, w) wire map                         matrix: (2, 3) from the sheet's pixels to those of the map
    """
    ends, owner, way = open_ends(wires, stroke_px)
    end, other = points_near_segments(ends, wires, LONGEST * stroke_px).T
    foreign = other != owner[end]
    end, other = end[foreign], other[foreign]
    goal = nearest_on_segments(ends[end], wires[other])
    step = goal - ends[end]
    length = np.maximum(np.hypot(*step.T), 1e-6)
    along = ends[end][:, None] + np.linspace(0, 1, SAMPLES)[None, :, None] * step[:, None]
    own = np.minimum(0.5, 0.5 * stroke_px / length)[:, None, None]  # of the strokes that it joins, each half as wide
    between = ends[end][:, None] + np.linspace(own[:, 0], 1 - own[:, 0], SAMPLES, axis=1) * step[:, None]
    inked = (pixels_at(dark, *between.transpose(2, 0, 1)) > defaults.INK_THRESHOLD).mean(1)
    on_map = transform_points(along.reshape(-1, 2), matrix)
    sure = pixels_at(wire, *on_map.T).reshape(-1, SAMPLES).mean(1)
    leads_on = (step * way[end]).sum(1) >= FARTHEST_BACK * length
    chosen = np.flatnonzero((inked >= LEAST_INKED) & (sure >= LEAST_CONFIDENCE) & leads_on)
    chosen = chosen[np.lexsort((length[chosen], end[chosen]))]
    chosen = chosen[np.unique(end[chosen], return_index=True)[1]]
    segments = np.concatenate([ends[end[chosen]], goal[chosen]], 1)
    return once(as_segments(segments), sure[chosen].astype(np.float32), stroke_px)


def open_ends(wires: np.ndarray, stroke_px: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ends (E, 2) of wires (N, 4) that meet no other one and rest on none, whose they are (E,), and the unit
    vectors (E, 2) in which their wires run there.

    They are open by the same measures as nets go by, or an end between the two would neither connect nor be bridged:
    wires drawn nearly along an axis arrive as steps side by side.
    """
    ends = np.concatenate([wires[:, :2], wires[:, 2:]]).astype(float)
    owner = np.tile(np.arange(len(wires)), 2)
    way = ends - np.concatenate([wires[:, 2:], wires[:, :2]])
    way = way / np.maximum(np.hypot(*way.T), 1e-6)[:, None]
    resting, on = points_near_segments(ends, wires, RESTING * stroke_px).T
    is_open = np.ones(len(ends), bool)
    is_open[resting[on != owner[resting]]] = False
    if len(ends):
        meeting = cKDTree(ends).query_pairs(MEETING * stroke_px, output_type="ndarray")
        is_open[meeting[owner[meeting[:, 0]] != owner[meeting[:, 1]]].ravel()] = False
    return ends[is_open], owner[is_open], way[is_open]


def once(segments: np.ndarray, sure: np.ndarray, reach_px: float) -> tuple[np.ndarray, np.ndarray]:
    """The segments (M, 4) and what belongs to them (M,), without those that run back along one before."""
    kept: list[int] = []
    for number, (x0, y0, x1, y1) in enumerate(segments):
        back = np.abs(segments[kept] - (x1, y1, x0, y0)).max(1, initial=0) if kept else np.zeros(0)
        if not (back <= reach_px).any():
            kept.append(number)
    return segments[kept], sure[kept]
