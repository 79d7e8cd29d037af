"""The border of a sheet lies within it, holds no wire and says where circuits may stand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.blocks import empty_block, inside, stroke_boxes
from wire_detection.drawing import border

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["plain", "zones"])
def test_a_frame_lies_on_the_sheet_around_the_free_area(seed, kind):
    made = empty_block(seed)
    area, taken = border.frame(made, 200, 150, kind)
    frame = stroke_boxes(made)[0]
    assert inside(stroke_boxes(made), (0, 0, 200, 150)) and inside(np.array([area]), frame)
    strip = area[0] - frame[0]
    assert (strip > 1) == (kind == "zones")
    np.testing.assert_allclose(np.subtract(area, frame), [strip, strip, -strip, -strip], atol=1e-9)
    (box,) = taken
    assert box[2:] == area[2:] and inside(np.array([box]), area)


@pytest.mark.parametrize("seed", SEEDS)
def test_zones_are_numbered_along_and_lettered_down_on_both_sides(seed):
    made = empty_block(seed)
    area, (title,) = border.frame(made, 200, 150, "zones")
    names = [t.text for t in made.texts if not (area[0] < t.x < area[2] and area[1] < t.y < area[3])]
    digits, letters = [n for n in names if n.isdigit()], [n for n in names if n.isalpha()]
    columns, rows = len(digits) // 2, len(letters) // 2
    assert sorted(digits) == sorted(2 * [str(i + 1) for i in range(columns)]) and 4 <= columns <= 9
    assert sorted(letters) == sorted(2 * "ABCDEFGH"[:rows]) and 3 <= rows <= 7


@pytest.mark.parametrize("seed", SEEDS)
def test_a_title_block_stands_in_the_corner_with_a_line_of_text_in_each_row(seed):
    made = empty_block(seed)
    box = border.title_block(made, (10, 10, 110, 90))
    assert box[2:] == (110, 90) and 0.75 * 100 >= 110 - box[0] >= 32
    lines = stroke_boxes(made)
    assert inside(lines, box)
    horizontal = np.unique(np.round(lines[(lines[:, 1] == lines[:, 3]) & (lines[:, 2] == 110), 1], 6))
    assert 3 <= len(horizontal) <= 6
    starts = np.array([t.y for t in made.texts if t.x < box[0] + 1.5])
    np.testing.assert_allclose(np.sort(starts), horizontal + (90 - box[1]) / len(horizontal) / 2, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_dividers_are_straight_lines_within_the_area(seed):
    made = empty_block(seed)
    border.dividers(made, (10, 20, 110, 90))
    lines = stroke_boxes(made)
    assert inside(lines, (10, 20, 110, 90)) and {stroke.kind for stroke in made.strokes} <= {"graphic", "dashed"}
    assert ((lines[:, 0] == lines[:, 2]) | (lines[:, 1] == lines[:, 3])).all() and len(lines) <= 6


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_of_it_is_a_wire_or_a_component(seed):
    made = empty_block(seed)
    border.frame(made, 200, 150, "zones")
    border.footer(made, (0, 0, 200, 150))
    border.dividers(made, (0, 0, 200, 150))
    assert made.strokes and made.texts and not made.wires and not made.pins and not made.components
