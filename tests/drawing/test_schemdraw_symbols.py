"""Symbols taken from the schemdraw library: pins, leads and strokes of some that are known, and sanity of all."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.drawing.schemdraw_symbols import UNIT, library_symbol, symbol_names, two_pin_names


def test_resistor_is_six_teeth_between_two_leads():
    symbol = library_symbol("ResistorIEEE")
    (zigzag,) = symbol.strokes
    assert zigzag.points[[0, -1]].tolist() == pytest.approx(np.array([[-0.5 * UNIT, 0], [0.5 * UNIT, 0]]))
    assert len(zigzag.points) == 8  # without the leads
    assert [pin.tip for pin in symbol.pins] == [(-3, 0), (3, 0)]


def test_transistor_has_three_pins_with_their_leads_cut_off_its_strokes():
    symbol = library_symbol("BjtNpn")
    pins = {pin.name: pin for pin in symbol.pins}
    assert set(pins) == {"base", "collector", "emitter"}
    assert [pins[n].direction for n in ("base", "collector", "emitter")] == [(-1, 0), (0, -1), (0, 1)]
    for stroke in symbol.strokes:
        for pin in symbol.pins:
            assert np.abs(stroke.points - pin.tip).max(1).min() > 0.1


@pytest.mark.parametrize("name", symbol_names())
def test_every_symbol_is_drawn_and_can_be_connected(name):
    symbol = library_symbol(name)
    assert symbol.strokes
    assert all(np.isfinite(stroke.points).all() for stroke in symbol.strokes)
    x0, y0, x1, y1 = symbol.box
    assert max(x1 - x0, y1 - y0) > 0.5 or symbol.kind in ("Vss", "Vdd")
    for pin in symbol.pins:
        assert abs(pin.dx) + abs(pin.dy) == 1
        outwards = (pin.x - pin.ix) * pin.dx + (pin.y - pin.iy) * pin.dy
        assert outwards > 0.2  # the lead runs the way the pin looks


def test_two_pin_symbols_fit_the_grid():
    for name in two_pin_names():
        first, second = library_symbol(name).pins
        assert first.x == -second.x == round(first.x)
        assert first.y == second.y == 0
        assert second.ix <= second.x - 1 + 1e-6
