"""SVG files draw annotations: wires coloured by net and junctions as dots, over a link to the sheet.

The view begins half a pixel before the origin, so that the coordinates in the file are ours.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.contract import plain
from wire_detection.formats.labelme import path_from
from wire_detection.pictures.overlays import WIRE_RGB, net_rgb
from wire_detection.sheets.safe_files import write_text


class Writer:
    """Writes STEM.svg files into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        write_text(self.folder / f"{image.stem}.svg", draw_svg(annotation, path_from(self.folder, image)))

    def finish(self) -> None:
        """Every file is written already."""


def draw_svg(annotation: Annotation, image: str | None = None) -> str:
    """Write the text of an SVG file; `image` is the way to the sheet that lies behind the drawing, if any."""
    height, width = annotation.image_shape
    stroke_px = max(1.0, annotation.stroke_px)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="-0.5 -0.5 {width} {height}">'
    ]
    if annotation.image_path:
        lines.append(f"<title>{escape(plain(annotation.image_path))}</title>")
    if image is not None:
        lines.append(
            f'<image href={quoteattr(quote(image))} x="-0.5" y="-0.5" width="{width}" height="{height}" opacity="0.4"/>'
        )
    lines.append(f'<g fill="none" stroke-linecap="round" stroke-width="{1.5 * stroke_px:g}">')
    for number, net in enumerate(annotation.nets):
        lines += _group(f"net {number}", net_rgb(number), annotation.wires[list(net)])
    alone = sorted(set(range(len(annotation.wires))) - {wire for net in annotation.nets for wire in net})
    lines += _group("wires", WIRE_RGB, annotation.wires[alone])
    lines += ["</g>", "<g>"]
    lines += [f'<circle cx="{x:g}" cy="{y:g}" r="{2 * stroke_px:g}"/>' for x, y in _rounded(annotation.junctions)]
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _group(title: str, rgb: tuple[int, int, int], wires: np.ndarray) -> list[str]:
    """Write a group of wires (N, 4) of one colour, none without wires."""
    lines = [f'<line x1="{x0:g}" y1="{y0:g}" x2="{x1:g}" y2="{y1:g}"/>' for x0, y0, x1, y1 in _rounded(wires)]
    return [f'<g stroke="rgb{rgb}"><title>{title}</title>', *lines, "</g>"] if lines else []


def _rounded(values: np.ndarray) -> list:
    return np.round(np.asarray(values, np.float64), 2).tolist()
