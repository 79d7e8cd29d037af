"""A slanted wire is found between two open ends, and nothing else that is slanted is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.helpers.bars import bars_of
from wire_detection.classic.slanted import MOST_ENDS, find_slanted, held_slants, propose_slanted
from wire_detection.classic.strokes import EMPTY_BARS

BARS = ([10, 50, 100, 50], [160, 110, 250, 110])
"""The open end of the one at (100, 50), that of the other at (160, 110)."""

OPEN = np.ones((2, 2), bool)


def ink_of(*lines: tuple[int, int, int, int]) -> np.ndarray:
    """(160, 260) uint8, 1 on lines of 2 px."""
    ink = np.zeros((160, 260), np.uint8)
    for x0, y0, x1, y1 in (*BARS, *lines):
        cv2.line(ink, (x0, y0), (x1, y1), 1, 2)
    return ink


SLANT = (100, 50, 160, 110)


def test_a_slanted_line_joins_two_open_ends():
    segments, joined = find_slanted(bars_of(*BARS), OPEN, ink_of(SLANT), 2.0)
    assert segments.tolist() == [list(SLANT)] and segments.dtype == np.float32
    assert joined.tolist() == [[0, 1]]


def test_a_vertical_bar_may_begin_it():
    ink = np.zeros((160, 260), np.uint8)
    for x0, y0, x1, y1 in ([60, 10, 60, 50], [60, 50, 130, 120], [130, 120, 220, 120]):
        cv2.line(ink, (x0, y0), (x1, y1), 1, 2)
    segments, joined = find_slanted(bars_of([60, 10, 60, 50], [130, 120, 220, 120]), OPEN, ink, 2.0)
    assert segments.tolist() == [[60, 50, 130, 120]] and joined.tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("name", "lines", "ends"),
    [
        ("no ink", (), OPEN),
        ("a broken line", ((100, 50, 125, 75), (135, 85, 160, 110)), OPEN),
        ("a line that goes on", ((85, 35, 175, 125),), OPEN),
        ("an end at which something lies", (SLANT,), np.array([[True, False], [True, True]])),
    ],
)
def test_what_is_no_slanted_wire(name, lines, ends):
    assert find_slanted(bars_of(*BARS), ends, ink_of(*lines), 2.0)[0].shape == (0, 4), name


def test_the_ink_of_a_leaning_bar_is_no_slant_from_its_neighbour_to_its_far_end():
    """The second bar falls from (100, 51) to (200, 71)."""
    bars = replace(bars_of([10, 50, 100, 50], [100, 61, 200, 61]), slope=np.array([0, 0.2], np.float32))
    ink = np.zeros((160, 260), np.uint8)
    for x0, y0, x1, y1 in ([10, 50, 100, 50], [100, 51, 200, 71]):
        cv2.line(ink, (x0, y0), (x1, y1), 1, 2)
    assert len(find_slanted(bars, OPEN, ink, 2.0)[0]) == 0


def test_the_inside_of_a_fill_is_no_line():
    ink = ink_of()
    cv2.fillPoly(ink, [np.array([[100, 50], [160, 50], [160, 110], [100, 110]])], 1)
    assert len(find_slanted(bars_of(*BARS), OPEN, ink, 2.0)[0]) == 0


def test_a_short_slant_is_an_arrow_head():
    """14 strokes of 2 px are 28 px: (20, 20) is 28.3 px long, (19, 19) 26.9."""
    for step, count in ((20, 1), (19, 0)):
        bars = bars_of([10, 50, 100, 50], [100 + step, 50 + step, 250, 50 + step])
        ink = np.zeros((160, 260), np.uint8)
        for x0, y0, x1, y1 in (
            (10, 50, 100, 50),
            (100, 50, 100 + step, 50 + step),
            (100 + step, 50 + step, 250, 50 + step),
        ):
            cv2.line(ink, (x0, y0), (x1, y1), 1, 2)
        assert len(find_slanted(bars, OPEN, ink, 2.0)[0]) == count


def test_two_slants_at_one_end_are_the_tip_of_a_triangle():
    bars = bars_of(*BARS, [160, 5, 250, 5])
    ink = ink_of(SLANT, (100, 50, 160, 5), (160, 5, 250, 5))
    assert len(find_slanted(bars, np.ones((3, 2), bool), ink, 2.0)[0]) == 0
    assert len(find_slanted(bars, np.array([[1, 1], [1, 1], [0, 0]], bool), ink, 2.0)[0]) == 1


def test_a_nearly_level_line_is_a_bar_of_a_tilted_sheet():
    """4 px over 70 are 3.3 degrees, 6 px 4.9."""
    for step, count in ((4, 0), (6, 1)):
        lines = [100, 10, 100, 50], [100, 50, 170, 50 + step], [170, 50 + step, 170, 120]
        ink = np.zeros((160, 260), np.uint8)
        for x0, y0, x1, y1 in lines:
            cv2.line(ink, (x0, y0), (x1, y1), 1, 2)
        assert len(find_slanted(bars_of(lines[0], lines[2]), OPEN, ink, 2.0)[0]) == count


def test_no_bars_and_far_too_many_have_no_slants():
    nothing = find_slanted(EMPTY_BARS, np.zeros((0, 2), bool), ink_of(SLANT), 2.0)
    assert nothing[0].shape == (0, 4) and nothing[1].shape == (0, 2)
    many = bars_of(*BARS, *[[0, 0, 9, 0]] * (MOST_ENDS // 2 - 1))
    found = find_slanted(many, np.ones((len(many), 2), bool), ink_of(SLANT), 2.0)
    assert found[0].shape == (0, 4) and found[1].shape == (0, 2)
    fewer = np.ones((len(many), 2), bool)
    fewer[2:] = False
    assert len(find_slanted(many, fewer, ink_of(SLANT), 2.0)[0]) == 1


RAILS = ([10, 20, 250, 20], [10, 140, 250, 140])
"""Two wires; what is slanted between their middles joins no open ends."""


def between_rails(*lines, rails=RAILS) -> np.ndarray:
    """The slanted wires that the Hough transform finds among lines of 2 px and the rails."""
    ink = np.zeros((160, 260), np.uint8)
    for x0, y0, x1, y1 in (*RAILS, *lines):
        cv2.line(ink, (x0, y0), (x1, y1), 1, 2)
    bars = np.array(RAILS, np.float32)
    return held_slants(propose_slanted(bars_of(*RAILS), ink, 2.0), np.array(rails, np.float32), bars, ink, 2.0)


def test_two_that_cross_need_a_wire_at_one_end_each_and_end_on_the_leads_at_the_others():
    found = between_rails((60, 20, 160, 140), (160, 20, 60, 140), rails=RAILS[:1])
    assert len(found) == 2
    for wanted in ([60, 20, 160, 140], [160, 20, 60, 140]):
        assert min(np.abs(found - wanted).max(1).min(), np.abs(found[:, [2, 3, 0, 1]] - wanted).max(1).min()) < 2


def test_slants_between_two_wires_are_found_even_where_they_cross():
    found = between_rails((60, 20, 160, 140), (160, 20, 60, 140))
    assert len(found) == 2 and found.dtype == np.float32
    for wanted in ([60, 20, 160, 140], [160, 20, 60, 140]):
        assert min(np.abs(found - wanted).max(1).min(), np.abs(found[:, [2, 3, 0, 1]] - wanted).max(1).min()) < 2


@pytest.mark.parametrize(
    ("name", "lines", "rails"),
    [
        ("no wire at its lower end", ((60, 20, 160, 140),), RAILS[:1]),
        ("one that stops on paper", ((60, 20, 140, 110),), RAILS),
        ("one that runs on", ((60, 20, 180, 159),), RAILS),
        ("the tip of a triangle", ((60, 20, 110, 140), (160, 20, 110, 140)), RAILS),
        ("a short one", ((60, 20, 75, 35),), RAILS),
        ("nothing", (), RAILS),
    ],
)
def test_what_the_hough_transform_finds_is_no_wire_by_itself(name, lines, rails):
    assert between_rails(*lines, rails=rails).shape == (0, 4), name


def test_in_a_texture_no_slants_are_proposed():
    ink = (np.random.default_rng(0).random((160, 260)) < 0.3).astype(np.uint8)
    assert propose_slanted(EMPTY_BARS, ink, 2.0).shape == (0, 4)
