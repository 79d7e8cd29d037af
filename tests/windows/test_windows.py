"""A window shows what lies at its place of the sheet, and its targets say what that is."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.sheets import draw_tiny_sheet
from wire_detection.annotations.annotation import Annotation
from wire_detection.windows.targets import wire_target
from wire_detection.windows.windows import Sample, cut_window, grid_corners, halve_sample, random_corner, tile_corners


def test_a_drawn_wire_comes_back_where_it_was_drawn():
    grey, annotation = draw_tiny_sheet(3)
    window, targets = cut_window(Sample("a", grey, annotation), 20, 30, (64, 96))
    wire, junction = targets["wire"], targets["junction"]
    np.testing.assert_array_equal(window, grey[30:94, 20:116])
    ink, said = window < 128, wire > 0
    rows = np.flatnonzero(said[:, 0])
    assert abs(rows.mean() - (annotation.wires[0, 1] - 30)) <= 0.5 and len(rows) == 3
    centre = np.argwhere(junction > 0).mean(0)[::-1]
    np.testing.assert_allclose(centre + (20, 30), annotation.junctions[0], atol=0.5)
    far = np.hypot(*(np.argwhere(ink)[:, ::-1] - centre).T) > 8  # off the dot, all ink of this window is wire
    assert said[ink][far].all()


def test_half_a_sample_has_its_wires_on_its_ink():
    half = halve_sample(Sample("a", *draw_tiny_sheet(3)))
    x0, y0, x1, y1 = half.annotation.wires[0].round().astype(int)
    assert half.annotation.image_shape == half.grey.shape
    assert half.grey[(y0 + y1) // 2, (x0 + x1) // 2] < 128


def test_outside_the_sheet_lies_paper():
    grey, annotation = draw_tiny_sheet(0)
    window, targets = cut_window(Sample("a", grey, annotation), -16, -32, (192, 192))
    wire = targets["wire"]
    np.testing.assert_array_equal(window[32:160, 16:176], grey)
    assert window[:32].min() == 255 and window[:, :16].min() == 255 and window[160:].min() == 255
    assert wire[:32].max() <= 0 and wire[160:].max() <= 0


def test_buses_and_paper_are_not_to_count_but_wires_always_do():
    annotation = Annotation.build(
        image_path="", image_shape=(40, 40), wires=[[5, 20, 35, 20]], pins=[[20, 5, 20, 15]], buses=[[5, 30, 35, 30]]
    )
    grey = np.full((40, 40), 255, np.uint8)
    grey[8, 8] = 0
    wire = wire_target(annotation, grey)
    assert wire[10, 20] == -1 and wire[30, 8] == -1 and wire[20, 20] == 1 and wire[8, 8] == 0
    assert wire[8, 11] == 0 and wire[8, 12] == -1  # paper counts up to 3 px from ink


@pytest.mark.parametrize(
    ("arguments", "corners"),
    [((1000, 512, 64), [0, 244, 488]), ((512, 512, 64), [0]), ((500, 512, 64), [-6]), ((513, 512, 0), [0, 1])],
)
def test_tiles_cover_a_length(arguments, corners):
    assert tile_corners(*arguments) == corners


def test_a_grid_names_no_window_twice_and_no_more_than_asked():
    assert grid_corners((100, 300), (100, 100), 8) == [(0, 0), (100, 0), (200, 0)]
    assert len(set(grid_corners((1000, 1000), (100, 100), 8))) == 8


def test_random_windows_stay_on_the_sheet_and_small_sheets_inside_the_window():
    rng = np.random.default_rng(0)
    sample = Sample("a", *draw_tiny_sheet(0))
    for _ in range(100):
        left, top = random_corner(sample, (64, 96), rng)
        assert 0 <= left <= 160 - 96 and 0 <= top <= 128 - 64
        left, top = random_corner(sample, (256, 256), rng)
        assert 160 - 256 <= left <= 0 and 128 - 256 <= top <= 0
