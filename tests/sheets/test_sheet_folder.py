"""A name in somebody else's file means an image of the folder, or nothing."""

from __future__ import annotations

import pytest
from PIL import Image

from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.sheet_folder import SheetFolder


@pytest.fixture
def sheets(tmp_path):
    for name in ("amp.png", "v1.2.png", "two.jpg", "two.png"):
        Image.new("L", (4, 3)).save(tmp_path / name)
    return SheetFolder(tmp_path)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("amp.png", "amp.png"),
        ("amp.json", "amp.png"),
        ("amp", "amp.png"),
        ("../../x/amp.png", "amp.png"),
        ("/etc/amp.png", "amp.png"),
        ("C:\\scans\\amp.tif", "amp.png"),
        ("v1.2.png", "v1.2.png"),
        ("v1.2.txt", "v1.2.png"),
        ("two.png", "two.jpg"),
    ],
)
def test_only_the_last_part_of_a_name_counts(sheets, name, found):
    assert sheets.find(name).name == found and sheets.find(name).path.parent == sheets.folder


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("old/amp.png", "old/amp.png"),
        ("C:\\scans\\old\\amp.png", "old/amp.png"),
        ("old/amp.txt", "old/amp.png"),
        ("old__amp.txt", "old/amp.png"),
        ("new/amp.png", "amp.png"),
        ("amp.png", "amp.png"),
        ("deep.png", "old/older/deep.png"),
        ("older/deep.png", "old/older/deep.png"),
    ],
)
def test_of_folders_below_the_longest_end_of_a_name_counts(tmp_path, name, found):
    for image in ("amp.png", "old/amp.png", "old/older/deep.png"):
        (tmp_path / image).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 3)).save(tmp_path / image)
    assert SheetFolder(tmp_path, recursive=True).find(name).name == found


def test_a_name_that_means_images_of_two_folders_is_refused_with_both(tmp_path):
    for image in ("new/amp.png", "old/amp.png"):
        (tmp_path / image).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 3)).save(tmp_path / image)
    with pytest.raises(SheetError, match="is for the image 'amp.png': new/amp.png or old/amp.png?"):
        SheetFolder(tmp_path, recursive=True).find("x/amp.png")


@pytest.mark.parametrize("name", ["", "..", "../..", "/etc/passwd", "amp.png/", "b.png", "a\nb", "\0", "x" * 10_000])
def test_other_names_are_refused_in_one_short_line(sheets, name):
    with pytest.raises(SheetError, match="is for the image") as error:
        sheets.find(name)
    assert "\n" not in str(error.value) and len(str(error.value)) < 400


def test_of_two_images_with_one_stem_the_second_is_set_aside(sheets):
    assert [page.name for page in sheets.pages] == ["amp.png", "two.jpg", "v1.2.png"]
    assert sheets.skipped == (("two.png", "another image has the stem two too"),)
