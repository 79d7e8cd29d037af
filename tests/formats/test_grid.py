"""The grid of a sheet, measured from where its lines lie."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.formats.grid import GRID_STROKES, find_grid


def test_lines_on_a_grid_show_its_step_and_origin():
    places = np.array([3, 4, 6, 7, 11, 12, 13, 20]) * 17.25 + 5
    grid = find_grid([places, places[:5] + 2], stroke_px=2.0)
    assert grid.measured and grid.step_px == pytest.approx(17.25, rel=1e-3)
    assert grid.origin == pytest.approx([5, 7], abs=0.3)


def test_whole_pixels_hide_no_grid():
    places = np.rint(np.arange(40) * 15.75)
    grid = find_grid([places, places], stroke_px=2.0)
    assert grid.measured and grid.step_px == pytest.approx(15.75, rel=1e-3)


def test_a_grid_of_wide_spacings_is_parted_until_it_suits_the_strokes():
    places = np.arange(10) * 100.0
    grid = find_grid([places, places], stroke_px=2.0)
    assert grid.measured and grid.step_px == pytest.approx(100 / 6, rel=1e-3)


def test_lines_half_a_spacing_apart_are_on_the_finer_grid():
    places = np.array([0, 20, 40, 60, 80, 90, 110, 130, 150, 170.0])
    grid = find_grid([places, places], stroke_px=1.2)
    assert grid.measured and grid.step_px == pytest.approx(10, rel=1e-3)


@pytest.mark.parametrize("count", [0, 1, 60])
def test_without_a_grid_the_strokes_choose(count):
    places = np.random.default_rng(1).uniform(0, 2000, count)
    grid = find_grid([places, places[: count // 2]], stroke_px=3.0)
    assert not grid.measured and grid.step_px == GRID_STROKES * 3 and np.isfinite(grid.origin).all()
