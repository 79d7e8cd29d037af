"""DXF drawings, read back with ezdxf: layers are nets, y runs upwards."""

from __future__ import annotations

from dataclasses import replace

import ezdxf
import numpy as np

from tests.helpers.meetings import meetings_annotation
from tests.helpers.sheets import whole_annotation
from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.dxf import Writer
from wire_detection.pictures.overlays import net_rgb


def export(tmp_path, annotation: Annotation):
    Writer(tmp_path).add(annotation, tmp_path / "a.v1.png")
    (path,) = tmp_path.iterdir()
    assert path.name == "a.v1.dxf"
    return ezdxf.readfile(path)


def lines_of(drawing, layer: str) -> list[list[float]]:
    lines = drawing.modelspace().query(f'LINE[layer=="{layer}"]')
    return [[*line.dxf.start.vec2, *line.dxf.end.vec2] for line in lines]


def points_of(drawing, layer: str) -> list[list[float]]:
    return [list(point.dxf.location.vec2) for point in drawing.modelspace().query(f'POINT[layer=="{layer}"]')]


def test_each_net_is_a_layer_of_its_colour_with_y_upwards(tmp_path):
    annotation = whole_annotation()
    drawing = export(tmp_path, annotation)
    assert lines_of(drawing, "NET_0") == [[10, 39, 50, 39], [30.25, 39, 30.25, 19]]
    assert lines_of(drawing, "NET_1") == [[5, 54, 25, 44]] and lines_of(drawing, "NET_2") == [[79, 29, 79, 9]]
    assert points_of(drawing, "NET_0") == [[30.25, 39]] and points_of(drawing, "JUNCTIONS") == [[60, 14]]
    assert lines_of(drawing, "BUSES") == [[8, 9, 40, 9]]
    assert [drawing.layers.get(f"NET_{net}").rgb for net in range(3)] == [net_rgb(net) for net in range(3)]


def test_bridges_lie_on_a_layer_of_their_own_and_every_wire_on_that_of_its_net(tmp_path):
    annotation = meetings_annotation()
    drawing = export(tmp_path, annotation)
    ends = sorted(sorted([line[:2], line[2:]]) for line in lines_of(drawing, "BRIDGES"))
    assert ends == [[[75, 139], [85, 139]], [[200, 234], [200, 244]]]
    flip = np.array([0, 299, 0, 299]) + np.array([1, -1, 1, -1]) * annotation.wires
    for number, net in enumerate(annotation.nets):
        assert lines_of(drawing, f"NET_{number}") == flip[list(net)].tolist()


def test_units_and_sheet_are_said(tmp_path):
    drawing = export(tmp_path, replace(whole_annotation(), image_path="ü <*>\n.png"))
    assert drawing.header["$INSUNITS"] == 0
    assert drawing.header.custom_vars.properties == [
        ("sheet", "ü <*>\N{REPLACEMENT CHARACTER}.png"),
        ("units", "1 unit = 1 pixel, y upwards"),
    ]


def test_a_sheet_without_wires(tmp_path):
    drawing = export(tmp_path, Annotation.build(image_path="a.png", image_shape=(30, 40)))
    assert len(drawing.modelspace()) == 0 and not drawing.audit().has_errors
