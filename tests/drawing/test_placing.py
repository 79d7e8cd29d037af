"""Placing and routing: blocks do not overlap, and open ends are joined by wires that go round what stands there."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.table import CIRCUITS
from wire_detection.drawing.connectivity import connectivity
from wire_detection.drawing.placing import Router, _free_spot, lay_out
from wire_detection.drawing.styles import draw_style
from wire_detection.drawing.words import Words

AREA = (0, 0, 60, 40)


@pytest.fixture
def sheet() -> Block:
    rng = np.random.default_rng(0)
    return Block(draw_style(rng, "kicad"), Words(rng))


def test_facing_ends_are_joined(sheet):
    sheet.ports = [(10, 10, 1, 0), (30, 20, -1, 0)]
    Router(sheet, AREA).connect_ports()
    ends = {(w[0], w[1]) for w in sheet.wires} | {(w[2], w[3]) for w in sheet.wires}
    assert {(10, 10), (30, 20)} <= ends
    assert len(sheet.wires) == 3  # across, down, across
    assert sheet.ports == []


def test_wire_goes_round_a_component(sheet):
    sheet.components.append(("wall", (18, 5, 22, 25)))
    sheet.ports = [(10, 10, 1, 0), (30, 10, -1, 0)]
    Router(sheet, AREA).connect_ports()
    for x0, y0, x1, y1 in sheet.wires:
        if y0 == y1 and 5 <= y0 <= 25:
            assert max(x0, x1) < 18 or min(x0, x1) > 22


def test_routed_wires_cross_others_without_connecting(sheet):
    sheet.wire((20, 2), (20, 38))
    sheet.ports = [(10, 10, 1, 0), (30, 10, -1, 0)]
    Router(sheet, AREA).connect_ports()
    assert len(connectivity(sheet).junctions) == 0


def test_free_spot_is_free_or_none():
    full = np.zeros((10, 12), np.uint8)
    full[:, 5:] = 1
    x, y = _free_spot(full, (5, 10), np.random.default_rng(0))
    assert (x, y) == (0, 0)
    assert _free_spot(full, (6, 3), np.random.default_rng(0)) is None
    assert _free_spot(full, (3, 11), np.random.default_rng(0)) is None


@pytest.mark.parametrize("name", list(CIRCUITS))
def test_every_circuit_can_be_drawn(name):
    wires = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        family = ("kicad", "xschem", "lepton", "textbook")[seed % 4]
        block = Block(draw_style(rng, family), Words(rng))
        CIRCUITS[name][1](block)
        wires += len(block.wires)
        assert all(np.isfinite(wire).all() for wire in block.wires)
        assert not any(w[:2] == w[2:] for w in block.wires)
        assert block.components or block.wires
    assert wires > 0


def test_tiny_area_stays_empty(sheet):
    empty = lay_out(sheet.style, sheet.words, (0, 0, 5, 5))
    assert empty.wires == [] and empty.strokes == []


def test_taken_boxes_stay_free():
    rng = np.random.default_rng(3)
    laid = lay_out(draw_style(rng, "kicad"), Words(rng), (0, 0, 120, 80), taken=[(60, 0, 120, 80)])
    boxes = np.array([box for _, box in laid.components])
    assert len(boxes) and boxes[:, 2].max() <= 60
