"""A rail is told by what ends on it and by the paper around its ends."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.helpers.bars import contacts_of
from wire_detection.classic.detect import find_candidates
from wire_detection.reading.rails import CONFIDENCE, raise_rails

RAIL = (20, 20, 180, 20)
"""80 stroke widths of 2 px."""

WIRES = ((40, 20, 40, 80), (100, 20, 100, 80), (160, 20, 160, 80))


def candidates_of(*strokes):
    """The bars of a sheet (100, 200) with strokes 2 px wide: x0 y0 x1 y1 and so on."""
    grey = np.full((100, 200), 255, np.uint8)
    for stroke in strokes:
        cv2.polylines(grey, [np.reshape(stroke, (-1, 2)).astype(np.int32)], False, 0, 2)
    return find_candidates(grey, stroke_px=2.0)


def raised(*strokes) -> np.ndarray:
    """How sure the level bars are after it was seen what ends on them, when of all bars the upright ones are wires."""
    candidates = candidates_of(*strokes)
    upright = candidates.bars.vertical
    return raise_rails(candidates, np.where(upright, 0.8, 0.1).astype(np.float32))[~upright]


def test_a_long_stroke_from_paper_to_paper_that_carries_three_wires_is_a_rail():
    assert raised(RAIL, *WIRES).tolist() == pytest.approx([CONFIDENCE])


@pytest.mark.parametrize(
    ("name", "strokes"),
    [
        ("two wires", (RAIL, *WIRES[:2])),
        ("a short stroke", ((40, 20, 150, 20), (60, 20, 60, 80), (90, 20, 90, 80), (120, 20, 120, 80))),
        ("an edge of a box", ((20, 80, 20, 20, 180, 20, 180, 80), *WIRES)),
        ("an edge of a triangle", ((100, 95, 20, 20, 180, 20, 100, 95), (40, 2, 40, 20), (80, 2, 80, 20), WIRES[2])),
    ],
)
def test_what_is_no_rail(name, strokes):
    assert (raised(*strokes) < 0.5).all(), name


def test_a_rail_may_go_on_as_a_wire_that_carries_the_others():
    found = candidates_of(RAIL, *WIRES)
    rail = int(np.flatnonzero(~found.bars.vertical)[0])
    both = np.append(np.arange(len(found.bars)), rail)
    low, high = found.bars.low[both], found.bars.high[both]
    high[rail] = low[-1] = 50
    bars = found.bars.take(both).with_ends(low, high)
    sure = np.append(np.full(len(found.bars), 0.8), 0.1).astype(np.float32)
    assert raise_rails(replace(found, bars=bars, contacts=contacts_of(bars)), sure)[-1] == np.float32(CONFIDENCE)


def test_a_sheet_without_strokes_has_no_rails():
    assert raised().shape == (0,)
