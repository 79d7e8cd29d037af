"""Rescanned sheets: the truth moves with the ink, and the preparation of sheets puts both straight."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation, transform_annotation
from wire_detection.drawing.rescan import RESCANS, fatten, rescan_sheet, turn, zoom
from wire_detection.sheets.prepare import clean_sheet


def comb_sheet() -> tuple[np.ndarray, Annotation]:
    """A white 400x300 sheet with a horizontal wire at y = 150 and three verticals upon it, three pixels wide."""
    image = np.full((300, 400), 255, np.uint8)
    image[149:152, 60:341] = 0
    for x in (100, 200, 300):
        image[50:152, x - 1 : x + 2] = 0
    wires = [[60, 150, 340, 150], *[[x, 50, x, 150] for x in (100, 200, 300)]]
    junctions = [[x, 150] for x in (100, 200, 300)]
    return image, Annotation.build(image_path="", image_shape=(300, 400), wires=wires, junctions=junctions)


def greys_along(image: np.ndarray, wires: np.ndarray) -> np.ndarray:
    """The greys of points along (N, 4) wires, a little away from their ends."""
    shares = np.linspace(0.05, 0.95, 40)[None, :, None]
    points = (wires[:, None, :2] * (1 - shares) + wires[:, None, 2:] * shares).reshape(-1, 2)
    x, y = np.round(points).astype(int).T
    return image[y, x]


@pytest.mark.parametrize("rescan", RESCANS)
@pytest.mark.parametrize("seed", range(4))
def test_truth_stays_on_the_ink(rescan, seed):
    image, truth = comb_sheet()
    taken, matrix = rescan(image, np.random.default_rng(seed))
    moved = transform_annotation(truth, matrix, taken.shape)
    assert moved.image_shape == taken.shape
    assert (len(moved.wires), len(moved.junctions)) == (4, 3)
    assert (greys_along(taken, moved.wires) < 160).all()


@pytest.mark.parametrize("seed", range(4))
def test_a_turned_sheet_is_put_straight(seed):
    image, truth = comb_sheet()
    taken, matrix = turn(image, np.random.default_rng(seed))
    clean = clean_sheet(taken)
    upright = transform_annotation(truth, np.linalg.inv(clean.to_given) @ matrix, clean.grey.shape)
    leaning = np.abs(upright.wires[:, 2:] - upright.wires[:, :2]).min(1)
    assert (leaning < 6).all()  # of 280 px and 100 px: a degree is left to the tracing


def test_a_rescanned_sheet_brings_its_truth():
    image, truth = comb_sheet()
    taken, moved = rescan_sheet(image, truth, np.random.default_rng(1))
    assert moved.image_shape == taken.shape
    assert (greys_along(taken, moved.wires) < 160).all()


def test_a_turned_sheet_is_whole():
    image, truth = comb_sheet()
    taken, matrix = turn(image, np.random.default_rng(0))
    assert all(side > before for side, before in zip(taken.shape, image.shape, strict=True))
    assert (255 - taken.astype(int)).sum() == pytest.approx((255 - image.astype(int)).sum(), rel=0.02)


def test_zoom_keeps_pixel_centres():
    image, _ = comb_sheet()
    taken, matrix = zoom(image, np.random.default_rng(3))
    share = taken.shape[1] / image.shape[1]
    assert matrix[0] == pytest.approx([share, 0, (share - 1) / 2], rel=0.01)


def test_fat_strokes_are_two_pixels_fatter():
    taken, _ = fatten(comb_sheet()[0], np.random.default_rng(0))
    assert (taken[:, 80] < 128).sum() == 5
