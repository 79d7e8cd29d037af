"""Transistors of figures: one column for drain and source, leads that reach the body, in every look."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wire_detection.drawing.symbol_sets import figure_symbols, mos_look
from wire_detection.drawing.symbols import marks
from wire_detection.drawing.symbols.figures import on_lead
from wire_detection.drawing.symbols.transistors import GATE_REACH, REACH, BipolarLook, MosLook, bipolar, mos


def looks(count: int) -> list[MosLook]:
    return [mos_look(np.random.default_rng(seed)) for seed in range(count)]


@pytest.mark.parametrize("p_channel", [False, True])
def test_drain_and_source_stand_in_one_column(p_channel):
    for look in looks(60):
        gate, drain, source = mos(look, p_channel).pins[:3]
        assert gate.x == -GATE_REACH and drain.x == source.x == drain.ix == source.ix == 0
        assert (drain.y, source.y) == ((REACH, -REACH) if p_channel else (-REACH, REACH))
        assert gate.direction == (-1, 0) and drain.direction == (0, 1 if p_channel else -1)


def test_leads_begin_on_strokes():
    for look in looks(60):
        for p_channel in (False, True):
            symbol = mos(look, p_channel)
            points = np.concatenate([s.points for s in symbol.strokes])
            for pin in symbol.pins[1:3]:
                assert np.hypot(*(points - (pin.ix, pin.iy)).T).min() < 1e-6
            assert abs(symbol.pins[0].ix) == pytest.approx(look.gate + 0.6 * (look.bubble and p_channel))


def test_an_arrow_leaves_an_n_channel_source_and_enters_a_p_channel_one():
    look = MosLook(arrow="source")
    for p_channel, way in ((False, 1), (True, -1)):
        (head,) = (s for s in mos(look, p_channel).strokes if s.fill == "ink")
        tip, *feet = head.points
        assert np.sign(tip[0] - feet[0][0]) == way and (tip[1] > 0) != p_channel


def test_only_some_looks_have_a_bubble_an_arrow_or_a_bulk():
    bare = MosLook(arrow="")
    assert len(mos(bare, True).strokes) == len(mos(bare, False).strokes) == 4
    assert len(mos(replace(bare, bubble=True), True).strokes) == 5
    assert len(mos(replace(bare, bulk="pin"), False).pins) == 4
    assert len(mos(replace(bare, broken=True), False).strokes) == 6


def test_an_emitter_lies_below_or_above_and_points_out_or_in():
    for pnp in (False, True):
        symbol = bipolar(BipolarLook(), pnp)
        emitter = next(pin for pin in symbol.pins if pin.name == "E")
        assert emitter.tip == (0, -REACH if pnp else REACH)
        (head,) = (s for s in symbol.strokes if s.fill == "ink")
        tip, *feet = head.points
        assert (abs(tip[1]) > abs(feet[0][1])) != pnp


def test_a_figure_has_all_symbols_that_its_cells_ask_for():
    symbols = figure_symbols(np.random.default_rng(0))
    assert {"nmos", "pmos", "npn", "pnp", "amplifier", "inverter", "controlled_current", "short_switch"} <= set(symbols)


def test_grounds_and_supplies_of_figures_stand_on_leads():
    for symbol, way in ((marks.ground("bars"), 1), (marks.supply("circle"), -1)):
        for stem in (0.7, 1.5):
            stood = on_lead(symbol, stem)
            (pin,) = stood.pins
            assert pin.tip == (0, 0) and pin.iy == way * stem and pin.direction == (0, -way)
            assert len(stood.strokes) == len(symbol.strokes) - 1
            nearest = min((s.points[:, 1] * way).min() for s in stood.strokes)
            assert nearest == pytest.approx(stem, abs=0.002)  # a ring is a polygon


def test_the_legs_of_an_arrow_lengthen_a_stem_that_is_shorter():
    (pin,) = on_lead(marks.supply("arrow"), 0.7).pins
    assert pin.iy == -1
