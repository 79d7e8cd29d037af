"""Drawings: symbols that are placed and turned, and the boxes of texts and wires."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.drawing import Drawing, Pin, Stroke, Symbol, Text, ink_box, overlap, text_box, wire_box


def test_place_turns_pins_and_boxes():
    symbol = Symbol(
        "part", (Stroke(np.array([(0.0, 0.0), (2.0, 0.0)])),), (Pin(3, 0, 2, 0, 1, 0, "A", "1"),), (0, -1, 2, 1)
    )
    drawing = Drawing()
    (pin,) = drawing.place(symbol, 10, 20, turns=1)
    assert pin.tip == (10, 23)
    assert pin.direction == (0, 1)
    assert drawing.components == [("part", (9, 20, 11, 22))]
    (pin,) = drawing.place(symbol, 0, 0, turns=0, mirror=True)
    assert pin.tip == (-3, 0)
    assert pin.direction == (-1, 0)


def test_text_boxes():
    assert text_box(Text("ab", 10, 20, 2, -1, -1), 1.5) == (10, 18, 13, 20)
    assert text_box(Text("ab", 10, 20, 2, 0, 0), 1.5) == (8.5, 19, 11.5, 21)
    # upwards from (10, 20), its letters to the left of the anchor
    assert text_box(Text("ab", 10, 20, 2, -1, -1, vertical=True), 1.5) == (8, 17, 10, 20)


def test_the_ink_of_a_text_reaches_above_its_capitals_and_below_its_line():
    assert ink_box(Text("RST", 0, 0, 1, -1, -1), 2) == text_box(Text("RST", 0, 0, 1, -1, -1), 2)
    assert ink_box(Text("~RST", 0, 0, 1, -1, -1), 2) == (0, -1.35, 2, 0)
    assert ink_box(Text("gain", 0, 0, 1, -1, -1), 2) == (0, -1, 2, 0.3)
    assert ink_box(Text("~gain", 0, 0, 1, -1, -1, vertical=True), 2) == (-1.35, -2, 0.3, 0)


def test_boxes_that_only_touch_do_not_overlap():
    assert wire_box((4, 2, 1, 2)) == (1, 2, 4, 2)
    assert overlap((0, 0, 2, 2), (1, 1, 3, 3)) and overlap((0, 1, 4, 1), (1, 0, 2, 2))
    assert not overlap((0, 0, 2, 2), (2, 0, 3, 2)) and not overlap((0, 0, 4, 0), (1, 0, 2, 2))
