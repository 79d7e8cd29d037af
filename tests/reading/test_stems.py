"""Stems of symbols by hand: cut off where the map doubts those of one shape on the grid, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.classic.detect import find_candidates
from wire_detection.classic.strokes import Bars
from wire_detection.formats.grid import Grid
from wire_detection.reading.stems import STEM_CONFIDENCE, SymbolEnds, cut_off, stem_lengths, without_stems

SAME = np.eye(2, 3)
STEP = 16
"""Of the sheet's grid, 8 stroke widths of 2 px."""

RAIL_Y, TIP_Y = 2 * STEP, 6 * STEP
HANGING_X = (64, 128, 192, 256)
GROUND = [(-16, 0), (16, 0), (0, 16)]
"""A triangle whose middle lies on the tip of its stem."""


def hanging(*, shape=GROUND, tip_y: int = TIP_Y, columns=HANGING_X, doubted_from: int = 5 * STEP, doubt: float = 0.7):
    """The lower ends of wires that hang from a rail, each down to a symbol, and how many bars are wires.

    The wire map is sure of them down to `doubted_from`, and gives `doubt` from there on.
    """
    grey = np.full((160, 320), 255, np.uint8)
    wire = np.zeros(grey.shape, np.float32)
    cv2.line(grey, (32, RAIL_Y), (288, RAIL_Y), 0, 2)
    wire[RAIL_Y - 2 : RAIL_Y + 3] = 0.99
    for x in HANGING_X:
        cv2.line(grey, (x, RAIL_Y), (x, tip_y if x in columns else 4 * STEP), 0, 2)
        wire[RAIL_Y:doubted_from, x - 2 : x + 3], wire[doubted_from:, x - 2 : x + 3] = 0.99, doubt
        if x in columns:
            cv2.polylines(grey, [np.add(shape, (x, tip_y)).astype(np.int32)], True, 0, 2)
    candidates = find_candidates(grey, stroke_px=2.0)
    bars = candidates.bars
    is_wire = np.where(bars.vertical, np.abs(bars.low - RAIL_Y) < 4, np.abs(bars.offset - RAIL_Y) < 4)
    found, confidences = without_stems(candidates, np.where(is_wire, 0.9, 0.1).astype(np.float32), wire, SAME)
    lower = found.bars.vertical & (confidences >= 0.5)
    return np.sort(found.bars.high[lower]), int((confidences == np.float32(STEM_CONFIDENCE)).sum())


def test_stems_end_at_the_grid():
    ends, stems = hanging()
    assert ends.tolist() == pytest.approx([5 * STEP] * 4, abs=1)
    assert stems == 4


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("the map is sure to the end", {"doubt": 0.99}),
        ("the symbol is off the grid", {"tip_y": TIP_Y + 6, "doubted_from": 5 * STEP + 6}),
        ("a shape that is there once", {"columns": (128,)}),
        ("not symmetric", {"shape": [(-16, 0), (0, 0), (0, 16)]}),
        ("no symbol", {"shape": [(0, 0), (0, 1), (0, 2)]}),
        ("more than a symbol", {"shape": [(-16, 0), (16, 0), (16, 60), (-16, 60)]}),
    ],
)
def test_what_is_no_stem(name, changes):
    ends, stems = hanging(**changes)
    tip = changes.get("tip_y", TIP_Y)
    long = ends[ends > 4 * STEP + 6]
    assert len(long) == len(changes.get("columns", HANGING_X)) and stems == 0, name
    assert (long >= tip - 2).all(), name


def test_a_bar_that_is_all_stem_stays_whole():
    bars = Bars(
        np.array([False, True]), *(np.array(v, np.float32) for v in ([0, 0], [40, 16], [5, 9])), *np.ones((3, 2))
    )
    found, confidences = cut_off(
        bars, np.array([0.9, 0.8]), np.array([0, 1]), np.array([0, 1]), np.array([10, 15.0]), 2.0
    )
    assert found.low.tolist() == [10, 0, 0] and found.high.tolist() == [40, 16, 10]
    assert confidences.tolist() == pytest.approx([0.9, STEM_CONFIDENCE, STEM_CONFIDENCE])


def test_a_sheet_without_bars_has_no_stems():
    candidates = find_candidates(np.full((60, 60), 255, np.uint8), stroke_px=2.0)
    found, confidences = without_stems(candidates, np.zeros(0, np.float32), np.zeros((60, 60), np.float32), SAME)
    assert len(found.bars) == 0 and confidences.shape == (0,)


@pytest.mark.parametrize(("step_px", "stem_px"), [(16, 16), (8, 16)], ids=["whole steps", "a grid twice as fine"])
def test_a_stem_is_no_shorter_than_the_symbol_is_deep(step_px, stem_px):
    """A ground 16 px deep at the end, y = 96, of a wire of 2 px: the line of the grid 8 px from it is too near."""
    bars = Bars(np.array([True]), *(np.array([v], np.float32) for v in (50, 0, 96)), *np.ones((3, 1)))
    ends = SymbolEnds(np.array([0]), np.array([1]), np.array([[32.0, 16.0, 0.0]]), np.array([96.0]))
    assert stem_lengths(bars, ends, Grid(step_px, np.zeros(2), True), 2.0) == pytest.approx([stem_px])
