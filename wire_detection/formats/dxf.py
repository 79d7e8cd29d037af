"""DXF drawings hold a sheet in `STEM.dxf`: each net is a layer `NET_0`, `NET_1`, ... of lines, junctions are points.

One unit is one pixel, and y runs upwards from the lowest row of pixels, so that (x, y) of the annotation is
(x, height - 1 - y). Across hops and gaps the wire goes on as a line on the layer BRIDGES. The junctions of a net lie on
its layer, those on no wire on JUNCTIONS, buses on BUSES.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.contract import plain
from wire_detection.formats.net_graph import BRIDGE, net_graph, wire_nets
from wire_detection.pictures.overlays import net_rgb
from wire_detection.sheets.safe_files import replacing

VERSION = "R2010"
"""The oldest version with true colours that keeps texts in UTF-8."""

BRIDGES, JUNCTIONS, BUSES = "BRIDGES", "JUNCTIONS", "BUSES"


class Writer:
    """Writes STEM.dxf files into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        with replacing(self.folder / f"{image.stem}.dxf") as path:
            draw_drawing(annotation).saveas(path)

    def finish(self) -> None:
        """Every file is written already."""


def draw_drawing(annotation: Annotation):
    """Make the ezdxf.document.Drawing of a sheet."""
    import ezdxf  # not above: `--help` needs none of its half a second

    drawing = ezdxf.new(VERSION)
    drawing.header["$INSUNITS"] = 0  # no unit of length: pixels
    for name, value in (("sheet", plain(annotation.image_path)), ("units", "1 unit = 1 pixel, y upwards")):
        drawing.header.custom_vars.append(name, value)
    graph, nets = net_graph(annotation), wire_nets(annotation)
    for name in (BRIDGES, JUNCTIONS, BUSES):
        drawing.layers.add(name)
    for net in np.unique(nets).tolist():
        drawing.layers.add(_layer(net)).rgb = net_rgb(net)
    space, bottom = drawing.modelspace(), annotation.image_shape[0] - 1
    bridges = graph.points[graph.edges[graph.edge_wires == BRIDGE]].reshape(-1, 4)
    for segments, layers in (
        (annotation.wires, map(_layer, nets.tolist())),
        (bridges, [BRIDGES] * len(bridges)),
        (annotation.buses, [BUSES] * len(annotation.buses)),
    ):
        for (x0, y0, x1, y1), layer in zip(segments.tolist(), layers, strict=True):
            space.add_line((x0, bottom - y0), (x1, bottom - y1), dxfattribs={"layer": layer})
    layers = dict.fromkeys(range(len(annotation.junctions)), JUNCTIONS)
    layers.update({junction: _layer(graph.point_nets[point]) for point, junction in graph.junctions.tolist()})
    for (x, y), layer in zip(annotation.junctions.tolist(), layers.values(), strict=True):
        space.add_point((x, bottom - y), dxfattribs={"layer": layer})
    return drawing


def _layer(net: int) -> str:
    return f"NET_{net}"
