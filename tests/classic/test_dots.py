"""Dots are told from squares and blots by their outline, measured to a fraction of a pixel, typed by their wires."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.bars import bars_of
from wire_detection.classic.dots import JUNCTION_CONFIDENCES, Blobs, arms, dots_and_squares, find_blobs, find_junctions
from wire_detection.classic.strokes import EMPTY_BARS

FLAT, TALL = [10, 60, 150, 60], [80, 10, 80, 110]
CROSS = bars_of(FLAT, TALL)


def darkness_of(*, lines=(), discs=(), squares=()) -> np.ndarray:
    """(120, 160) float32 darkness, soft at the edges: lines 2 px wide, discs x y radius, squares x y half side."""
    fine = 8
    yy, xx = (np.mgrid[: 120 * fine, : 160 * fine] + 0.5) / fine - 0.5
    ink = np.zeros(yy.shape, bool)
    for x0, y0, x1, y1 in lines:
        ink |= (xx >= x0 - 1) & (xx <= x1 + 1) & (yy >= y0 - 1) & (yy <= y1 + 1)
    for x, y, radius in discs:
        ink |= np.hypot(xx - x, yy - y) <= radius
    for x, y, half in squares:
        ink |= np.maximum(np.abs(xx - x), np.abs(yy - y)) <= half
    return cv2.resize(ink.astype(np.float32), (160, 120), interpolation=cv2.INTER_AREA)


def blobs_of(dark: np.ndarray) -> Blobs:
    return find_blobs(dark, (dark > 0.12).astype(np.uint8), 2.0)


def blobs(*rows: tuple[float, ...]) -> Blobs:
    """Blobs from rows (x, y, diameter, squareness, ring ink, stray ink)."""
    table = np.array(rows, np.float32).reshape(-1, 6)
    return Blobs(table[:, :2], *table[:, 2:].T)


@pytest.mark.parametrize(("x", "y", "radius"), [(80, 60, 5), (80.3, 59.6, 6.5), (80, 60, 12)])
def test_a_dot_on_crossing_wires_is_measured_to_a_fraction_of_a_pixel(x, y, radius):
    found = blobs_of(darkness_of(lines=[FLAT, TALL], discs=[(x, y, radius)]))
    assert len(found) == 1
    np.testing.assert_allclose(found.centre, [[x, y]], atol=0.4)
    assert found.diameter[0] == pytest.approx(2 * radius, rel=0.06)
    assert found.squareness[0] == pytest.approx(1, abs=0.03)
    assert found.stray_ink[0] == 0 and 0.05 < found.ring_ink[0] < 0.36


def test_a_square_reaches_further_at_45_degrees():
    """cos(25) / cos(45) = 1.28 for sharp corners at 25 and 45 degrees, the ink of soft ones a little less."""
    found = blobs_of(darkness_of(lines=[FLAT], squares=[(80, 60, 6)]))
    assert len(found) == 1 and found.squareness[0] == pytest.approx(1.25, abs=0.08)


def test_a_bare_crossing_is_neither_dot_nor_square():
    """Where lines of 2 px cross, their soft edges leave a little fill, but the ring around it is half full."""
    found = blobs_of(darkness_of(lines=[FLAT, TALL]))
    assert [len(kept) for kept in dots_and_squares(found, CROSS, 2.0)] == [0, 0]


def test_a_line_a_bar_and_a_large_fill_are_no_blobs():
    """20 strokes of 2 px are the largest dot: a disc of radius 24 is a symbol."""
    assert len(blobs_of(darkness_of(lines=[FLAT]))) == 0
    assert len(blobs_of(darkness_of(discs=[(80, 60, 24)]))) == 0
    assert len(blobs_of(darkness_of(squares=[(60, 60, 4), (66, 60, 4), (72, 60, 4)]))) == 0
    nothing = blobs_of(np.zeros((30, 40), np.float32))
    assert len(nothing) == 0 and nothing.centre.shape == (0, 2) and nothing.stray_ink.shape == (0,)


@pytest.mark.parametrize(("reach", "seen"), [(20, [True, False, True, False]), (60, [True, False, False, False])])
def test_arms_are_the_bars_that_are_there_at_the_reach(reach, seen):
    """From (100, 60) a wire runs 90 px to the left and 50 px up."""
    bars = bars_of([10, 60, 100, 60], [100, 10, 100, 60])
    assert arms(np.array([[100.0, 60]]), np.array([reach]), bars, 3.0).tolist() == [seen]


def test_a_bar_beside_the_point_is_no_arm():
    bars = bars_of(FLAT, [80, 10, 80, 40])
    points = np.array([[80.0, 62], [80, 64]])
    assert arms(points, np.array([5, 5]), bars, 3.0).tolist() == [[True, True, False, False], [False] * 4]
    assert arms(points, np.array([5, 5]), EMPTY_BARS, 3.0).tolist() == [[False] * 4] * 2
    assert arms(np.zeros((0, 2)), np.zeros(0), bars, 3.0).shape == (0, 4)


@pytest.mark.parametrize(
    ("squareness", "ring", "stray", "kind"),
    [
        (1.0, 0.2, 0.0, "dot"),
        (1.17, 0.2, 0.0, "square"),
        (0.9, 0.2, 0.0, ""),
        (1.0, 0.4, 0.0, ""),
        (1.0, 0.2, 0.2, ""),
        (1.17, 0.4, 0.0, ""),
        (1.17, 0.2, 0.2, ""),
    ],
)
def test_outline_and_clean_paper_make_a_dot_or_a_square(squareness, ring, stray, kind):
    dots, squares = dots_and_squares(blobs((80, 60, 10, squareness, ring, stray)), CROSS, 2.0)
    assert (len(dots), len(squares)) == (kind == "dot", kind == "square")


def test_a_dot_has_two_strokes_and_a_square_one():
    bars = bars_of([10, 60, 80, 60])
    for squareness, counts in ((1.0, (0, 0)), (1.17, (0, 1))):
        dots, squares = dots_and_squares(blobs((80, 60, 10, squareness, 0.2, 0.0)), bars, 2.0)
        assert (len(dots), len(squares)) == counts


def test_all_dots_have_the_size_of_those_where_three_strokes_meet():
    """Around 10 px, 12 % are 8.8 to 11.2."""
    shapes = blobs((80, 60, 10, 1, 0.2, 0), *((x, 60, d, 1, 0.2, 0) for x, d in ((30, 11), (50, 11.5), (110, 8.5))))
    dots, _ = dots_and_squares(shapes, CROSS, 2.0)
    assert dots.diameter.tolist() == [10, 11]


def test_types_and_confidences_follow_the_wires_that_meet():
    wires = bars_of(FLAT, TALL, [110, 60, 110, 110])
    dots = blobs(*((x, y, 10, 1, 0.2, 0) for x, y in ((80, 60), (110, 60), (30, 60), (110, 110), (10, 10))))
    points, types, confidences = find_junctions(dots, wires, 2.0)
    assert points.tolist() == [[80, 60], [110, 60], [30, 60]] and types == ("cross", "T", "dot")
    sure, less = JUNCTION_CONFIDENCES
    assert confidences.tolist() == pytest.approx([sure, sure, less]) and confidences.dtype == np.float32


@pytest.mark.parametrize("dots", [blobs(), blobs((80, 60, 10, 1, 0.2, 0))])
def test_without_dots_or_wires_there_is_no_junction(dots):
    points, types, confidences = find_junctions(dots, EMPTY_BARS, 2.0)
    assert points.shape == (0, 2) and types == () and confidences.shape == (0,)
    assert [len(found) for found in dots_and_squares(dots, EMPTY_BARS, 2.0)] == [0, 0]
