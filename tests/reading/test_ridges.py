"""Ridges by hand: slanted and bent wires of a map that no bar explains, and what is too little to be one."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from wire_detection.classic.detect import find_candidates
from wire_detection.reading.ridges import Ridges, arms_of_ridges, find_ridges, join_facing, thin_lines

SAME = np.eye(2, 3)


def sheet(*lines) -> np.ndarray:
    """(160, 260) uint8: black strokes 2 px wide on polylines."""
    grey = np.full((160, 260), 255, np.uint8)
    for line in lines:
        cv2.polylines(grey, [np.array(line, np.int32).reshape(-1, 2)], False, 0, 2)
    return grey


def ridges_of(grey: np.ndarray, value: float = 0.95, matrix=SAME, wire: np.ndarray | None = None) -> Ridges:
    """What a map that knows all ink as wire, `value` there, has beside the bars, all of which are wires.

    Slanted strokes that the rules know are left to the map.
    """
    wire = np.where(grey < 128, value, 0).astype(np.float32) if wire is None else wire
    found = replace(find_candidates(grey, stroke_px=2.0), slants=np.zeros((0, 4), np.float32))
    return find_ridges(found, np.ones(len(found.bars)), wire, matrix)


FRAME = ((20, 20), (240, 20)), ((20, 140), (240, 140))
"""Two bars between which a slant may run."""


def test_a_slanted_wire_ends_on_the_bars_that_it_touches():
    found = ridges_of(sheet(*FRAME, ((80, 20), (180, 140))))
    ends = np.sort(found.segments.reshape(-1, 2), 0)
    assert len(found.segments) == 1 and found.confidences.tolist() == pytest.approx([0.95])
    np.testing.assert_allclose(ends, [[80, 20], [180, 140]], atol=1.2)
    assert found.lengths.tolist() == pytest.approx([np.hypot(100, 120)], abs=2)


def test_two_that_cross_stay_two_and_run_over_the_bar_between():
    found = ridges_of(sheet(*FRAME, ((80, 20), (180, 140)), ((180, 20), (80, 140)), ((20, 80), (240, 80))))
    assert len(found.segments) == 2
    assert found.lengths.tolist() == pytest.approx([np.hypot(100, 120)] * 2, abs=3)


def test_a_bent_wire_is_a_chain_whose_segments_meet():
    arc = cv2.ellipse2Poly((130, 20), (100, 100), 0, 20, 70, 5)
    found = ridges_of(sheet(((20, 20), (240, 20)), arc))
    assert 3 <= len(found.segments) <= 8
    np.testing.assert_array_equal(found.segments[1:, :2], found.segments[:-1, 2:])
    far = np.hypot(*(found.segments.reshape(-1, 2) - (130, 20)).T)
    np.testing.assert_allclose(far, 100, atol=2)


@pytest.mark.parametrize(
    ("name", "grey", "value"),
    [
        ("bars alone", sheet(*FRAME, ((80, 20), (80, 140))), 0.95),
        ("a short slant", sheet(*FRAME, ((80, 60), (84, 64))), 0.95),
        ("a pale slant", sheet(*FRAME, ((80, 20), (180, 140))), 0.6),
        ("the edge of a page", sheet([(x, 1 + 10 * (x // 30 % 2)) for x in range(0, 260, 30)]), 0.95),
        ("nothing", sheet(), 0.95),
    ],
)
def test_what_is_no_ridge(name, grey, value):
    found = ridges_of(grey, value)
    assert found.segments.shape == (0, 4) and found.confidences.shape == (0,), name


def test_a_map_of_another_scale_gives_pixels_of_the_sheet():
    grey = sheet(*FRAME, ((80, 20), (180, 140)))
    wire = cv2.resize(np.where(grey < 128, 0.95, 0).astype(np.float32), None, fx=1.25, fy=1.25)
    found = ridges_of(grey, matrix=np.array([[1.25, 0, 0.125], [0, 1.25, 0.125]]), wire=wire)
    np.testing.assert_allclose(np.sort(found.segments.reshape(-1, 2), 0), [[80, 20], [180, 140]], atol=1.2)


def test_a_line_of_pixels_is_walked_from_end_to_end_and_cut_where_three_meet():
    mask = np.zeros((40, 60), bool)
    mask[20, 5:55] = True
    line = thin_lines(mask)[0]
    assert sorted(line[[0, -1], 0].tolist()) == [5, 54] and (np.abs(np.diff(line[:, 0])) == 1).all()
    mask[5:20, 30] = True
    assert len(thin_lines(mask)) == 3 and thin_lines(np.zeros((4, 4), bool)) == []


def test_lines_join_across_a_gap_when_they_face_each_other():
    one, two = (np.stack([np.arange(*x, dtype=float)] * 2, 1) for x in ((0, 20), (28, 50)))
    aside = two + (0, 12)
    joined = join_facing([one, two], 8)
    assert len(joined) == 1 and sorted(joined[0][[0, -1], 0].tolist()) == [0, 49]
    assert len(join_facing([one, aside], 8)) == 2


def test_arms_of_a_place_are_what_leads_away_from_it():
    ridges = Ridges(np.array([[0, 0, 40, 40], [20, 20, 50, 10]], np.float32), np.ones(2, np.float32))
    assert arms_of_ridges(np.array([[20, 20], [0, 0], [30, 60]]), ridges, 4).tolist() == [3, 1, 0]
