"""Rasterising: a wire is as wide as its pen and lies where the grid says, to a fraction of a pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wire_detection.drawing.connectivity import find_connections
from wire_detection.drawing.drawing import Drawing
from wire_detection.drawing.meetings import show_wiring
from wire_detection.drawing.rasterise import Canvas
from wire_detection.drawing.style import Style, pen
from wire_detection.drawing.style_families import draw_style


@pytest.fixture
def style() -> Style:
    black = dict.fromkeys(draw_style(np.random.default_rng(0), "kicad").tones, 0)
    made = draw_style(np.random.default_rng(0), "kicad")
    return replace(made, tones=black, paper=255, shade=255, font="round", grid_px=10.0, dots=True, dot_radius=3.0)


def drawn(style: Style, drawing: Drawing, origin=(0.0, 0.0)) -> np.ndarray:
    """Darkness 0 to 1 of a 200x100 canvas."""
    canvas = Canvas(style, (200, 100), origin)
    wiring = show_wiring(find_connections(drawing), style, np.random.default_rng(0))
    return 1 - canvas.draw(drawing, wiring) / 255.0


@pytest.mark.parametrize("width_px", [1.0, 1.35, 1.54, 1.9, 2.2, 3.0, 4.2, 6.0])
@pytest.mark.parametrize("origin", [(0.0, 0.0), (0.3, -0.4)])
def test_wire_has_its_width_and_place(style, width_px, origin):
    fine, stroke_px = pen(width_px)
    assert stroke_px == pytest.approx(width_px, abs=0.34)  # the nearest odd number of fine pixels
    wire = Drawing()
    wire.wire((2, 5), (18, 5))
    ink = drawn(replace(style, supersample=fine, stroke_px=stroke_px), wire, origin)
    column = ink[:, 100]
    assert column.sum() == pytest.approx(stroke_px, abs=0.05)
    assert (column * np.arange(100)).sum() / column.sum() == pytest.approx(50 + origin[1], abs=0.15)


def test_dot_marks_a_junction_and_not_a_crossing(style):
    tee, crossing = Drawing(), Drawing()
    for drawing in (tee, crossing):
        drawing.wire((2, 5), (18, 5))
    tee.wire((10, 5), (10, 9))
    crossing.wire((10, 1), (10, 9))
    corner = slice(46, 49), slice(102, 105)  # beside both wires, within the dot
    assert drawn(style, tee)[corner].mean() > 0.3
    assert drawn(style, crossing)[corner].mean() < 0.1


def test_text_runs_upwards_when_vertical(style):
    horizontal, vertical = Drawing(), Drawing()
    horizontal.text("WWWW", 10, 5, 2, 0, 0)
    vertical.text("WWWW", 10, 5, 2, 0, 0, vertical=True)
    rows, columns = np.nonzero(drawn(style, horizontal) > 0.5)
    assert np.ptp(columns) > 3 * np.ptp(rows)
    assert (rows.mean(), columns.mean()) == pytest.approx((50, 100), abs=2)
    rows, columns = np.nonzero(drawn(style, vertical) > 0.5)
    assert np.ptp(rows) > 3 * np.ptp(columns)


@pytest.mark.parametrize("font", ["round", "sans"])
def test_text_at_the_edge_is_cut_off_like_that_on_a_larger_sheet(style, font):
    drawing = Drawing()
    for x, y in ((0, 0), (20, 10), (-30, 5), (10, 40), (6, 5)):
        drawing.text("CUT", x, y, 3, 0, 0)
        drawing.text("CUT", x, y, 3, 0, 0, vertical=True)
    style = replace(style, font=font)
    wiring = show_wiring(find_connections(drawing), style, np.random.default_rng(0))
    small = Canvas(style, (200, 100), (0, 0)).draw(drawing, wiring)
    large = Canvas(style, (400, 300), (100, 100)).draw(drawing, wiring)
    assert (small < 128).sum() > 300
    assert np.abs(small.astype(int) - large[100:200, 100:300]).max() < 20  # OpenCV rounds where it clips a line
