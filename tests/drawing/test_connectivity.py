"""Connectivity of drawn wires: hand-made figures of a few wires each."""

from __future__ import annotations

import pytest

from wire_detection.drawing.connectivity import find_connections
from wire_detection.drawing.drawing import Drawing, Pin


def drawing_of(*wires, pins=()) -> Drawing:
    drawing = Drawing()
    for wire in wires:
        drawing.wire(*wire)
    drawing.pins += [Pin(x, y, x + 1, y, -1, 0) for x, y in pins]
    return drawing


def junctions(drawing: Drawing, **options) -> list[tuple[float, float, int]]:
    net = find_connections(drawing, **options)
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
        ([[(0, 2), (2, 2)], [(2, 2), (4, 2)], [(2, 0), (2, 4)]], [(2.0, 2.0, 4)]),  # the same, horizontal
        ([[(0, 2), (1, 2)], [(1, 2), (4, 2)], [(2, 0), (2, 4)]], []),  # a crossing beside where two pieces touch
        (
            [[(0, 2), (4, 2)], [(2, 2), (0, 0)], [(2, 2), (4, 0)]],
            [(2.0, 2.0, 4)],
        ),  # two slanted wires end on a horizontal one
        ([[(0, 0), (4, 0), (4, 4)], [(4, 0), (8, 0)]], [(4.0, 0.0, 3)]),  # a corner that a third wire joins
    ],
)
def test_junctions_of_wires(wires, expected):
    assert junctions(drawing_of(*wires)) == expected


def test_a_node_cuts_both_wires_that_pass_it():
    node = [(0, 2), (4, 2)], [(2, 0), (2, 2)], [(2, 2), (2, 4)]
    assert len(find_connections(drawing_of(*node)).wires) == 4
    assert len(find_connections(drawing_of([(0, 2), (4, 2)], [(2, 0), (2, 4)])).wires) == 2


def test_bus_knots_are_junctions():
    drawing = drawing_of()
    drawing.bus_knots.append((3, 4))
    assert junctions(drawing) == [(3.0, 4.0, 3)]


def test_pin_on_a_wire_counts_where_leads_count():
    drawing = drawing_of([(0, 0), (4, 0)], pins=[(2, 0)])
    assert junctions(drawing) == [(2.0, 0.0, 3)]
    assert junctions(drawing, count_pins=False) == []
    assert len(find_connections(drawing).wires) == 2


def test_pin_at_a_wire_end_is_no_junction():
    assert junctions(drawing_of([(0, 0), (4, 0)], pins=[(4, 0)])) == []


def test_two_pins_without_wire_are_no_junction():
    assert junctions(drawing_of([(9, 9), (12, 9)], pins=[(0, 0), (0, 0), (0, 0)])) == []


def test_overlapping_wires_become_one():
    net = find_connections(drawing_of([(0, 0), (4, 0)], [(2, 0), (7, 0)]))
    assert net.wires.tolist() == [[0, 0, 7, 0]]
