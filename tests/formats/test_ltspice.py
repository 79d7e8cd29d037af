"""LTspice schematics, read back: nets, coordinates on its grid, the scale."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.helpers.meetings import assert_nets_of, meetings_annotation, nets_of_ends, nets_of_touching
from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.formats.ltspice import Writer, draw_schematic


def read(text: str) -> tuple[np.ndarray, list[tuple], float, np.ndarray]:
    """Wires (N, 4), flags (x, y, name), and from pixels to the file the scale and the pixel (x, y) at its origin."""
    rows = [line.split() for line in text.splitlines()]
    wires = np.array([row[1:] for row in rows if row[0] == "WIRE"], int).reshape(-1, 4)
    flags = [(int(row[1]), int(row[2]), row[3]) for row in rows if row[0] == "FLAG"]
    x, scale, y = re.search(r"\(\(x ([-+.\d]+)\) \* ([.\d]+), \(y ([-+.\d]+)\)", text).groups()
    return wires, flags, float(scale), -np.array([x, y], float)


@pytest.mark.parametrize("name", ["meetings", "kicad", "hand", "drafting", "eagle"])
def test_the_nets_are_those_of_the_annotation_whatever_connects(name):
    annotation = meetings_annotation() if name == "meetings" else draw_sheet(5, size=(900, 700), style=name)[1]
    wires, flags, scale, origin = read(draw_schematic(annotation))
    assert (wires % 16 == 0).all()
    for nets in (nets_of_ends(wires, flags), nets_of_touching(wires, flags)):
        assert_nets_of(annotation, wires, nets, lambda points: (points - origin) * scale)


def test_the_file_word_for_word(tmp_path):
    annotation = Annotation.build(
        image_path="a.png",
        image_shape=(130, 200),
        wires=[[20, 40, 100, 40], [60, 40, 60, 80], [20, 120, 40, 120], [160, 120, 180, 120]],
        nets=[[0, 1], [2, 3]],
    )
    Writer(tmp_path).add(annotation, tmp_path / "a.v1.png")
    assert (tmp_path / "a.v1.asc").read_text().splitlines() == [
        "Version 4",
        "SHEET 1 176 128",
        "WIRE 16 32 48 32",
        "WIRE 48 32 80 32",
        "WIRE 48 32 48 64",
        "WIRE 16 96 32 96",
        "WIRE 128 96 144 96",
        "FLAG 128 96 net1",
        "FLAG 32 96 net1",
        "TEXT -16 -16 Left 2 ;a.png: pixel (x, y) lies at ((x +0.000) * 0.80000, (y +0.000) * 0.80000); "
        "16 = 20.000 pixels is a step of the sheet's grid",
    ]


def test_a_sheet_without_wires():
    wires, flags, _, _ = read(draw_schematic(Annotation.build(image_path="a.png", image_shape=(30, 40))))
    assert len(wires) == len(flags) == 0
