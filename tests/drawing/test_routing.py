"""Open ends are joined by wires that go round what stands there and cross other wires without connecting."""

from __future__ import annotations

import pytest

from tests.helpers.blocks import empty_block
from wire_detection.drawing.block import Block
from wire_detection.drawing.connectivity import find_connections
from wire_detection.drawing.routing import Router

AREA = (0, 0, 60, 40)


@pytest.fixture
def sheet() -> Block:
    return empty_block(0)


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
    assert len(find_connections(sheet).junctions) == 0
