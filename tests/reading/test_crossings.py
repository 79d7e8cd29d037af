"""Where wires pass each other: what kind of place it is, which nets go on there, and which strokes it tells of."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.detect import find_candidates
from wire_detection.reading.crossings import joined_wires
from wire_detection.reading.trace import trace_maps
from wire_detection.sheets.geometry import points_near_segments

MIDDLE = (80, 60)
"""Where the wires of these sheets pass each other."""

RADIUS = 9
"""Of the arcs, in pixels: three stroke widths of 3 px."""


def sheet(*strokes) -> np.ndarray:
    """(120, 160) uint8: black strokes 3 px wide along the axes, x0 y0 x1 y1."""
    grey = np.full((120, 160), 255, np.uint8)
    for x0, y0, x1, y1 in strokes:
        grey[y0 - 1 : y1 + 2, x0 - 1 : x1 + 2] = 0
    return grey


def arc(grey: np.ndarray, centre: tuple[int, int], turn_deg: int = 180) -> np.ndarray:
    """The sheet with half a circle on it, open to the right of `turn_deg`: 180 goes over a horizontal wire's gap."""
    cv2.ellipse(grey, centre, (RADIUS, RADIUS), turn_deg, 0, 180, 0, 3)
    return grey


def read(grey: np.ndarray, *, wire: np.ndarray | None = None, crossing=(), junctions=()) -> Annotation:
    """What is read where all ink is a wire, or what `wire` says, with peaks of the other maps at points x y."""
    maps = {"wire": (grey < 128).astype(np.float32) if wire is None else wire}
    for name, points in (("junction", junctions), ("crossing", crossing)):
        maps[name] = np.zeros(grey.shape, np.float32)
        for x, y in points:
            cv2.circle(maps[name], (x, y), 4, 0.875, -1)
    return trace_maps(grey, maps, stroke_px=3.0, map_alone=True)


def nets_at(found: Annotation, *points) -> list[int]:
    """The number of the net of the wire on each of the points."""
    net_of = {wire: number for number, net in enumerate(found.nets) for wire in net}
    numbers = []
    for x, y in points:
        nearest = points_near_segments(np.array([(x, y)]), found.wires, 4.0)
        numbers.append(net_of[int(nearest[0, 1])])
    return numbers


UPRIGHT = (80, 10, 80, 110)
HALVES = ((10, 60, 80 - RADIUS, 60), (80 + RADIUS, 60, 150, 60))
LEFT, RIGHT, ABOVE, BELOW = (20, 60), (140, 60), (80, 20), (80, 100)


def assert_passes(found: Annotation, kind: str) -> None:
    assert found.crossing_types == (kind,)
    np.testing.assert_allclose(found.crossings, [MIDDLE], atol=1)
    left, right, above, below = nets_at(found, LEFT, RIGHT, ABOVE, BELOW)
    assert left == right != above == below
    assert len(found.junctions) == 0


def test_two_wires_that_run_on_cross():
    found = read(sheet((10, 60, 150, 60), UPRIGHT))
    assert_passes(found, "crossing")
    assert found.crossing_confidences.tolist() == pytest.approx([found.wire_confidences.min()])


@pytest.mark.parametrize("turn_deg", [0, 180])
def test_an_arc_is_a_hop_on_either_side_and_its_wire_goes_on(turn_deg):
    found = read(arc(sheet(*HALVES, UPRIGHT), MIDDLE, turn_deg))
    assert_passes(found, "hop")
    ends = sorted(x for wire in found.wires if wire[1] == wire[3] for x in wire[[0, 2]].tolist())
    np.testing.assert_allclose(ends, [10, 80 - RADIUS, 80 + RADIUS, 150], atol=1.6)


@pytest.mark.parametrize(("crossing", "kind"), [((), "crossing"), ([MIDDLE], "hop")])
def test_a_wide_arc_may_be_a_transistor_and_is_a_hop_only_where_the_map_shows_it(crossing, kind):
    """Its radius is 15 px, five stroke widths."""
    grey = sheet((10, 60, 65, 60), (95, 60, 150, 60), UPRIGHT)
    cv2.ellipse(grey, MIDDLE, (15, 15), 180, 0, 180, 0, 3)
    assert read(grey, crossing=crossing).crossing_types == (kind,)


def test_an_upright_wire_hops_over_a_level_one():
    grey = sheet((80, 10, 80, 60 - RADIUS), (80, 60 + RADIUS, 80, 110), (10, 60, 150, 60))
    assert_passes(read(arc(grey, MIDDLE, 90)), "hop")


def test_leaning_wires_hop_over_each_other():
    """Drawn by hand: on its 140 px the level wire sinks by 20 px, on its 100 px the upright one strays by 6 px."""
    grey = sheet()
    cv2.line(grey, (77, 10), (83, 110), 0, 3)
    for x0, x1 in ((10, 80 - RADIUS), (80 + RADIUS, 150)):
        cv2.line(grey, (x0, round(60 + (x0 - 80) / 7)), (x1, round(60 + (x1 - 80) / 7)), 0, 3)
    found = read(arc(grey, MIDDLE))
    assert found.crossing_types == ("hop",)
    left, right, above, below = nets_at(found, (20, 51), (140, 69), ABOVE, BELOW)
    assert left == right != above == below


def test_paper_on_both_sides_of_a_wire_is_a_gap():
    assert_passes(read(sheet((10, 60, 74, 60), (86, 60, 150, 60), UPRIGHT)), "gap")


def test_between_dashes_there_is_no_gap():
    dashes = [(x, 60, x + 9, 60) for x in range(5, 150, 15)]
    assert "gap" not in read(sheet(*dashes, UPRIGHT)).crossing_types


def test_a_circle_around_a_crossing_is_no_hop():
    grey = arc(arc(sheet(*HALVES, UPRIGHT), MIDDLE, 0), MIDDLE, 180)
    assert "hop" not in read(grey).crossing_types


def test_a_stub_between_two_arcs_is_a_wire():
    """The wire comes down over two others, with 5 px of it between the arcs, far less than a bar's least length."""
    low = 60 + 2 * RADIUS + 5
    grey = sheet((80, 10, 80, 60 - RADIUS), (80, 60 + RADIUS, 80, low - RADIUS), (80, low + RADIUS, 80, 115))
    grey = np.minimum(grey, sheet((10, 60, 150, 60), (10, low, 150, low)))
    found = read(arc(arc(grey, MIDDLE, 90), (80, low), 90))
    assert found.crossing_types == ("hop", "hop") and len(found.nets) == 3
    above, stub, below = nets_at(found, (80, 20), (80, 60 + RADIUS + 2), (80, 112))
    assert above == stub == below


def test_a_hop_tells_that_the_strokes_around_it_are_wires():
    """The map knows nothing of the right half."""
    grey = arc(sheet(*HALVES, UPRIGHT), MIDDLE)
    wire = (grey < 128).astype(np.float32)
    wire[:, 80 + RADIUS - 3 :] = 0
    wire[:, 78:83] = grey[:, 78:83] < 128
    assert_passes(read(grey, wire=wire), "hop")


def test_a_peak_of_the_junction_map_at_a_hop_is_no_junction_and_one_beside_it_is():
    grey = arc(sheet(*HALVES, UPRIGHT, (120, 60, 120, 110)), MIDDLE)
    found = read(grey, junctions=[MIDDLE, (120, 60)])
    np.testing.assert_allclose(found.junctions, [[120, 60]], atol=1)
    assert found.crossing_types == ("hop",)


def test_a_junction_is_no_crossing():
    found = read(sheet((10, 60, 150, 60), UPRIGHT), junctions=[MIDDLE])
    assert len(found.junctions) == 1 and found.crossings.shape == (0, 2) and found.crossing_types == ()


def test_a_sheet_without_ink_has_no_crossings():
    found = read(np.full((120, 160), 255, np.uint8), crossing=[MIDDLE])
    assert found.crossings.shape == (0, 2) and found.crossing_confidences.shape == (0,)


def test_touching_pieces_of_one_bar_are_one_wire_where_both_are():
    """A bar from 10 to 150, found as one and cut at 40 and at 90; what lies beyond 90 is no wire."""
    found = find_candidates(sheet((10, 60, 150, 60)), stroke_px=3.0)
    whole = found.bars.take(np.zeros(3, int))
    low, high = np.array([whole.low[0], 40, 90], np.float32), np.array([40, 90, whole.high[0]], np.float32)
    pieces = replace(found, bars=whole.with_ends(low, high))
    joined, confidences = joined_wires(pieces, np.array([0.9, 0.6, 0.2], np.float32))
    assert joined.bars.low.tolist() == [low[0], 90] and joined.bars.high.tolist() == [90, high[2]]
    assert confidences.tolist() == pytest.approx([(0.9 * (40 - low[0]) + 0.6 * 50) / (90 - low[0]), 0.2])
