"""A net is a group of wires that are connected with one another."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from wire_detection.sheets.geometry import exact_rows, points_near_segments
from wire_detection.sheets.groups import connected_groups, members_of

OPPOSITE = -0.7
"""Cosine of the angle between the two halves of a wire that goes on: drawn by hand they may bend by 45 degrees."""

SIDEWAYS = 0.35
"""Share of its distance from a crossing by which a wire's end may point past it, for the same reason."""

LOPSIDED = 0.3
"""Share by which the two ends at a hop or a gap may lie at different distances from its middle."""


def connect_nets(
    wires, junctions, *, end_px: float, junction_px: float, body_px: float | None = None, passed=()
) -> np.ndarray:
    """Number the net of each wire: (N,) int, counted from 0.

    Wires connect where ends meet (within `end_px`), where an end lies on a wire (within `body_px`, by default
    `end_px`) and where a junction lies on both (within `junction_px`). A mere crossing connects nothing. At the points
    `passed`, where a wire hops over another one or breaks off beside it, its two halves connect.
    """
    s = exact_rows(wires, 4)
    n = len(s)
    ends = np.concatenate([s[:, 2:], s[:, :2]])
    meeting = cKDTree(ends).query_pairs(end_px, output_type="ndarray") % n if n else np.zeros((0, 2), int)
    facing = facing_ends(s, passed, end_px)
    free = np.setdiff1d(np.arange(2 * n), facing)  # however near the other wire is, no end rests on what it passes
    end, wire = points_near_segments(ends[free], s, end_px if body_px is None else body_px).T
    resting = np.stack([free[end] % max(n, 1), wire], 1)
    at_junction = points_near_segments(junctions, s, junction_px)
    joined = np.diff(at_junction[:, 0]) == 0  # pairs are sorted by junction: chain the wires of one junction
    chains = np.stack([at_junction[:-1, 1][joined], at_junction[1:, 1][joined]], 1)
    return connected_groups(np.concatenate([meeting, resting, chains, facing % max(n, 1)]), n)


def facing_wires(wires, points, end_px: float) -> np.ndarray:
    """(K, 2) int pairs of the wires whose ends face each other across one of the `points`, as `facing_ends` finds."""
    return facing_ends(wires, points, end_px) % max(len(wires), 1)


def facing_ends(wires, points, end_px: float) -> np.ndarray:
    """(K, 2) int pairs of ends of N wires that face each other across one of the `points`, within `end_px` of it.

    Number i is the end of wire i, and N + i its start. Of several such pairs the nearest goes on there; where a wire
    was cut off at the edge of its image there is none.
    """
    s = exact_rows(wires, 4)
    pairs = []
    ends, starts = np.concatenate([s[:, 2:], s[:, :2]]), np.concatenate([s[:, :2], s[:, 2:]])
    ways = (ends - starts) / np.maximum(np.hypot(*(ends - starts).T), 1e-9)[:, None]
    for point in exact_rows(points, 2):
        rest = point - ends
        before = (rest * ways).sum(1)
        aside = np.abs(rest[:, 0] * ways[:, 1] - rest[:, 1] * ways[:, 0])
        near = np.flatnonzero((before > 0) & (aside <= np.maximum(end_px, SIDEWAYS * before)))
        first, second = np.triu_indices(len(near), 1)
        first, second = near[first], near[second]
        far = np.maximum(before[first], before[second])
        fits = (ways[first] * ways[second]).sum(1) < OPPOSITE
        fits &= np.abs(before[first] - before[second]) <= end_px + LOPSIDED * far
        if fits.any():
            best = np.flatnonzero(fits)[np.argmin(far[fits])]
            pairs.append((first[best], second[best]))
    return np.array(pairs, int).reshape(-1, 2)


def wires_of_nets(labels: np.ndarray) -> tuple[tuple[int, ...], ...]:
    """List the numbers of the wires of each net, from the net number of each wire (N,)."""
    return tuple(tuple(wires.tolist()) for wires in members_of(labels))
