"""Sheets as networks see them: which are scaled and by how much, where each pixel goes, how dark ink becomes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.sheets.geometry import transform_points
from wire_detection.sheets.normalise import halve_sheet, normal_scale, normalise_sheet


def sheet(paper: int = 255, ink: int = 0) -> np.ndarray:
    """(120, 200) uint8 with two strokes of 2 px."""
    grey = np.full((120, 200), paper, np.uint8)
    grey[60:62, 20:180] = grey[20:100, 100:102] = ink
    return grey


@pytest.mark.parametrize(
    ("stroke_px", "scale"), [(1.3, 1), (2.0, 1), (2.8, 1), (2.9, 2 / 2.9), (6, 1 / 3), (1.2, 2 / 1.2), (1, 2)]
)
def test_only_unusual_strokes_are_scaled_to_two_pixels(stroke_px, scale):
    assert normal_scale(stroke_px, 700) == pytest.approx(scale)


@pytest.mark.parametrize(
    ("longer_px", "scale"), [(2000, 2 / 4), (2001, 2.8 / 4)], ids=["a figure", "small symbols beside bold strokes"]
)
def test_bold_strokes_of_large_sheets_are_scaled_to_the_widest_normal_ones(longer_px, scale):
    """4 px on 2,000 px are 1,000 px at the usual scale."""
    assert normal_scale(4, longer_px) == pytest.approx(scale)
    assert normal_scale(1, longer_px) == 2, "thin strokes are another matter"


def test_thick_strokes_are_scaled_to_the_target_and_the_matrix_follows():
    grey = np.full((600, 800), 255, np.uint8)
    cv2.rectangle(grey, (100, 297), (700, 302), 0, -1)  # 6 px thick, centred on y = 299.5
    normal, matrix = normalise_sheet(grey)
    assert normal.shape == (200, 267)
    x, y = transform_points([[400, 299.5]], matrix)[0]
    rows = np.flatnonzero(normal[:, round(float(x))] < 128)
    assert rows.mean() == pytest.approx(y, abs=0.5) and 1 <= len(rows) <= 3


def test_the_corners_of_the_image_stay_its_corners():
    """200x120 px at a scale of 2 / 3: 133.33 is rounded to 133, so the scales of x and y are 0.665 and 2 / 3."""
    normal, matrix = normalise_sheet(sheet(), stroke_px=3)
    assert normal.shape == (80, 133)
    corners = transform_points([[-0.5, -0.5], [199.5, 119.5]], matrix)
    np.testing.assert_allclose(corners, [[-0.5, -0.5], [132.5, 79.5]], atol=1e-4)


def test_a_stroke_width_that_is_known_is_not_measured_again():
    assert normalise_sheet(sheet())[0].shape == (120, 200)
    assert normalise_sheet(sheet(), stroke_px=1.0)[0].shape == (240, 400)


def test_usual_strokes_keep_their_scale_and_pale_ink_turns_black():
    normal, matrix = normalise_sheet(sheet(paper=230, ink=170))
    np.testing.assert_array_equal(matrix, np.eye(2, 3))
    assert normal[60, 50] < 20 and normal[5, 5] > 250


def test_what_is_barely_ink_is_not_blown_up_to_black():
    """Ink of 0.22 is measured against 1.25 times the threshold of 0.2, as 0.22 / 0.25 = 0.88: 255 * 0.12 = 31."""
    normal, _ = normalise_sheet(sheet(paper=250, ink=195))
    assert normal[60, 50] == pytest.approx(31, abs=2)


@pytest.mark.parametrize("shape", [(120, 200), (1, 1)])
def test_bare_paper_stays_bare_paper(shape):
    normal, matrix = normalise_sheet(np.full(shape, 200, np.uint8))
    assert normal.shape == shape and normal.min() == 255
    np.testing.assert_array_equal(matrix, np.eye(2, 3))


def test_a_sheet_never_shrinks_to_nothing():
    assert normalise_sheet(np.full((3, 90), 255, np.uint8), stroke_px=20)[0].shape == (1, 9)


def test_half_a_sheet_keeps_fine_strokes_dark_and_its_pixels_in_place():
    """A column of one black pixel: of its fours the mean is 127.5 and the darkest 0; pixel 7 lies at 7 / 2 - 1 / 4."""
    grey = np.full((5, 21), 255, np.uint8)
    grey[:, 7] = 0
    half, matrix = halve_sheet(grey)
    assert half.shape == (3, 11)
    assert half[:2, 3].tolist() == [64, 64] and (np.delete(half, 3, 1) == 255).all()
    assert transform_points([[7, 0]], matrix)[0].tolist() == [3.25, -0.25]
