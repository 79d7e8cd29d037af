"""The truth of a hand-made drawing: its nets, junctions and their kinds in pixels, cut at the sheet's edge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.helpers.blocks import empty_block
from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.connectivity import find_connections
from wire_detection.drawing.drawing import Drawing, Pin
from wire_detection.drawing.meetings import show_wiring
from wire_detection.drawing.rasterise import Canvas
from wire_detection.drawing.truth import annotate


def truth_of(drawing: Drawing, *, dots: bool = True, **habits) -> Annotation:
    """The truth on a sheet of 200x100 pixels, ten to a grid unit."""
    style = replace(empty_block(0).style, grid_px=10.0, dots=dots)
    wiring = show_wiring(find_connections(drawing), replace(style, **habits), np.random.default_rng(0))
    return annotate(drawing, wiring, style, Canvas(style, (200, 100), (0.0, 0.0)), {"seed": 7})


@pytest.fixture
def two_nets() -> Drawing:
    """A wire with two others that end on it, one from above and, elsewhere, one from below; a wire that crosses it."""
    drawing = Drawing()
    drawing.wire((1, 5), (18, 5))
    drawing.wire((4, 5), (4, 2))
    drawing.wire((12, 5), (12, 8), (16, 8))
    drawing.wire((8, 1), (8, 9))
    return drawing


def test_wires_that_meet_are_one_net_and_a_crossing_joins_none(two_nets):
    truth = truth_of(two_nets)
    pieces = [{tuple(truth.wires[i].tolist()) for i in net} for net in truth.nets]
    crossing = {(80, 10, 80, 90)}
    rest = {
        (10, 50, 40, 50),
        (40, 50, 120, 50),
        (120, 50, 180, 50),
        (40, 20, 40, 50),
        (120, 50, 120, 80),
        (120, 80, 160, 80),
    }
    assert sorted(pieces, key=len) == [crossing, rest]
    assert sorted(truth.junctions.tolist()) == [[40, 50], [120, 50]]


@pytest.mark.parametrize(("dots", "kind"), [(True, "dot"), (False, "T")])
def test_junctions_of_three_ends_are_dots_or_ts_and_of_four_crosses(two_nets, dots, kind):
    two_nets.wire((4, 5), (4, 8))
    truth = truth_of(two_nets, dots=dots)
    kinds = dict(zip(map(tuple, truth.junctions.tolist()), truth.junction_types, strict=True))
    assert kinds == {(40, 50): "cross", (120, 50): kind}


@pytest.mark.parametrize("kind", ["hop", "gap"])
def test_a_wire_that_passes_another_one_is_two_of_one_net(two_nets, kind):
    truth = truth_of(two_nets, passing={kind: 1.0}, hop_vertical=1.0, hop_radius=0.5, gap_half=0.5, stroke_px=1.0)
    assert truth.crossings.tolist() == truth.passed.tolist() == [[80, 50]] and truth.crossing_types == (kind,)
    halves = {(80, 10, 80, 45), (80, 55, 80, 90)}
    assert halves in [{tuple(truth.wires[i].tolist()) for i in net} for net in truth.nets] and len(truth.nets) == 2


def test_what_lies_beyond_the_sheet_is_cut():
    drawing = Drawing()
    drawing.wire((-5, 5), (30, 5))
    drawing.wire((25, 5), (25, 8))
    drawing.pins.append(Pin(2, 20, 2, 22, 0, -1))
    drawing.components += [("inside", (1, 1, 3, 3)), ("beyond", (22, 1, 25, 3))]
    truth = truth_of(drawing)
    np.testing.assert_allclose(truth.wires, [[-0.5, 50, 199.5, 50]], atol=0.5)
    assert len(truth.junctions) == len(truth.pins) == 0
    assert [c["type"] for c in truth.components] == ["inside"]
    assert truth.components[0]["bbox"] == [10, 10, 30, 30]


def test_an_empty_drawing_has_an_empty_truth():
    truth = truth_of(Drawing())
    assert len(truth.wires) == len(truth.junctions) == len(truth.texts) == 0 and truth.nets == ()
    assert truth.metadata["source"] == "drawn" and truth.metadata["seed"] == 7
