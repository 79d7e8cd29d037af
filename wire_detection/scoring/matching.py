"""Matching tells which predicted segment or junction is which true one."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.spatial import cKDTree

from wire_detection.scoring.tolerances import Tolerances
from wire_detection.sheets.geometry import merge_collinear, points_near_segments

SEGMENT_OVERLAP = 0.8
"""Two segments on one line are the same when their common part is this share of the union."""


def merged_for_scoring(true_wires, predicted_wires, stroke_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Join touching collinear pieces on both sides, so that where a line was cut makes no difference."""
    return (
        merge_collinear(true_wires, offset_px=1.0, gap_px=1.5),
        merge_collinear(predicted_wires, offset_px=max(1.5, stroke_px / 2), gap_px=max(2.0, stroke_px)),
    )


def match_segments(true: np.ndarray, predicted: np.ndarray, tolerances: Tolerances) -> np.ndarray:
    """Pair segments (K, 2) int (true, predicted), one-to-one and as many as possible (Hopcroft and Karp 1973)."""
    reach_px = np.hypot(tolerances.wire_px, tolerances.junction_px) + 1
    middles = (predicted[:, :2] + predicted[:, 2:]) / 2  # a match's middle always lies on the other, or nearly
    pairs = points_near_segments(middles, true, reach_px)[:, ::-1]
    pairs = pairs[_same_segment(true[pairs[:, 0]], predicted[pairs[:, 1]], tolerances)]
    graph = coo_matrix((np.ones(len(pairs), bool), pairs.T), shape=(len(true), len(predicted))).tocsr()
    if not len(pairs):
        return np.zeros((0, 2), int)
    partner = maximum_bipartite_matching(graph, perm_type="column")
    return np.stack([np.flatnonzero(partner >= 0), partner[partner >= 0]], 1)


def _same_segment(true: np.ndarray, predicted: np.ndarray, tolerances: Tolerances) -> np.ndarray:
    """Tell whether predicted segment k is true segment k: (K,) bool, of both (K, 4)."""
    along = true[:, 2:] - true[:, :2]
    length = np.hypot(*along.T)
    along /= length[:, None]
    from_start = predicted.reshape(-1, 2, 2) - true[:, None, :2]
    across_px = np.abs(from_start[..., 1] * along[:, None, 0] - from_start[..., 0] * along[:, None, 1]).max(1)
    place = np.sort((from_start * along[:, None]).sum(2), axis=1)
    low, high = place.T
    common = np.minimum(high, length) - np.maximum(low, 0)
    union = np.maximum(high, length) - np.minimum(low, 0)
    ends_meet = (np.abs(low) <= tolerances.junction_px) & (np.abs(high - length) <= tolerances.junction_px)
    parallel = high - low > 0.5 * np.hypot(*(predicted[:, 2:] - predicted[:, :2]).T)
    return (across_px <= tolerances.wire_px) & parallel & ((common / union >= SEGMENT_OVERLAP) | ends_meet)


def match_junctions(true: np.ndarray, predicted: np.ndarray, tolerance_px: float) -> np.ndarray:
    """Pair points (K, 2) int (true, predicted) within the tolerance, one-to-one, as many and as near as possible.

    The Hungarian algorithm, on the points that have a partner within reach at all.
    """
    if not len(true) or not len(predicted):
        return np.zeros((0, 2), int)
    near = cKDTree(true).sparse_distance_matrix(cKDTree(predicted), tolerance_px, output_type="coo_matrix")
    rows, row_of = np.unique(near.row, return_inverse=True)
    columns, column_of = np.unique(near.col, return_inverse=True)
    too_far = tolerance_px * (len(rows) + 1) + 1  # dearer than any number of pairs within reach
    cost = np.full((len(rows), len(columns)), too_far)
    cost[row_of, column_of] = near.data
    matched = np.stack(linear_sum_assignment(cost), 1)
    matched = matched[cost[matched[:, 0], matched[:, 1]] < too_far]
    return np.stack([rows[matched[:, 0]], columns[matched[:, 1]]], 1).astype(int)
