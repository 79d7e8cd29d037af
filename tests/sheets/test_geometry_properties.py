"""Geometry on any figure, against slow and plain ways to find the same."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import dist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.figures import SIDE_PX, distance, points, segments, steadily, upright_segments
from wire_detection.sheets import geometry
from wire_detection.sheets.boxes import axes_of_boxes, boxes_of_segments
from wire_detection.sheets.raster import draw_points, within
from wire_detection.sheets.tiles import tile_starts

REACH_PX = 2.3456789
"""No distance between whole numbers comes near it by chance."""

masks = st.tuples(st.integers(0, 999), st.sampled_from([0, 0.1, 0.5, 0.9, 1])).map(
    lambda drawn: np.random.default_rng(drawn[0]).random((SIDE_PX + 1, SIDE_PX + 1)) < drawn[1]
)
"""By a seed and the share of pixels that are set."""

few_pixels = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=5)


@steadily
@given(points, segments)
def test_points_near_segments_are_those_of_all_pairs(some, lines):
    near = {(p, s) for p, point in enumerate(some) for s, line in enumerate(lines) if distance(point, line) <= REACH_PX}
    assert set(map(tuple, geometry.points_near_segments(some, lines, REACH_PX).tolist())) == near


def part_in_box(line, box) -> list[float]:
    """The ends of the part of a line in a box x0 y0 x1 y1, or nothing, by fractions."""
    if line[:2] == line[2:]:
        return []
    enter, leave = Fraction(0), Fraction(1)
    for axis in (0, 1):
        start, step = line[axis], line[axis + 2] - line[axis]
        for bound, sign in ((box[axis], 1), (box[axis + 2], -1)):
            if step == 0:
                if sign * (start - bound) < 0:
                    return []
            elif sign * step > 0:
                enter = max(enter, (bound - start) / step)
            else:
                leave = min(leave, (bound - start) / step)
    if enter >= leave:
        return []
    return [
        float(line[i % 2] + share * (line[i % 2 + 2] - line[i % 2]))
        for i, share in enumerate([enter] * 2 + [leave] * 2)
    ]


@steadily
@given(segments, st.integers(1, SIDE_PX), st.integers(1, SIDE_PX))
def test_clipping_leaves_the_parts_on_the_image(lines, width, height):
    box = [Fraction(-1, 2), Fraction(-1, 2), width - Fraction(1, 2), height - Fraction(1, 2)]
    shifted = [[value - 4 for value in line] for line in lines]  # on all sides of the image
    parts = [part for line in shifted if (part := part_in_box(line, box))]
    np.testing.assert_allclose(geometry.clip_segments(shifted, width, height), np.reshape(parts, (-1, 4)), atol=1e-5)


def merged_along_axes(lines, gap_px: float) -> set[tuple[float, ...]]:
    """Horizontal and vertical segments of one line joined where their gap is no more than this."""
    joined = set()
    for axis in (0, 1):
        rows: dict[int, list[list[int]]] = {}
        for line in lines:
            if line[axis] != line[axis + 2]:
                rows.setdefault(line[1 - axis], []).append(sorted((line[axis], line[axis + 2])))
        for across, intervals in rows.items():
            runs: list[list[int]] = []
            for low, high in sorted(intervals):
                if runs and low <= runs[-1][1] + gap_px:
                    runs[-1][1] = max(runs[-1][1], high)
                else:
                    runs.append([low, high])
            joined |= {(low, across, high, across) if axis == 0 else (across, low, across, high) for low, high in runs}
    return joined


@steadily
@given(upright_segments, st.sampled_from([0.5, 1.5, 3.5]))
def test_pieces_along_the_axes_merge_as_intervals_do(lines, gap_px):
    merged = geometry.merge_collinear(lines, offset_px=0.5, gap_px=gap_px)
    assert in_order(merged) == sorted(map(list, merged_along_axes(lines, gap_px)))


def in_order(lines: np.ndarray) -> list[list[float]]:
    return sorted((np.round(lines, 3) + 0).tolist())  # 0 instead of -0


@steadily
@given(segments, st.randoms(use_true_random=False))
def test_merging_asks_neither_for_order_nor_for_direction(lines, random):
    other = [line if random.random() < 0.5 else line[2:] + line[:2] for line in random.sample(lines, len(lines))]
    one, two = (geometry.merge_collinear(some, offset_px=1.2345, gap_px=1.2345) for some in (lines, other))
    np.testing.assert_allclose(in_order(one), in_order(two), atol=2e-3)


@steadily
@given(segments)
def test_every_piece_lies_on_what_it_was_merged_into(lines):
    merged = geometry.merge_collinear(lines, offset_px=1, gap_px=1).astype(float)
    for line in lines:
        if dist(line[:2], line[2:]) > geometry.SHORTEST_PX:
            middle = np.add(line[:2], line[2:]) / 2
            nearest = geometry.nearest_on_segments(np.tile(middle, (len(merged), 1)), merged)
            assert np.hypot(*(nearest - middle).T).min() <= 1 + 1e-3


@steadily
@given(upright_segments, masks)
def test_what_a_mask_leaves_of_a_line_are_its_runs_of_free_pixels(lines, mask):
    lines = [np.clip(line, 0, SIDE_PX).tolist() for line in lines]
    runs = []
    for line in lines:
        count = int(max(abs(line[2] - line[0]), abs(line[3] - line[1])))
        step = np.sign(np.subtract(line[2:], line[:2]))
        pixels = [tuple(np.array(line[:2]) + number * step) for number in range(count + 1)]
        free = [number for number, (x, y) in enumerate(pixels) if not mask[y, x]]
        first = [number for number in free if number - 1 not in free]
        last = [number for number in free if number + 1 not in free]
        runs += [
            [*pixels[one], *pixels[two]]
            for one, two in zip(first, last, strict=True)
            if two - one == count or two - one >= geometry.SHORTEST_PART_PX
        ]
    np.testing.assert_allclose(geometry.segments_outside(lines, mask), np.reshape(runs, (-1, 4)), atol=1e-4)


@steadily
@given(segments, masks)
def test_cut_parts_lie_on_their_line_and_their_ends_are_free(lines, mask):
    for line in lines:
        for part in geometry.segments_outside([line], mask).astype(float).reshape(-1, 2, 2):
            for end in part:
                assert distance(map(Fraction, end), line) <= 1e-5
                assert not all(mask[row, column] for row, column in pixels_around(end))


def pixels_around(place) -> set[tuple[int, int]]:
    """The pixel that holds a place, and both where single precision may have moved it across their border."""
    x, y = place
    return {(round(y + dy), round(x + dx)) for dx in (-1e-5, 1e-5) for dy in (-1e-5, 1e-5)}


@steadily
@given(segments)
def test_snapping_moves_only_ends_that_are_near_something(lines):
    snapped = geometry.snap_ends(lines, REACH_PX)
    ends = [(number, line[half : half + 2]) for number, line in enumerate(lines) for half in (0, 2)]
    for place, (number, end) in enumerate(ends):
        near_end = any(dist(end, other) <= REACH_PX for k, (_, other) in enumerate(ends) if k != place)
        near_line = any(distance(end, line) <= 4 * REACH_PX for k, line in enumerate(lines) if k != number)
        if not near_end and not near_line:
            assert snapped.reshape(-1, 2)[place].tolist() == list(end)


@steadily
@given(segments)
def test_ends_that_nearly_meet_meet_after_snapping(lines):
    snapped = geometry.snap_ends(lines, REACH_PX).reshape(-1, 2)
    ends = [line[half : half + 2] for line in lines for half in (0, 2)]
    for one, two in combinations(range(len(ends)), 2):
        if dist(ends[one], ends[two]) <= REACH_PX:
            np.testing.assert_allclose(snapped[one], snapped[two], atol=1e-4)


@steadily
@given(segments, st.floats(-180, 180), st.floats(-50, 50))
def test_two_maps_one_after_the_other_are_their_composition(lines, angle_deg, shift):
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    first, then = [[cos, -sin, shift], [sin, cos, 1]], [[2, 0.5, -shift], [0, 1, 3]]
    twice = geometry.transform_segments(geometry.transform_segments(lines, first), then)
    once = geometry.transform_segments(lines, geometry.compose_affine(first, then))
    np.testing.assert_allclose(once, twice, atol=1e-3)
    assert geometry.scale_of(geometry.compose_affine(first, then), (9, 9)) == pytest.approx(2**0.5)


@steadily
@given(segments, st.integers(1, 6))
def test_a_box_has_its_segment_as_long_axis(lines, width_px):
    lines = [line for line in lines if dist(line[:2], line[2:]) >= 1]
    axes, _ = axes_of_boxes(boxes_of_segments(lines, width_px, (SIDE_PX + 9, SIDE_PX + 9)))
    np.testing.assert_allclose(axes, np.reshape(lines, (-1, 4)), atol=0.026)


@steadily
@given(st.integers(1, 3000), st.integers(1, 700), st.integers(0, 600))
def test_tiles_cover_a_sheet_with_the_overlap_and_one_less_would_not(length, tile, overlap):
    overlap = min(overlap, tile - 1)
    starts = tile_starts(length, tile, overlap)
    assert starts[0] == 0 and (len(starts) == 1 or starts[-1] == length - tile)
    assert len(starts) > 1 or length <= tile
    assert all(0 < two - one <= tile - overlap for one, two in zip(starts, starts[1:], strict=False))
    assert len(starts) == 1 or (len(starts) - 1) * tile - (len(starts) - 2) * overlap < length


@steadily
@given(few_pixels, st.sampled_from([0, 1, 1.5, 2, 3.2]))
def test_growing_a_mask_and_drawing_discs_are_the_pixels_within_a_distance(pixels, reach_px):
    rows, columns = np.indices((12, 12))
    near = np.zeros((12, 12), bool)
    for row, column in pixels:
        near |= np.hypot(rows - row, columns - column) <= reach_px
    mask = np.zeros((12, 12), bool)
    mask[tuple(np.reshape(list(pixels), (-1, 2)).T.astype(int))] = True
    assert (within(mask, reach_px) == near).all()
    assert (draw_points((12, 12), [(column, row) for row, column in pixels], reach_px) == near).all()
