"""Circuits as they are drawn: wires end on pins, nodes of four wires connect, nothing runs through a component."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.blocks import empty_block
from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.table import CIRCUITS
from wire_detection.drawing.connectivity import find_connections
from wire_detection.drawing.drawing import overlap


def blocks(name: str, count: int, style: str = "kicad") -> list[Block]:
    made = []
    for seed in range(count):
        made.append(empty_block(seed, style))
        CIRCUITS[name].draw(made[-1])
    return made


def overlapping(block: Block) -> bool:
    """Whether two bodies lie on one another."""
    boxes = [box for _, box in block.components]
    return any(overlap(one, other) for i, one in enumerate(boxes) for other in boxes[:i])


@pytest.mark.parametrize("name", list(CIRCUITS))
def test_every_circuit_can_be_drawn(name):
    wires = 0
    for seed in range(8):
        block = empty_block(seed, ("kicad", "xschem", "lepton", "textbook")[seed % 4])
        CIRCUITS[name].draw(block)
        wires += len(block.wires)
        assert all(np.isfinite(wire).all() for wire in block.wires)
        assert not any(w[:2] == w[2:] for w in block.wires)
        assert block.components or block.wires
    assert wires > 0


def slanted(block: Block) -> np.ndarray:
    """(N, 4) wires that are neither horizontal nor vertical."""
    wires = np.array(block.wires).reshape(-1, 4)
    return wires[(wires[:, 0] != wires[:, 2]) & (wires[:, 1] != wires[:, 3])]


@pytest.mark.parametrize("name", [name for name in CIRCUITS if name != "latch"])
def test_wires_are_horizontal_or_vertical_in_styles_without_slanted_ones(name):
    for block in blocks(name, 8):
        assert block.style.diagonal == 0 and len(slanted(block)) == 0


def test_wires_that_leave_a_chip_together_run_on_at_45_degrees_in_styles_with_slanted_ones():
    wires = np.concatenate([slanted(block) for block in blocks("chip", 40, "xschem")])
    assert len(wires) > 3
    assert np.abs(wires[:, 2] - wires[:, 0]).tolist() == np.abs(wires[:, 3] - wires[:, 1]).tolist()


def test_the_feedback_of_a_latch_crosses_at_a_slant_or_runs_in_steps():
    counts = set()
    for block in blocks("latch", 30):
        wires = slanted(block)
        counts.add(len(wires))
        if len(wires):
            assert np.ptp(np.sign((wires[:, 2] - wires[:, 0]) * (wires[:, 3] - wires[:, 1]))) == 2  # one up, one down
    assert counts == {0, 2}


@pytest.mark.parametrize("name", ["lattice", "decoupling"])
def test_four_wires_meet_at_nodes(name):
    ends = np.concatenate([find_connections(block, count_pins=False).ends for block in blocks(name, 30)])
    assert (ends == 4).any() and (ends == 3).any()


def test_the_feedback_of_a_latch_ends_on_its_gates():
    for block in blocks("latch", 30):
        ends = {(x, y) for a, b, c, d in block.wires for x, y in ((a, b), (c, d))}
        upper, lower = block.pins[:3], block.pins[3:6]
        assert {upper[1].tip, upper[2].tip, lower[0].tip, lower[2].tip} <= ends


def test_a_crossing_wire_runs_through_no_component():
    crossing = 0
    for block in blocks("lattice", 60):
        for x0, y0, _, y1 in block.wires:
            if y0 % 1 == 0.5 and y0 == y1 and x0 == -2:
                crossing += 1
                assert not any(b < y0 < d for _, (_, b, _, d) in block.components)
    assert crossing > 5


def test_the_parts_of_an_amplifier_do_not_lie_on_one_another():
    assert sum(overlapping(block) for block in blocks("opamp", 60)) == 0
