"""Figures: what their cells draw is connected as it looks, whatever hops, gaps and dots show it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.table import CELLS
from wire_detection.drawing.connectivity import find_connections, nets_of
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.drawing.drawing import overlap
from wire_detection.drawing.figure_words import FigureWords
from wire_detection.drawing.figures import compose_figure
from wire_detection.drawing.meetings import show_wiring
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style_families import draw_style
from wire_detection.sheets.geometry import points_near_segments

SEEDS = range(12)


def cell_of(name: str, seed: int) -> Cell:
    rng = np.random.default_rng(seed)
    cell = Cell(draw_style(rng, "figure"), FigureWords(rng), rng)
    CELLS[name].draw(cell)
    cell.decorate()
    cell.settle()
    return cell


@pytest.mark.parametrize("name", CELLS)
def test_gates_are_driven_and_bodies_lie_apart(name):
    for seed in SEEDS:
        cell = cell_of(name, seed)
        boxes = [box for _, box in cell.components]
        assert not any(overlap(one, other) for i, one in enumerate(boxes) for other in boxes[:i])
        named = np.array([(text.x, text.y) for text in cell.texts])
        tips = np.array([pin.tip for pin in cell.pins])
        for pin in cell.pins:
            met = (np.abs(tips - pin.tip).max(1) < 1e-6).sum() > 1
            wired = len(points_near_segments([pin.tip], cell.wires, 1e-6)) > 0
            labelled = np.hypot(*(named - pin.tip).T).min() < 1.7
            bulk = (pin.name, pin.number) == ("B", "4")
            assert met or wired or labelled or bulk or name == "equivalent"  # whose inner loops may stay open


@pytest.mark.parametrize("name", CELLS)
def test_wires_run_around_bodies_and_not_along_one_another(name):
    for seed in SEEDS:
        cell = cell_of(name, seed)
        wires = [w for w in cell.wires if w[0] == w[2] or w[1] == w[3]]
        for _, (x0, y0, x1, y1) in cell.components:
            inner = (x0 + 0.05, y0 + 0.05, x1 - 0.05, y1 - 0.05)
            assert not any(overlap(_widened(wire), inner) for wire in wires)
        for i, one in enumerate(wires):
            for other in wires[:i]:
                shared = np.minimum(_widened(one)[2:], _widened(other)[2:]) - np.maximum(
                    _widened(one)[:2], _widened(other)[:2]
                )
                assert shared.min() < 1e-6 or shared.max() < 0.01


@pytest.mark.parametrize("name", CELLS)
def test_wires_end_on_something(name):
    for seed in SEEDS:
        cell = cell_of(name, seed)
        leads = [(pin.x, pin.y, pin.ix, pin.iy) for pin in cell.pins]
        named = np.array([(text.x, text.y) for text in cell.texts])
        for i, wire in enumerate(cell.wires):
            others = np.array([*cell.wires[:i], *cell.wires[i + 1 :], *leads])
            for end in (wire[:2], wire[2:]):
                met = len(points_near_segments([end], others, 1e-6)) > 0
                rail = wire[1] == wire[3] and abs(wire[2] - wire[0]) > 4  # its name may stand above its middle
                assert met or np.hypot(*(named - end).T).min() < 2 or rail or name == "equivalent"


def _widened(wire) -> tuple[float, float, float, float]:
    """The box of a wire, so wide that two wires that run along one another have an area in common."""
    x0, y0, x1, y1 = wire
    return min(x0, x1) - 1e-3, min(y0, y1) - 1e-3, max(x0, x1) + 1e-3, max(y0, y1) + 1e-3


def test_hops_and_gaps_change_no_net():
    passed = 0
    for seed in range(40):
        streams = Streams.of(seed)
        style, drawing, _, _ = compose_figure(draw_style(streams.style, "figure"), streams, None)
        net = find_connections(drawing)
        counts = set()
        for passing in ({"crossing": 1.0}, {"hop": 0.5, "gap": 0.5}):
            wiring = show_wiring(net, replace(style, passing=passing), np.random.default_rng(0))
            passed += sum(kind != "crossing" for kind in wiring.crossing_types)
            places = [array * style.grid_px for array in (wiring.wires, wiring.junctions, wiring.crossings)]
            counts.add(len(nets_of(*places, wiring.crossing_types)))
        assert len(counts) == 1
    assert passed > 20


def test_figures_are_small_and_cut_tightly():
    for seed in range(6):
        image, annotation = draw_sheet(seed, style="figure", degradation=0)
        rows, columns = np.nonzero(image < image.max() - 40)
        height, width = image.shape
        assert width >= 250 and max(height, width) < 2100
        assert max(rows.min(), height - 1 - rows.max()) < 80
        assert len(annotation.wires) > 0
