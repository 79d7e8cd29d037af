"""A net is a group of wires that are connected with one another."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from wire_detection.sheets.geometry import exact_rows, points_near_segments
from wire_detection.sheets.groups import connected_groups, members_of


def connect_nets(wires, junctions, *, end_px: float, junction_px: float, body_px: float | None = None) -> np.ndarray:
    """Number the net of each wire: (N,) int, counted from 0.

    Wires connect where ends meet (within `end_px`), where an end lies on a wire (within `body_px`, by default
    `end_px`) and where a junction lies on both (within `junction_px`). A mere crossing connects nothing.
    """
    s = exact_rows(wires, 4)
    n = len(s)
    ends = np.concatenate([s[:, :2], s[:, 2:]])
    meeting = cKDTree(ends).query_pairs(end_px, output_type="ndarray") % n if n else np.zeros((0, 2), int)
    resting = points_near_segments(ends, s, end_px if body_px is None else body_px) % max(n, 1)
    at_junction = points_near_segments(junctions, s, junction_px)
    joined = np.diff(at_junction[:, 0]) == 0  # pairs are sorted by junction: chain the wires of one junction
    chains = np.stack([at_junction[:-1, 1][joined], at_junction[1:, 1][joined]], 1)
    return connected_groups(np.concatenate([meeting, resting, chains]), n)


def wires_of_nets(labels: np.ndarray) -> tuple[tuple[int, ...], ...]:
    """List the numbers of the wires of each net, from the net number of each wire (N,)."""
    return tuple(tuple(wires.tolist()) for wires in members_of(labels))
