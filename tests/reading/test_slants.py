"""A slant is believed where the wire map shows it, or where it is long."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.classic.detect import find_candidates
from wire_detection.reading.slants import shown_slants
from wire_detection.reading.trace import trace_maps

SHORT, LONG = (40, 40, 80, 80), (40, 100, 90, 150)
"""Of 28 and of 35 stroke widths of 2 px."""

STROKES = [(10, 40), (40, 40), (80, 80), (120, 80)]
"""A short slant between two level wires."""


def sheet() -> np.ndarray:
    grey = np.full((200, 200), 255, np.uint8)
    cv2.polylines(grey, [np.array(STROKES, np.int32)], False, 0, 2)
    return grey


def believed(segments, wire: np.ndarray, matrix: np.ndarray | None = None) -> list[bool]:
    matrix = np.eye(2, 3) if matrix is None else matrix
    candidates = find_candidates(sheet(), stroke_px=2.0)
    return shown_slants(candidates, wire, matrix)(np.array(segments, np.float32).reshape(-1, 4)).tolist()


def map_of(*lines, value: float = 0.9, shape=(200, 200)) -> np.ndarray:
    wire = np.zeros(shape, np.float32)
    for x0, y0, x1, y1 in lines:
        cv2.line(wire, (x0, y0), (x1, y1), value, 3)
    return wire


@pytest.mark.parametrize(("value", "expected"), [(0.9, True), (0.12, True), (0.08, False), (0.0, False)])
def test_a_short_slant_needs_the_map(value, expected):
    assert believed([SHORT], map_of(SHORT, value=value)) == [expected]


def test_the_map_must_show_half_of_it():
    assert believed([SHORT], map_of((40, 40, 55, 55))) == [False]
    assert believed([SHORT], map_of((40, 40, 65, 65))) == [True]


def test_a_long_slant_is_believed_unseen():
    assert believed([SHORT, LONG], map_of()) == [False, True]


def test_a_map_of_half_the_scale_is_read_where_the_slant_lies():
    wire = map_of((20, 20, 40, 40), shape=(100, 100))
    assert believed([SHORT, (80, 40, 40, 80)], wire, np.array([[0.5, 0, 0], [0, 0.5, 0]])) == [True, False]


def test_no_slants():
    assert believed([], map_of()) == []


@pytest.mark.parametrize(("shows_slant", "nets"), [(True, 1), (False, 2)])
def test_two_wires_with_a_slant_between_them_are_one_net_only_where_the_map_shows_it(shows_slant, nets):
    level = [(10, 40, 40, 40), (80, 80, 120, 80)]
    wire = map_of(*level, *[SHORT] * shows_slant)
    nothing = np.zeros_like(wire)
    maps = {"wire": wire, "junction": nothing, "crossing": nothing}
    assert len(trace_maps(sheet(), maps, stroke_px=2.0, map_alone=True).nets) == nets
