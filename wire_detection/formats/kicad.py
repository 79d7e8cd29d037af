"""KiCad schematics hold a sheet in `STEM.kicad_sch`: wires, junctions and buses over the pale picture of the sheet.

The file states version 20211123, that of KiCad 6, which KiCad 6 to 9 open; its `image` takes a PNG of 300 dots per inch
times `scale` (https://dev-docs.kicad.org/en/file-formats/sexpr-schematic/). Wires lie on KiCad's grid of 50 mil, or
where that would change what connects on one of 0.01 mm, and end where they connect. Hops and gaps become plain
crossings. Words beside a net become its local label, where the annotation knows what its texts say. Parts of a net
between which nothing is drawn get labels of one name.
"""

from __future__ import annotations

import base64
import textwrap
import uuid
from pathlib import Path

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.contract import plain
from wire_detection.formats.net_graph import net_graph
from wire_detection.formats.net_words import labels_of
from wire_detection.formats.on_grid import GridDrawing, draw_on_grid
from wire_detection.pictures.overlays import pale
from wire_detection.sheets.image_files import read_image
from wire_detection.sheets.safe_files import write_text

VERSION = 20211123

STEP_MM = 1.27
"""KiCad's usual grid: its symbols' pins lie on it."""

PARTS = 127
"""Units in a step, so that one is 0.01 mm: KiCad counts in 0.0001 mm."""

MARGIN_STEPS = 10
"""Steps between the edge of the paper, where KiCad draws a frame, and the picture."""

PAPERS_MM = {"A4": (297, 210), "A3": (420, 297), "A2": (594, 420), "A1": (841, 594), "A0": (1189, 841)}

IMAGE_DPI = 300
"""At which this version of the format shows a picture whose scale is 1."""

BASE64_COLUMNS = 76

STROKE = "(stroke (width 0) (type default) (color 0 0 0 0))"
"""Of the usual width and colour."""


class Writer:
    """Writes STEM.kicad_sch files into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        schematic = draw_schematic(annotation, read_image(image))
        write_text(self.folder / f"{image.stem}.kicad_sch", schematic)

    def finish(self) -> None:
        """Every file is written already."""


def draw_schematic(annotation: Annotation, grey: np.ndarray) -> str:
    """Write the text of a schematic over the sheet `grey` (H, W) uint8; its title is the name of the sheet."""
    title = annotation.image_path
    drawing = draw_on_grid(net_graph(annotation), annotation.stroke_px, [PARTS])
    corners = drawing.units([[-0.5, -0.5], np.array(annotation.image_shape[::-1]) - 0.5]) / PARTS
    shift = MARGIN_STEPS - np.floor(corners[0])
    size_mm = (np.ceil(corners[1]) + shift + MARGIN_STEPS) * STEP_MM
    names = _Names(title)
    lines = [
        f"(kicad_sch (version {VERSION}) (generator wire_detection)",
        f"  (uuid {names.next()})",
        f"  (paper {_paper(size_mm)})",
        f"  (title_block (title {_quoted(title)}) (comment 1 {_quoted(_scale(drawing))}))",
        "  (lib_symbols)",
        *_items(drawing, annotation, shift, names),
        *_image(grey, (corners.mean(0) + shift) * STEP_MM, STEP_MM / drawing.grid.step_px, names.next()),
        '  (sheet_instances (path "/" (page "1")))',
        ")",
    ]
    return "\n".join([*lines, ""])


class _Names:
    """Gives each item of a schematic an identifier of its own, the same ones for the same title."""

    def __init__(self, title: str):
        self._title, self._count = plain(title), 0

    def next(self) -> uuid.UUID:
        self._count += 1
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self._title}#{self._count}")


def _items(drawing: GridDrawing, annotation: Annotation, shift: np.ndarray, names: _Names) -> list[str]:
    """Write junctions, wires, buses and labels, `shift` (x, y) steps from where the drawing has them."""
    graph, places = drawing.graph, _millimetres(drawing.places, shift)
    dots = np.union1d(graph.junctions[:, 0], np.flatnonzero(graph.degrees > 2))
    lines = [f"  (junction (at {x} {y}) (diameter 0) (color 0 0 0 0) (uuid {names.next()}))" for x, y in places[dots]]
    buses = np.rint(drawing.units(annotation.buses.reshape(-1, 2)) / PARTS) * PARTS
    for kind, ends in (("wire", places[graph.edges]), ("bus", _millimetres(buses, shift).reshape(-1, 2, 2))):
        lines += [
            f"  ({kind} (pts (xy {x0} {y0}) (xy {x1} {y1})) {STROKE} (uuid {names.next()}))"
            for (x0, y0), (x1, y1) in ends
        ]
    for point, name in labels_of(annotation, graph):
        x, y = places[point]
        lines.append(
            f'  (label "{name}" (at {x} {y} 0) '
            f"(effects (font (size 1.27 1.27)) (justify left bottom)) (uuid {names.next()}))"
        )
    return lines


def _millimetres(places: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Write places (N, 2) of a drawing as texts (N, 2) in millimetres, to 0.01 mm, without a rounding."""
    hundredths = np.rint(places + shift * PARTS).astype(np.int64).ravel().tolist()
    return np.array([f"{value / 100:.10g}" for value in hundredths], object).reshape(-1, 2)


def _image(grey: np.ndarray, middle_mm: np.ndarray, pixel_mm: float, name: uuid.UUID) -> list[str]:
    """Write the pale sheet as a picture around `middle_mm` (x, y)."""
    _, png = cv2.imencode(".png", pale(grey)[:, :, 0])
    x, y = middle_mm
    return [
        f"  (image (at {x:.4f} {y:.4f}) (scale {pixel_mm * IMAGE_DPI / 25.4:.8f}) (uuid {name})",
        "    (data",
        *textwrap.wrap(base64.b64encode(png.tobytes()).decode("ascii"), BASE64_COLUMNS),
        "    )",
        "  )",
    ]


def _paper(size_mm: np.ndarray) -> str:
    """Choose the smallest paper that holds (width, height) millimetres."""
    for name, sides in PAPERS_MM.items():
        if (size_mm <= sides).all():
            return _quoted(name)
    width, height = size_mm
    return f'"User" {width:.2f} {height:.2f}'


def _scale(drawing: GridDrawing) -> str:
    """Say how large a pixel is, and why."""
    step_px = drawing.grid.step_px
    reason = "is a step of the sheet's grid" if drawing.grid.measured else "suits its strokes: it shows no grid"
    return f"1 pixel = {STEP_MM / step_px:.5f} mm; {STEP_MM} mm = {step_px:.3f} pixels {reason}"


def _quoted(text: str) -> str:
    escaped = plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
