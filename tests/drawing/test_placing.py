"""Blocks do not overlap, and stand only where they may."""

from __future__ import annotations

import numpy as np

from tests.helpers.blocks import empty_block
from wire_detection.drawing import notes, placing
from wire_detection.drawing.block import Block
from wire_detection.drawing.placing import Cells, lay_out
from wire_detection.drawing.streams import Streams


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


def laid_out(seed: int, area, taken=()) -> Block:
    sheet = empty_block(seed)
    return lay_out(sheet.style, sheet.words, Streams.of(seed), area, taken=list(taken))


def test_tiny_area_stays_empty():
    empty = laid_out(0, (0, 0, 5, 5))
    assert empty.wires == [] and empty.strokes == []


def test_circuits_lie_within_the_area_and_not_in_boxes_that_are_taken():
    laid = laid_out(3, (0, 0, 120, 80), taken=[(60, 0, 120, 80)])
    boxes = np.array([box for _, box in laid.components])
    assert len(boxes) > 3 and boxes.min() >= 0 and boxes[:, 2].max() <= 60 and boxes[:, 3].max() <= 80


def test_what_notes_draw_moves_no_wire(monkeypatch):
    area = (0, 0, 150, 100)
    before = laid_out(1, area)
    monkeypatch.setattr(placing, "FILLERS", (notes.table,))
    after = laid_out(1, area)
    assert after.wires == before.wires and after.components == before.components
    assert [text.text for text in after.texts] != [text.text for text in before.texts]
