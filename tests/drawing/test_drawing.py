"""Connectivity of drawn wires: hand-made figures of a few wires each."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.drawing.drawing import (
    Drawing,
    Pin,
    Stroke,
    Symbol,
    Text,
    connectivity,
    ink_box,
    overlap,
    text_box,
    wire_box,
)


def drawing_of(*wires, pins=()) -> Drawing:
    drawing = Drawing()
    for wire in wires:
        drawing.wire(*wire)
    drawing.pins += [Pin(x, y, x + 1, y, -1, 0) for x, y in pins]
    return drawing


def junctions(drawing: Drawing, **options) -> list[tuple[float, float, int]]:
    net = connectivity(drawing, **options)
    return [(*point, int(ends)) for point, ends in zip(net.junctions.tolist(), net.ends, strict=True)]


@pytest.mark.parametrize(
    ("wires", "expected"),
    [
        ([], []),
        ([[(0, 0), (4, 0)]], []),
        ([[(0, 0), (4, 0), (4, 3)]], []),  # a corner
        ([[(0, 0), (4, 0)], [(2, 0), (2, 3)]], [(2.0, 0.0, 3)]),  # a T
        ([[(0, 2), (4, 2)], [(2, 0), (2, 4)]], []),  # a crossing
        ([[(0, 2), (4, 2)], [(2, 0), (2, 2)], [(2, 2), (2, 4)]], [(2.0, 2.0, 4)]),  # two wires end on a third
        ([[(0, 2), (2, 2)], [(2, 2), (4, 2)], [(2, 0), (2, 4)]], [(2.0, 2.0, 4)]),  # the same, level
        ([[(0, 2), (1, 2)], [(1, 2), (4, 2)], [(2, 0), (2, 4)]], []),  # a crossing beside where two pieces touch
        (
            [[(0, 2), (4, 2)], [(2, 2), (0, 0)], [(2, 2), (4, 0)]],
            [(2.0, 2.0, 4)],
        ),  # two slanted wires end on a level one
        ([[(0, 0), (4, 0), (4, 4)], [(4, 0), (8, 0)]], [(4.0, 0.0, 3)]),  # a corner that a third wire joins
    ],
)
def test_junctions_of_wires(wires, expected):
    assert junctions(drawing_of(*wires)) == expected


def test_a_node_cuts_both_wires_that_pass_it():
    node = [(0, 2), (4, 2)], [(2, 0), (2, 2)], [(2, 2), (2, 4)]
    assert len(connectivity(drawing_of(*node)).wires) == 4
    assert len(connectivity(drawing_of([(0, 2), (4, 2)], [(2, 0), (2, 4)])).wires) == 2


def test_bus_knots_are_junctions():
    drawing = drawing_of()
    drawing.bus_knots.append((3, 4))
    assert junctions(drawing) == [(3.0, 4.0, 3)]


def test_pin_on_a_wire_counts_where_leads_count():
    drawing = drawing_of([(0, 0), (4, 0)], pins=[(2, 0)])
    assert junctions(drawing) == [(2.0, 0.0, 3)]
    assert junctions(drawing, count_pins=False) == []
    assert len(connectivity(drawing).wires) == 2


def test_pin_at_a_wire_end_is_no_junction():
    assert junctions(drawing_of([(0, 0), (4, 0)], pins=[(4, 0)])) == []


def test_two_pins_without_wire_are_no_junction():
    assert junctions(drawing_of([(9, 9), (12, 9)], pins=[(0, 0), (0, 0), (0, 0)])) == []


def test_overlapping_wires_become_one():
    net = connectivity(drawing_of([(0, 0), (4, 0)], [(2, 0), (7, 0)]))
    assert net.wires.tolist() == [[0, 0, 7, 0]]


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
