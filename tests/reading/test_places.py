"""Places where strokes may meet: where bars cross or touch, peaks of the map, each of them listed once."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.classic.detect import find_candidates
from wire_detection.classic.strokes import Bars
from wire_detection.reading.places import BLOB, CONTACT, PEAK, contacts, crossings_of, find_places, local_peaks, merged
from wire_detection.reading.ridges import NO_RIDGES, Ridges

SAME = np.eye(2, 3)


def bars(*rows) -> Bars:
    """Bars (vertical, low, high, offset), two pixels wide."""
    vertical, low, high, offset = (np.array(column) for column in zip(*rows, strict=True))
    two = np.full(len(low), 2, np.float32)
    return Bars(vertical.astype(bool), *(v.astype(np.float32) for v in (low, high, offset)), two, two / 2, 0 * two)


@pytest.mark.parametrize(
    ("low", "found"),
    [
        (20, 1),  # the vertical bar crosses the horizontal one
        (50, 1),  # it begins on it
        (54, 1),  # and 4 px below: one and a half stroke widths and a pixel
        (55, 0),
    ],
)
def test_bars_that_cross_or_nearly_touch_have_a_place(low, found):
    places = contacts(bars((False, 0, 100, 50), (True, low, 90, 30.5)), 2.0)
    assert places.tolist() == [[30.5, 50]][:found]


def test_parallel_bars_and_no_bars_have_none():
    assert contacts(bars((False, 0, 100, 50), (False, 0, 100, 51)), 2.0).shape == (0, 2)
    assert contacts(bars((True, 0, 100, 50)), 2.0).shape == (0, 2)


def test_points_within_reach_become_their_mean_also_in_a_chain():
    points = np.array([[0, 0], [3, 0], [6, 0], [20, 5]], np.float32)
    assert sorted(merged(points, 3.0).tolist()) == [[3, 0], [20, 5]]
    assert merged(points[:0], 3.0).shape == (0, 2)


def test_peaks_are_the_highest_of_their_neighbourhood():
    junction = np.zeros((30, 40), np.float32)
    junction[10, 10:13] = 0.3, 0.6, 0.5
    junction[20, 30] = 0.125
    junction[25, 5] = 0.05  # too low
    assert local_peaks(junction).tolist() == [[11, 10], [30, 20]]


def sheet() -> np.ndarray:
    """A horizontal stroke that a vertical one ends on at (80, 60), and a dot on the horizontal one at (120, 60)."""
    grey = np.full((120, 160), 255, np.uint8)
    grey[60:62, 10:150] = 0
    grey[60:110, 80:82] = 0
    cv2.circle(grey, (120, 60), 5, 0, -1)
    return grey


def test_what_lies_at_a_place_listed_before_is_that_place():
    """Peaks at the T, 2 px off it, at the dot, along the stroke and on bare paper: each by what is known best of it."""
    junction = np.zeros((120, 160), np.float32)
    junction[62, 82] = junction[60, 120] = junction[61, 30] = junction[20, 20] = 0.5
    found = find_candidates(sheet())
    places = find_places(found, NO_RIDGES, junction, SAME)
    order = np.argsort(-places.centre[:, 0])
    np.testing.assert_allclose(places.centre[order], [[120.3, 60.3], [80.5, 60.5], [30, 61]], atol=0.5)
    assert places.kind[order].tolist() == [BLOB, CONTACT, PEAK]


def test_peaks_are_brought_back_from_the_maps_pixels_to_those_of_the_sheet():
    junction = np.zeros((60, 80), np.float32)
    junction[10, 10] = 0.5
    half = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]])
    grey = np.full((120, 160), 255, np.uint8)
    grey[19:23, 19:23] = 0
    places = find_places(find_candidates(grey), NO_RIDGES, junction, half)
    assert places.centre.tolist() == [[20.5, 20.5]] and places.kind.tolist() == [PEAK]


def test_bare_paper_has_no_places():
    found = find_candidates(np.full((60, 80), 255, np.uint8))
    assert len(find_places(found, NO_RIDGES, np.zeros((60, 80), np.float32), SAME)) == 0


def test_segments_cross_within_both_and_not_beyond():
    """y = x and y = 20 - x meet at (10, 10); the third one's line meets the first at (15, 15), beyond its own end."""
    slant = np.array([[0, 0, 30, 30]], np.float32)
    others = np.array([[0, 20, 20, 0], [0, 15, 10, 15], [0, 5, 30, 35]], np.float32)
    assert crossings_of(slant, others).tolist() == [[10, 10]]
    assert crossings_of(np.zeros((0, 4), np.float32), others).shape == (0, 2)


def test_where_ridges_end_on_a_bar_cross_and_turn_are_places():
    grey = np.full((120, 160), 255, np.uint8)
    cv2.line(grey, (10, 20), (150, 20), 0, 2)
    ridges = Ridges(np.array([[40, 20, 100, 80], [100, 80, 130, 100], [60, 80, 90, 50]], np.float32), np.ones(3))
    places = find_places(find_candidates(grey), ridges, np.zeros(grey.shape, np.float32), SAME)
    assert sorted(np.round(places.centre).tolist()) == [[40, 20], [80, 60], [100, 80]]
