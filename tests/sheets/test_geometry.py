"""Geometry on hand-drawn figures: every expected number can be checked with a pencil."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.sheets import geometry

NO_SEGMENTS = np.zeros((0, 4), np.float32)


def in_order(segments: np.ndarray) -> list[list[float]]:
    return sorted(np.round(segments, 3).tolist())


def test_arrays_from_lists_tuples_and_nothing():
    assert geometry.as_segments([]).shape == (0, 4)
    assert geometry.as_points([]).shape == (0, 2)
    assert geometry.as_segments([(1, 2, 3, 4)]).dtype == np.float32
    assert geometry.as_points(((1, 2), (3, 4))).tolist() == [[1, 2], [3, 4]]


def test_lengths_and_angles():
    segments = [[0, 0, 3, 4], [5, 5, 0, 5], [2, 9, 2, 1], [0, 0, 1, 1], [0, 1, 1, 0]]
    assert geometry.segment_lengths(segments) == pytest.approx([5, 5, 8, 2**0.5, 2**0.5])
    assert geometry.segment_angles(segments) == pytest.approx([53.1301, 0, 90, 45, 135], abs=1e-3)


def test_angle_stays_below_180_for_a_line_that_rises_by_a_hair():
    assert geometry.segment_angles([[0, 0, 1000, -1e-6]])[0] == 0


def test_transform_turns_by_90_degrees_and_shifts():
    matrix = [[0, -1, 10], [1, 0, 20]]
    assert geometry.transform_points([[1, 2]], matrix).tolist() == [[8, 21]]
    assert geometry.transform_segments([[0, 0, 1, 2]], matrix).tolist() == [[10, 20, 8, 21]]


def test_lines_cross_at_shares_of_both_and_parallel_ones_nowhere():
    level = np.array([0, 2, 8, 2.0])
    others = np.array([[2, 0, 2, 8], [10, 0, 10, 4], [0, 3, 8, 3], [0, 2, 8, 2.0]])
    along, across = geometry.crossing_shares(level, others)
    assert along[:2].tolist() == [0.25, 1.25] and across[:2].tolist() == [0.25, 0.5]
    assert not np.isfinite(along[2:]).any() and not np.isfinite(across[2:]).any()


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ([1, 1, 8, 3], [[1, 1, 8, 3]]),  # inside: unchanged
        ([-5, 4, 20, 4], [[-0.5, 4, 9.5, 4]]),  # through: cut at both pixel edges
        ([4, 20, 4, 2], [[4, 7.5, 4, 2]]),  # direction kept
        ([-4, -4, 4, 4], [[-0.5, -0.5, 4, 4]]),  # diagonal
        ([-3, 2, -1, 2], []),  # beside
        ([12, 4, 5, -3], [[9.5, 1.5, 7.5, -0.5]]),  # across a corner
        ([3, 3, 3, 3], []),  # a point is no segment
    ],
)
def test_clip_to_the_pixels_of_a_10x8_image(segment, expected):
    assert geometry.clip_segments([segment], 10, 8).tolist() == expected


def test_merge_joins_touching_and_overlapping_pieces_of_one_line():
    pieces = [[0, 5, 10, 5], [20, 5, 10, 5], [15, 5, 30, 5], [33, 5, 40, 5]]
    assert in_order(geometry.merge_collinear(pieces, offset_px=1, gap_px=2)) == [[0, 5, 30, 5], [33, 5, 40, 5]]
    assert in_order(geometry.merge_collinear(pieces, offset_px=1, gap_px=3)) == [[0, 5, 40, 5]]


def test_merge_leaves_a_piece_inside_a_long_one_without_effect_on_its_ends():
    pieces = [[0, 5, 40, 5], [10, 5, 12, 5], [41, 5, 50, 5]]
    assert in_order(geometry.merge_collinear(pieces, offset_px=1, gap_px=1)) == [[0, 5, 50, 5]]


def test_merge_keeps_neighbouring_lines_apart_and_weights_the_offset_by_length():
    pieces = [[0, 4, 30, 4], [30, 5, 40, 5], [0, 7, 10, 7]]
    assert in_order(geometry.merge_collinear(pieces, offset_px=1, gap_px=1)) == [[0, 4.25, 40, 4.25], [0, 7, 10, 7]]


def test_merge_keeps_a_corner_and_a_crossing():
    figure = [[0, 0, 10, 0], [10, 0, 10, 10], [5, -5, 5, 5]]
    assert in_order(geometry.merge_collinear(figure, offset_px=2, gap_px=2)) == in_order(np.array(figure))


def test_merge_joins_diagonals():
    pieces = [[0, 0, 10, 10], [20, 20, 10, 10], [0, 10, 10, 0]]
    merged = np.abs(geometry.merge_collinear(pieces, offset_px=1, gap_px=1))  # no -0.0
    assert in_order(merged) == [[0, 0, 20, 20], [10, 0, 0, 10]]


def test_merge_keeps_the_tilt_of_a_turned_sheet():
    pieces = [[0, 0, 100, 2], [100, 2, 300, 6]]
    assert in_order(geometry.merge_collinear(pieces, offset_px=1, gap_px=1)) == [[0, 0, 300, 6]]


def test_merge_drops_dots_and_takes_nothing():
    assert geometry.merge_collinear([[3, 3, 3.4, 3]], offset_px=1, gap_px=1).shape == (0, 4)
    assert geometry.merge_collinear(NO_SEGMENTS, offset_px=1, gap_px=1).shape == (0, 4)


def test_points_near_segments_pairs_by_true_distance():
    segments = [[0, 0, 100, 0], [50, 3, 50, 90]]
    points = [[50, 1], [50, 1.6], [103, 0], [50, 60], [-3, -4]]
    pairs = geometry.points_near_segments(points, segments, 2)
    assert pairs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1], [3, 1]]
    assert geometry.points_near_segments(points, segments, 5)[-1].tolist() == [4, 0]  # 3-4-5 from the end


def test_points_near_segments_equals_all_against_all():
    rng = np.random.default_rng(5)
    segments, points = rng.uniform(0, 300, (60, 4)), rng.uniform(0, 300, (80, 2))
    shares = np.linspace(0, 1, 4001)[:, None]
    for reach in (1.0, 9.0, 40.0):
        expected = {
            (p, s)
            for s, segment in enumerate(segments)
            for p, point in enumerate(points)
            if np.hypot(*(segment[:2] + shares * (segment[2:] - segment[:2]) - point).T).min() <= reach - 0.05
        }
        found = set(map(tuple, geometry.points_near_segments(points, segments, reach).tolist()))
        assert expected <= found
        assert found <= set(map(tuple, geometry.points_near_segments(points, segments, reach + 0.1).tolist()))


def test_snap_moves_a_corner_to_where_the_lines_cross():
    snapped = geometry.snap_ends([[0, 0, 9, 0], [10, 1, 10, 20]], 2)
    assert snapped == pytest.approx(np.array([[0, 0, 10, 0], [10, 0, 10, 20]]), abs=0.01)


def test_snap_moves_a_lone_end_onto_a_wire_along_its_own_line():
    snapped = geometry.snap_ends([[0, 0, 20, 0], [10, 1.5, 10, 20]], 2)
    assert snapped == pytest.approx(np.array([[0, 0, 20, 0], [10, 0, 10, 20]]), abs=1e-5)


def test_snap_leaves_what_is_far_apart_and_does_not_change_its_input():
    segments = np.array([[0, 0, 9, 0], [13, 1, 13, 20]], np.float32)
    before = segments.copy()
    assert geometry.snap_ends(segments, 2).tolist() == before.tolist()
    geometry.snap_ends(segments, 6)
    assert segments.tolist() == before.tolist()
    assert geometry.snap_ends(NO_SEGMENTS, 2).shape == (0, 4)


def test_snap_onto_a_segment_of_no_length():
    with np.errstate(all="raise"):
        snapped = geometry.snap_ends([[0, 0, 9, 0], [10.9, 0, 10.9, 0]], 1.9 + 1e-9)
    assert np.isfinite(snapped).all()
