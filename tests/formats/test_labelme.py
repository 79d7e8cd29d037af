"""LabelMe files: what labelme demands of them, the round trip, what a hand may change, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.helpers.sheets import assert_same
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.labelme import Writer, find_sources, read_labelme


@pytest.fixture
def written(whole_sheet, tmp_path):
    """(path of the LabelMe file, sheets, annotation)."""
    sheets, annotation = whole_sheet
    Writer(tmp_path / "out").add(annotation, sheets.pages[0].path)
    return tmp_path / "out" / "a.json", sheets, annotation


def read_changed(written, change):
    path, sheets, _ = written
    content = json.loads(path.read_text())
    path.write_text(json.dumps(change(content) or content))
    return read_labelme(path, sheets)


def line(label, *points, kind="line", **further):
    return {"label": label, "points": [list(p) for p in points], "shape_type": kind, **further}


def test_the_file_is_as_labelme_wants_it(written):
    content = json.loads(written[0].read_text())
    assert {"version", "flags", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth"} < set(content)
    assert content["imageData"] is None and (content["imageHeight"], content["imageWidth"]) == (60, 80)
    assert (written[0].parent / content["imagePath"]).resolve() == written[1].pages[0].path.resolve()
    for shape in content["shapes"]:
        assert set(shape) == {"label", "points", "group_id", "description", "shape_type", "flags", "mask"}
        assert shape["flags"] == {} and isinstance(shape["description"], str)


def test_coordinates_count_from_the_corner_of_the_image(written):
    shapes = json.loads(written[0].read_text())["shapes"]
    assert shapes[1] == {
        "label": "wire",
        "points": [[30.75, 20.5], [30.75, 40.5]],
        "group_id": 0,
        "description": "confidence 0.75",
        "shape_type": "line",
        "flags": {},
        "mask": None,
    }
    by_label = {shape["label"]: shape for shape in shapes}
    assert by_label["junction:dot"]["points"] == [[30.75, 20.5]] and by_label["junction:dot"]["shape_type"] == "point"
    assert by_label["component:ic"]["points"] == [[41, 22.5], [70.5, 36]]
    assert by_label["text"]["shape_type"] == "rectangle" and by_label["bus"]["shape_type"] == "line"


def test_nothing_is_lost_on_the_way(written):
    assert_same(read_labelme(*written[:2]), written[2])


def test_what_a_hand_draws_is_read(written):
    def draw(content):
        content["shapes"] = [
            line("wire", (10.5, 10.5), (20.5, 10.5), (20.5, 30.5), kind="linestrip", group_id=4),
            line("junction", (5, 5), kind="point"),
            line("resistor", (9, 8), (3, 2), kind="rectangle"),
            line("wire", (1, 1), (9, 1), description="looks odd; confidence: 0.25"),
        ]
        del content["metadata"]

    read = read_changed(written, draw)
    np.testing.assert_allclose(read.wires, [[10, 10, 20, 10], [20, 10, 20, 30], [0.5, 0.5, 8.5, 0.5]])
    np.testing.assert_allclose(read.wire_confidences, [1, 1, 0.25])
    assert read.nets == ((0, 1),) and read.junction_types == ("T",)
    assert read.components == ({"bbox": [2.5, 1.5, 8.5, 7.5], "type": "resistor", "confidence": 1.0},)
    assert read.metadata == {"source": "manual"}


def test_shapes_that_say_nothing_are_left_out_and_counted_in_one_line(written, caplog):
    shapes = [
        line("wire", (10.5, 10.5), (20.5, 10.5)),
        line("wire", (1, 1)),
        line("frame", (1, 1), (2, 2)),
        line("frame", (1, 1), (3, 3)),
        line("dot", (1, 1), kind="point"),
        line(None, (1, 1), (5, 5), kind="rectangle"),
    ]
    assert read_changed(written, lambda content: content.update(shapes=shapes)).wires.tolist() == [[10, 10, 20, 10]]
    (record,) = caplog.records
    assert record.getMessage().startswith("a.png: left out 5 shapes that are no object here (2 line of 2 points")


def test_names_in_any_case_and_number(written):
    shapes = [
        line("Wire", (10.5, 10.5), (20.5, 10.5)),
        line("WIRES", (10.5, 20.5), (20.5, 20.5)),
        line("Buses", (10.5, 30.5), (20.5, 30.5)),
        line("Junctions: dot", (10.5, 10.5), kind="point"),
        line("Texts", (1, 1), (5, 5), kind="rectangle"),
        line("OpAmp", (1, 1), (9, 9), kind="rectangle"),
    ]
    read = read_changed(written, lambda content: content.update(shapes=shapes))
    assert (len(read.wires), len(read.buses), len(read.texts)) == (2, 1, 1)
    assert read.junctions.tolist() == [[10, 10]] and read.junction_types == ("dot",)
    assert [c["type"] for c in read.components] == ["OpAmp"]


def test_outlines_of_wires_and_junctions(written):
    outline = [(10.5, 9.5), (30.5, 9.5), (50.5, 9.5), (50.5, 11.5), (10.5, 11.5)]
    shapes = [
        line("wire", *outline, kind="polygon"),
        line("wire", (20.5, 20.5), (22.5, 40.5), kind="rectangle"),
        line("junction", (5, 5), (7, 7), kind="rectangle"),
        line("junction", (15, 15), (17, 15), kind="circle"),
    ]
    read = read_changed(written, lambda content: content.update(shapes=shapes))
    ends = sorted(map(sorted, np.round(read.wires, 3).reshape(-1, 2, 2).tolist()))
    assert ends == [[[10, 10], [50, 10]], [[21, 20], [21, 40]]]
    assert read.junctions.tolist() == [[5.5, 5.5], [14.5, 14.5]]


@pytest.mark.parametrize(
    ("change", "confidence"),
    [
        ({"imageWidth": None, "imageHeight": None}, 1),
        ({"shapes": [line("wire", (1, 1), (9, 1), description="no confidence in this one")]}, 1),
        ({"shapes": [line("wire", (1, 1), (9, 1), description="confidence: .5, drawn twice")]}, 0.5),
        ({"shapes": [line("wire", (1, 1), (9, 1), description=None)]}, 1),
    ],
)
def test_what_other_programs_write_is_no_error(written, change, confidence):
    read = read_changed(written, lambda content: content.update(change))
    assert read.image_shape == (60, 80) and read.wire_confidences[0] == confidence


def test_a_byte_order_mark_is_no_error(written):
    written[0].write_bytes(b"\xef\xbb\xbf" + written[0].read_bytes())
    assert_same(read_labelme(*written[:2]), written[2])


@pytest.mark.parametrize("name", ["../../a.png", "/etc/a.png", "..\\x\\a.jpg"])
def test_the_image_is_one_of_the_folder_wherever_its_path_points(written, name):
    assert read_changed(written, lambda content: content.update(imagePath=name)).image_path == "a.png"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"imagePath": "../b.png"}, "'b.png', which"),
        ({"imagePath": "/etc/passwd"}, "'passwd', which"),
        ({"imageHeight": 61}, "80x61 pixels, but the image has 80x60"),
        ({"shapes": 3}, "shapes must be a list"),
        ({"shapes": [3]}, "shapes 0 must be an object"),
        ({"shapes": [line("wire", (1, 1), (200, 1))]}, "wire 0 lies outside"),
        ({"shapes": [line("wire", (1, float("nan")), (2, 2))]}, "shape 0 point 0 needs 2 finite numbers"),
        ({"shapes": [line("wire", (1, 1), (2, 2), description="confidence 7")]}, "confidence must lie in 0..1"),
        ({"shapes": [line("wire", (1, 1), (2, 2), group_id=[1])]}, "group_id"),
        ({"metadata": []}, "metadata"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(written, change, reason):
    with pytest.raises(AnnotationError) as error:
        read_changed(written, lambda content: content.update(change))
    assert str(error.value).startswith(f"{written[0]}: ") and reason in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["{", "[]", "{}", "[" * 100_000, "\xff"])
def test_what_is_no_labelme_file_is_refused(written, text):
    written[0].write_text(text, encoding="latin-1")
    with pytest.raises(AnnotationError, match="not JSON|no LabelMe file|not UTF-8"):
        read_labelme(*written[:2])


def test_all_files_of_a_folder_are_found(written):
    assert [source.name for source in find_sources(written[0].parent)] == ["a.json"]
