"""The features of a few bars, one by one and by hand, and the sums that make a confidence of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.bars import bars_of, contacts_of
from wire_detection.classic.confidence import (
    BIAS,
    NEIGHBOUR_BIAS,
    NEIGHBOUR_WEIGHTS,
    WEIGHTS,
    Tables,
    bar_confidences,
    logistic_confidences,
    neighbour_features,
)
from wire_detection.classic.features import (
    clutter,
    corner_groups,
    crossings,
    end_kinds,
    ends_at,
    features,
    ink_beyond,
    inside_boxes,
    open_boxes,
    stem_counts,
    twins,
)
from wire_detection.classic.strokes import EMPTY_BARS
from wire_detection.classic.symbols import find_boxes

T = bars_of([10, 50, 210, 50], [100, 50, 100, 150], [210, 50, 210, 90])
"""A wire, a stem on its middle, and another bar around its right corner."""


def test_every_feature_has_a_weight():
    assert list(table(T)) == list(WEIGHTS)


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


def test_what_neighbours_say_by_hand():
    """Bars of 200, 100 and 40 px with logits 2, 3 and -1: the first and the third are one group by their corner, with
    (200 * 2 + 40 * -1) / 240 = 1.5; the second, a wire of 3, ends on the first, which is a wire too."""
    found = neighbour_features(np.array([2.0, 3.0, -1.0]), T, contacts_of(T), 2.0)
    np.testing.assert_allclose(found, [[2, 1.5, 3, 0], [3, 3, 0, 1], [-1, 1.5, 0, 0]])
    assert neighbour_features(np.zeros(0), EMPTY_BARS, contacts_of(EMPTY_BARS), 2.0).shape == (0, 4)


def test_a_confidence_is_a_logistic_of_sums():
    """One bar without neighbours: 1 + 2 * 0.5 = 2, then 0.5 + 2 * 2 - 1 * 2 = 2.5, and 1 / (1 + e^-2.5) = 0.924. A sum
    of 100 is cut to 7: 0.5 + 2 * 7 - 7 = 7.5."""
    bar = bars_of([0, 0, 100, 0])
    tables = Tables(1.0, np.array([2.0]), 0.5, np.array([2.0, -1.0, 0, 0]))
    for column, logit in ((0.5, 2.5), (50, 7.5)):
        found = logistic_confidences(np.array([[column]]), bar, contacts_of(bar), 2.0, tables)
        assert found.tolist() == pytest.approx([1 / (1 + np.exp(-logit))]) and found.dtype == np.float32


def table(bars, *, dots=(), ink=None) -> dict[str, np.ndarray]:
    ink = np.zeros((400, 600), np.uint8) if ink is None else ink
    dots = np.array(dots, np.float32).reshape(-1, 2)
    column = features(bars, contacts_of(bars, dots), dots, np.zeros((0, 2), np.float32), ink, 2.0, 2.0, 12)
    assert all(values.shape == (len(bars),) and values.dtype == np.float32 for values in column.values())
    return column


def test_the_columns_of_a_t():
    column = table(T, dots=[[100, 50]])
    np.testing.assert_allclose(column["length"], np.log([100, 50, 20]), rtol=1e-6)
    assert column["dots"].tolist() == [1, 1, 0] and column["dotted ends"].tolist() == [0, 1, 0]
    assert column["corners"].tolist() == [1, 0, 1] and column["free ends"].tolist() == [1, 1, 1]
    np.testing.assert_allclose(column["group length"], np.log([170] * 3), rtol=1e-6)  # corners and dots tie them all
    np.testing.assert_allclose(column["group dots"], np.log([3] * 3), rtol=1e-6)  # the dot lies on two of them
    assert column["isolated"].tolist() == [0, 0, 0] and not column["box"].any() and not column["frame"].any()


def test_an_end_in_ink_is_no_free_end_and_a_wide_bar_is_wide():
    ink = np.zeros((400, 600), np.uint8)
    cv2.rectangle(ink, (111, 80), (200, 120), 1, -1)
    column = table(bars_of([10, 100, 110, 100], width=3), ink=ink)
    assert (column["free ends"][0], column["other ends"][0], column["isolated"][0], column["loose"][0]) == (1, 1, 0, 0)
    assert column["wide"][0] == 0.5 and column["thin"][0] == 0
    column = table(bars_of([10, 100, 110, 100], width=1))
    assert (column["free ends"][0], column["isolated"][0], column["loose"][0]) == (2, 1, 1)
    assert column["thin"][0] == 0.5 and column["short"][0] == 0


def test_a_bar_alone_gets_the_confidence_of_the_fitted_tables():
    """The bar of the last test, 50 strokes long: both logistics summed up from the columns that are not 0."""
    bar = bars_of([100, 100, 200, 100])
    column = table(bar)
    seen = {name: float(value[0]) for name, value in column.items() if value[0]}
    assert set(seen) == {"length", "free ends", "isolated", "group length", "loose"}
    logit = BIAS + sum(WEIGHTS[name] * value for name, value in seen.items())
    own, group, _, _ = NEIGHBOUR_WEIGHTS
    logit = NEIGHBOUR_BIAS + (own + group) * logit
    found = bar_confidences(column, bar, contacts_of(bar), 2.0)
    assert found.tolist() == pytest.approx([1 / (1 + np.exp(-logit))], rel=1e-4) and found[0] < 0.5


def test_a_sheet_without_bars_has_no_rows():
    column = table(EMPTY_BARS)
    assert all(values.shape == (0,) for values in column.values())
    assert bar_confidences(column, EMPTY_BARS, contacts_of(EMPTY_BARS), 2.0).shape == (0,)
