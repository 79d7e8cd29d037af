"""Own symbols: pins on the grid, leads that end at the body, chips with the pins that were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.drawing.style_families import FAMILIES, draw_style
from wire_detection.drawing.symbols.boxes import connector, integrated_circuit, protection_array
from wire_detection.drawing.symbols.devices import bipolar
from wire_detection.drawing.symbols.shapes import arc
from wire_detection.drawing.symbols.two_pins import switch


@pytest.mark.parametrize("family", list(FAMILIES))
def test_pins_of_a_library_lie_on_the_grid(family):
    for kind, choices in draw_style(np.random.default_rng(0), family).symbols.items():
        for symbol in choices:
            assert symbol.pins, kind
            for pin in symbol.pins:
                assert pin.x == round(pin.x), (kind, pin)
                assert pin.y == round(pin.y), (kind, pin)
                assert abs(pin.dx) + abs(pin.dy) == 1
                assert (pin.x == pin.ix) != (pin.y == pin.iy)  # horizontal or vertical, and not empty


def test_chip_has_its_pins_on_all_sides():
    chip = integrated_circuit(
        [(2, "A", "1")], [(4, "~B", "2")], [(3, "C", "3")], [(5, "D", "4")], width=8, height=6, name_height=0.9
    )
    assert [pin.tip for pin in chip.pins] == [(-2, 2), (10, 4), (3, -2), (5, 8)]
    assert [(pin.ix, pin.iy) for pin in chip.pins] == [(0, 2), (8.8, 4), (3, 0), (5, 6)]  # a bubble before ~B
    assert [text.text for text in chip.texts] == ["A", "~B", "C", "D"]
    assert chip.box == (0, 0, 8, 6)


def test_connector_of_two_rows_numbers_across():
    pins = connector(4, two_rows=True, lead=3, contacts="plain").pins
    assert [(pin.number, pin.tip) for pin in pins] == [("1", (-3, 0)), ("2", (7, 0)), ("3", (-3, 2)), ("4", (7, 2))]


def test_arc_ends_where_it_should():
    points = arc(1, 2, 3, 0, 90)
    assert points[0].tolist() == pytest.approx([4, 2])
    assert points[-1].tolist() == pytest.approx([1, 5])
    assert np.hypot(*(points - (1, 2)).T) == pytest.approx(3)


@pytest.mark.parametrize(("clamp", "lower_pins"), [(False, 2), (True, 1)])
def test_protection_array_has_a_pin_for_each_line_and_for_its_rails(clamp, lower_pins):
    symbol = protection_array(2, 1, "ink", clamp)
    tips = [pin.tip for pin in symbol.pins]
    assert all(value == round(value) for tip in tips for value in tip), "on the grid"
    assert len(tips) == 3 + lower_pins
    x0, y0, x1, y1 = symbol.box
    corners = np.concatenate([stroke.points for stroke in symbol.strokes])
    assert (corners >= (x0, y0)).all() and (corners <= (x1, y1)).all(), "all of it lies inside the box"


def test_a_base_that_belongs_to_the_symbol_ends_its_lead_at_the_ring():
    outside, inside = (bipolar(False, True, base_inside).pins[0] for base_inside in (False, True))
    assert (outside.ix, inside.ix) == (-0.5, -1.6)


def test_a_push_button_may_have_no_knob():
    assert len(switch(push=True).strokes) == len(switch(push=True, knob=False).strokes) + 1
