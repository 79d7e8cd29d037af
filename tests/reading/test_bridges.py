"""Bridges by hand: between ends that nearly meet, where ink and map show a wire, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.reading.bridges import find_bridges, open_ends

SAME = np.eye(2, 3)

LEVEL, UPRIGHT = (10, 60, 60, 60), (66, 54, 66, 10)
"""Two wires around a corner that is cut off: 8.5 px, some four stroke widths of 2 px, lie between their ends."""

CORNER = (60, 60), (66, 54)


def bridges_of(wires, *, drawn=CORNER, map_value: float = 0.9):
    """The bridges between wires on a sheet that shows a stroke along the points `drawn` beside them."""
    dark = np.zeros((100, 120), np.float32)
    for points in (*np.reshape(wires, (-1, 2, 2)), drawn):
        cv2.polylines(dark, [np.array(points, np.int32)], False, 1.0, 2)
    return find_bridges(np.array(wires, np.float32).reshape(-1, 4), dark, dark * map_value, SAME, 2.0)


def test_a_cut_corner_is_bridged_once():
    segments, sure = bridges_of([LEVEL, UPRIGHT])
    assert segments.tolist() == [[66, 54, 60, 60]]
    assert sure.tolist() == pytest.approx([0.9])


def test_an_end_is_bridged_to_the_middle_of_a_wire_too():
    segments, _ = bridges_of([(10, 60, 60, 60), (70, 20, 70, 90)], drawn=((60, 60), (70, 60)))
    assert segments.tolist() == [[60, 60, 70, 60]]


def test_steps_side_by_side_are_bridged_where_their_ends_stick_out_of_the_ink():
    """A stroke along a slant, found as two steps 4 px apart, two stroke widths; of the 4 px the middle 2 are ink."""
    dark = np.zeros((100, 120), np.float32)
    dark[61:64, 10:111] = 1
    steps = np.array([(10, 60, 60, 60), (50, 64, 110, 64)], np.float32)
    segments, _ = find_bridges(steps, dark, np.full_like(dark, 0.9), SAME, 2.0)
    assert segments.tolist() == [[50, 64, 50, 60], [60, 60, 60, 64]]


@pytest.mark.parametrize(
    ("name", "wires", "changes"),
    [
        ("no ink between", [LEVEL, UPRIGHT], {"drawn": ((10, 60), (20, 60))}),
        ("no wire by the map", [LEVEL, UPRIGHT], {"map_value": 0.4}),
        ("too far apart", [LEVEL, (80, 40, 80, 10)], {"drawn": ((60, 60), (80, 40))}),
        ("paper beside a wire", [LEVEL, (50, 66, 100, 66)], {"drawn": ((10, 60), (20, 60))}),
        ("back beside the wire", [LEVEL, (10, 54, 50, 54)], {"drawn": ((60, 60), (50, 54))}),
        ("ends that meet", [LEVEL, (60, 60, 60, 10)], {}),
        ("one wire", [LEVEL], {}),
        ("no wire", [], {}),
    ],
)
def test_what_is_no_bridge(name, wires, changes):
    segments, sure = bridges_of(wires, **changes)
    assert segments.shape == (0, 4) and sure.shape == (0,), name


def test_an_end_is_open_where_nets_do_not_connect_it():
    """Of wires 2 px wide an end rests on another one up to 3 px from it, and ends meet up to 4 px from each other."""
    wires = np.array([(10, 60, 60, 60), (40, 63.5, 90, 63.5), (90, 60, 120, 60)], np.float32)
    ends, _, _ = open_ends(wires, 2.0)
    assert ends.tolist() == [[10, 60], [40, 63.5], [60, 60], [120, 60]]


def test_an_end_is_open_where_no_other_wire_is_near():
    ends, owner, way = open_ends(np.array([LEVEL, UPRIGHT, (10, 61, 10, 90)], np.float32), 2.0)
    assert ends.tolist() == [[66, 54], [60, 60], [66, 10], [10, 90]]
    assert owner.tolist() == [1, 0, 1, 2]
    assert way.tolist() == [[0, 1], [1, 0], [0, -1], [0, 1]]
