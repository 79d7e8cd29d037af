"""YOLO label files: boxes worked out by hand, the round trip of what they hold, and what is refused."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.helpers.sheets import assert_same
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.yolo import Writer, find_sources


@pytest.fixture
def written(whole_sheet, tmp_path):
    """(folder, sheets, annotation)."""
    sheets, annotation = whole_sheet
    writer = Writer(tmp_path / "out")
    writer.add(annotation, sheets.pages[0].path)
    writer.finish()
    return tmp_path / "out", sheets, annotation


def read_text(written, text):
    folder, sheets, _ = written
    (folder / "labels" / "a.txt").write_text(text)
    (source,) = find_sources(folder)
    return source.read(sheets)


def test_a_wire_is_a_box_of_the_stroke_width(written):
    lines = (written[0] / "labels" / "a.txt").read_text().splitlines()
    # (10, 20) to (50, 20), 2 px wide: corners 10.5 and 50.5 of 80, 19.5 and 21.5 of 60
    number, *shares = map(float, lines[0].split())
    assert number == 0
    np.testing.assert_allclose(
        shares, [10.5 / 80, 21.5 / 60, 50.5 / 80, 21.5 / 60, 50.5 / 80, 19.5 / 60, 10.5 / 80, 19.5 / 60], atol=1e-7
    )
    assert len(lines) == 4 + 2 + 1 + 1 + 1 + 1
    values = np.array([[float(word) for word in text.split()[1:]] for text in lines])
    assert values.shape == (10, 8) and (values >= 0).all() and (values <= 1).all()


def test_the_names_of_the_classes(written):
    names = ["wire", "junction", "pin", "bus", "text", "component:ic"]
    assert (written[0] / "classes.txt").read_text().split() == names
    assert '  5: "component:ic"' in (written[0] / "data.yaml").read_text()


def test_what_boxes_can_hold_is_kept(written):
    (source,) = find_sources(written[0])
    read = source.read(written[1])
    assert_same(read, written[2], "image_path", "image_shape", "wires", "junctions", "pins", "buses", "texts")
    assert read.components[0]["type"] == "ic"
    np.testing.assert_allclose(read.components[0]["bbox"], [40.5, 22, 70, 35.5], atol=1e-4)
    assert read.metadata == {"source": "manual", "stroke_width": 2.0}


def test_a_tenth_number_is_the_confidence(written):
    read = read_text(written, "0 .125 .5 .5 .5 .5 .6 .125 .6 0.25\n\n")
    np.testing.assert_allclose(read.wires, [[9.5, 32.5, 39.5, 32.5]])
    np.testing.assert_allclose(read.wire_confidences, [0.25])


def test_no_object_and_labels_beside_the_classes(written):
    assert read_text(written, "").wires.shape == (0, 4)
    for path in (written[0] / "labels").iterdir():
        path.rename(written[0] / path.name)
    (written[0] / "labels").rmdir()
    assert [source.name for source in find_sources(written[0])] == ["a.txt"]


def test_upright_boxes_and_polygons(written):
    read = read_text(
        written,
        # middle 40, 30 of 80x60, 40 wide and 2 high; the same as a polygon of six corners, with a confidence of 0.5
        f"0 .5 .5 .5 {2 / 60}\n0 .25 {29 / 60} .5 {29 / 60} .75 {29 / 60} .75 {31 / 60} .5 {31 / 60} .25 {31 / 60} .5\n"
        f"1 .5 .5 .05 .05 .75\n",
    )
    ends = np.sort(read.wires.reshape(-1, 2, 2), 1)
    np.testing.assert_allclose(ends, [[[19.5, 29.5], [59.5, 29.5]]] * 2, atol=1e-3)
    assert read.wire_confidences.tolist() == [1, 0.5] and read.junctions.tolist() == [[39.5, 29.5]]
    assert read.junction_confidences.tolist() == [0.75] and read.stroke_width == pytest.approx(2)


@pytest.mark.parametrize(
    "names",
    [
        "names: [Wires, 'junction']",
        "names:\n- Wire  # of copper\n- junction\nnc: 2",
        "nc: 2\nnames:\n  0: WIRE\n  1: junction\n",
        "names: {1: junction, 0: wire}",
        "names: [wire,  # of copper\n  'junction'\n]",
        "names:\n\n  # of copper\n  - wire\n  - junction",
    ],
)
def test_the_classes_are_read_from_data_yaml_and_labels_from_folders_below(written, names):
    folder, sheets, _ = written
    (folder / "classes.txt").unlink()
    (folder / "data.yaml").write_text(f"train: images\n{names}\n")
    (folder / "labels" / "train").mkdir()
    (folder / "labels" / "a.txt").rename(folder / "labels" / "train" / "a.txt")
    (folder / "labels" / "train" / "a.txt").write_text(f"0 .5 .5 .5 {2 / 60}\n1 .5 .5 .05 .05\n")
    (source,) = find_sources(folder)
    read = source.read(sheets)
    assert source.name == "train/a.txt" and len(read.wires) == len(read.junctions) == 1


@pytest.mark.parametrize(
    "text",
    ["nc: 2", "names: 3", "names: [wire", "names:\n  0: wire\n  2: junction", f"names:\n  {'9' * 5000}: wire"],
)
def test_a_data_yaml_without_names_is_told(written, text):
    folder, sheets, _ = written
    (folder / "classes.txt").unlink()
    (folder / "data.yaml").write_text(text)
    (source,) = find_sources(folder)
    with pytest.raises(AnnotationError, match="data.yaml: (states no names|the numbers)"):
        source.read(sheets)


@pytest.mark.parametrize(
    "text",
    ["names:" + " " * 200_000 + "x", "names: [a" + " " * 200_000 + "b]", "names" + " " * 200_000, "names:" * 200_000],
)
def test_the_time_for_a_data_yaml_grows_as_its_length(written, text):
    """Patterns that are tried again at each of the spaces would take minutes."""
    folder, _, _ = written
    (folder / "classes.txt").unlink()
    (folder / "data.yaml").write_text(text)
    begin = time.process_time()
    list(find_sources(folder))
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0 1 2", "line 1 has 3 numbers"),
        ("\n0 a 0 0 0 0 0 0 0", "line 2 holds what is no number"),
        ("9 0 0 1 0 1 1 0 1", "class 9 is none of the 6"),
        ("-1 0 0 1 0 1 1 0 1", "class -1"),
        ("0 nan 0 1 0 1 1 0 1", "shares"),
        ("0 0 0 50 0 1 1 0 1", "shares"),
        ("0 inf 0 1 0 1 1 0 1", "shares"),
        ("0 0 0 1.5 0 1.5 .1 0 .1", "wire 0 lies outside"),
        ("0 0 0 1 0 1 .1 0 .1 1.5", "confidence"),
        ("\x00", "numbers"),
        ("0.5 0 0 1 0 1 1 0 1", "no number"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(written, text, reason):
    with pytest.raises(AnnotationError) as error:
        read_text(written, text)
    assert reason in str(error.value) and "a.txt: " in str(error.value) and "\n" not in str(error.value)


def test_labels_without_an_image_or_without_classes(written):
    folder, sheets, _ = written
    (folder / "labels" / "passwd.txt").write_text("")
    with pytest.raises(AnnotationError, match="'passwd.txt', which"):
        list(find_sources(folder))[1].read(sheets)
    (folder / "data.yaml").unlink()
    (folder / "classes.txt").unlink()
    (source,) = find_sources(folder)
    with pytest.raises(AnnotationError, match="classes.txt: no such"):
        source.read(sheets)
