"""Where wires meet and pass: a wire that hops or breaks off is two wires of one net, and what is dotted is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wire_detection.drawing.connectivity import find_connections, nets_of
from wire_detection.drawing.drawing import Drawing
from wire_detection.drawing.meetings import Wiring, find_crossings, show_wiring
from wire_detection.drawing.style import Style
from wire_detection.drawing.style_families import draw_style

ONE_NET = 3
"""The two halves of the wire that hops or breaks, and the wire that it passes, make three wires of two nets."""


@pytest.fixture
def style() -> Style:
    style = draw_style(np.random.default_rng(0), "kicad")
    return replace(style, stroke_px=2.0, grid_px=20.0, dots=True, hop_radius=0.5, gap_half=0.25)


def wiring_of(style: Style, *paths) -> Wiring:
    drawing = Drawing()
    for path in paths:
        drawing.wire(*path)
    return show_wiring(find_connections(drawing), style, np.random.default_rng(0))


def nets(wiring: Wiring) -> int:
    return len(nets_of(wiring.wires * 20, wiring.junctions * 20, wiring.crossings * 20, wiring.crossing_types))


LEVEL, STEEP = ((0, 0), (10, 0)), ((4, -5), (4, 5))


def test_a_plain_crossing_leaves_both_wires_whole(style):
    wiring = wiring_of(style, LEVEL, STEEP)
    assert wiring.crossings.tolist() == [[4, 0]] and wiring.crossing_types == ("crossing",)
    assert len(wiring.wires) == nets(wiring) == 2 and not wiring.arcs


@pytest.mark.parametrize(("kind", "half"), [("hop", 0.5), ("gap", 0.25)])
@pytest.mark.parametrize("vertical", [0.0, 1.0])
def test_the_wire_that_passes_ends_on_both_sides_and_is_one_net(style, kind, half, vertical):
    wiring = wiring_of(replace(style, passing={kind: 1.0}, hop_vertical=vertical), LEVEL, STEEP)
    assert wiring.crossing_types == (kind,) and len(wiring.wires) == ONE_NET and nets(wiring) == 2
    ends = {tuple(end) for end in wiring.wires.reshape(-1, 2).tolist()}
    assert ends >= ({(4, -half), (4, half)} if vertical else {(4 - half, 0), (4 + half, 0)})
    assert len(wiring.arcs) == (kind == "hop")


def test_an_arc_runs_from_one_half_to_the_other_around_the_crossing(style):
    wiring = wiring_of(replace(style, passing={"hop": 1.0}, hop_left=1.0), LEVEL, STEEP)
    (arc,) = wiring.arcs
    np.testing.assert_allclose(arc[[0, 6, 12]], [(3.5, 0), (4, -0.5), (4.5, 0)], atol=1e-9)
    np.testing.assert_allclose(np.hypot(*(arc - (4, 0)).T), 0.5)


def test_a_hop_without_room_is_a_plain_crossing(style):
    crowd = [((x, -5), (x, 5)) for x in (4, 4.3, 4.6)]
    wiring = wiring_of(replace(style, passing={"hop": 1.0}), LEVEL, *crowd)
    assert wiring.crossing_types == ("crossing",) * 3 and nets(wiring) == 4


def test_two_hops_in_a_row_leave_three_pieces_of_one_net(style):
    wiring = wiring_of(replace(style, passing={"hop": 1.0}), LEVEL, STEEP, ((6, -5), (6, 5)))
    assert wiring.crossing_types == ("hop", "hop") and len(wiring.wires) == 5 and nets(wiring) == 3


def test_slanted_wires_hop_too(style):
    wiring = wiring_of(replace(style, passing={"hop": 1.0}), ((0, 0), (6, 4)), ((0, 4), (6, 0)))
    assert wiring.crossing_types == ("hop",) and len(wiring.wires) == ONE_NET and nets(wiring) == 2


def test_what_touches_does_not_cross():
    wires = np.array([[0, 0, 10, 0], [4, 0, 4, 5], [10, -2, 10, 2], [0, 3, 3.99, 3]], float)
    pairs, along = find_crossings(wires)
    assert len(pairs) == len(along) == 0


def test_dots(style):
    tee, node = ((4, 0), (4, 5)), [((4, 0), (x, y)) for x, y in ((0, 0), (8, 0), (4, -5), (4, 5))]
    assert wiring_of(style, LEVEL, tee).dotted.tolist() == [True]
    assert wiring_of(replace(style, dots=False), LEVEL, tee).dotted.tolist() == [False]
    assert wiring_of(replace(style, dot_share=0.0), LEVEL, tee).dotted.tolist() == [False]
    assert wiring_of(replace(style, dots=False), *node).dotted.tolist() == [True]
    bare = replace(style, dots=False, cross_dots=False)
    assert wiring_of(bare, *node).dotted.tolist() == [False]
    elsewhere = [((20 + x, y), (20 + u, v)) for (x, y), (u, v) in (LEVEL, STEEP)]
    assert wiring_of(bare, *node, *elsewhere).dotted.tolist() == [True]  # a bare crossing would say the contrary


def test_round_corners_are_chains_that_meet_and_leave_tees_alone(style):
    round_style = replace(style, rounding=1.0)
    corner = wiring_of(round_style, ((0, 0), (6, 0), (6, 6)))
    assert len(corner.wires) == 2 + 4 and nets(corner) == 1 and len(corner.junctions) == 0
    points = corner.wires.reshape(-1, 2)
    assert np.hypot(*(points - (6, 0)).T).min() == pytest.approx(np.sqrt(2) - 1, abs=0.02)
    tee = wiring_of(round_style, LEVEL, ((4, 0), (4, 5)))
    assert len(tee.wires) == 3 and tee.junctions.tolist() == [[4, 0]]
