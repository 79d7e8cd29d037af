"""Screens: windows, plots and tables stand beside the circuits and are no wires."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import wire_box
from wire_detection.drawing.screens import compose_screen, draw_panel, draw_window, plot
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style_families import draw_style
from wire_detection.drawing.words import Words


def screen(seed: int) -> Block:
    rng = np.random.default_rng(seed)
    return Block(draw_style(rng, "screen"), Words(rng), rng)


def test_a_plot_has_curves_and_no_wires():
    for seed in range(5):
        block = screen(seed)
        plot(block, (0, 0, 40, 30))
        assert max(len(stroke.points) for stroke in block.strokes) == 120
        assert len(block.texts) > 6 and not block.wires and not block.components


def test_windows_and_panels_leave_an_area_that_they_do_not_draw_in():
    for draw in (draw_window, draw_panel):
        for seed in range(8):
            block = screen(seed)
            x0, y0, x1, y1 = draw(block, (0.0, 0.0, 120.0, 90.0))
            assert x1 - x0 > 40 and y1 - y0 > 30 and block.strokes and not block.wires
            for stroke in block.strokes:
                inside = (stroke.points > (x0 + 0.1, y0 + 0.1)) & (stroke.points < (x1 - 0.1, y1 - 0.1))
                assert not inside.all(1).any()


def test_circuits_stay_within_a_screen():
    for seed in range(10):
        streams = Streams.of(seed)
        style, drawing, _, size = compose_screen(draw_style(streams.style, "screen"), streams, None)
        width, height = (side / style.zoom / style.grid_px for side in size)
        for x0, y0, x1, y1 in map(wire_box, drawing.wires):
            assert x0 >= -1 and y0 >= -1 and x1 <= width + 1 and y1 <= height + 1
