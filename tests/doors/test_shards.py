"""Parts of the sheets, done one by one and merged, leave the bytes of one run; what is there is not done again."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.helpers.knowing import Knowing
from tests.helpers.onnx_files import write_mean
from tests.helpers.sheets import draw_tiny_sheet, write_tiny_sheets
from train_wire_detection import main
from wire_detection.reading import read_files
from wire_detection.sheets.listing import Page, find_pages

PARTS = ("0/3", "1/3", "2/3")


@pytest.fixture(scope="module")
def sheets(tmp_path_factory) -> Path:
    """A folder of five sheets, a broken one, and one whose annotation is broken."""
    folder = tmp_path_factory.mktemp("sheets")
    images, annotations = write_tiny_sheets(folder, 6)
    (images / "sheet_1b.png").write_bytes((images / "sheet_1.png").read_bytes()[:200])
    (annotations / "sheet_5.json").write_text("{")
    shutil.copyfile(images / "sheet_0.png", images / "twin.png")
    shutil.copyfile(annotations / "sheet_0.json", annotations / "twin.json")
    write_mean(folder / "mean.onnx")
    return folder


def run(*options: object) -> int:
    return main([str(option) for option in options])


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def annotating(sheets: Path, out: Path) -> list:
    return ["--annotate_only", "--data_dir", sheets / "images", "--annotation_dir", out]


def checking(sheets: Path, out: Path) -> list:
    places = ["--data_dir", sheets / "images", "--annotation_dir", sheets / "annotations"]
    return ["--check_data", *places, "--experiment_dir", out]


def reading(sheets: Path, out: Path) -> list:
    return ["--predict", sheets / "images", "--model", sheets / "mean.onnx", "--experiment_dir", out]


def exporting(sheets: Path, out: Path) -> list:
    places = ["--data_dir", sheets / "images", "--annotation_dir", sheets / "annotations"]
    return ["--export_annotations", "csv", out, *places]


def drawing(sheets: Path, out: Path) -> list:
    return ["--synthesize", 3, "--data_dir", out / "images", "--annotation_dir", out / "truth"]


@pytest.mark.parametrize("verb", [annotating, checking, reading])
def test_merged_shards_are_one_run_to_the_byte(sheets, tmp_path, capsys, verb):
    assert run(*verb(sheets, tmp_path / "whole")) == 0
    told = capsys.readouterr().out
    for part in PARTS:
        assert run(*verb(sheets, tmp_path / "parts"), "--shard", part) == 0
    capsys.readouterr()
    assert run(*verb(sheets, tmp_path / "parts"), "--merge") == 0
    assert files(tmp_path / "whole") == files(tmp_path / "parts")
    columns = [line.split()[:5] for line in told.replace("whole", "parts").splitlines()]
    assert [line.split()[:5] for line in capsys.readouterr().out.splitlines()] == columns


@pytest.mark.parametrize("verb", [exporting, drawing])
def test_shards_without_a_summary_are_one_run_to_the_byte(sheets, tmp_path, verb):
    assert run(*verb(sheets, tmp_path / "whole")) == 0
    for part in PARTS:
        assert run(*verb(sheets, tmp_path / "parts"), "--shard", part, "--skip_existing") == 0
    assert files(tmp_path / "whole") == files(tmp_path / "parts")


def test_imported_shards_are_one_run_to_the_byte(sheets, tmp_path):
    places = ["--data_dir", sheets / "images", "--annotation_dir"]
    assert run("--export_annotations", "coco", tmp_path / "coco", *places, sheets / "annotations") == 0
    importing = ["--import_annotations", "coco", tmp_path / "coco", *places]
    assert run(*importing, tmp_path / "whole") == 0
    for part in PARTS:
        assert run(*importing, tmp_path / "parts", "--shard", part) == 0
    assert files(tmp_path / "whole") == files(tmp_path / "parts") and len(files(tmp_path / "whole")) == 6


@pytest.mark.parametrize("verb", [annotating, checking, reading])
def test_what_no_shard_has_done_is_named(sheets, tmp_path, capsys, verb):
    assert run(*verb(sheets, tmp_path), "--shard", "0/2") == 0
    assert run(*verb(sheets, tmp_path), "--merge") == 0
    told = capsys.readouterr()
    assert re.search(r"sheet_2\.png\b.*no shard has done it yet", told.out + told.err)


def test_a_file_of_all_sheets_is_no_work_for_a_shard(sheets, tmp_path, capsys):
    both = [*reading(sheets, tmp_path), "--export_annotations", "yolo", tmp_path / "yolo"]
    assert run(*both, "--shard", "0/2") == 1
    assert "yolo writes what needs all sheets, which a shard has not" in capsys.readouterr().err
    assert not (tmp_path / "yolo").exists()


def test_sheets_that_were_read_are_told_and_exported_and_not_read_again(tmp_path, monkeypatch, capsys):
    images, _ = write_tiny_sheets(tmp_path, 3)
    truth = draw_tiny_sheet(0)[1]

    def predict(out: Path, **options):
        export = read_files.AnnotationExport("yolo", out / "yolo", skip_existing=True)
        return read_files.predict_files(Knowing(truth), find_pages(images), out, export, **options)

    whole = predict(tmp_path / "whole")
    predict(tmp_path / "killed")
    (tmp_path / "killed" / "overlays" / "sheet_1.png").unlink()
    pages, real = [], Page.picture
    monkeypatch.setattr(Page, "picture", lambda page, *known: pages.append(page.name) or real(page, *known))
    readings = predict(tmp_path / "killed", skip_existing=True)
    assert pages == ["sheet_1.png"] and files(tmp_path / "whole") == files(tmp_path / "killed")
    assert [reading.seconds is None for reading in readings] == [True, False, True]
    assert [reading.wires for reading in readings] == [reading.wires for reading in whole]
    lines = capsys.readouterr().out.splitlines()[-3:]
    assert [line.split()[-1] == "-" for line in lines] == [True, False, True]


def test_a_killed_check_goes_on_with_what_it_knows(sheets, tmp_path, monkeypatch):
    from wire_detection.windows import data_check

    checked, real = [], data_check._measure

    def measure(page, *content):
        checked.append(page.name)
        if len(checked) == 3:
            raise KeyboardInterrupt
        return real(page, *content)

    monkeypatch.setattr(data_check, "_measure", measure)
    with pytest.raises(KeyboardInterrupt):
        run(*checking(sheets, tmp_path / "killed"))
    assert run(*checking(sheets, tmp_path / "killed"), "--skip_existing") == 0
    assert checked == ["sheet_0.png", "sheet_1.png", "sheet_2.png", *(f"sheet_{n}.png" for n in (2, 3, 4)), "twin.png"]
    assert run(*checking(sheets, tmp_path / "whole")) == 0
    assert files(tmp_path / "whole") == files(tmp_path / "killed")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--predict", "a", "--shard", "3/3"], "argument --shard: '3/3' is no part I/N"),
        (["--predict", "a", "--shard", "x"], "argument --shard: 'x' is no part I/N"),
        (["--predict", "a", "--shard", "0/2", "--merge"], "argument --shard: not allowed with argument --merge"),
        (["--synthesize", "2", "--merge"], "argument --merge: not allowed with argument --synthesize"),
        (["--evaluate", "m.h5", "--shard", "0/2"], "argument --shard: not allowed with argument --evaluate"),
        (["--skip_existing"], "argument --skip_existing: only --predict, "),
    ],
)
def test_flags_that_do_not_fit_are_told(capsys, flags, told):
    with pytest.raises(SystemExit):
        main(flags)
    assert told in capsys.readouterr().err
