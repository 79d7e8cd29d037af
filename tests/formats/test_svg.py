"""SVG drawings: well-formed, in our coordinates, a colour for each net, dots for junctions."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from tests.helpers.sheets import whole_annotation
from wire_detection.formats.svg import Writer, draw_svg
from wire_detection.pictures.overlays import net_rgb

SVG = "{http://www.w3.org/2000/svg}"


def test_wires_by_net_and_junctions_as_dots():
    root = ElementTree.fromstring(draw_svg(whole_annotation()))
    assert root.get("viewBox") == "-0.5 -0.5 80 60" and root.find(f"{SVG}image") is None
    groups = [g for g in root.iter(f"{SVG}g") if g.get("stroke")]
    assert [g.find(f"{SVG}title").text for g in groups] == ["net 0", "net 1", "wires"]
    assert groups[0].get("stroke") == f"rgb{net_rgb(0)}" and groups[1].get("stroke") == f"rgb{net_rgb(1)}"
    lines = [[float(line.get(key)) for key in ("x1", "y1", "x2", "y2")] for line in root.iter(f"{SVG}line")]
    np.testing.assert_allclose(lines, whole_annotation().wires)
    dots = [[float(dot.get(key)) for key in ("cx", "cy")] for dot in root.iter(f"{SVG}circle")]
    np.testing.assert_allclose(dots, whole_annotation().junctions)


def test_the_sheet_lies_behind_whatever_its_name(tmp_path):
    image = tmp_path / "images" / 'a "b" <c> & ü#.png'
    Writer(tmp_path / "out").add(whole_annotation(), image)
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == 'a "b" <c> & ü#.svg'
    link = ElementTree.parse(path).getroot().find(f"{SVG}image").get("href")
    assert link == "../images/a%20%22b%22%20%3Cc%3E%20%26%20%C3%BC%23.png"
