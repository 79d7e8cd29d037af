"""What stands beside a circuit holds no wire, stays in its place and says where circuits may stand."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.drawing import furniture
from wire_detection.drawing.block import Block
from wire_detection.drawing.connectivity import connectivity
from wire_detection.drawing.styles import draw_style
from wire_detection.drawing.words import Words

SEEDS = range(12)


def block(seed: int) -> Block:
    rng = np.random.default_rng(seed)
    return Block(draw_style(rng, "kicad"), Words(rng))


def lines_of(made: Block) -> np.ndarray:
    """(N, 4) box of each stroke."""
    return np.array([(*s.points.min(0), *s.points.max(0)) for s in made.strokes]).reshape(-1, 4)


def inside(boxes: np.ndarray, area, rim: float = 1e-9) -> bool:
    x0, y0, x1, y1 = area
    return bool((boxes[:, :2] >= (x0 - rim, y0 - rim)).all() and (boxes[:, 2:] <= (x1 + rim, y1 + rim)).all())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["plain", "zones"])
def test_a_frame_lies_on_the_sheet_around_the_free_area(seed, kind):
    made = block(seed)
    area, taken = furniture.frame(made, 200, 150, kind)
    frame = lines_of(made)[0]
    assert inside(lines_of(made), (0, 0, 200, 150)) and inside(np.array([area]), frame)
    strip = area[0] - frame[0]
    assert (strip > 1) == (kind == "zones")
    np.testing.assert_allclose(np.subtract(area, frame), [strip, strip, -strip, -strip], atol=1e-9)
    (box,) = taken
    assert box[2:] == area[2:] and inside(np.array([box]), area)


@pytest.mark.parametrize("seed", SEEDS)
def test_zones_are_numbered_along_and_lettered_down_on_both_sides(seed):
    made = block(seed)
    area, (title,) = furniture.frame(made, 200, 150, "zones")
    names = [t.text for t in made.texts if not (area[0] < t.x < area[2] and area[1] < t.y < area[3])]
    digits, letters = [n for n in names if n.isdigit()], [n for n in names if n.isalpha()]
    columns, rows = len(digits) // 2, len(letters) // 2
    assert sorted(digits) == sorted(2 * [str(i + 1) for i in range(columns)]) and 4 <= columns <= 9
    assert sorted(letters) == sorted(2 * "ABCDEFGH"[:rows]) and 3 <= rows <= 7


@pytest.mark.parametrize("seed", SEEDS)
def test_a_title_block_stands_in_the_corner_with_a_line_of_text_in_each_row(seed):
    made = block(seed)
    box = furniture.title_block(made, (10, 10, 110, 90))
    assert box[2:] == (110, 90) and 0.75 * 100 >= 110 - box[0] >= 32
    lines = lines_of(made)
    assert inside(lines, box)
    level = np.unique(np.round(lines[(lines[:, 1] == lines[:, 3]) & (lines[:, 2] == 110), 1], 6))
    assert 3 <= len(level) <= 6
    starts = np.array([t.y for t in made.texts if t.x < box[0] + 1.5])
    np.testing.assert_allclose(np.sort(starts), level + (90 - box[1]) / len(level) / 2, atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_of_it_is_a_wire(seed):
    made = block(seed)
    furniture.frame(made, 200, 150, "zones")
    for draw in furniture.FURNITURE.values():
        draw(made, 50, 50)
    furniture.footer(made, (0, 0, 200, 150))
    furniture.dividers(made, (0, 0, 200, 150))
    furniture.group_box(made, (20, 20, 60, 50))
    furniture.heading(made, (20, 60, 60, 90))
    assert made.strokes and made.texts and not made.wires and not made.pins and not made.components
    assert len(connectivity(made).wires) == len(connectivity(made).junctions) == 0
    assert all(np.isfinite(stroke.points).all() for stroke in made.strokes)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_table_is_a_grid_with_its_words_within_the_cells(seed):
    made = block(seed)
    furniture.table(made, 30, 20)
    lines = lines_of(made)
    level, upright = lines[lines[:, 1] == lines[:, 3]], lines[lines[:, 0] == lines[:, 2]]
    assert 3 <= len(level) <= 9 and 3 <= len(upright) <= 6 and len(level) + len(upright) == len(lines)
    assert np.ptp(level[:, [0, 2]], axis=0).max() == 0 and level[0, 0] == 30 and level[:, 1].min() == 20
    for text in made.texts:
        right = min(x for x in upright[:, 0] if x > text.x)
        assert text.x + made.width(text.text, text.height) < right


@pytest.mark.parametrize("seed", SEEDS)
def test_dividers_are_straight_lines_within_the_area(seed):
    made = block(seed)
    furniture.dividers(made, (10, 20, 110, 90))
    lines = lines_of(made)
    assert inside(lines, (10, 20, 110, 90)) and {stroke.kind for stroke in made.strokes} <= {"graphic", "dashed"}
    assert ((lines[:, 0] == lines[:, 2]) | (lines[:, 1] == lines[:, 3])).all() and len(lines) <= 6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_heading_stands_above_its_box_and_enlarges_it(seed):
    made = block(seed)
    x0, y0, x1, y1 = furniture.heading(made, (20, 60, 30, 90))
    (title,) = made.texts
    assert (x0, y1) == (20, 90) and title.kind == "heading"
    assert y0 <= title.y - title.height and title.y < 60
    assert furniture.group_box(made, (20, 60, 60, 90)) == (20, 60, 60, 90)
    np.testing.assert_allclose(lines_of(made)[-1], (20, 60, 60, 90))


def test_an_underline_lies_below_its_text_and_is_no_shorter():
    for seed in SEEDS:
        made = block(seed)
        furniture.underline(made, "Power supply", 10, 20, 2.0)
        ((x0, y0, x1, y1),) = lines_of(made)
        assert y0 == y1 and 20.4 <= y0 <= 21 and x0 == 9.7
        assert x1 >= 10 + made.width("Power supply", 2.0) - 1e-9
