"""Blocks do not overlap, and stand only where they may."""

from __future__ import annotations

import numpy as np

from tests.helpers.blocks import empty_block
from wire_detection.drawing.placing import Cells, lay_out


def test_a_box_takes_the_free_cells_that_it_fits_in():
    rng = np.random.default_rng(0)
    cells = Cells((10, 20, 22, 30))
    cells.use((15, 20, 22, 30))  # 5 x 10 cells are left
    assert cells.take((0, 0, 6, 3), 0, rng) is None
    assert cells.take((0, 0, 3, 11), 0, rng) is None
    assert cells.take((2.5, 1.0, 6.2, 10.9), 0, rng) == (8, 19)  # its corner's cell (2, 1) comes to (10, 20)
    assert cells.used.all()


def test_a_margin_is_kept_around_a_box():
    cells = Cells((0, 0, 5, 4))
    assert cells.take((0, 0, 1, 0), 2, np.random.default_rng(0)) == (2, 2)
    assert cells.used.all()


def test_tiny_area_stays_empty():
    sheet = empty_block(0)
    empty = lay_out(sheet.style, sheet.words, (0, 0, 5, 5))
    assert empty.wires == [] and empty.strokes == []


def test_circuits_lie_within_the_area_and_not_in_boxes_that_are_taken():
    sheet = empty_block(3)
    laid = lay_out(sheet.style, sheet.words, (0, 0, 120, 80), taken=[(60, 0, 120, 80)])
    boxes = np.array([box for _, box in laid.components])
    assert len(boxes) > 3 and boxes.min() >= 0 and boxes[:, 2].max() <= 60 and boxes[:, 3].max() <= 80
