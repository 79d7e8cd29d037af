"""Segments, points and labels drawn into small arrays, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.sheets.raster import (
    draw_labels,
    draw_points,
    draw_segments,
    fixed_point,
    pixels_at,
    widened,
    within,
)

NO_SEGMENTS = np.zeros((0, 4), np.float32)
NO_POINTS = np.zeros((0, 2), np.float32)


def rows(mask: np.ndarray) -> list[str]:
    return ["".join(".#"[int(v)] for v in row) for row in mask]


def test_many_large_discs_are_drawn_in_parts():
    points = np.random.default_rng(0).uniform(0, 100, (300, 2))
    whole = draw_points((100, 100), points, 40)  # 81 x 81 pixels each: 152 discs at a time
    assert (whole == np.any([draw_points((100, 100), [point], 40) for point in points], 0)).all()


def test_draw_a_thin_and_a_thick_segment():
    assert rows(draw_segments((3, 5), [[1, 1, 3, 1]])) == [".....", ".###.", "....."]
    assert rows(draw_segments((5, 3), [[1, -9, 1, 99]], 1)) == [".#."] * 5


@pytest.mark.parametrize("thickness", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("across", [10, 10.5])
def test_a_drawn_line_is_as_wide_as_asked(thickness, across):
    horizontal = draw_segments((20, 40), [[5, across, 35, across]], thickness)
    vertical = draw_segments((40, 20), [[across, 5, across, 35]], thickness)
    assert horizontal[:, 20].sum() == vertical[20].sum() == thickness
    assert abs(horizontal[:, 20].nonzero()[0].mean() - across) <= 0.5
    assert horizontal.sum() == 31 * thickness


def test_draw_survives_far_away_ends_and_nothing():
    far = draw_segments((5, 5), [[-1e9, 2, 1e9, 2], [1e9, 1e9, 2e9, 2e9]])
    assert rows(far) == [".....", ".....", "#####", ".....", "....."]
    assert not draw_segments((4, 4), NO_SEGMENTS).any()


def test_draw_points_are_discs_cut_at_the_edge():
    assert rows(draw_points((5, 5), [[2, 2]], 1)) == [".....", "..#..", ".###.", "..#..", "....."]
    assert rows(draw_points((3, 3), [[0, 0], [9, 9]], 1)) == ["##.", "#..", "..."]
    assert rows(draw_points((2, 4), [[1.4, 0.2]], 0)) == [".#..", "...."]
    assert rows(draw_points((1, 5), [[1.5, 0]], 0.6)) == [".##.."]
    assert not draw_points((4, 4), NO_POINTS, 3).any()


def test_labels_of_later_segments_lie_on_top():
    image = draw_labels((3, 5), [[0, 1, 4, 1], [2, 0, 2, 2], [9, 9, 20, 9]], [7, 0, 3])
    assert image.tolist() == [[-1, -1, 0, -1, -1], [7, 7, 0, 7, 7], [-1, -1, 0, -1, -1]]
    assert (draw_labels((2, 2), NO_SEGMENTS, []) == -1).all()


def test_sub_pixel_places_are_sixteenths():
    assert fixed_point([[1, -0.5, 2.26]]).tolist() == [[16, -8, 36]] and fixed_point([[1.0]]).dtype == np.int32


def test_a_mask_grows_by_a_disc_or_by_a_square():
    dot = np.zeros((5, 5), bool)
    dot[2, 2] = True
    assert rows(within(dot, 1)) == [".....", "..#..", ".###.", "..#..", "....."]
    assert rows(within(dot, 2)) == ["..#..", ".###.", "#####", ".###.", "..#.."]
    assert rows(within(dot, 1.5)) == rows(widened(dot, 1)) == [".....", ".###.", ".###.", ".###.", "....."]
    assert rows(within(dot, 0)) == rows(dot) and not within(~dot & dot, 2).any() and not widened(~dot & dot, 2).any()


def test_the_pixel_that_holds_a_place_or_the_nearest_outside():
    image = np.arange(6).reshape(2, 3)
    assert pixels_at(image, [0.4, 0.6, 9], [0.4, 0.6, -3]).tolist() == [0, 4, 2]
    assert pixels_at(image, np.array([[0], [1]]), np.array([[0, 1]])).tolist() == [[0, 3], [1, 4]]
    assert pixels_at(image, np.zeros((0, 4)), np.zeros((0, 4))).shape == (0, 4)
