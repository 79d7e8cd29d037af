"""What stands between circuits holds no wire and stays in its place."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.blocks import empty_block, stroke_boxes
from wire_detection.drawing import notes

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_of_it_is_a_wire_or_a_component(seed):
    made = empty_block(seed)
    for draw in notes.FILLERS:
        draw(made, 50, 50)
    notes.group_box(made, (20, 20, 60, 50))
    notes.heading(made, (20, 60, 60, 90))
    assert made.strokes and made.texts and not made.wires and not made.pins and not made.components


@pytest.mark.parametrize("seed", SEEDS)
def test_a_table_is_a_grid_with_its_words_within_the_cells(seed):
    made = empty_block(seed)
    notes.table(made, 30, 20)
    lines = stroke_boxes(made)
    horizontal, vertical = lines[lines[:, 1] == lines[:, 3]], lines[lines[:, 0] == lines[:, 2]]
    assert 3 <= len(horizontal) <= 9 and 3 <= len(vertical) <= 6 and len(horizontal) + len(vertical) == len(lines)
    assert np.ptp(horizontal[:, [0, 2]], axis=0).max() == 0 and horizontal[0, 0] == 30 and horizontal[:, 1].min() == 20
    for text in made.texts:
        right = min(x for x in vertical[:, 0] if x > text.x)
        assert text.x + made.width(text.text, text.height) < right


@pytest.mark.parametrize("seed", SEEDS)
def test_a_heading_stands_above_its_box_and_enlarges_it(seed):
    made = empty_block(seed)
    x0, y0, x1, y1 = notes.heading(made, (20, 60, 30, 90))
    (title,) = made.texts
    assert (x0, y1) == (20, 90) and title.kind == "heading"
    assert y0 <= title.y - title.height and title.y < 60
    assert notes.group_box(made, (20, 60, 60, 90)) == (20, 60, 60, 90)
    np.testing.assert_allclose(stroke_boxes(made)[-1], (20, 60, 60, 90))


def test_an_underline_lies_below_its_text_and_is_no_shorter():
    for seed in SEEDS:
        made = empty_block(seed)
        notes.underline(made, "Power supply", 10, 20, 2.0)
        ((x0, y0, x1, y1),) = stroke_boxes(made)
        assert y0 == y1 and 20.4 <= y0 <= 21 and x0 == 9.7
        assert x1 >= 10 + made.width("Power supply", 2.0) - 1e-9
