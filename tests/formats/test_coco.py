"""COCO files: coordinates of both kinds, the round trip, what other tools leave out, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.helpers.sheets import assert_same
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.coco import Writer, find_sources


@pytest.fixture
def written(whole_sheet, tmp_path):
    """(folder with the COCO file, sheets, annotation)."""
    sheets, annotation = whole_sheet
    writer = Writer(tmp_path / "out")
    writer.add(annotation, sheets.pages[0].path)
    writer.finish()
    return tmp_path / "out", sheets, annotation


def load(folder):
    return json.loads((folder / "annotations.json").read_text())


def read_changed(written, change):
    folder, sheets, _ = written
    content = load(folder)
    change(content)
    (folder / "annotations.json").write_text(json.dumps(content))
    (source,) = find_sources(folder)
    return source.read(sheets)


def test_keypoints_are_pixels_and_boxes_count_from_the_corner(written):
    content = load(written[0])
    wire = content["annotations"][1]  # x 30.25, y 20 to 40, 2 px wide
    assert wire["keypoints"] == [30.25, 20, 2, 30.25, 40, 2] and wire["num_keypoints"] == 2
    assert wire["bbox"] == [29.75, 20.5, 2, 20] and wire["area"] == 40
    assert sorted(zip(*[iter(wire["segmentation"][0])] * 2, strict=True)) == [
        (29.75, 20.5),
        (29.75, 40.5),
        (31.75, 20.5),
        (31.75, 40.5),
    ]
    assert wire["score"] == 0.75 and wire["attributes"] == {"net": 0}
    assert content["images"] == [
        {"id": 1, "file_name": "a.png", "width": 80, "height": 60, "metadata": written[2].metadata}
    ]


def test_every_category_is_listed(written):
    content = load(written[0])
    categories = {c["id"]: c for c in content["categories"]}
    assert categories[1] == {
        "id": 1,
        "name": "wire",
        "supercategory": "schematic",
        "keypoints": ["start", "end"],
        "skeleton": [[1, 2]],
    }
    used = {categories[entry["category_id"]]["name"] for entry in content["annotations"]}
    assert used == {"wire", "junction", "crossing", "pin", "bus", "text", "component:ic"}
    assert [entry["id"] for entry in content["annotations"]] == list(range(1, 13))
    component = next(e for e in content["annotations"] if categories[e["category_id"]]["name"] == "component:ic")
    assert component["bbox"] == [41, 22.5, 29.5, 13.5] and component["num_keypoints"] == 0


def test_nothing_is_lost_on_the_way(written):
    (source,) = find_sources(written[0])
    assert_same(source.read(written[1]), written[2])


def test_without_keypoints_the_shape_is_read(written):
    def strip(content):
        del content["info"], content["licenses"], content["images"][0]["metadata"]
        for entry in content["annotations"]:
            for key in ("keypoints", "num_keypoints", "score", "attributes", "area"):
                entry.pop(key, None)

    read = read_changed(written, strip)
    assert_same(read, written[2], "wires", "junctions", "pins", "buses", "texts", atol=0.03)
    assert read.junction_types == ("T", "T") and read.nets == () and (read.wire_confidences == 1).all()


def test_a_polygon_of_many_corners_is_read_as_its_long_axis(written):
    def redraw(content):
        content["annotations"] = [
            {
                "id": 1,
                "image_id": 1,
                "category_id": 1,
                "segmentation": [[10.5, 19.5, 30, 19.5, 50.5, 19.5, 50.5, 21.5, 10.5, 21.5]],
            }
        ]

    assert sorted(read_changed(written, redraw).wires.reshape(2, 2).tolist()) == [[10, 20], [50, 20]]


@pytest.mark.parametrize(
    "segmentation",
    [
        [[10, 19, 30, 19, 30, 21, 10, 21], [30, 19, 50, 19, 50, 21, 30, 21]],
        {"size": [60, 80], "counts": [619, *[2, 58] * 39, 2, 1839]},
        # 619 is 11 + 19 * 32, 58 is 26 + 32, 1839 is 58 + 21 + 23 * 32 + 1024; runs that equal those two before are 0
        {"size": [60, 80], "counts": "[c0" + "2" + "j1" + "0" * 77 + "eg1"},
    ],
    ids=["polygons", "runs", "compressed"],
)
def test_outlines_of_every_kind_are_read_as_the_long_axis(written, segmentation):
    """Columns 10 to 49 of rows 19 and 20, which reach from 10 to 50 and from 19 to 21, counted from the corner."""
    wire = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": segmentation}
    read = read_changed(written, lambda content: content.update(annotations=[wire]))
    assert sorted(read.wires.reshape(2, 2).tolist()) == [[9.5, 19.5], [49.5, 19.5]]


@pytest.mark.parametrize("name", ["../../a.png", "/etc/a.png", "C:\\a.png"])
def test_the_image_is_one_of_the_folder_wherever_its_name_points(written, name):
    assert read_changed(written, lambda content: content["images"][0].update(file_name=name)).image_path == "a.png"


def test_names_in_any_case_and_number(written):
    def rename(content):
        for category in content["categories"]:
            category["name"] = category["name"].upper() + "S" * (category["name"] == "wire")

    read = read_changed(written, rename)
    assert_same(read, written[2], "wires", "junctions", "pins", "buses", "texts")


def first(**change):
    return lambda content: content["annotations"][0].update(change)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: content["images"][0].update(file_name="/etc/passwd"), "'passwd', which"),
        (lambda content: content["images"][0].update(height=61), "80x61"),
        (first(keypoints=[1, 2, 2]), "2 times x, y, visibility"),
        (first(keypoints="ab"), "2 times"),
        (first(keypoints=[1, 2, 2, 3, 1e300, 2]), "keypoint 1 needs 3 finite"),
        (first(keypoints=[1, 2, 2, 300, 4, 2]), "wire 0 lies outside"),
        (first(keypoints=[], segmentation={"counts": "abc"}), "mask's size"),
        (first(keypoints=[], segmentation="abc"), "polygons or a mask"),
        (first(keypoints=[], segmentation={"size": [60, 80], "counts": "a~"}), "no compressed runs"),
        (first(keypoints=[], segmentation={"size": [60, 80], "counts": [1, 2]}), "do not add up"),
        (first(keypoints=[], segmentation={"size": [60, 80], "counts": [4801, -1]}), "do not add up"),
        (first(keypoints=[], segmentation={"size": [60, 80], "counts": [4800]}), "mask is empty"),
        (first(keypoints=[], segmentation={"size": [60000, 80000], "counts": []}), "allowed"),
        (first(keypoints=[], segmentation=[[1, 2, 3, 4, None, 6]]), "polygon 4 needs"),
        (first(keypoints=[], segmentation=[[1, 2, 3, 4]]), "three points"),
        (first(score="sure"), "confidence"),
        (first(attributes=3), "attributes"),
        (first(attributes={"net": {}}), "net"),
    ],
)
def test_what_is_wrong_with_an_image_is_told_in_one_line(written, change, reason):
    with pytest.raises(AnnotationError) as error:
        read_changed(written, change)
    assert reason in str(error.value) and "\n" not in str(error.value) and "annotations.json: " in str(error.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (first(image_id=7), "belongs to image 7"),
        (first(category_id="x"), "category 'x'"),
        (first(image_id=[]), "image_id"),
        (lambda content: content.pop("images"), "no COCO file"),
        (lambda content: content.update(categories=[1]), "categories"),
        (lambda content: content.update(annotations={}), "must be a list"),
    ],
)
def test_a_file_that_is_no_coco_file_is_one_broken_source(written, change, reason):
    with pytest.raises(AnnotationError, match=reason):
        read_changed(written, change)


def test_two_images_of_which_one_is_broken(whole_sheet, tmp_path):
    sheets, annotation = whole_sheet
    writer = Writer(tmp_path)
    writer.add(annotation, tmp_path / "gone.png")
    writer.add(annotation, sheets.pages[0].path)
    writer.finish()
    broken, good = find_sources(tmp_path)
    assert "gone.png" in broken.name
    with pytest.raises(AnnotationError, match="gone.png"):
        broken.read(sheets)
    np.testing.assert_allclose(good.read(sheets).wires, annotation.wires)
