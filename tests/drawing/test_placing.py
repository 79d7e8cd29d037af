"""Blocks do not overlap, and stand only where they may."""

from __future__ import annotations

import numpy as np

from tests.helpers.blocks import empty_block
from wire_detection.drawing.placing import _free_spot, lay_out
from wire_detection.drawing.styles import draw_style
from wire_detection.drawing.words import Words


def test_free_spot_is_free_or_none():
    full = np.zeros((10, 12), np.uint8)
    full[:, 5:] = 1
    x, y = _free_spot(full, (5, 10), np.random.default_rng(0))
    assert (x, y) == (0, 0)
    assert _free_spot(full, (6, 3), np.random.default_rng(0)) is None
    assert _free_spot(full, (3, 11), np.random.default_rng(0)) is None


def test_tiny_area_stays_empty():
    sheet = empty_block(0)
    empty = lay_out(sheet.style, sheet.words, (0, 0, 5, 5))
    assert empty.wires == [] and empty.strokes == []


def test_taken_boxes_stay_free():
    rng = np.random.default_rng(3)
    laid = lay_out(draw_style(rng, "kicad"), Words(rng), (0, 0, 120, 80), taken=[(60, 0, 120, 80)])
    boxes = np.array([box for _, box in laid.components])
    assert len(boxes) and boxes[:, 2].max() <= 60
