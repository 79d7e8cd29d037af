"""Named shapes become the lists of an annotation, and its objects the boxes that formats of boxes write."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.objects import ShapeLists, corners_by_list, net_number, nets_by_wire


def test_each_shape_lands_in_its_list(whole_sheet):
    sheets, _ = whole_sheet
    objects = ShapeLists()
    objects.add_line("pin", [1, 2, 3, 2])
    objects.add_line("wire", [1, 1, 9, 1], net=7)
    objects.add_line("bus", [4, 4, 4, 9])
    objects.add_line("wire", [2, 5, 2, 9], 0.5, net=3)
    objects.add_line("wire", [9, 1, 9, 9], net=7)
    objects.add_point("junction", [9, 1])
    objects.add_box("text", [1, 1, 3, 3])
    objects.add_box("component:ic", [5, 5, 8, 8], 0.25)
    objects.add_box("resistor", [5, 5, 8, 8])
    read = objects.annotation(sheets.pages[0], (60, 80), {"source": "manual"})
    assert read.wires.tolist() == [[1, 1, 9, 1], [2, 5, 2, 9], [9, 1, 9, 9]]
    assert read.wire_confidences.tolist() == [1, 0.5, 1] and read.nets == ((1,), (0, 2))
    assert read.pins.tolist() == [[1, 2, 3, 2]] and read.buses.tolist() == [[4, 4, 4, 9]]
    assert read.junctions.tolist() == [[9, 1]] and read.junction_types == ("T",)
    assert read.texts.tolist() == [[1, 1, 3, 3]]
    assert [(c["type"], c["confidence"]) for c in read.components] == [("ic", 0.25), ("resistor", 1.0)]
    assert read.image_path == "a.png"


def test_no_shape_is_an_empty_annotation(whole_sheet):
    read = ShapeLists().annotation(whole_sheet[0].pages[0], (60, 80), {})
    assert read.wires.shape == (0, 4) and read.junctions.shape == (0, 2) and read.nets == ()


def test_a_sheet_of_another_shape_is_refused(whole_sheet):
    with pytest.raises(AnnotationError, match="80x61"):
        ShapeLists().annotation(whole_sheet[0].pages[0], (61, 80), {})


def test_the_number_of_a_net_is_whole():
    assert net_number(None, "x") is None and net_number(3, "x") == 3
    with pytest.raises(AnnotationError, match=r"^shape 2 must be a whole number.*'\[1\]'"):
        net_number([1], "shape 2")


def test_a_wire_of_two_nets_counts_in_the_first():
    annotation = Annotation.build(image_path="a.png", image_shape=(9, 9), wires=np.ones((3, 4)), nets=[[2], [0, 2]])
    assert nets_by_wire(annotation) == {0: 1, 2: 0}


def test_boxes_of_an_annotation():
    annotation = Annotation.build(
        image_path="a.png",
        image_shape=(50, 50),
        wires=[[10, 20, 30, 20]],
        junctions=[[30, 20]],
        metadata={"stroke_width": 3},
    )
    boxes = corners_by_list(annotation)
    assert boxes["wires"].tolist() == [[[10, 21.5], [30, 21.5], [30, 18.5], [10, 18.5]]]
    assert boxes["junctions"].tolist() == [[[24, 14], [36, 14], [36, 26], [24, 26]]]
    assert {name: len(corners) for name, corners in boxes.items()} == {
        "wires": 1,
        "pins": 0,
        "buses": 0,
        "junctions": 1,
        "crossings": 0,
        "texts": 0,
        "components": 0,
    }
