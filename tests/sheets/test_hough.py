"""The Hough transform of ink tells how a sheet is turned and where its lines run together."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.circuit import HEIGHT, WIDTH, circuit
from wire_detection.sheets.geometry import transform_points
from wire_detection.sheets.hough import Axes, find_axes, fit_vanishing_point, line_strength, turned
from wire_detection.sheets.rectify import size_after, upright_map, warp_sheet


def turned_circuit(angle_deg: float) -> np.ndarray:
    """The circuit turned about its middle, from x towards y, on a white square that holds it."""
    side = 1200
    turn = cv2.getRotationMatrix2D(((WIDTH - 1) / 2, (HEIGHT - 1) / 2), -angle_deg, 1)
    turn[:, 2] += (side - WIDTH) / 2, (side - HEIGHT) / 2
    return cv2.warpAffine(circuit(), turn, (side, side), flags=cv2.INTER_CUBIC, borderValue=255)


def test_the_strength_of_lines_by_hand():
    """Three points on y = x / 2 and one beside it: 3 on one line and 1 on another, or each on a line of its own.

    A line's count spreads over three lines as 1/4, 1/2 and 1/4, whose squares are 3/8 of the count's square.
    """
    x, y = np.array([0.0, 8, 16, 0]), np.array([0.0, 4, 8, 20])
    assert line_strength(y, x, np.array([0.5, 0.0])).tolist() == [(9 + 1) * 3 / 8, 4 * 3 / 8]


def test_a_quarter_turn_takes_x_to_y():
    np.testing.assert_allclose(turned(np.array([[1.0, 0], [0, 2]]), 90), [[0, 1], [-2, 0]], atol=1e-12)


@pytest.mark.parametrize("angle", [-40.0, -7.3, 5.0, 12.4, 30.0])
def test_the_turn_of_a_drawing_is_found_to_a_tenth_of_a_degree(angle):
    axes = find_axes(turned_circuit(angle) < 128)
    assert axes.angle_deg == pytest.approx(angle, abs=0.12) and axes.is_turned and not axes.converge


@pytest.mark.parametrize("angle", [0.0, 1.0, -2.5])
def test_small_turns_are_left_to_the_reader(angle):
    axes = find_axes(turned_circuit(angle) < 128)
    assert axes.turn_deg == 0 and not axes.is_turned


@pytest.mark.parametrize(
    "ink",
    [
        np.zeros((80, 90), bool),
        np.ones((1, 1), bool),
        np.random.default_rng(0).random((400, 400)) < 0.2,
        np.eye(50, dtype=bool),
    ],
)
def test_ink_without_axes_is_not_turned(ink):
    assert not find_axes(ink).is_turned


def test_slanted_strokes_on_an_upright_sheet_turn_nothing():
    grey = circuit()
    cv2.line(grey, (250, 220), (380, 290), 0, 2)
    cv2.line(grey, (420, 320), (560, 400), 0, 2)
    assert not find_axes(grey < 128).is_turned


def test_the_vanishing_point_of_slopes_by_hand():
    """Strokes at (x, y) towards the point (1, 0.1, 0.05), that is (20, 2): slope (2 - y) / (20 - x)."""
    x, y = np.array([0.0, 0.5, -0.5, 0.2]), np.array([0.0, -0.4, 0.6, 0.3])
    a, p = fit_vanishing_point(x, y, (2 - y) / (20 - x), np.ones(4))
    assert (a, p) == pytest.approx((0.1, 0.05), abs=1e-9)


def test_a_tile_of_lettering_does_not_move_the_vanishing_point():
    x, y = np.meshgrid([-0.5, 0, 0.5], [-0.4, 0, 0.4])
    x, y = x.ravel(), y.ravel()
    slope = (2 - y) / (20 - x)
    slope[4] = -0.1
    assert fit_vanishing_point(x, y, slope, np.ones(9)) == pytest.approx((0.1, 0.05), abs=0.004)


def test_the_upright_map_undoes_what_a_camera_did():
    """Corners of a square that a camera sees askew come back as a rectangle, upright."""
    axes = Axes(turn_deg=10.0, a=0.01, b=-0.02, p=0.03, q=0.04)
    shape = (700, 900)
    matrix = upright_map(axes, shape)
    square = np.array([[300, 200], [600, 200], [600, 500], [300, 500]], float)
    seen = transform_points(square, np.linalg.inv(matrix))
    back = transform_points(seen, matrix)
    np.testing.assert_allclose(back, square, atol=1e-2)
    height, width = size_after(matrix, shape)
    corners = transform_points([[-0.5, -0.5], [899.5, -0.5], [899.5, 699.5], [-0.5, 699.5]], matrix)
    np.testing.assert_allclose(corners.min(0), -0.5, atol=1e-2)
    assert (corners.max(0) <= (width - 0.5, height - 0.5)).all() and (corners.max(0) > (width - 2, height - 2)).all()


def test_lines_that_run_together_are_found_and_made_parallel():
    inward = np.float32([[60, 20], [-10, 45], [-70, -15], [30, -40]])
    corners = np.float32([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]])
    camera = cv2.getPerspectiveTransform(corners, corners + inward)
    seen = cv2.warpPerspective(circuit(), camera, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderValue=255)
    axes = find_axes(seen < 128)
    assert axes.converge and axes.turn_deg == 0
    matrix = upright_map(axes, seen.shape)
    upright = warp_sheet(seen, matrix)
    assert not find_axes(upright < 128).is_turned
    ends = transform_points(
        transform_points([[200.5, 300.5], [600.5, 300.5], [400.5, 200.5], [400.5, 420.5]], camera), matrix
    )
    assert abs(ends[0, 1] - ends[1, 1]) < 2.5 and abs(ends[2, 0] - ends[3, 0]) < 2.5
