"""LTspice schematics hold the wires of a sheet in `STEM.asc`, to lay symbols on.

LTspice connects wires where they end. Coordinates are multiples of 16, its grid; a step of the sheet's grid is 16, or
where wires of several nets would touch a power of two times as much. Hops and gaps become plain crossings. Words
beside a net become its flag, where the annotation knows what its texts say; parts of a net between which nothing is
drawn get flags of one name. Junctions have no entry of their own: LTspice draws them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.contract import plain
from wire_detection.formats.net_graph import net_graph
from wire_detection.formats.net_words import labels_of
from wire_detection.formats.on_grid import GridDrawing, draw_on_grid
from wire_detection.sheets.safe_files import write_text

UNIT = 16
"""LTspice's grid, on which its symbols have their pins."""

PARTS = (1, 2, 4, 8, 16, 32)
"""Into how many units a step of the sheet's grid may be cut: 32 tell wires apart that lie a quarter of a stroke apart.
"""


class Writer:
    """Writes STEM.asc files into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        write_text(self.folder / f"{image.stem}.asc", draw_schematic(annotation))

    def finish(self) -> None:
        """Every file is written already."""


def draw_schematic(annotation: Annotation) -> str:
    """Write the text of a schematic."""
    drawing = draw_on_grid(net_graph(annotation), annotation.stroke_px, PARTS)
    graph, places = drawing.graph, drawing.places * UNIT
    top_left, bottom_right = _corners(drawing, annotation.image_shape)
    width, height = (bottom_right - top_left).tolist()
    lines = ["Version 4", f"SHEET 1 {width} {height}"]
    lines += [f"WIRE {x0} {y0} {x1} {y1}" for x0, y0, x1, y1 in places[graph.edges].reshape(-1, 4).tolist()]
    for point, name in labels_of(annotation, graph):
        x, y = places[point].tolist()
        lines.append(f"FLAG {x} {y} {name}")
    x, y = top_left.tolist()
    return "\n".join([*lines, f"TEXT {x} {y} Left 2 ;{plain(annotation.image_path)}: {_scale(drawing)}", ""])


def _corners(drawing: GridDrawing, shape: tuple[int, int]) -> np.ndarray:
    """(2, 2) int, the corners of the image in the file."""
    height, width = shape
    corners = drawing.units([[-0.5, -0.5], [width - 0.5, height - 0.5]])
    return np.stack([np.floor(corners[0]), np.ceil(corners[1])]).astype(int) * UNIT


def _scale(drawing: GridDrawing) -> str:
    """Say where a pixel is in the file, and why there."""
    units, step_px = drawing.parts * UNIT, drawing.grid.step_px
    x, y = drawing.grid.origin
    reason = "is a step of the sheet's grid" if drawing.grid.measured else "suits its strokes: it shows no grid"
    return (
        f"pixel (x, y) lies at ((x {-x:+.3f}) * {units / step_px:.5f}, (y {-y:+.3f}) * {units / step_px:.5f}); "
        f"{units} = {step_px:.3f} pixels {reason}"
    )
