"""Spoilt sheets: the truth moves with the ink, nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing import degradation as sheet_degradation
from wire_detection.drawing.degradation import RECIPES, bend, degrade_sheet
from wire_detection.drawing.draw_sheet import draw_sheet


def cross_sheet() -> tuple[np.ndarray, Annotation]:
    """A white 400x300 sheet with a horizontal wire at y = 150 and a vertical one at x = 200, three pixels wide."""
    image = np.full((300, 400), 255, np.uint8)
    image[149:152, 40:361] = 0
    image[20:281, 199:202] = 0
    wires = [[40, 150, 360, 150], [200, 20, 200, 280]]
    annotation = Annotation.build(
        image_path="", image_shape=(300, 400), wires=wires, junctions=[[200, 150]], metadata={"stroke_width": 3.0}
    )
    return image, annotation


def samples(wires: np.ndarray) -> np.ndarray:
    """Points along (N, 4) wires, a little away from their ends."""
    shares = np.linspace(0.05, 0.95, 40)[None, :, None]
    return (wires[:, None, :2] * (1 - shares) + wires[:, None, 2:] * shares).reshape(-1, 2)


@pytest.mark.parametrize("seed", range(6))
def test_bent_truth_stays_on_ink(seed):
    image, annotation = cross_sheet()
    bent, moved = bend(image, annotation, np.random.default_rng(seed), 1.0)
    assert bent.shape == image.shape
    assert len(moved.wires) == 2
    assert np.abs(moved.wires - annotation.wires).max() > 0.2
    x, y = np.round(samples(moved.wires)).astype(int).T
    assert (bent[y, x] < 200).all()
    x, y = np.round(moved.junctions[0]).astype(int)
    assert bent[y, x] < 60
    assert moved.nets == ((0, 1),)


@pytest.mark.parametrize("recipe", list(RECIPES))
def test_every_recipe_keeps_truth_on_ink(recipe, monkeypatch):
    monkeypatch.setattr(sheet_degradation, "RECIPES", {recipe: RECIPES[recipe]})
    for seed in range(3):
        image, annotation = cross_sheet()
        spoilt, moved = degrade_sheet(image, annotation, np.random.default_rng(seed), strength=0.7)
        assert spoilt.shape == image.shape
        assert spoilt.dtype == np.uint8
        x, y = np.round(samples(moved.wires)).astype(int).T
        far = spoilt[60:120, 60:140]  # paper, well away from the wires
        assert np.median(spoilt[y, x]) < np.median(far) - 40
        assert (spoilt[y, x] < np.median(far) - 15).mean() > 0.9


def test_strength_zero_changes_nothing():
    image, annotation = cross_sheet()
    same, truth = degrade_sheet(image, annotation, np.random.default_rng(0), strength=0.0)
    np.testing.assert_array_equal(same, image)
    assert truth is annotation


def test_same_numbers_same_spoiling():
    image, annotation = cross_sheet()
    first, second = (degrade_sheet(image, annotation, np.random.default_rng(9), strength=0.8)[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("seed", [0, 2, 4, 6])
def test_drawn_and_spoilt_wires_are_on_ink(seed):
    image, annotation = draw_sheet(seed, size=(800, 600), style="kicad", degradation=0)
    spoilt, moved = degrade_sheet(image, annotation, np.random.default_rng(seed), strength=0.5)
    points = samples(moved.wires)
    x, y = np.round(points).astype(int).T
    inside = (x > 1) & (y > 1) & (x < 798) & (y < 598)
    x, y = x[inside], y[inside]
    near = np.min([spoilt[y + dy, x + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0)
    assert (near < np.median(spoilt) - 10).mean() > 0.97


def test_empty_sheet():
    image = np.full((60, 80), 255, np.uint8)
    empty = Annotation.build(image_path="", image_shape=(60, 80))
    for seed in range(5):
        spoilt, truth = degrade_sheet(image, empty, np.random.default_rng(seed), strength=1.0)
        assert spoilt.shape == (60, 80)
        assert len(truth.wires) == len(truth.junctions) == len(truth.pins) == 0
