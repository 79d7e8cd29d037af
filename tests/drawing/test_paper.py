"""Paper and screens: rulings lie on the grid and under the ink; another size moves the truth along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.paper import lay_on_paper, press, resize_sheet, rule
from wire_detection.drawing.style import Style
from wire_detection.drawing.style_families import draw_style

WHITE = np.full((100, 120), 255, np.uint8)


@pytest.fixture
def style() -> Style:
    style = draw_style(np.random.default_rng(0), "screen")
    return replace(style, grid_px=10.0, ruling_pitch=2.0, ruling_tone=200, cross_hair=False, pressure=0.0, hand=0.0)


def test_dots_lie_on_the_grid(style):
    paper = rule(WHITE.shape, replace(style, ruling="dots"), (3.0, 5.0), np.random.default_rng(0))
    rows, columns = np.nonzero(paper == 200)
    assert set(rows) == {5, 25, 45, 65, 85} and set(columns) == {3, 23, 43, 63, 83, 103}


@pytest.mark.parametrize(("ruling", "share"), [("dots", 0.0025), ("crosses", 0.012), ("squares", 0.098)])
def test_rulings_cover_so_much(style, ruling, share):
    paper = rule((400, 400), replace(style, ruling=ruling), (0.0, 0.0), np.random.default_rng(0))
    assert (paper < 255).mean() == pytest.approx(share, rel=0.15)


def test_ink_covers_the_ruling(style):
    ink = WHITE.copy()
    ink[5] = 30
    seen = lay_on_paper(ink, replace(style, ruling="squares"), (3.0, 5.0), np.random.default_rng(0))
    assert (seen[5] == 30).all() and (seen[25] == 200).all() and seen[10, 10] == 255


def test_a_cross_hair_runs_over_the_whole_sheet(style):
    seen = lay_on_paper(WHITE, replace(style, ruling="", cross_hair=True), (0.0, 0.0), np.random.default_rng(0))
    assert (seen == 200).all(1).sum() == 1 and (seen == 200).all(0).sum() == 1 and (WHITE == 255).all()


def test_pressure_leaves_ink_everywhere_and_paper_white():
    ink = WHITE.copy()
    ink[50:54] = 0
    seen = press(ink, 0.7, np.random.default_rng(1))
    assert (seen[:49] == 255).all() and (seen[50:54].min(0) < 200).all() and seen[50:54].max() > 30


def test_truth_moves_with_a_resized_sheet():
    truth = Annotation.build(
        image_path="",
        image_shape=(100, 120),
        wires=[[0, 50, 45, 50], [55, 50, 119, 50], [50, 0, 50, 99]],
        crossings=[[50, 50]],
        crossing_types=["hop"],
        nets=[[0, 1], [2]],
        metadata={"stroke_width": 2.0},
    )
    image, moved = resize_sheet(WHITE, truth, (240, 200), np.random.default_rng(0))
    assert image.shape == moved.image_shape == (200, 240)
    np.testing.assert_allclose(moved.crossings, [[100.5, 100.5]])
    assert moved.nets == ((0, 1), (2,)) and moved.stroke_width == pytest.approx(4.0)
