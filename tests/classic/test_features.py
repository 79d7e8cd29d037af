"""What is seen of bars on hand-made figures: ends, neighbours, groups, boxes and the columns of all of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.bars import T, bars_of, contacts_of, features_of
from wire_detection.classic.features import (
    clutter,
    corner_groups,
    crossings,
    end_kinds,
    ends_at,
    ink_beyond,
    inside_boxes,
    open_boxes,
    stack_columns,
    stem_counts,
    twins,
)
from wire_detection.classic.strokes import EMPTY_BARS
from wire_detection.classic.symbols import find_boxes


def test_kinds_of_ends():
    kinds = end_kinds(T, contacts_of(T))
    assert kinds["corner"].tolist() == [[False, True], [False, False], [True, False]]
    assert kinds["tee"].tolist() == [[False, False], [True, False], [False, False]] and not kinds["dotted"].any()
    kinds = end_kinds(T, contacts_of(T, [[100, 50]]))
    assert kinds["dotted"].tolist() == [[False, False], [True, False], [False, False]] and not kinds["tee"].any()


def test_groups_hang_together_by_corners_and_dots():
    one, two, three = corner_groups(T, contacts_of(T))
    assert one == three != two
    assert len(set(corner_groups(T, contacts_of(T, [[100, 50]])).tolist())) == 1


def test_stems_are_counted_by_side_and_from_a_length_on():
    bars = bars_of([10, 50, 210, 50], [60, 50, 60, 150], [90, 50, 90, 150], [120, 10, 120, 50], [150, 50, 150, 70])
    contacts = contacts_of(bars)
    assert stem_counts(bars, contacts, 40)[0].tolist() == [1, 2] and not stem_counts(bars, contacts, 40)[1:].any()
    assert stem_counts(bars, contacts, 20)[0].tolist() == [1, 3]
    assert stem_counts(bars, contacts_of(bars, [[60, 50]]), 40)[0].tolist() == [1, 1]


def test_crossings_run_on_at_both_sides():
    """2.5 strokes of 2 px: 5 px are no more than a stroke's own width."""
    bars = bars_of([10, 50, 210, 50], [60, 10, 60, 100], [90, 44, 90, 56], [120, 45, 120, 100], [150, 50, 150, 100])
    assert crossings(bars, 2.0).tolist() == [2, 1, 1, 0, 0]


def test_twins_are_parallel_near_and_of_one_extent():
    """Seven strokes across, three along: 14 and 6 px."""
    flat = bars_of([10, 50, 60, 50], [16, 64, 66, 64], [10, 79, 60, 79], [17, 40, 60, 40], [10, 45, 67, 45])
    assert twins(flat, 2.0).tolist() == [1, 1, 0, 0, 0]
    assert twins(bars_of([10, 50, 60, 50], [50, 10, 50, 60]), 2.0).tolist() == [0, 0]


def test_ink_beyond_an_end_is_0_on_paper_and_1_in_a_fill():
    ink = np.zeros((100, 120), np.uint8)
    ink[49:51, 20:81] = 1
    ink[30:70, 81:] = 1
    bars = bars_of([20, 50, 80, 50])
    assert ink_beyond(bars, ink, 2.0)[0].tolist() == pytest.approx([0, 1], abs=0.13)
    assert ink_beyond(bars, ink, 2.0)[0, 0] == 0
    np.testing.assert_allclose(ink_beyond(bars_of([50, 20, 50, 80]), ink.T.copy(), 2.0), ink_beyond(bars, ink, 2.0))
    assert ink_beyond(bars_of([0, 50, 119, 50]), np.ones_like(ink), 2.0).tolist() == [[0, 0]]  # off the sheet


def test_ends_at_marks_are_counted():
    marks = np.array([[10, 51], [210, 50], [100, 100]], np.float32)
    assert ends_at(T, marks, 3.0).tolist() == [2, 0, 1]
    assert ends_at(T, np.zeros((0, 2)), 3.0).tolist() == [0, 0, 0]


def test_clutter_counts_the_other_short_bars_around_the_middle():
    """Short is under 13 strokes, near within 10: 26 and 20 px."""
    bars = bars_of([100, 50, 120, 50], [100, 60, 120, 60], [100, 76, 120, 76], [60, 55, 160, 55])
    assert clutter(bars, 2.0).tolist() == [1, 2, 1, 2]
    assert clutter(bars_of([0, 0, 100, 0]), 2.0).tolist() == [0] and clutter(EMPTY_BARS, 2.0).tolist() == []


def test_inside_a_small_box_lies_a_part_of_a_symbol():
    bars = bars_of(
        [100, 100, 200, 100],
        [100, 100, 100, 180],
        [200, 100, 200, 180],
        [100, 180, 200, 180],
        [120, 140, 180, 140],
        [120, 150, 230, 150],
    )
    boxes = find_boxes(bars, contacts_of(bars), np.zeros(6, int))
    assert inside_boxes(bars, boxes, 80).tolist() == [False] * 4 + [True, False]
    assert inside_boxes(bars, boxes, 79).tolist() == [False] * 6
    assert inside_boxes(bars, np.zeros((0, 4), int), 80).tolist() == [False] * 6


@pytest.mark.parametrize(
    ("lower", "running_on", "dots", "found"),
    [(100, True, 0, True), (91, True, 0, True), (88, True, 0, False), (100, False, 0, False), (100, True, 1, False)],
)
def test_an_open_box_has_two_like_arms_that_run_into_something(lower, running_on, dots, found):
    """A back of 40 px, an arm of 100 and one of the length `lower`, to the right."""
    bars = bars_of([10, 50, 10, 90], [10, 50, 110, 50], [10, 90, 10 + lower, 90])
    running = np.zeros((3, 2), bool)
    running[1, 1], running[2, 1] = True, running_on
    assert open_boxes(bars, contacts_of(bars), running, np.array([0, dots, 0])).tolist() == [found] * 3


def test_bars_bent_apart_are_no_open_box():
    bars = bars_of([110, 50, 110, 90], [110, 50, 210, 50], [10, 90, 110, 90])
    running = np.array([[0, 0], [0, 1], [1, 0]], bool)
    assert not open_boxes(bars, contacts_of(bars), running, np.zeros(3, int)).any()


def test_the_columns_of_a_t():
    column = features_of(T, dots=[[100, 50]])
    np.testing.assert_allclose(column["length"], np.log([100, 50, 20]), rtol=1e-6)
    assert column["dots"].tolist() == [1, 1, 0] and column["dotted ends"].tolist() == [0, 1, 0]
    assert column["corners"].tolist() == [1, 0, 1] and column["free ends"].tolist() == [1, 1, 1]
    np.testing.assert_allclose(column["group length"], np.log([170] * 3), rtol=1e-6)  # corners and dots tie them all
    np.testing.assert_allclose(column["group dots"], np.log([3] * 3), rtol=1e-6)  # the dot lies on two of them
    assert column["isolated"].tolist() == [0, 0, 0] and not column["box"].any() and not column["frame"].any()


def test_an_end_in_ink_is_no_free_end_and_a_wide_bar_is_wide():
    ink = np.zeros((400, 600), np.uint8)
    cv2.rectangle(ink, (111, 80), (200, 120), 1, -1)
    column = features_of(bars_of([10, 100, 110, 100], width=3), ink=ink)
    assert (column["free ends"][0], column["other ends"][0], column["isolated"][0], column["loose"][0]) == (1, 1, 0, 0)
    assert column["wide"][0] == 0.5 and column["thin"][0] == 0
    column = features_of(bars_of([10, 100, 110, 100], width=1))
    assert (column["free ends"][0], column["isolated"][0], column["loose"][0]) == (2, 1, 1)
    assert column["thin"][0] == 0.5 and column["short"][0] == 0


def test_columns_stand_in_their_order():
    stacked = stack_columns({"b": np.array([True, False]), "a": np.array([2, 3])})
    assert stacked.tolist() == [[1, 2], [0, 3]] and stacked.dtype == np.float32
