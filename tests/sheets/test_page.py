"""The page in a picture: found when something dark lies around it, and left alone when it fills the picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.circuit import HEIGHT, WIDTH, circuit
from wire_detection.sheets.page import find_page, page_alone

CORNERS = np.array([[60, 40], [860, 70], [840, 660], [50, 640]])


def on_desk(desk: int) -> np.ndarray:
    """The circuit on a page with the corners CORNERS, on a desk of one tone."""
    page = cv2.fillConvexPoly(np.zeros((HEIGHT, WIDTH), np.uint8), CORNERS, 1)
    return np.where(page > 0, circuit(), desk).astype(np.uint8)


def test_a_page_that_fills_its_picture_has_no_corners():
    assert find_page(circuit()).shape == (0, 2)
    assert find_page(np.full((40, 50), 255, np.uint8)).shape == (0, 2)


def test_light_that_falls_off_is_no_desk():
    light = np.linspace(0.4, 1, WIDTH)[None]
    assert len(find_page((circuit() * light).astype(np.uint8))) == 0


def test_a_shaded_half_of_the_drawing_is_no_desk():
    grey = circuit()
    grey[:, 450:] = np.minimum(grey[:, 450:], 150)
    assert len(find_page(grey)) == 0


def test_a_dark_corner_is_part_of_the_drawing():
    grey = circuit()
    grey[:80, :80] = 0
    assert len(find_page(grey)) == 0


@pytest.mark.parametrize("desk", [0, 90, 180])
def test_the_page_on_a_desk_has_the_corners_that_it_was_drawn_with(desk):
    corners = find_page(on_desk(desk))
    for corner in CORNERS:
        assert np.hypot(*(corners - corner).T).min() < 4
    assert cv2.contourArea(corners.astype(np.float32)) == pytest.approx(
        cv2.contourArea(CORNERS.astype(np.float32)), rel=0.01
    )


def test_around_the_page_alone_lies_paper():
    grey, (left, top) = page_alone(on_desk(90), CORNERS.astype(float))
    assert (left, top) == (50, 40) and grey.shape == (621, 811)
    inner = np.s_[150 - top : 500 - top, 100 - left : 700 - left]
    np.testing.assert_array_equal(grey[inner], circuit()[150:500, 100:700])
    assert grey[0, 0] == 255 and np.count_nonzero(grey < 250) == np.count_nonzero(circuit() < 250)


@pytest.mark.parametrize("side", ["right", "below", "frame"])
def test_a_dark_strip_at_the_edge_is_cut_off(side):
    grey = circuit()
    if side == "right":
        grey[:, -9:] = 20
    elif side == "below":
        grey[-9:] = 20
    else:
        grey = cv2.copyMakeBorder(grey, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=0)
    part, (left, top) = page_alone(grey, find_page(grey))
    assert part.min(axis=0)[0] == part.min(axis=1)[0] == part.min(axis=0)[-1] == part.min(axis=1)[-1] == 255
    assert np.count_nonzero(part < 128) == np.count_nonzero(circuit() < 128)
    assert left == top and abs(left - 6 * (side == "frame")) <= 1


def test_paper_goes_on_in_its_own_tone():
    light = np.tile(np.linspace(100, 200, WIDTH), (HEIGHT, 1))
    page = cv2.fillConvexPoly(np.zeros((HEIGHT, WIDTH), np.uint8), CORNERS, 1)
    grey, _ = page_alone(np.where(page > 0, light, 40).astype(np.uint8), CORNERS.astype(float))
    assert np.abs(grey.astype(float) - light[40:661, 50:861]).max() < 14
