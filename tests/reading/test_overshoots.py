"""Overshoots end on the wire that they were meant for; what leads somewhere is left as it is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.reading.overshoots import without_overshoots

LEVEL = (10, 50, 110, 50)
"""A wire, crossed at (60, 50) by those of the tests."""

OVER = (60, 90, 60, 44)
"""It ends 6 px beyond, three stroke widths of 2 px."""


def shortened(wires, *, junctions=(), more=()) -> list[list[float]]:
    """The wires without overshoots, on a sheet that shows them and `more` strokes."""
    dark = np.zeros((100, 120), np.float32)
    for stroke in (*wires, *more):
        cv2.polylines(dark, [np.reshape(stroke, (-1, 2)).astype(np.int32)], False, 1.0, 2)
    points = np.array(junctions, np.float32).reshape(-1, 2)
    return without_overshoots(np.array(wires, np.float32).reshape(-1, 4), points, dark, 2.0).tolist()


@pytest.mark.parametrize("wire", [OVER, (60, 44, 60, 90)])
def test_a_wire_that_ends_on_paper_right_behind_another_ends_on_it(wire):
    expected = [60, 50 if wire[1] == 44 else 90, 60, 50 if wire[3] == 44 else 90]
    assert shortened([LEVEL, wire]) == [list(LEVEL), expected]


def test_a_slanted_wire_ends_where_it_crosses():
    assert shortened([LEVEL, (30, 80, 64, 46)]) == [list(LEVEL), pytest.approx([30, 80, 60, 50])]


def test_of_two_wires_right_behind_each_other_it_ends_on_the_first():
    assert shortened([LEVEL, (10, 53, 110, 53), (60, 90, 60, 45)])[2] == [60, 90, 60, 53]


@pytest.mark.parametrize(
    ("name", "wires", "changes"),
    [
        ("it leads on", [LEVEL, (60, 90, 60, 38)], {}),
        ("to a symbol", [LEVEL, OVER], {"more": [(60, 42, 60, 20)]}),
        ("the wires are connected", [LEVEL, OVER], {"junctions": [(60, 50)]}),
        ("it ends on the wire", [LEVEL, (60, 90, 60, 50)], {}),
        ("a short wire across", [LEVEL, (60, 56, 60, 44)], {}),
        ("beside the wire's end", [(10, 50, 55, 50), OVER], {}),
        ("both ends stick out", [LEVEL, (10, 80, 110, 80), (60, 86, 60, 44)], {}),
        ("one wire", [LEVEL], {}),
        ("no wire", [], {}),
    ],
)
def test_what_is_no_overshoot(name, wires, changes):
    assert shortened(wires, **changes) == [list(wire) for wire in wires], name
