"""Bars by hand: where a stroke lies, what is joined to one and what stays two, and which way a sheet is turned."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.helpers.bars import bars_of
from wire_detection.classic.skew import odd, rotate_upright, skew_angle_deg
from wire_detection.classic.strokes import EMPTY_BARS, LONGEST_BRIDGE, find_bars, join_bars
from wire_detection.sheets.ink import darkness


def sheet(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """A white sheet of 300x200 px with black boxes x0 y0 x1 y1, the last column and row included."""
    grey = np.full((200, 300), 255, np.uint8)
    for x0, y0, x1, y1 in boxes:
        grey[y0 : y1 + 1, x0 : x1 + 1] = 0
    return grey


def bars_on(grey: np.ndarray, shortest_px: float = 20):
    dark = darkness(grey)
    return find_bars(dark, (dark > 0.12).astype(np.uint8), 2.0, shortest_px)


def test_a_vertical_stroke_lies_where_it_was_drawn():
    bars = bars_on(sheet((100, 30, 102, 150)))
    assert bars.vertical.tolist() == [True]
    np.testing.assert_allclose(bars.segments(), [[101, 30, 101, 150]], atol=0.2)
    assert bars.width[0] == pytest.approx(3, abs=0.1) and bars.darkness[0] == pytest.approx(1, abs=0.01)


def test_a_crossing_gives_two_whole_bars_and_a_grey_one_its_own_darkness():
    grey = sheet((100, 30, 101, 150))
    grey[90:92, 20:280] = 128
    bars = bars_on(grey)
    assert bars.vertical.tolist() == [False, True]
    np.testing.assert_allclose(bars.segments(), [[20, 90.5, 279, 90.5], [100.5, 30, 100.5, 150]], atol=0.3)
    np.testing.assert_allclose(bars.darkness, [0.5, 1], atol=0.02)


def test_a_parallel_line_nearby_moves_no_bar():
    bars = bars_on(sheet((20, 50, 200, 51), (20, 56, 200, 57)))
    np.testing.assert_allclose(np.sort(bars.offset), [50.5, 56.5], atol=0.05)
    np.testing.assert_allclose(bars.width, 2, atol=0.05)


def test_a_gap_between_two_plates_is_no_hairline():
    """A capacitor: its plates are too short for bars of their own."""
    plates = (98, 44, 99, 57), (102, 44, 103, 57)
    bars = bars_on(sheet((20, 50, 99, 51), (102, 50, 180, 51), *plates))
    found = np.sort(bars.segments(), 0)
    np.testing.assert_allclose(found, [[20, 50.5, 99, 50.5], [102, 50.5, 180, 50.5]], atol=0.3)
    assert len(bars_on(sheet((20, 50, 99, 51), (102, 50, 180, 51), plates[0]))) == 1


@pytest.mark.parametrize(("gap", "count"), [(1, 1), (3, 1), (8, 2)])
def test_a_hairline_gap_is_closed_and_a_wide_one_is_not(gap, count):
    """A gap of 1.2 strokes and a pixel, 3.4 px between the ends, is the largest that scanning makes."""
    bars = bars_on(sheet((20, 50, 99, 51), (100 + gap - 1, 50, 180, 51)))
    assert len(bars) == count and bars.high.max() == 180 and bars.low.min() == 20


@pytest.mark.parametrize(("length", "count"), [(30, 1), (60, 2)])
def test_ink_bridges_two_pieces_as_far_as_the_largest_dot_is_wide(length, count):
    assert 30 < LONGEST_BRIDGE * 2 < 60
    grey = sheet((20, 50, 100, 51), (100, 36, 100 + length, 65), (100 + length, 50, 280, 51))
    horizontal = bars_on(grey, 40)
    horizontal = horizontal.take(~horizontal.vertical)
    assert len(horizontal) == count and (horizontal.low.min(), horizontal.high.max()) == (20, 280)


def test_pieces_on_different_lines_are_not_joined():
    assert len(bars_on(sheet((20, 50, 99, 51), (101, 54, 180, 55)))) == 2


def test_no_bar_is_shorter_than_asked_nor_a_filled_box_one():
    grey = sheet((20, 50, 49, 51), (20, 80, 80, 81), (150, 50, 250, 150))
    np.testing.assert_allclose(bars_on(grey, 40).segments(), [[20, 80.5, 80, 80.5]], atol=0.2)
    assert len(bars_on(grey, 61)) == 1 and len(bars_on(grey, 63)) == 0


def test_a_sheet_without_ink_has_no_bars_and_no_skew():
    grey = sheet()
    assert len(bars_on(grey)) == 0 and bars_on(grey).segments().shape == (0, 4)
    assert skew_angle_deg(np.zeros_like(grey), 2.0) == 0
    assert EMPTY_BARS.segments().dtype == np.float32


@pytest.mark.parametrize("vertical", [False, True])
@pytest.mark.parametrize(
    ("rise", "angle"), [(4, np.degrees(np.arctan2(4, 240))), (-4, -np.degrees(np.arctan2(4, 240))), (20, 0.0)]
)
def test_strokes_of_one_direction_tell_the_skew_and_steep_ones_are_none(vertical, rise, angle):
    """A line that falls 4 px over 240 is turned by 0.95 degrees; one of 20, 4.8 degrees, was drawn so."""
    ink = np.zeros((300, 300), np.uint8)
    for start in (60, 140, 220):
        for x in range(240):
            ink[start + round(x * rise / 240) : start + round(x * rise / 240) + 2, 30 + x] = 1
    if vertical:
        ink = np.ascontiguousarray(np.rot90(ink))  # counterclockwise: the lines keep their angle to the axis
    assert skew_angle_deg(ink, 2.0) == pytest.approx(angle, abs=0.12)


def test_turning_keeps_all_of_the_sheet():
    """A sheet of 300x200 turned by 2 degrees is ceil(300 cos + 200 sin) = 307 wide and ceil(300 sin + 200 cos) high."""
    turned, back = rotate_upright(np.ones((200, 300), np.float32), 2.0)
    assert turned.shape == (211, 307) and turned.sum() == pytest.approx(200 * 300, rel=0.01)
    np.testing.assert_allclose(back @ (153, 105, 1), (149.5, 99.5), atol=0.01)


@pytest.mark.parametrize(("size", "nearest"), [(1, 1), (3.9, 3), (4.1, 5), (5, 5), (13.2, 13)])
def test_odd_numbers(size, nearest):
    assert odd(size) == nearest


def test_bars_are_chosen_joined_and_moved_as_one():
    bars = bars_of([10, 20, 50, 20], [30, 5, 30, 45])
    both = join_bars(bars, EMPTY_BARS, bars.take([1]))
    assert both.length.tolist() == [40, 40, 40] and both.vertical.tolist() == [False, True, True]
    moved = both.with_ends([1, 2, 3], [4, 6, 8])
    assert moved.segments().tolist() == [[1, 20, 4, 20], [30, 2, 30, 6], [30, 3, 30, 8]]
    assert both.low.tolist() == [10, 5, 5]


def test_places_along_and_across_a_bar_are_points_and_back():
    """Of a bar at y = 20 the point (50, 26) lies 50 along and 26 across, of one at x = 30 26 along and 50 across."""
    bars = bars_of([10, 20, 50, 20], [30, 5, 30, 45])
    along, across = bars.places_of(np.array([[50, 26], [1, 2]]))
    assert along.tolist() == [[50, 1], [26, 2]] and across.tolist() == [[26, 2], [50, 1]]
    x, y = bars.xy(along, across)
    assert x.tolist() == [[50, 1], [50, 1]] and y.tolist() == [[26, 2], [26, 2]]
    assert [values.tolist() for values in bars.xy(np.array([1, 2]), bars.offset)] == [[1, 30], [20, 2]]
    assert EMPTY_BARS.places_of(np.zeros((3, 2)))[0].shape == (0, 3)


def drawn(*lines) -> np.ndarray:
    """A white sheet of 300x200 px with black polylines 2 px wide."""
    grey = sheet()
    for line in lines:
        cv2.polylines(grey, [np.array(line, np.int32)], False, 0, 2)
    return grey


def test_a_stroke_that_leans_is_one_bar_with_a_slope():
    """15 px down over 200 px, 4 degrees: each row holds 13 px of it at a time."""
    bars = bars_on(drawn([(40, 50), (240, 65)]), 14)
    assert len(bars) == 1 and bars.slope[0] == pytest.approx(0.075, abs=0.005)
    np.testing.assert_allclose(bars.segments(), [[40, 50.5, 240, 65.5]], atol=1.2)
    upright = bars_on(drawn([(50, 10), (62, 180)]), 14)
    np.testing.assert_allclose(upright.segments(), [[50.5, 10, 62.5, 180]], atol=1.2)


def test_a_stroke_that_bends_is_a_chain_of_bars():
    bars = bars_on(drawn([(20, 50), (150, 58), (280, 50)]), 14)
    first, second = bars.segments()[np.argsort(bars.low)]
    np.testing.assert_allclose([*first[:2], *second[2:]], [20, 50.5, 280, 50.5], atol=1.5)
    np.testing.assert_allclose([first[2:], second[:2]], [[150, 58.5]] * 2, atol=10)
    assert abs(first[3] - second[1]) < 1.5 and first[2] == second[0]


def test_the_dark_rim_of_a_scan_is_no_bar():
    grey = sheet((0, 0, 299, 0), (20, 50, 280, 51))
    np.testing.assert_allclose(bars_on(grey).segments(), [[20, 50.5, 280, 50.5]], atol=0.2)


def test_what_lies_on_a_leaning_bar_is_across_it_by_its_offset_and_its_part_stays_on_its_line():
    """From (10, 20) to (50, 24): the middle is (30, 22), and a tenth of a pixel is gained per pixel."""
    bars = replace(bars_of([10, 22, 50, 22]), slope=np.array([0.1], np.float32))
    np.testing.assert_allclose(bars.segments(), [[10, 20, 50, 24]], atol=1e-5)
    np.testing.assert_allclose(bars.places_of(np.array([[40.0, 23.0]])), [[[40]], [[22]]], atol=1e-5)
    np.testing.assert_allclose(bars.with_ends([20], [30]).segments(), [[20, 21, 30, 22]], atol=1e-5)


def test_lines_of_leaning_bars_meet_where_they_cross():
    """y = 20 + 0.1 (x - 30) and x = 40 - 0.2 (y - 21) meet at (40, 21)."""
    level = replace(bars_of([10, 20, 50, 20]), slope=np.array([0.1], np.float32))
    tall = replace(bars_of([40, 11, 40, 31]), slope=np.array([-0.2], np.float32))
    np.testing.assert_allclose(level.meetings(tall), [[[40]], [[21]]], atol=1e-5)
    np.testing.assert_allclose(tall.meetings(level), [[[21]], [[40]]], atol=1e-5)
