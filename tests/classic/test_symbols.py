"""Boxes, frames, lines across and plates of a few hand-made bars."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.helpers.bars import bars_of, contacts_of
from wire_detection.classic.strokes import EMPTY_BARS
from wire_detection.classic.symbols import cut_at_plates, find_boxes, frame_lines, lines_across, sides, spans_drawing

NO_DOTS = np.zeros(100, int)


def ring(x0: int, y0: int, x1: int, y1: int) -> list[list[int]]:
    """The top, left, right and bottom side of a box."""
    return [[x0, y0, x1, y0], [x0, y0, x0, y1], [x1, y0, x1, y1], [x0, y1, x1, y1]]


def boxes_of(segments, dots_on=NO_DOTS, marks=()) -> list:
    bars = bars_of(*segments)
    return find_boxes(bars, contacts_of(bars, marks), dots_on[: len(bars)]).tolist()


def test_a_box_is_named_by_its_top_left_right_and_bottom():
    assert boxes_of([[300, 300, 900, 300], *ring(100, 100, 200, 180)]) == [[1, 2, 3, 4]]


def test_an_open_ring_is_no_box_and_neither_is_one_around_a_t():
    assert boxes_of(ring(100, 100, 200, 180)[:3]) == []
    top, left, right, bottom = ring(100, 100, 200, 180)
    assert boxes_of([top, left, right, [50, 180, 250, 180]]) == []


def test_a_dot_on_a_side_makes_wires_of_a_small_ring_and_not_of_a_frame():
    dots_on = np.array([0, 0, 1, 0, 0])
    assert boxes_of([*ring(100, 100, 200, 180), [0, 500, 900, 500]], dots_on) == []
    assert boxes_of([*ring(0, 0, 900, 500), [400, 200, 500, 200]], dots_on) == [[0, 1, 2, 3]]


def test_two_boxes_side_by_side_share_no_ring():
    assert sorted(boxes_of([*ring(0, 0, 50, 40), *ring(100, 0, 150, 40)])) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_bars_over_half_of_the_drawing_span_it():
    """The drawing is 200 px wide and 100 high."""
    bars = bars_of([0, 0, 200, 0], [0, 100, 100, 100], [0, 50, 101, 50], [10, 0, 10, 51], [20, 0, 20, 50])
    assert spans_drawing(bars).tolist() == [True, False, True, True, False]
    assert spans_drawing(EMPTY_BARS).tolist() == []


def test_the_sides_of_boxes():
    assert sides(np.array([[0, 2, 4, 1]]), 6).tolist() == [True, True, True, False, True, False]
    assert sides(np.zeros((0, 4), int), 2).tolist() == [False, False]


FRAME = ring(0, 0, 900, 600)
TITLE = [[600, 500, 900, 500], [600, 500, 600, 600], [600, 550, 900, 550]]
"""The corner of a title block, and a line from its side to the frame."""
WIRES = [[100, 300, 400, 300], [0, 200, 300, 200]]
"""One in the midst, one that ends at the frame at one end only."""


def frame_of(segments, dots_on=NO_DOTS) -> list[int]:
    bars = bars_of(*segments)
    contacts, dots_on = contacts_of(bars), dots_on[: len(bars)]
    return np.flatnonzero(frame_lines(bars, contacts, find_boxes(bars, contacts, dots_on), dots_on)).tolist()


def test_a_frame_takes_what_hangs_between_its_lines_and_no_wire():
    assert frame_of([*FRAME, *TITLE, *WIRES]) == [0, 1, 2, 3, 4, 5, 6]


def test_a_line_with_a_dot_is_a_wire_wherever_it_ends():
    dots_on = np.array([0, 0, 0, 0, 1, 0])
    divider = [[300, 0, 300, 600], [500, 0, 500, 600]]
    assert frame_of([*FRAME, *divider], dots_on) == [0, 1, 2, 3, 5]


def test_a_box_in_the_midst_is_no_frame():
    assert frame_of([*ring(300, 200, 400, 300), [0, 0, 900, 0], [10, 10, 10, 600]]) == []


def across_of(*segments, dots_on=NO_DOTS) -> list[bool]:
    bars = bars_of(*segments)
    return lines_across(bars, contacts_of(bars), dots_on[: len(bars)], (400, 600), 12).tolist()


def test_a_line_from_edge_to_edge_is_a_cut_frame():
    """599 is the last column of an image of 600; an end 12 px away from it is cut off, one 13 px is not."""
    assert across_of([12, 50, 587, 50], [13, 80, 587, 80], [12, 90, 586, 90]) == [True, False, False]
    assert across_of([50, 0, 50, 399], [80, 0, 80, 386]) == [True, False]


def test_a_frame_turns_once_between_two_edges_and_a_staircase_is_a_wire():
    assert across_of([0, 50, 300, 50], [300, 50, 300, 399]) == [True, True]
    assert across_of([0, 50, 300, 50], [300, 50, 300, 200], [300, 200, 400, 200], [400, 200, 400, 399]) == [False] * 4
    assert across_of([0, 50, 300, 50], [300, 50, 300, 399], dots_on=np.array([1, 0])) == [False, True]


def test_nothing_is_held_where_there_are_no_bars():
    assert across_of() == [] and frame_of([]) == [] and boxes_of([]) == []


def cut(wires, plates) -> tuple[list, list]:
    everything = bars_of(*wires, *plates)
    is_wire = np.arange(len(everything)) < len(wires)
    pieces, source = cut_at_plates(everything.take(is_wire), everything, is_wire, 2.0)
    return pieces.segments().tolist(), source.tolist()


def test_a_plate_takes_five_strokes_on_either_side_out_of_its_line():
    """Two plates 30 px apart leave a piece of 10 px between them; the vertical wire is not cut."""
    wires = [[0, 50, 200, 50], [120, 60, 120, 200]]
    assert cut(wires, [[80, 35, 80, 65], [110, 40, 110, 60]]) == (
        [[0, 50, 70, 50], [90, 50, 100, 50], [120, 50, 200, 50], [120, 60, 120, 200]],
        [0, 0, 0, 1],
    )


@pytest.mark.parametrize(
    "plate",
    [
        [80, 29, 80, 71],  # 42 px, longer than 20 strokes
        [80, 46, 80, 62],  # its middle lies 4 px beside the line
        [10, 40, 10, 60],  # at the end of the line
        [80, 50, 100, 50],  # along it
    ],
)
def test_what_is_no_plate_cuts_nothing(plate):
    assert cut([[0, 50, 200, 50]], [plate]) == ([[0, 50, 200, 50]], [0])


def test_what_shines_through_from_the_other_side_is_no_plate():
    bars = bars_of([0, 50, 200, 50], [80, 35, 80, 65], [140, 35, 140, 65])
    bars = replace(bars, darkness=np.array([0.8, 0.39, 0.41], np.float32))
    is_wire = np.array([True, False, False])
    pieces, _ = cut_at_plates(bars.take(is_wire), bars, is_wire, 2.0)
    assert pieces.segments().tolist() == [[0, 50, 130, 50], [150, 50, 200, 50]]


def test_a_wire_that_crosses_is_no_plate_and_no_wires_no_pieces():
    assert cut([[0, 50, 200, 50], [80, 35, 80, 65]], []) == ([[0, 50, 200, 50], [80, 35, 80, 65]], [0, 1])
    assert cut([], [[80, 35, 80, 65]]) == ([], [])
