"""Composes figures: one to four cells side by side, cut out tightly, with a caption or letters below them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.table import CELLS, CIRCUITS
from wire_detection.drawing.drawing import Drawing, wire_box
from wire_detection.drawing.figure_words import FigureWords
from wire_detection.drawing.placing import bounds_of, pick_circuit
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style import Style, pen

WIDTH_PX, WIDTH_SPREAD = 720.0, 0.5
"""Median width of a figure in pixels, and the deviation of its logarithm: most are 300 to 1700 px wide."""

NARROWEST_PX, LARGEST_PX = 250, 1900

GRID_PX = (5.0, 20.0)
"""Least and greatest grid unit; a transistor's arms lie two units apart."""

GRID_STROKES = (3.2, 13.0)
"""Least and greatest grid unit in stroke widths: the bold figures of old books to the fine lines of new papers."""

STROKE_PX = (1.0, 8.0)

SIMPLE = (
    "meshes",
    "meshes",
    "converter",
    "stage",
    "amplifier_loop",
    "equivalent",
    "bridge",
    "inverters",
    "output_stage",
)
"""The circuits of exercises, which hands draw."""

_CIRCUITS = {name: replace(CIRCUITS[name], share=0.35) for name in ("opamp", "gates", "latch", "tube", "transistor")}
"""What drawing programs' sheets and figures have in common."""

GAP = 4
"""Grid units between cells side by side."""


def compose_figure(
    style: Style, streams: Streams, size: tuple[int, int] | None
) -> tuple[Style, Drawing, tuple[float, float], tuple[int, int]]:
    """A figure, or as many as fill a sheet of `size` (width, height) pixels.

    Returns the style at the scale of the figure, its drawing, where grid point (0, 0) lies in pixels, and its size.
    """
    words, rng = FigureWords(streams.words), streams.page
    if size is not None:
        style = at_scale(style, float(rng.uniform(7, 12)), rng)
        drawing = Cell(style, words, streams.border)
        _fill_sheet(drawing, size[0] / style.grid_px, size[1] / style.grid_px, streams.circuits)
        return style, drawing, (0.0, 0.0), size
    drawing = Cell(style, words, streams.border)
    count = 1 if rng.random() < style.simple else int(rng.choice([1, 2, 3, 4], p=[0.62, 0.24, 0.09, 0.05]))
    _side_by_side(drawing, count, streams.circuits)
    _furnish(drawing)
    x0, y0, x1, y1 = bounds_of(drawing)
    wide, high = max(x1 - x0, 1.0), max(y1 - y0, 1.0)
    wanted = WIDTH_PX * count**0.6 * np.exp(WIDTH_SPREAD * rng.standard_normal())
    wanted = float(np.clip(wanted, NARROWEST_PX, LARGEST_PX)) / (1 + 2 * style.margin)
    grid_px = min(float(np.clip(wanted / wide, *GRID_PX)), LARGEST_PX / wide, LARGEST_PX / high)
    style = at_scale(style, grid_px, rng)
    margin = style.stroke_px + (rng.uniform(1, 8) if rng.random() < 0.5 else rng.uniform(5, 40))
    margin += style.margin * wide * grid_px
    size = int(np.ceil(max(NARROWEST_PX, wide * grid_px + 2 * margin))), int(np.ceil(high * grid_px + 2 * margin))
    return style, drawing, ((size[0] - wide * grid_px) / 2 - x0 * grid_px, margin - y0 * grid_px), size


def _side_by_side(drawing: Cell, count: int, rng: np.random.Generator) -> None:
    """So many cells in a row, with letters below them on half of the figures that have several."""
    letters, x = count > 1 and drawing.chance(0.5), 0.0
    for k in range(count):
        cell = make_cell(drawing.style, drawing.words, rng.spawn(1)[0])
        x0, y0, x1, y1 = bounds_of(cell)
        if letters:
            cell.label(f"({'abcd'[k]})", (x0 + x1) / 2, y1 + 1, 0, 1)
        drawing.add(cell, x - np.floor(x0), -np.round((y0 + y1) / 2))  # by whole units: ends still meet exactly
        x += np.ceil(x1) - np.floor(x0) + GAP


def at_scale(style: Style, grid_px: float, rng: np.random.Generator) -> Style:
    """The style with this grid unit and strokes that suit it."""
    strokes = float(np.exp(rng.uniform(*np.log(GRID_STROKES))))
    supersample, stroke_px = pen(float(np.clip(grid_px / strokes, *STROKE_PX)))
    return replace(style, grid_px=grid_px, stroke_px=stroke_px, supersample=supersample)


def make_cell(style: Style, words: FigureWords, rng: np.random.Generator) -> Cell:
    """One of CELLS, or of the circuits of sheets that figures show as well, with its names written."""
    cell = Cell(style, words.apart(), rng)
    circuits = {name: CELLS[name] for name in SIMPLE} if cell.chance(style.simple) else {**CELLS, **_CIRCUITS}
    pick_circuit(circuits, rng).draw(cell)
    for x, y, dx, dy in cell.ports:
        cell.terminal(x, y, (dx, dy))
    cell.ports = []
    cell.decorate()
    cell.settle()
    return cell


def _fill_sheet(drawing: Cell, width: float, height: float, rng: np.random.Generator) -> None:
    """Rows of cells from the upper left corner on, over the edges on the right and below."""
    y = drawing.between(-6, 2)
    while y < height:
        x, low = drawing.between(-10, 2), y
        while x < width:
            cell = make_cell(drawing.style, drawing.words, rng.spawn(1)[0])
            x0, y0, x1, y1 = bounds_of(cell)
            drawing.add(cell, x - np.floor(x0), y - np.floor(y0))
            x += np.ceil(x1) - np.floor(x0) + GAP
            low = max(low, y + np.ceil(y1) - np.floor(y0))
        y = low + GAP


def _furnish(drawing: Cell) -> None:
    """What stands around a figure's circuit: a grey field or dashed box around a part, a caption, a brace."""
    x0, y0, x1, y1 = bounds_of(drawing)
    if drawing.chance(0.12) and drawing.components:
        a, b, c, d = _part_of(drawing)
        if drawing.chance(0.5):
            drawing.dashed_box((a - 2, b - 2, c + 2, d + 2), drawing.words.block() if drawing.chance(0.6) else "")
        else:
            field = np.array([(a - 2, b - 2), (c + 2, b - 2), (c + 2, d + 2), (a - 2, d + 2)])
            drawing.stroke(field, "graphic", True, "ink")
    if drawing.chance(0.08):
        drawing.brace(x0, x1, y0 - 0.8, drawing.words.block())
    x0, y0, x1, y1 = bounds_of(drawing)
    if not drawing.style.hand and drawing.chance(0.15):
        drawing.label(drawing.words.caption(), (x0 + x1) / 2, y1 + 1.2, 0, 1, size=float(drawing.rng.uniform(0.7, 1.0)))


def _part_of(drawing: Cell) -> tuple[float, float, float, float]:
    """The box around one to all of the components that stand left of some column, with the wires at them."""
    boxes = np.array([box for _, box in drawing.components] + [wire_box(w) for w in drawing.wires])
    edge = np.quantile(boxes[:, 2], drawing.rng.uniform(0.2, 1.0))
    part = boxes[boxes[:, 2] <= edge + 1e-6]
    return (*part[:, :2].min(0).tolist(), *part[:, 2:].max(0).tolist())
