"""Letters go, wires stay: small parts, rows and columns of letters, and the parts within others' holes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.classic.letters import in_text_rows, parts, strokes_of_text, without_letters

ROW = [[10, 20, 12, 20], [25, 20, 12, 20], [40, 20, 12, 20]]
"""Three boxes of 12x20 px at left, top, width, height, 3 px apart."""


def rows_of(*boxes) -> list[bool]:
    return in_text_rows(np.array(boxes, int).reshape(-1, 4), 2.0).tolist()


def moved(**changes: int) -> list[list[int]]:
    """ROW with its last box changed."""
    last = dict(zip(("left", "top", "width", "height"), ROW[2], strict=True)) | changes
    return [*ROW[:2], list(last.values())]


def test_three_letters_in_a_row_or_a_column_are_text_and_two_are_not():
    assert rows_of(*ROW) == [True] * 3
    assert rows_of(*[[top, left, height, width] for left, top, width, height in ROW]) == [True] * 3
    assert rows_of(*ROW[:2]) == [False] * 2


def test_the_order_of_the_parts_does_not_matter():
    assert rows_of([300, 20, 12, 20], ROW[2], ROW[0], [10, 200, 12, 20], ROW[1]) == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"left": 25 + 12 + 14}, True),  # 0.7 of the height of 20 px away
        ({"left": 25 + 12 + 15}, False),
        ({"top": 26}, True),  # 14 of 20 px beside one another
        ({"top": 27}, False),
        ({"height": 32}, True),  # 1.6 times as high
        ({"height": 33}, False),
        ({"width": 32}, True),
        ({"width": 33}, False),  # wider than any letter of its height
    ],
)
def test_letters_of_a_row_are_close_alike_and_narrow(change, text):
    assert rows_of(*moved(**change)) == [text] * 3


@pytest.mark.parametrize(("height", "text"), [(8, True), (7, False), (120, True), (121, False)])
def test_letters_are_4_to_60_stroke_widths_high(height, text):
    assert rows_of(*[[i * (height + 2), 20, height, height] for i in range(3)]) == [text] * 3


def test_no_parts_no_rows():
    assert rows_of() == []
    contours, boxes = parts(np.zeros((20, 30), np.uint8))
    assert contours == [] and boxes.shape == (0, 4)
    assert not without_letters(np.zeros((20, 30), np.uint8), 2.0).any()


def test_parts_within_a_hole_are_parts_of_their_own():
    ink = np.zeros((100, 120), np.uint8)
    cv2.rectangle(ink, (10, 10), (90, 80), 1, 1)
    ink[40:46, 30:33] = 1
    _, boxes = parts(ink)
    assert sorted(boxes.tolist()) == [[10, 10, 81, 71], [30, 40, 3, 6]]


def test_small_parts_and_words_go_and_a_wire_with_its_symbol_stays():
    """14 strokes of 2 px are 28 px: a dash of 27 goes and one of 28 stays."""
    ink = np.zeros((200, 300), np.uint8)
    ink[100:102, 20:280] = ink[60:100, 150:152] = 1
    wire = ink.copy()
    ink[10:12, 20:47] = 1
    ink[20:22, 20:48] = 1
    wire[20:22, 20:48] = 1
    for left in (60, 90, 120):  # three strokes of 40 px in a row, higher than small parts
        ink[140:180, left : left + 4] = 1
    np.testing.assert_array_equal(without_letters(ink, 2.0), wire)
    assert ink[140, 60] == 1  # the ink itself is left alone


def test_a_text_box_takes_what_lies_in_it_and_is_no_longer_than_it_is_high():
    """1.2 times the height of 20 px is 24."""
    boxes = np.array([[10, 10, 110, 30]])
    segments = np.array(
        [[20, 20, 44, 20], [20, 20, 45, 20], [15, 12, 15, 30], [15, 12, 15, 31], [5, 20, 12, 20]], float
    )
    assert strokes_of_text(segments, boxes).tolist() == [True, False, True, False, False]
    assert strokes_of_text(segments, np.zeros((0, 4))).tolist() == [False] * 5
    assert strokes_of_text(np.zeros((0, 4)), boxes).shape == (0,)
