"""What is written is read again; what is wrong is told with file, place and reason."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation, transform_annotation, wire_types
from wire_detection.annotations.annotation_file import read_annotation, write_annotation
from wire_detection.annotations.json_checks import AnnotationError

GOOD = {
    "version": 1,
    "image_path": "a.png",
    "image_shape": [60, 80],
    "wires": [{"start": [1, 2], "end": [70, 2], "type": "horizontal", "confidence": 0.5, "length": 69}],
    "junctions": [{"center": [10, 2], "type": "T", "confidence": 1}],
    "components": [],
    "metadata": {"source": "hough"},
}


def with_change(**change) -> str:
    return json.dumps({**GOOD, **change})


def test_round_trip_keeps_everything(tmp_path):
    annotation = Annotation.build(
        image_path="a.png",
        image_shape=(60, 80),
        wires=[[0, 1.25, 70, 1.25], [5, 5, 5, 40]],
        wire_confidences=[0.5, 1],
        junctions=[[5.5, 1.25]],
        junction_types=["dot"],
        junction_confidences=[0.25],
        crossings=[[30, 1.25], [50, 1.25]],
        crossing_types=["hop", "gap"],
        crossing_confidences=[1, 0.75],
        components=[{"bbox": [1.0, 2.0, 3.0, 4.0], "type": "resistor", "confidence": 1.0}],
        pins=[[1, 1, 2, 2]],
        buses=[[3, 3, 4, 4]],
        doubtful_wires=[[10, 20, 10, 30.5]],
        doubtful_junctions=[[10, 20], [40, 50]],
        texts=[[1, 2, 3, 4]],
        words=["Ω 5"],
        nets=[[0, 1]],
        metadata={"source": "drawn", "stroke_width": 2.5},
    )
    write_annotation(annotation, tmp_path / "a.json")
    read = read_annotation(tmp_path / "a.json", (60, 80))
    for name in ("wires", "wire_confidences", "junctions", "junction_confidences", "crossings", "pins", "buses"):
        np.testing.assert_array_equal(getattr(read, name), getattr(annotation, name))
    for name in ("crossing_confidences", "texts", "doubtful_wires", "doubtful_junctions"):
        np.testing.assert_array_equal(getattr(read, name), getattr(annotation, name))
    for name in ("image_path", "image_shape", "junction_types", "crossing_types", "components", "nets", "words"):
        assert getattr(read, name) == getattr(annotation, name)
    assert read.stroke_width == 2.5 and read.metadata["num_wires"] == 2
    content = json.loads((tmp_path / "a.json").read_text())
    assert content["wires"][1] == {"start": [5, 5], "end": [5, 40], "type": "vertical", "confidence": 1, "length": 35}


def test_what_was_read_is_written_as_it_was(tmp_path):
    content = {**GOOD, "components": [{"bbox": [0.1, 1.23, 3.3, 4.7], "type": "ic", "confidence": 0.9}]}
    (tmp_path / "a.json").write_text(json.dumps(content))
    write_annotation(read_annotation(tmp_path / "a.json"), tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_text())["components"] == content["components"]


def test_an_empty_annotation_goes_through(tmp_path):
    write_annotation(Annotation.build(image_path="a.png", image_shape=(6, 8)), tmp_path / "a.json")
    read = read_annotation(tmp_path / "a.json")
    assert read.wires.shape == (0, 4) and read.junctions.shape == (0, 2) and read.junction_types == ()
    assert read.crossings.shape == (0, 2) and "crossings" not in json.loads((tmp_path / "a.json").read_text())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "list"),
        ("[" * 100_000, "not JSON"),
        ('{"image_shape": [60, 80], "wires": 3}', "wires"),
        (with_change(image_shape=[0, 80]), "image_shape"),
        (with_change(image_shape=[1.5, 80]), "image_shape"),
        (with_change(image_shape=[61, 80]), "80x61"),
        (with_change(wires=[5]), "wires 0"),
        (with_change(wires=[{"start": [1, 2]}]), "wire 0"),
        (with_change(wires=[{"start": [1, float("nan")], "end": [3, 4]}]), "wire 0 needs 4 finite numbers"),
        (
            with_change(wires=[*GOOD["wires"], {"start": [1, 2], "end": [300, 4]}]),
            "wire 1 lies outside the 80x60 image",
        ),
        (with_change(junctions=[{"center": [-9, 4]}]), "junction 0 lies outside"),
        (with_change(junctions=[{"center": [9, 4], "confidence": 2}]), "confidence must lie in 0..1"),
        (with_change(crossings=[{"center": [9, 400]}]), "crossing 0 lies outside"),
        (with_change(doubtful_junctions=[[1, 2, 3]]), "doubtful_junctions 0 needs 2 finite numbers"),
        (with_change(doubtful_wires=[[1, 2, 3, 90]]), "doubtful_wires 0 lies outside"),
        (with_change(crossings=[{"center": [9]}]), "crossing 0 needs 2 finite numbers"),
        (with_change(components=[{"bbox": ["a", 1, 2, 3]}]), "component 0"),
        (with_change(nets=[[7]]), "net 0"),
        (with_change(texts=[[1, 2, 3, 4]], words=["a", "b"]), "words must be a list of 1 texts"),
        (with_change(texts=[[1, 2, 3, 4]], words=[5]), "words must be a list of 1 texts"),
        (with_change(metadata=[]), "metadata"),
        (with_change(metadata={"stroke_width": "x"}), "stroke_width"),
        (with_change(metadata={"stroke_width": 1e8}), "stroke_width"),
        (with_change(metadata={"stroke_width": -1}), "stroke_width"),
        (with_change(junctions=[{"center": [1, 1]}] * 100_001), "junctions holds 100001 objects"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path, text, reason):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(AnnotationError) as error:
        read_annotation(path, (60, 80))
    assert str(path) in str(error.value) and reason in str(error.value) and "\n" not in str(error.value)


def test_files_that_are_no_text_or_missing(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\x00")
    for name in ("a.json", "b.json"):
        with pytest.raises(AnnotationError, match=name):
            read_annotation(tmp_path / name)


def test_types_by_direction():
    assert wire_types(np.array([[0, 0, 100, 3], [100, 3, 0, 0], [0, 0, -2, 90], [0, 0, 50, 50]])) == [
        "horizontal",
        "horizontal",
        "vertical",
        "diagonal",
    ]


def test_a_window_keeps_what_lies_in_it_at_its_place():
    annotation = Annotation.build(
        image_path="a.png",
        image_shape=(60, 80),
        wires=[[0, 20, 79, 20], [5, 5, 9, 5]],
        wire_confidences=[0.25, 1],
        junctions=[[30, 20], [5, 5]],
        junction_types=["T", "dot"],
        crossings=[[5, 6], [25, 20]],
        crossing_types=["crossing", "hop"],
        crossing_confidences=[1, 0.5],
        pins=[[20, 10, 20, 90]],
        doubtful_wires=[[30, 15, 30, 20], [5, 5, 5, 9]],
        doubtful_junctions=[[5, 5], [30, 15]],
        texts=[[0, 0, 5, 5], [15, 15, 25, 22]],
        words=["R1", "OUT"],
        components=[{"bbox": [0, 0, 5, 5], "type": "r", "confidence": 1.0}],
        nets=[[0], [1]],
        metadata={"stroke_width": 2.0},
    )
    cut = transform_annotation(annotation, np.array([[2, 0, -20], [0, 2, -20]]), (40, 50))
    np.testing.assert_allclose(cut.wires, [[-0.5, 20, 49.5, 20]])
    np.testing.assert_allclose(cut.crossings, [[30, 20]])
    assert cut.crossing_types == ("hop",) and cut.crossing_confidences.tolist() == [0.5]
    np.testing.assert_allclose(cut.wire_confidences, [0.25])
    np.testing.assert_allclose(cut.junctions, [[40, 20]])
    assert cut.junction_types == ("T",) and cut.components == () and cut.nets == () and cut.stroke_width == 4
    np.testing.assert_allclose(cut.pins, [[20, 0, 20, 39.5]])
    np.testing.assert_allclose(cut.doubtful_wires, [[40, 10, 40, 20]])
    np.testing.assert_allclose(cut.doubtful_junctions, [[40, 10]])
    np.testing.assert_allclose(cut.texts, [[10, 10, 30, 24]])
    assert cut.words == ("OUT",)
