"""The data check finds what would spoil a training, and tells nothing of what is right."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from tests.helpers.sheets import draw_tiny_sheet, image_page
from train_wire_detection import main
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.sheets.safe_files import write_png
from wire_detection.windows.data_check import SheetCheck, assign_sides, check_sheets, suggest


@pytest.fixture
def problems(tiny_sheets):
    """A function: the remarks on the sheet of this name."""
    images, annotations = tiny_sheets
    return lambda name: {c.name: "; ".join(c.problems) for c in check_sheets(images, annotations)}[name]


def put(folders, stem: str, grey: np.ndarray, annotation: Annotation) -> None:
    write_png(folders[0] / f"{stem}.png", grey)
    write_annotation(annotation, folders[1] / f"{stem}.json")


def test_exact_sheets_are_not_suspicious(tiny_sheets):
    checks = check_sheets(*tiny_sheets)
    assert len(checks) == 5 and not any(c.problems for c in checks)
    assert all(c.usable and c.on_ink == 1 and (c.wires, c.junctions) == (2, 1) for c in checks)
    assert all(abs(c.stroke_px - 2) < 0.3 and (c.height, c.width) == (128, 160) for c in checks)


def test_shares_count_the_pixels_of_the_targets(tmp_path):
    from wire_detection.windows.data_check import check_sheet

    grey, annotation = draw_tiny_sheet(0)
    put((tmp_path, tmp_path), "a", grey, annotation)
    check = check_sheet(image_page(tmp_path / "a.png"), tmp_path)
    disc = cv2.circle(np.zeros((15, 15), np.uint8), (7, 7), 4, 1, -1).sum()
    assert check.junction_share * grey.size == pytest.approx(disc, abs=8)
    length = 139 + 117 - annotation.wires[1, 1]
    assert check.wire_share * grey.size == pytest.approx(3 * length, rel=0.05)


def test_the_annotation_of_another_sheet(tiny_sheets, problems):
    grey, annotation = draw_tiny_sheet(0)
    wires = annotation.wires + np.array([0, 8, 0, 0], np.float32)[[0, 1, 0, 1]]
    put(tiny_sheets, "shifted", grey, Annotation.build(image_path="", image_shape=grey.shape, wires=wires[:1]))
    assert "of its wires lie on ink" in problems("shifted.png")


def test_sheets_without_ink_or_wires(tiny_sheets, problems):
    empty = np.full((64, 64), 255, np.uint8)
    put(tiny_sheets, "empty", empty, Annotation.build(image_path="", image_shape=(64, 64)))
    assert problems("empty.png") == "holds no ink; no wire is annotated"


def test_what_cannot_be_used_is_told(tiny_sheets, problems):
    images, annotations = tiny_sheets
    (images / "text.png").write_text("no picture")
    (annotations / "sheet_1.json").unlink()
    content = json.loads((annotations / "sheet_2.json").read_text())
    content["wires"][0]["end"] = [5000, 5]
    (annotations / "sheet_2.json").write_text(json.dumps(content))
    assert "not a readable image" in problems("text.png")
    assert "no such annotation" in problems("sheet_1.png")
    assert "wire 0 lies outside" in problems("sheet_2.png")


def test_the_same_picture_on_both_sides_of_the_split(tiny_sheets, problems):
    images, annotations = tiny_sheets
    put(tiny_sheets, "twin", *draw_tiny_sheet(3))
    assert problems("twin.png") == "the same picture as sheet_3.png"
    sided = {c.name: c for c in assign_sides(check_sheets(images, annotations), ["twin.png"])}
    assert sided["twin.png"].side == "validation" and sided["sheet_3.png"].side == "train"
    assert "is trained on and held out" in sided["sheet_3.png"].problems[-1]
    assert not sided["sheet_0.png"].problems


def test_the_held_out_names_are_gone_through_once_however_many_sheets_there_are():
    class Counted(list):
        times = 0

        def __iter__(self):
            Counted.times += 1
            return super().__iter__()

    checks = [SheetCheck(f"{number}.png", digest=str(number)) for number in range(9)]
    sided = assign_sides(checks, Counted(["2.png", "5.png"]))
    assert [check.name for check in sided if check.side == "validation"] == ["2.png", "5.png"] and Counted.times == 1


@pytest.mark.parametrize(
    ("sides", "stroke", "window", "batch"),
    [
        ([(700, 900), (1000, 2000)], 2.0, 512, 4),
        ([(300, 400)], 2.0, 288, 12),
        ([(1200, 1200)], 8.0, 288, 12),
        ([(40, 40)], 2.0, 128, 32),
        ([], 2.0, 512, 4),
    ],
)
def test_the_suggested_window_fits_and_the_batch_fills_the_default_area(sides, stroke, window, batch):
    """1200 px with strokes of 8 px are 300 px with strokes of 2; 4 * 512 * 512 / 288 / 288 = 12.6."""
    checks = [SheetCheck(f"{i}", height=h, width=w, stroke_px=stroke) for i, (h, w) in enumerate(sides)]
    assert suggest(checks) == {"image_size": [window, window], "batch_size": batch}


def test_the_verb_prints_a_table_and_writes_a_report_and_pictures(tiny_sheets, tmp_path, capsys):
    put(tiny_sheets, "twin", *draw_tiny_sheet(3))
    options = [
        "--check_data",
        "--data_dir",
        str(tiny_sheets[0]),
        "--annotation_dir",
        str(tiny_sheets[1]),
        "--experiment_dir",
        str(tmp_path / "run"),
    ]
    assert main(options) == 0
    text = capsys.readouterr().out
    assert "sheet_0.png" in text and "the same picture as sheet_3.png" in text and "--batch_size" in text
    report = json.loads((tmp_path / "run" / "data_check.json").read_text())
    assert report["sheets"] == report["usable"] == 6 and len(report["per_sheet"]) == 6
    assert {p.name for p in (tmp_path / "run").iterdir()} == {"data_check.json", "data_check.png"}
    (tiny_sheets[0] / "twin.png").unlink()
    assert main(options) == 0 and not (tmp_path / "run" / "data_check.png").exists()
