"""Whole folders to other formats and back, through the command line; predictions as well."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.helpers.odd_inputs import draw_pdf
from tests.helpers.sheets import assert_same, image_page, whole_annotation
from train_wire_detection import main
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import read_annotation, write_annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.convert_folder import AnnotationExport, export_annotations, import_annotations
from wire_detection.formats.table import EXPORT_FORMATS, FORMATS, IMPORT_FORMATS
from wire_detection.sheets.listing import find_pages
from wire_detection.sheets.safe_files import write_png


def options(folders, **further):
    images, annotations = folders
    return ["--data_dir", str(images), "--annotation_dir", str(annotations)]


@pytest.mark.parametrize("name", IMPORT_FORMATS)
def test_what_is_exported_is_imported_again(tiny_sheets, tmp_path, capsys, name):
    images, annotations = tiny_sheets
    assert main(["--export_annotations", name, str(tmp_path / "out"), *options(tiny_sheets)]) == 0
    assert f"{name} cannot hold " in capsys.readouterr().err
    assert main(["--import_annotations", name, str(tmp_path / "out"), *options((images, tmp_path / "back"))]) == 0
    assert "5 sheets imported" in capsys.readouterr().err
    for path in annotations.glob("*.json"):
        written, read = read_annotation(path), read_annotation(tmp_path / "back" / path.name)
        assert read.image_path == f"{path.stem}.png" and read.metadata["source"] == "manual"
        assert_same(read, written, "wires", "junctions", "image_shape", atol=0.6 if name == "masks" else 0.01)
        assert read.stroke_px == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("name", [name for name in EXPORT_FORMATS if name not in IMPORT_FORMATS])
def test_a_file_for_each_sheet(tiny_sheets, tmp_path, name):
    assert main(["--export_annotations", name, str(tmp_path / "out"), *options(tiny_sheets)]) == 0
    files = FORMATS[name].files
    assert sorted(p.name for p in (tmp_path / "out").glob(files)) == [
        files.replace("*", f"sheet_{n}") for n in range(5)
    ]


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_pages_without_wires_and_with_odd_names(tmp_path, name):
    images, annotations = tmp_path / "images", tmp_path / "annotations"
    images.mkdir()
    blank = Image.new("L", (40, 30), 255)
    blank.save(images / 'a "b" <c> & ü#.png')
    blank.save(images / "book.v1.tif", save_all=True, append_images=[blank])
    stems = ('a "b" <c> & ü#', "book.v1_p01", "book.v1_p02")
    for stem in stems:
        write_annotation(Annotation.build(image_path="", image_shape=(30, 40)), annotations / f"{stem}.json")
    assert main(["--export_annotations", name, str(tmp_path / "out"), *options((images, annotations))]) == 0
    of_all = {"coco": "annotations.json", "cvat": "annotations.xml"}
    wanted = [of_all[name]] if name in of_all else [FORMATS[name].files.replace("*", stem) for stem in stems]
    written = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*")}
    assert written >= {*wanted, "book.v1_p01.png", "book.v1_p02.png"}


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_a_folder_that_cannot_be_written_is_named_in_a_line(tiny_sheets, tmp_path, capsys, name):
    (tmp_path / "file").write_text("")
    assert main(["--export_annotations", name, str(tmp_path / "file" / "out"), *options(tiny_sheets)]) == 1
    assert f"{tmp_path / 'file' / 'out'}: not a directory; check this path" in capsys.readouterr().err.splitlines()[-1]


def test_bad_files_are_named_and_the_others_imported(tiny_sheets, tmp_path, caplog):
    images, annotations = tiny_sheets
    export_annotations("labelme", tmp_path / "out", data_dir=images, annotation_dir=annotations)
    (tmp_path / "out" / "sheet_0.json").write_text("{")
    content = (tmp_path / "out" / "sheet_1.json").read_text()
    (tmp_path / "out" / "twice.json").write_text(content)
    (tmp_path / "out" / "up.json").write_text(content.replace("/sheet_1.png", "/../../up.png"))
    with caplog.at_level(logging.INFO):
        summary = import_annotations("labelme", tmp_path / "out", data_dir=images, annotation_dir=tmp_path / "back")
    assert summary.converted == tuple(f"sheet_{n}" for n in range(1, 5))
    assert [place for place, _ in summary.skipped] == ["sheet_0.json", "twice.json", "up.json"]
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(lines) == 3 and "not JSON" in lines[0] and "another file" in lines[1] and "'up.png', which" in lines[2]
    assert "4 sheets imported" in caplog.text and "3 skipped" in caplog.text


def test_nothing_is_written_outside_the_folder(tiny_sheets, tmp_path):
    images, annotations = tiny_sheets
    export_annotations("coco", tmp_path / "out", data_dir=images, annotation_dir=annotations)
    path = tmp_path / "out" / "annotations.json"
    content = json.loads(path.read_text())
    for number, image in enumerate(content["images"]):
        image["file_name"] = ["../../escaped.png", "/tmp/sheet_1.png", "..", "../sheet_3.png", "sheet_4.png"][number]
    path.write_text(json.dumps(content))
    before = {p for p in tmp_path.rglob("*")}
    import_annotations("coco", tmp_path / "out", data_dir=images, annotation_dir=tmp_path / "back")
    assert {p.relative_to(tmp_path).as_posix() for p in set(tmp_path.rglob("*")) - before} == {
        "back",
        "back/sheet_1.json",
        "back/sheet_3.json",
        "back/sheet_4.json",
    }
    assert read_annotation(tmp_path / "back" / "sheet_1.json").image_path == "sheet_1.png"


def test_existing_files_are_only_replaced_when_asked(tiny_sheets, tmp_path, capsys):
    images, annotations = tiny_sheets
    both = ["labelme", str(tmp_path / "out"), *options(tiny_sheets)]
    assert main(["--export_annotations", *both]) == 0
    for flag, name in (("--export_annotations", "out/sheet_0.json"), ("--import_annotations", "sheet_0.json exists")):
        assert main([flag, *both]) == 1
        assert name in capsys.readouterr().err
    assert json.loads((annotations / "sheet_0.json").read_text())["metadata"]["source"] == "drawn"
    assert main(["--export_annotations", *both, "--overwrite"]) == 0
    assert main(["--import_annotations", *both, "--overwrite"]) == 0
    assert json.loads((annotations / "sheet_0.json").read_text())["metadata"]["source"] == "manual"


def test_sheets_without_a_usable_annotation_are_named(tiny_sheets, tmp_path):
    images, annotations = tiny_sheets
    (annotations / "sheet_0.json").unlink()
    (annotations / "sheet_1.json").write_text("{}")
    summary = export_annotations("yolo", tmp_path / "out", data_dir=images, annotation_dir=annotations)
    assert [(name, "no such" in reason or "image_shape" in reason) for name, reason in summary.skipped] == [
        ("sheet_0.png", True),
        ("sheet_1.png", True),
    ]
    assert len(list((tmp_path / "out" / "labels").iterdir())) == 3


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--import_annotations", "coco", "none"], "no folder that holds coco files"),
        (["--export_annotations", "coco", "out", "--annotation_dir", "none"], "none: no such folder of annotations"),
        (["--export_annotations", "coco", "out", "--data_dir", "none"], "none: no such folder"),
    ],
)
def test_folders_that_are_not_there(tiny_sheets, tmp_path, monkeypatch, capsys, flags, reason):
    monkeypatch.chdir(tmp_path)
    assert main([*options(tiny_sheets), *flags]) == 1
    assert reason in capsys.readouterr().err


def test_one_annotation_after_the_other(tmp_path):
    export = AnnotationExport("coco", tmp_path)
    for name in ("x/a.png", "y/b.png"):
        export.gather(export.add(whole_annotation(), image_page(name)))
    assert list(tmp_path.iterdir()) == []
    export.finish()
    content = json.loads((tmp_path / "annotations.json").read_text())
    assert [image["file_name"] for image in content["images"]] == ["a.png", "b.png"]
    assert np.bincount([entry["image_id"] for entry in content["annotations"]]).tolist() == [0, 12, 12]
    with pytest.raises(AnnotationError, match="--overwrite"):
        AnnotationExport("coco", tmp_path)


def test_predictions_are_exported_as_well(tiny_sheets, tmp_path, monkeypatch):
    from wire_detection.reading import read_files as prediction_batch

    found = replace(whole_annotation(), metadata={"confidence": 1.0, "doubt": ""})
    monkeypatch.setattr(prediction_batch, "predict_sheet", lambda model, grey, **options: found)
    export = AnnotationExport("labelme", tmp_path / "out")
    prediction_batch.predict_files(None, find_pages(tiny_sheets[0]), tmp_path / "predictions", export)
    assert sorted(p.stem for p in (tmp_path / "out").iterdir()) == [f"sheet_{n}" for n in range(5)]


def test_every_format_says_what_it_cannot_hold():
    drawings = ("svg", "kicad", "ltspice", "dxf", "graphml", "json-graph", "csv", "netlist")
    assert EXPORT_FORMATS == ("labelme", "coco", "yolo", "masks", "cvat", *drawings)
    assert IMPORT_FORMATS == EXPORT_FORMATS[:5]
    assert all(len(entry.cannot_hold) > 20 for entry in FORMATS.values())


def test_objects_none_of_which_is_called_wire_are_refused_and_nothing_is_written(tiny_sheets, tmp_path):
    images, annotations = tiny_sheets
    export_annotations("yolo", tmp_path / "out", data_dir=images, annotation_dir=annotations)
    (tmp_path / "out" / "classes.txt").write_text("net\nnode\n")
    with pytest.raises(
        AnnotationError, match="none of its 15 objects is called wire, but 'net', 'node'; call wires wire"
    ):
        import_annotations("yolo", tmp_path / "out", data_dir=images, annotation_dir=tmp_path / "back")
    assert not (tmp_path / "back").exists()


SHEETS = ("amp.png", "old/amp.png", "old/book ü.pdf#page=1", "old/book ü.pdf#page=2")
STEMS = ("amp", "old__amp", "old__book ü_p01", "old__book ü_p02")


@pytest.fixture
def sheets_of_all_kinds(tmp_path):
    """(images folder, annotations folder) of the SHEETS: two of one name, and a PDF of two pages in a folder."""
    images, annotations = tmp_path / "images", tmp_path / "annotations"
    for name in SHEETS[:2]:
        write_png(images / name, np.full((60, 80), 255, np.uint8))
    (images / "old" / "book ü.pdf").write_bytes(draw_pdf((80, 60), (80, 60)))
    for name, stem in zip(SHEETS, STEMS, strict=True):
        write_annotation(replace(whole_annotation(), image_path=name), annotations / f"{stem}.json")
    return images, annotations


WHOLE_PIXELS = ["--recursive", "--pdf_dpi", "72"]
"""A point of a PDF is a pixel then."""


@pytest.mark.parametrize("name", IMPORT_FORMATS)
def test_pages_and_folders_keep_their_names_there_and_back(sheets_of_all_kinds, tmp_path, name):
    images, annotations = sheets_of_all_kinds
    assert (
        main(["--export_annotations", name, str(tmp_path / "out"), *options(sheets_of_all_kinds), *WHOLE_PIXELS]) == 0
    )
    back = options((images, tmp_path / "back"))
    assert main(["--import_annotations", name, str(tmp_path / "out"), *back, *WHOLE_PIXELS]) == 0
    read = {path.stem: read_annotation(path).image_path for path in (tmp_path / "back").glob("*.json")}
    assert read == dict(zip(STEMS, SHEETS, strict=True))


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("svg", ".svg"),
        ("kicad", ".kicad_sch"),
        ("ltspice", ".asc"),
        ("dxf", ".dxf"),
        ("graphml", ".graphml"),
        ("json-graph", ".graph.json"),
        ("netlist", ".netlist.json"),
    ],
)
def test_every_drawing_says_of_which_page_it_is(sheets_of_all_kinds, tmp_path, name, suffix):
    images, annotations = sheets_of_all_kinds
    assert (
        main(["--export_annotations", name, str(tmp_path / "out"), *options(sheets_of_all_kinds), *WHOLE_PIXELS]) == 0
    )
    for sheet, stem in zip(SHEETS, STEMS, strict=True):
        assert sheet in (tmp_path / "out" / f"{stem}{suffix}").read_text(encoding="utf-8")
    assert len(list((tmp_path / "out").glob(f"*{suffix}"))) == len(SHEETS)
