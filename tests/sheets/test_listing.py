"""What lies at a place is found page by page, each under a stem of its own; all else is told for what it is."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from tests.helpers.odd_inputs import draw_pdf, encode, frames, readable_files, write_odd_inputs
from wire_detection.sheets import image_files
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import MOST_TOLD_ALIKE, find_pages, list_pages, log_skipped, options_of_folder


def put(path, content: bytes | None = None):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(Image.new("L", (9, 7), 255), "PNG") if content is None else content)
    return path


def stems(listing) -> list[str]:
    return [page.stem for page in listing.pages]


def test_everything_in_a_folder_is_read_or_called_what_it_is(tmp_path):
    expected, reasons = write_odd_inputs(tmp_path / "odd")
    listing = find_pages(tmp_path / "odd")
    told, read = dict(listing.passed_over), set()
    for page in listing.pages:
        try:
            grey = page.read()
            assert grey.dtype == np.uint8 and grey.shape == page.shape()
            read.add(page.stem)
        except SheetError as error:
            told[page.name] = page.reason(error)
    assert read == expected
    assert told.keys() == reasons.keys()
    assert {name: told[name] for name in told if reasons[name] not in told[name]} == {}
    assert all("\n" not in reason and len(reason) < 200 for reason in told.values())


def test_pages_are_numbered_and_a_single_one_keeps_the_name_of_its_file(tmp_path):
    put(tmp_path / "one.pdf", draw_pdf((72, 36)))
    put(tmp_path / "two.pdf", draw_pdf((72, 36), (36, 72)))
    put(tmp_path / "many.pdf", draw_pdf(*[(9, 9)] * 100))
    listing = find_pages(tmp_path, pdf_dpi=100)
    assert stems(listing)[-3:] == ["one", "two_p01", "two_p02"]
    assert stems(listing)[0] == "many_p001" and stems(listing)[99] == "many_p100"
    assert [page.name for page in listing.pages[-3:]] == ["one.pdf", "two.pdf#page=1", "two.pdf#page=2"]
    assert [page.shape() for page in listing.pages[-3:]] == [(50, 100), (50, 100), (100, 50)]


def test_a_line_of_a_pdf_lies_where_its_points_say(tmp_path):
    put(tmp_path / "a.pdf", draw_pdf((72, 72), lines="9 54 m 63 54 l S"))
    grey = find_pages(tmp_path / "a.pdf", pdf_dpi=288).pages[0].read()
    # four pixels a point: a line of 1 point, 54 points above the bottom of 72, from 9 to 63
    rows, columns = np.nonzero(grey < 128)
    assert grey.shape == (288, 288)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (70, 73, 36, 251)


def test_the_pages_of_a_tiff_are_its_own_pictures_and_not_their_thumbnails(tmp_path):
    large, small = Image.new("L", (40, 30), 255), Image.new("L", (4, 3), 255)
    large.putpixel((5, 6), 0)
    whole = encode(large, "TIFF", save_all=True, append_images=[Image.new("L", (20, 10), 255)])
    put(tmp_path / "scan.tif", whole)
    listing = find_pages(tmp_path / "scan.tif")
    assert [(page.stem, page.shape()) for page in listing.pages] == [("scan_p01", (30, 40)), ("scan_p02", (10, 20))]
    assert listing.pages[0].read()[6, 5] == 0
    small.encoderinfo = {"tiffinfo": {254: 1}}
    put(tmp_path / "thumb.tif", encode(large, "TIFF", save_all=True, append_images=[small]))
    assert stems(find_pages(tmp_path / "thumb.tif")) == ["thumb"]


def test_a_moving_picture_is_read_at_its_last_whole_frame(tmp_path):
    moving = frames(3)
    whole = encode(moving[0], "GIF", save_all=True, append_images=moving[1:], optimize=False)
    put(tmp_path / "whole.gif", whole)
    put(tmp_path / "cut.gif", whole[:-5])
    put(tmp_path / "cut sooner.gif", whole[:-200])  # within the head of the second frame
    sooner, cut, last = find_pages(tmp_path).pages
    assert sooner.number == 0
    assert find_pages(tmp_path).remarks == (
        ("cut.gif", "moves; its last whole frame, number 2, is read"),
        ("whole.gif", "moves; its last whole frame, number 3, is read"),
    )
    assert np.abs(last.read().astype(int) - np.asarray(moving[2])).max() <= 2
    assert np.abs(cut.read().astype(int) - np.asarray(moving[1])).max() <= 2


def test_a_moving_picture_without_end_is_left_before_it(tmp_path, monkeypatch):
    moving = frames(3)
    put(tmp_path / "a.webp", encode(moving[0], "WEBP", save_all=True, append_images=moving[1:], lossless=True))
    monkeypatch.setattr("wire_detection.sheets.frames.MOST_MOVING_PIXELS", moving[0].width * moving[0].height)
    assert find_pages(tmp_path).pages[0].number == 1


def test_folders_below_are_read_when_asked(tmp_path):
    for name in ("a.png", "old/a.png", "old/older/b.png", ".git/c.png", "out/d.png"):
        put(tmp_path / name)
    (tmp_path / "old" / "again").symlink_to(tmp_path)
    listing = find_pages(tmp_path, recursive=True, without=[tmp_path / "out"])
    assert stems(listing) == ["a", "old__a", "old__older__b"]
    assert [page.name for page in listing.pages] == ["a.png", "old/a.png", "old/older/b.png"]
    assert listing.foreign == (("old/again", "a link to a folder, which is not followed"),)
    listing = find_pages(tmp_path)
    assert stems(listing) == ["a"]
    assert listing.foreign == (("old", "a folder; --recursive reads what lies in it"), ("out", listing.foreign[0][1]))


def test_annotations_and_results_in_the_folder_of_sheets_are_no_sheets(tmp_path):
    for name in ("a.png", "run/evaluation_best.png", "labels/overlays/a.png", "labels/coco/a.png", "b/overlays/c.png"):
        put(tmp_path / name)
    options = options_of_folder(
        recursive=True, pdf_dpi=200, annotation_dir=tmp_path / "labels", experiment_dir=tmp_path / "run"
    )
    assert stems(find_pages(tmp_path, **options)) == ["a", "b__overlays__c"]
    among = options_of_folder(
        recursive=True, pdf_dpi=200, annotation_dir=tmp_path / "labels", experiment_dir=tmp_path / "x"
    )
    assert stems(find_pages(tmp_path / "labels", **among)) == ["coco__a"]


def test_a_pattern_names_what_it_finds_from_its_first_wildcard_on(tmp_path):
    for name in ("x/a.png", "x/y/a.png", "x/y/b.txt"):
        put(tmp_path / name)
    assert stems(find_pages(tmp_path / "x" / "**" / "*.png")) == ["a", "y__a"]
    assert stems(find_pages(f"{tmp_path}/*/a.png")) == ["x__a"]
    assert stems(find_pages(f"{tmp_path}/x/?.png")) == ["a"]
    with pytest.raises(SheetError, match="no such image, folder of images or pattern"):
        find_pages(tmp_path / "z*")


def test_a_page_and_a_file_of_one_stem(tmp_path):
    put(tmp_path / "a.pdf", draw_pdf((9, 9), (9, 9)))
    put(tmp_path / "a_p01.png")
    listing = find_pages(tmp_path)
    assert stems(listing) == ["a_p01", "a_p02"]
    assert listing.skipped == (("a_p01.png", "another image has the stem a_p01 too"),)


def test_the_sizes_of_pages_are_bounded(tmp_path, monkeypatch):
    put(tmp_path / "a.pdf", draw_pdf((7200, 7200), (0.5, 0.5)))
    monkeypatch.setattr("wire_detection.sheets.pdf_pages.MAX_PIXELS", 1_000_000)
    large, small = find_pages(tmp_path / "a.pdf", pdf_dpi=100).pages
    with pytest.raises(SheetError, match="page 1 has 10000x10000 pixels at 100 dpi.*--pdf_dpi 10$"):
        large.read()
    assert small.read().shape == small.shape() == (1, 1)


def test_a_tiff_page_of_too_many_pixels_is_refused_alone(tmp_path, monkeypatch):
    tiff = encode(Image.new("L", (9, 9)), "TIFF", save_all=True, append_images=[Image.new("L", (50, 50))])
    put(tmp_path / "a.tif", tiff)
    monkeypatch.setattr(image_files, "MAX_PIXELS", 1000)
    small, large = find_pages(tmp_path / "a.tif").pages
    assert small.read().shape == (9, 9)
    with pytest.raises(SheetError, match="50x50"):
        large.read()


def test_places_without_a_page_are_told_in_one_line(tmp_path):
    put(tmp_path / "x" / "a.png", b"text")
    for place, words in (
        ("none", "no such image"),
        ("x/a.png", r"x/a.png: not a readable image \(a text file\)"),
        ("x", "x: holds no image that can be read; a.png: not a readable image"),
        ("x/*", r"x/\*: holds no image that can be read; a.png: not a readable image"),
    ):
        with pytest.raises(SheetError, match=words) as error:
            find_pages(tmp_path / place)
        assert "\n" not in str(error.value)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SheetError, match="empty: holds no image$"):
        find_pages(tmp_path / "empty")
    with pytest.raises(SheetError, match="no such folder; give --data_dir"):
        list_pages(tmp_path / "x" / "a.png")


def test_many_files_of_one_kind_are_told_in_one_line(caplog):
    log_skipped([*((f"{n}.txt", "a text file") for n in range(MOST_TOLD_ALIKE + 1)), ("a.png", "an empty file")])
    assert [record.getMessage() for record in caplog.records] == [
        "skipped 11 files (0.txt, 1.txt, 2.txt, ...): a text file",
        "skipped a.png: an empty file",
    ]


def test_a_pdf_is_one_for_threads_as_well(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    put(tmp_path / "a.pdf", readable_files()["book.pdf"])
    found = find_pages(tmp_path / "a.pdf").pages * 8
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda page: page.read(), found))
    assert all((grey == read[0]).all() for grey in read)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(tmp_path):
    put(tmp_path / "a.png")
    (tmp_path / "secret").mkdir(mode=0)
    assert find_pages(tmp_path, recursive=True).foreign == (("secret", "a folder that may not be read"),)
