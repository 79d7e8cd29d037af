"""Corners, T contacts, crossings and dots of a few bars whose answers can be read off the drawing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.bars import bars_of, contacts_of
from wire_detection.classic.contacts import count_on, end_at_marks, snap_to_contacts
from wire_detection.classic.strokes import EMPTY_BARS

LOW, HIGH = 0, 1


def told(contacts) -> set[tuple]:
    """(bar, end, other, corner, dotted) of each contact."""
    return set(
        zip(*(getattr(contacts, name).tolist() for name in ("bar", "end", "other", "corner", "dotted")), strict=True)
    )


def test_a_corner_is_a_contact_of_both_bars():
    contacts = contacts_of(bars_of([10, 50, 100, 50], [100, 50, 100, 120]))
    assert told(contacts) == {(0, HIGH, 1, True, False), (1, LOW, 0, True, False)}
    assert contacts.place.tolist() == [[100, 50]] * 2


@pytest.mark.parametrize(("stem", "end", "side"), [([60, 50, 60, 120], LOW, 1), ([60, 0, 60, 50], HIGH, -1)])
def test_a_t_is_a_contact_of_the_bar_that_ends_from_its_side(stem, end, side):
    contacts = contacts_of(bars_of([10, 50, 110, 50], stem))
    assert told(contacts) == {(1, end, 0, False, False)}
    assert contacts.side.tolist() == [side] and contacts.place.tolist() == [[60, 50]]


def test_a_crossing_is_no_contact_and_parallel_bars_never_meet():
    assert told(contacts_of(bars_of([10, 50, 110, 50], [60, 10, 60, 100], [110, 50, 180, 50]))) == set()


@pytest.mark.parametrize(("gap", "met"), [(3, True), (4, False)])
def test_an_end_meets_over_a_gap_of_half_a_width_and_a_stroke(gap, met):
    """2 / 2 + 1.2 * 2 = 3.4 px."""
    contacts = contacts_of(bars_of([10, 50, 110, 50], [60, 50 + gap, 60, 120]))
    assert told(contacts) == ({(1, LOW, 0, False, False)} if met else set())


@pytest.mark.parametrize(("beside", "dotted"), [(5, True), (7, False)])
def test_a_dot_marks_a_contact_from_a_stroke_beyond_its_rim(beside, dotted):
    """A radius of 4 px and a stroke of 2."""
    contacts = contacts_of(bars_of([10, 50, 110, 50], [60, 50, 60, 120]), [[60 + beside, 50], [200, 200]])
    assert told(contacts) == {(1, LOW, 0, False, dotted)}


def test_ends_move_onto_the_line_that_they_meet():
    bars = bars_of([10, 50, 103, 50], [100, 48, 100, 120], [60, 52, 60, 90])
    snapped = snap_to_contacts(bars, contacts_of(bars))
    assert snapped.segments().tolist() == [[10, 50, 100, 50], [100, 50, 100, 120], [60, 50, 60, 90]]


def test_of_two_lines_at_an_end_the_nearer_one_takes_it():
    bars = bars_of([10, 50, 110, 50], [10, 53, 110, 53], [60, 52, 60, 120])
    assert snap_to_contacts(bars, contacts_of(bars)).low[2] == 53


@pytest.mark.parametrize(("end", "stop"), [(104, 100), (107, 100), (109, 109)])
def test_an_end_within_a_dot_goes_to_its_centre(end, stop):
    """Within the dot's radius of 5 px and a stroke of 2."""
    marks, diameters = np.array([[100, 51]], np.float32), np.array([10], np.float32)
    bars = bars_of([10, 50, end, 50], [60, 0, 60, 96], [10, 60, 100, 60])
    assert end_at_marks(bars, marks, diameters, 2.0).segments().tolist() == [
        [10, 50, stop, 50],
        [60, 0, 60, 96],
        [10, 60, 100, 60],
    ]


def test_points_are_counted_on_the_bars_that_they_lie_on():
    bars = bars_of([10, 50, 110, 50], [60, 50, 60, 120])
    points = np.array([[60, 50], [20, 52], [20, 54], [113, 50], [110, 53], [114, 50], [6, 50]], np.float32)
    assert count_on(bars, points, 3.0).tolist() == [4, 1]


def test_nothing_meets_nothing():
    nothing = np.zeros((0, 2), np.float32)
    assert told(contacts_of(EMPTY_BARS, [[5, 5]])) == set() and contacts_of(EMPTY_BARS).place.shape == (0, 2)
    assert count_on(EMPTY_BARS, np.ones((3, 2)), 1).shape == (0,)
    assert count_on(bars_of([0, 0, 9, 0]), nothing, 1).tolist() == [0]
    assert end_at_marks(bars_of([0, 0, 9, 0]), nothing, np.zeros(0), 2.0).high.tolist() == [9]
    assert len(snap_to_contacts(EMPTY_BARS, contacts_of(EMPTY_BARS))) == 0
