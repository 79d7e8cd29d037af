"""Segments and points are arrays that the functions here measure, transform, clip, merge and snap.

Segments are (N, 4) float32 rows x0 y0 x1 y1 and points (N, 2) float32 rows x y, in pixels, pixel centres at integers,
origin top left. Every function takes anything array-like, empty input included, and leaves its input as it was.
"""

from __future__ import annotations

import cv2
import numpy as np
from scipy.spatial import cKDTree

from wire_detection.sheets.groups import connected_groups, members_of

SHORTEST_PX = 0.5
"""A segment up to this length has no direction that could be trusted."""

PARALLEL_DEG = 2.0
"""Where collinear pieces are joined, lines this near to an axis are parallel to it: the tilt of a scan."""

SHORTEST_PART_PX = 2.0
"""Shorter parts of a segment that a mask has cut are crumbs at the rim of the mask."""


def as_segments(values) -> np.ndarray:
    """Convert anything array-like to (N, 4) float32 segments, nothing to (0, 4)."""
    return np.asarray(values, np.float32).reshape(-1, 4)


def as_points(values) -> np.ndarray:
    """Convert anything array-like to (N, 2) float32 points, nothing to (0, 2)."""
    return np.asarray(values, np.float32).reshape(-1, 2)


def exact_rows(values, columns: int) -> np.ndarray:
    """Make a float64 copy to compute with: tolerances of a pixel shall not hang on the rounding of float32."""
    return np.array(values, np.float64).reshape(-1, columns)


def _precision(values) -> type:
    """Choose float64 where a caller computes in it, float32 otherwise."""
    return np.float64 if getattr(values, "dtype", None) == np.float64 else np.float32


def segment_lengths(segments) -> np.ndarray:
    """Measure the lengths (N,) float32 in pixels."""
    s = exact_rows(segments, 4)
    return np.hypot(s[:, 2] - s[:, 0], s[:, 3] - s[:, 1]).astype(np.float32)


def segment_angles(segments) -> np.ndarray:
    """Measure directions (N,) float32 in degrees, 0 <= angle < 180, 0 along x and 90 along y, by either end."""
    angles = _angles(exact_rows(segments, 4)).astype(np.float32)
    return np.where(angles >= 180, np.float32(0), angles)


def _angles(s: np.ndarray) -> np.ndarray:
    return np.degrees(np.arctan2(s[:, 3] - s[:, 1], s[:, 2] - s[:, 0])) % 180


def transform_points(points, matrix) -> np.ndarray:
    """Map points by `matrix`, affine (2, 3) or projective (3, 3): (x, y) becomes matrix @ (x, y, 1)."""
    matrix, points = np.asarray(matrix, np.float64), exact_rows(points, 2)
    if not len(points):
        return as_points(points)
    transform = cv2.transform if len(matrix) == 2 else cv2.perspectiveTransform
    return as_points(transform(points[:, None], matrix))


def scale_of(matrix, shape: tuple[int, int]) -> float:
    """Tell how much `matrix`, (2, 3) or (3, 3), enlarges lengths in the middle of an image of `shape` (h, w)."""
    matrix = np.asarray(matrix, np.float64)
    turn = matrix[:2, :2]
    if len(matrix) == 3:
        x, y, w = matrix @ ((shape[1] - 1) / 2, (shape[0] - 1) / 2, 1)
        turn = (turn - np.outer((x, y), matrix[2, :2]) / w) / w
    return float(np.sqrt(abs(np.linalg.det(turn))))


def compose_affine(first, then) -> np.ndarray:
    """Give the affine map (2, 3) float64 that does what `first` and `then` (2, 3) do one after the other."""
    first, then = (np.vstack([np.asarray(m, np.float64), (0, 0, 1)]) for m in (first, then))
    return (then @ first)[:2]


def transform_segments(segments, matrix) -> np.ndarray:
    """Map segments by `matrix`, affine (2, 3) or projective (3, 3)."""
    return as_segments(transform_points(as_segments(segments).reshape(-1, 2), matrix))


def clip_segments(segments, width: int, height: int) -> np.ndarray:
    """Cut segments to the parts (M, 4) on the image's pixels, -0.5 to width - 0.5 and -0.5 to height - 0.5.

    A segment of which nothing remains, or only a point, is left out.
    """
    clipped, _ = clip_to_box(exact_rows(segments, 4), (-0.5, -0.5, width - 0.5, height - 0.5))
    return as_segments(clipped[segment_lengths(clipped) > 0])


def clip_to_box(s: np.ndarray, box: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Cut segments at a box x0 y0 x1 y1, and number the segments that the parts come from (Liang and Barsky 1984).

    A segment of no length is kept when it lies in the box; one that lies wholly inside is not changed by a bit.
    """
    start, step = s[:, :2], s[:, 2:] - s[:, :2]
    low, high = np.array(box[:2]) - start, np.array(box[2:]) - start
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = low / step, high / step
    inside = (low <= 0) & (high >= 0)
    enter = np.where(step == 0, np.where(inside, -np.inf, np.inf), np.minimum(one, two)).max(1)
    leave = np.where(step == 0, np.inf, np.maximum(one, two)).min(1)
    enter, leave = np.maximum(enter, 0), np.minimum(leave, 1)
    index = np.flatnonzero(enter <= leave)
    cut = np.concatenate(
        [start[index] + enter[index, None] * step[index], start[index] + leave[index, None] * step[index]], 1
    )
    whole = (enter[index] == 0) & (leave[index] == 1)
    cut[whole] = s[index[whole]]
    return cut, index


def merge_collinear(segments, *, offset_px: float, gap_px: float) -> np.ndarray:
    """Join pieces of one line that touch or nearly touch.

    Pieces are sorted into directions first: all within PARALLEL_DEG of horizontal, all within it of vertical, and bins
    of 1.5 PARALLEL_DEG for the rest. Of a direction, pieces whose middles lie within `offset_px` across it are one
    line, and of a line, pieces with gaps up to `gap_px` are one segment, at the mean offset weighted by length.

    Args:
        segments: (N, 4); those of SHORTEST_PX or less are left out.
        offset_px: greatest distance across the line between pieces of one line.
        gap_px: greatest gap along the line between pieces of one segment.

    Returns:
        (M, 4), each from left to right (from top to bottom where vertical); float64 if `segments` is, else float32.
    """
    s = exact_rows(segments, 4)
    s = s[np.hypot(s[:, 2] - s[:, 0], s[:, 3] - s[:, 1]) > SHORTEST_PX]
    angles = _angles(s)
    horizontal = (angles < PARALLEL_DEG) | (angles > 180 - PARALLEL_DEG)
    vertical = np.abs(angles - 90) < PARALLEL_DEG
    bins = np.where(horizontal, -2, np.where(vertical, -1, angles // (1.5 * PARALLEL_DEG))).astype(int)
    merged = [np.zeros((0, 4))]
    for number in np.unique(bins):
        members = bins == number
        direction = _mean_direction(s[members], angles[members], axis={-2: 0, -1: 1}.get(number))
        merged.append(_merge_along(s[members], direction, offset_px, gap_px))
    return np.concatenate(merged).astype(_precision(segments))


def _mean_direction(s: np.ndarray, angles: np.ndarray, axis: int | None) -> np.ndarray:
    """Give the unit vector along segments of one direction: by length along an axis, else by their mean angle."""
    if axis is None:
        turn = np.radians(angles.mean())
    else:
        steps = s[:, 2:] - s[:, :2]
        x, y = (steps * np.where(steps[:, axis] < 0, -1, 1)[:, None]).sum(0)
        turn = np.arctan2(y, x)
    return np.array([np.cos(turn), np.sin(turn)])


def _merge_along(s: np.ndarray, direction: np.ndarray, offset_px: float, gap_px: float) -> np.ndarray:
    normal = np.array([-direction[1], direction[0]])
    ends = np.sort(np.stack([s[:, :2] @ direction, s[:, 2:] @ direction], 1), axis=1)
    offsets = (s[:, :2] + s[:, 2:]) / 2 @ normal
    lines = _groups_within(offsets, offset_px)
    order = np.lexsort((ends[:, 0], lines))
    ends, offsets, lines = ends[order], offsets[order], lines[order]
    first = _first_of_runs(ends, lines, gap_px)
    lengths = ends[:, 1] - ends[:, 0]
    moment, weight = np.add.reduceat(offsets * lengths, first), np.add.reduceat(lengths, first)
    across = np.outer(moment, normal) / weight[:, None]
    near, far = ends[first, 0], np.maximum.reduceat(ends[:, 1], first)
    return np.concatenate([np.outer(near, direction) + across, np.outer(far, direction) + across], 1)


def _first_of_runs(ends: np.ndarray, lines: np.ndarray, gap_px: float) -> list[int]:
    """Find where runs begin among (N, 2) intervals sorted by line and start: after a gap, and with each line."""
    first = []
    reach, line = -np.inf, -1
    for index, ((near, far), own) in enumerate(zip(ends.tolist(), lines.tolist(), strict=True)):
        if own != line or near > reach + gap_px:
            first.append(index)
            reach = -np.inf
        reach, line = max(reach, far), own
    return first


def _groups_within(values: np.ndarray, span: float) -> np.ndarray:
    """Number groups: in rising order, a value more than `span` above the first of its group begins the next."""
    groups = np.zeros(len(values), int)
    first, group = np.inf, -1
    for index in np.argsort(values, kind="stable"):
        if group < 0 or values[index] - first > span:
            first, group = values[index], group + 1
        groups[index] = group
    return groups


def segments_outside(segments, mask: np.ndarray) -> np.ndarray:
    """Cut segments to the parts (M, 4) whose pixels are not set in `mask` (H, W) bool; float64 if they are.

    Found by a step of a pixel at most. Parts shorter than SHORTEST_PART_PX are left out, except untouched segments.
    """
    s = exact_rows(segments, 4)
    points, owners = _sample_along(s, 1.0)
    columns, rows = np.rint(points).astype(int).T
    free = ~mask[np.clip(rows, 0, mask.shape[0] - 1), np.clip(columns, 0, mask.shape[1] - 1)]
    begins, ends = np.r_[True, np.diff(owners) > 0], np.r_[np.diff(owners) > 0, True]
    first = np.flatnonzero(free & (begins | ~np.r_[False, free[:-1]]))
    last = np.flatnonzero(free & (ends | ~np.r_[free[1:], False]))
    parts = np.concatenate([points[first], points[last]], 1)
    whole = begins[first] & ends[last]
    whose = owners[first]
    steps = np.maximum(np.bincount(owners, minlength=len(s)) - 1, 1)[whose]
    lengths = (last - first) / steps * np.hypot(s[:, 2] - s[:, 0], s[:, 3] - s[:, 1])[whose]
    kept = whole | (lengths >= SHORTEST_PART_PX)
    return parts[kept].astype(_precision(segments))


def points_near_segments(points, segments, reach_px: float) -> np.ndarray:
    """Find pairs (K, 2) int of a point's and a segment's number no further than `reach_px` from one another."""
    points, s = exact_rows(points, 2), exact_rows(segments, 4)
    if not len(points) or not len(s):
        return np.zeros((0, 2), int)
    # points along each segment make it findable in a tree of points; the exact distance is taken afterwards
    spacing = max(16.0, 2 * reach_px)
    samples, owners = _sample_along(s, spacing)
    found = cKDTree(samples).query_ball_point(points, np.hypot(reach_px, spacing / 2) + 1e-6, return_sorted=False)
    counts = np.fromiter((len(f) for f in found), int, len(found))
    if not counts.any():
        return np.zeros((0, 2), int)
    pairs = np.stack([np.repeat(np.arange(len(points)), counts), owners[np.concatenate(found).astype(int)]], 1)
    pairs = np.unique(pairs, axis=0)
    return pairs[_distances(points[pairs[:, 0]], s[pairs[:, 1]]) <= reach_px]


def _sample_along(s: np.ndarray, spacing: float) -> tuple[np.ndarray, np.ndarray]:
    """Place points along segments, both ends included, at most `spacing` apart, and tell whose they are."""
    steps = s[:, 2:] - s[:, :2]
    counts = np.ceil(np.hypot(*steps.T) / spacing).astype(int) + 1
    owners = np.repeat(np.arange(len(s)), counts)
    place = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    last = np.maximum(counts - 1, 1)[owners]
    share = np.where(place == last, 1, place * (1 / last))  # as linspace does: the end itself, not nearly
    return s[owners, :2] + share[:, None] * steps[owners], owners


def _distances(points: np.ndarray, s: np.ndarray) -> np.ndarray:
    """Measure the distance (K,) of point k from segment k."""
    return np.hypot(*(points - nearest_on_segments(points, s)).T)


def nearest_on_segments(points: np.ndarray, s: np.ndarray) -> np.ndarray:
    """Find the point (K, 2) of segment k nearest to point k."""
    step = s[:, 2:] - s[:, :2]
    share = ((points - s[:, :2]) * step).sum(1) / np.maximum((step**2).sum(1), 1e-18)
    return s[:, :2] + np.clip(share, 0, 1)[:, None] * step


def crossing_shares(segments: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find where the lines through segments (..., 4) and others (..., 4), which broadcast, cross.

    Returns:
        the shares (...) of the way along the one and along the other, from the start of each; of parallel ones infinite
        or no number.
    """
    step, way = segments[..., 2:] - segments[..., :2], others[..., 2:] - others[..., :2]
    turn, off = cross_product(step, way), others[..., :2] - segments[..., :2]
    with np.errstate(divide="ignore", invalid="ignore"):
        return cross_product(off, way) / turn, cross_product(off, step) / turn


def cross_product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The cross product (...) of vectors (..., 2): positive where the other turns from x to y."""
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]


def snap_ends(segments, tolerance_px: float) -> np.ndarray:
    """Move ends of segments (N, 4) that nearly meet together, order kept.

    Ends within `tolerance_px` of one another move to one point, where the lines through them cross; a lone end
    within `tolerance_px` of another segment moves onto it, along its own line.
    """
    s = exact_rows(segments, 4)
    if not len(s):
        return as_segments(s)
    ends = np.concatenate([s[:, :2], s[:, 2:]])
    directions = np.tile(s[:, 2:] - s[:, :2], (2, 1))
    directions /= np.maximum(np.hypot(*directions.T), 1e-9)[:, None]
    groups = connected_groups(cKDTree(ends).query_pairs(tolerance_px, output_type="ndarray"), len(ends))
    moved = ends.copy()
    for members in members_of(groups):
        if len(members) > 1:
            moved[members] = _meeting_point(ends[members], directions[members], tolerance_px)
    s = np.concatenate([moved[: len(s)], moved[len(s) :]], 1)
    lone = np.flatnonzero(np.bincount(groups)[groups] == 1)
    for end, other in points_near_segments(ends[lone], s, tolerance_px):
        end = lone[end]
        if end % len(s) != other:
            moved[end] = _point_on(moved[end], directions[end], s[other], tolerance_px)
    return as_segments(np.concatenate([moved[: len(s)], moved[len(s) :]], 1))


def _meeting_point(ends: np.ndarray, directions: np.ndarray, tolerance_px: float) -> np.ndarray:
    """Find the point nearest to all lines through `ends`, in least squares, with a slight pull towards their mean."""
    mean = ends.mean(0)
    normals = np.stack([-directions[:, 1], directions[:, 0]], 1)
    pull = 1e-3
    point = mean + np.linalg.solve(
        normals.T @ normals + pull * np.eye(2), (normals * ((ends - mean) * normals).sum(1, keepdims=True)).sum(0)
    )
    return point if np.hypot(*(point - mean)) <= 2 * tolerance_px else mean


def _point_on(end: np.ndarray, direction: np.ndarray, other: np.ndarray, tolerance_px: float) -> np.ndarray:
    """Find where an end that moves along its own line meets the segment `other`, or else the nearest point of that."""
    step = other[2:] - other[:2]
    slope = direction[0] * step[1] - direction[1] * step[0]
    nearest = nearest_on_segments(end[None], other[None])[0]
    if abs(slope) <= 1e-6 * np.hypot(*step):
        return nearest
    along = ((other[0] - end[0]) * step[1] - (other[1] - end[1]) * step[0]) / slope
    crossing = end + along * direction
    on_other = np.hypot(*(crossing - nearest_on_segments(crossing[None], other[None])[0])) <= 1e-6
    return crossing if abs(along) <= 2 * tolerance_px and on_other else nearest
