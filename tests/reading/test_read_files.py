"""--predict through the command line: which files appear, what is named and left out, and what ends with one line."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from tests.helpers.knowing import Knowing
from tests.helpers.odd_inputs import draw_pdf, write_odd_inputs
from tests.helpers.sheets import draw_tiny_sheet
from train_wire_detection import main
from wire_detection.annotations.annotation import drawn_masks
from wire_detection.annotations.annotation_file import read_annotation
from wire_detection.classic import ocr
from wire_detection.reading.read_files import LONGEST_TABLE, Reading, format_readings, predict_files
from wire_detection.reading.read_sheet import read_sheet
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import find_pages
from wire_detection.sheets.prepare import Known
from wire_detection.sheets.safe_files import write_png


def command(*options) -> SimpleNamespace:
    """What main returns and prints, with the messages split into lines."""
    with contextlib.redirect_stderr(io.StringIO()) as err, contextlib.redirect_stdout(io.StringIO()) as out:
        code = main([str(option) for option in options])
    return SimpleNamespace(code=code, out=out.getvalue(), err=err.getvalue().splitlines())


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def read_png(path: Path, flags: int = cv2.IMREAD_GRAYSCALE) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), flags)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> SimpleNamespace:
    """A pattern that matches a good sheet, another of its stem, and a broken file, read and exported by one command."""
    folder = tmp_path_factory.mktemp("prediction")
    grey, truth = draw_tiny_sheet(1)
    write_png(folder / "scans" / "good ü.png", grey)
    write_png(folder / "scans" / "other.png", grey)
    cv2.imencode(".bmp", grey)[1].tofile(folder / "scans" / "good ü.bmp")
    (folder / "scans" / "good broken.png").write_bytes((folder / "scans" / "good ü.png").read_bytes()[:200])
    told = command(
        "--predict",
        folder / "scans" / "good*",
        "--experiment_dir",
        folder / "run",
        "--export_annotations",
        "svg",
        folder / "svg",
    )
    return SimpleNamespace(folder=folder, grey=grey, truth=truth, **vars(told))


def test_each_readable_sheet_that_the_pattern_matches_gets_its_four_files_and_no_other_does(run):
    assert run.code == 0
    assert files(run.folder / "run") == {
        f"predictions/{name}"
        for name in (
            "annotations/good ü.json",
            "masks/good ü_wire.png",
            "masks/good ü_junction.png",
            "overlays/good ü.png",
        )
    }
    assert files(run.folder / "svg") == {"good ü.svg"}


def test_the_annotation_is_valid_and_holds_the_drawn_wires(run):
    found = read_annotation(run.folder / "run" / "predictions" / "annotations" / "good ü.json", run.grey.shape)
    scores = score_sheet(run.truth, found)
    assert scores["wire"].score > 0.95 and scores["junction"].score == scores["net"].score == 1
    assert found.image_path == "good ü.bmp" and found.metadata["source"] == "model"
    assert sorted(wire for net in found.nets for wire in net) == list(range(len(found.wires)))


def test_masks_are_black_and_white_and_show_the_wires_and_junctions(run):
    found = read_annotation(run.folder / "run" / "predictions" / "annotations" / "good ü.json")
    for task, drawn in drawn_masks(found).items():
        mask = read_png(run.folder / "run" / "predictions" / "masks" / f"good ü_{task}.png")
        assert mask.shape == run.grey.shape and set(np.unique(mask)) == {0, 255}
        assert ((mask > 0) != drawn).mean() < 0.002  # the file's coordinates are rounded to a hundredth


def test_the_overlay_shows_the_net_in_its_colour_on_the_pale_sheet(run):
    overlay = read_png(run.folder / "run" / "predictions" / "overlays" / "good ü.png", cv2.IMREAD_COLOR_RGB)
    x, y = np.round(run.truth.wires[0, :2] + (8, 0)).astype(int)
    assert overlay.shape == (*run.grey.shape, 3)
    assert np.ptp(overlay[y, x].astype(int)) > 100 and overlay[-1, 0].tolist() == [254, 254, 254]
    assert overlay[5, 30].tolist() == [127, 127, 127]  # the box, no wire, is only pale


def test_the_broken_file_and_the_double_are_named_in_a_line_each(run):
    skipped = [line for line in run.err if line.startswith("skipped")]
    assert len(skipped) == 2
    assert skipped[1] == "skipped good ü.png: another image has the stem good ü too"
    assert skipped[0].startswith("skipped good broken.png: not a readable image (")
    assert "1 sheets read, 2 skipped" in "\n".join(run.err)
    assert [line.split()[:2] for line in run.out.splitlines()] == [["sheet", "wires"], ["good", "ü.bmp"]]


def test_the_export_beside_it_holds_the_same_wires(run):
    found = read_annotation(run.folder / "run" / "predictions" / "annotations" / "good ü.json")
    lines = ElementTree.parse(run.folder / "svg" / "good ü.svg").iter("{http://www.w3.org/2000/svg}line")
    ends = [[float(line.get(key)) for key in ("x1", "y1", "x2", "y2")] for line in lines]
    np.testing.assert_allclose(sorted(ends), sorted(found.wires.tolist()), atol=0.02)


@pytest.mark.parametrize("place", ["", "none.png", "*.png"])
def test_without_any_image_one_line_says_so(tmp_path, place):
    (tmp_path / "notes.txt").write_text("no sheet")
    told = command("--predict", tmp_path / place, "--experiment_dir", tmp_path / "run")
    assert told.code == 1 and told.out == "" and not (tmp_path / "run").exists()
    (line,) = told.err
    assert line.startswith("train_wire_detection.py: error: ") and f"{tmp_path / place}: " in line and "image" in line


def test_an_export_into_a_folder_that_holds_files_is_refused_before_anything_is_read(tmp_path):
    write_png(tmp_path / "a.png", draw_tiny_sheet(0)[0])
    (tmp_path / "svg").mkdir()
    (tmp_path / "svg" / "a.svg").write_text("mine")
    told = command(
        "--predict",
        tmp_path / "a.png",
        "--experiment_dir",
        tmp_path / "run",
        "--export_annotations",
        "svg",
        tmp_path / "svg",
    )
    (line,) = told.err
    assert told.code == 1 and "a.svg exists already" in line and "--overwrite" in line
    assert (tmp_path / "svg" / "a.svg").read_text() == "mine" and files(tmp_path / "run") == set()


def test_when_no_image_can_be_read_nothing_is_written_and_an_error_tells(tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / "scans").mkdir(exist_ok=True)
        (tmp_path / "scans" / name).write_bytes(cv2.imencode(".png", draw_tiny_sheet(1)[0])[1].tobytes()[:200])
    with pytest.raises(SheetError, match="none of the 2 sheets can be read; a.png: not a readable image"):
        predict_files(None, find_pages(tmp_path / "scans"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_sheet_without_ink_gets_its_files_too(tmp_path, capsys):
    grey = np.full((60, 80), 255, np.uint8)
    write_png(tmp_path / "empty.png", grey)
    (reading,) = predict_files(None, find_pages(tmp_path / "empty.png"), tmp_path / "out")
    assert (reading.name, reading.wires, reading.junctions, reading.nets) == ("empty.png", 0, 0, 0)
    assert files(tmp_path / "out") == {
        "annotations/empty.json",
        "masks/empty_wire.png",
        "masks/empty_junction.png",
        "overlays/empty.png",
    }
    assert not read_png(tmp_path / "out" / "masks" / "empty_wire.png").any()
    assert len(read_annotation(tmp_path / "out" / "annotations" / "empty.json", grey.shape).wires) == 0


def test_what_was_found_is_counted(tmp_path, capsys):
    grey, truth = draw_tiny_sheet(3)
    write_png(tmp_path / "t.png", grey)
    (reading,) = predict_files(Knowing(truth), find_pages(tmp_path / "t.png"), tmp_path / "out")
    found = read_annotation(tmp_path / "out" / "annotations" / "t.json")
    assert (reading.wires, reading.junctions, reading.nets) == (len(found.wires), 1, 1) and reading.wires in (2, 3)
    assert capsys.readouterr().out == format_readings([reading]) + "\n"


def test_a_long_table_shows_the_first_sheets_and_counts_the_others():
    readings = [Reading(f"s{i}.png", i, 2, 3, 0.95, "", 0.25) for i in range(LONGEST_TABLE + 2)]
    lines = format_readings(readings).splitlines()
    assert len(lines) == 1 + LONGEST_TABLE + 1 and lines[-1] == "... and 2 more"
    assert lines[8].split() == ["s7.png", "7", "2", "3", "0.95", "0.2"]
    assert len(format_readings(readings[:LONGEST_TABLE]).splitlines()) == 1 + LONGEST_TABLE


def test_doubtful_sheets_come_first_in_a_long_table():
    readings = [Reading(f"s{i}.png", i, 2, 3, 0.95, "", 0.25) for i in range(LONGEST_TABLE)]
    readings.append(Reading("bare.png", 0, 0, 0, 0.0, "nothing but paper", 0.25))
    assert format_readings(readings).splitlines()[1].split()[0] == "bare.png"
    assert format_readings(readings[1:]).splitlines()[-1].split()[0] == "bare.png"


def test_a_bare_sheet_is_named_with_the_reason_and_counted(tmp_path, caplog):
    grey, truth = draw_tiny_sheet(3)
    write_png(tmp_path / "in" / "t.png", grey)
    write_png(tmp_path / "in" / "bare.png", np.full_like(grey, 255))
    with caplog.at_level("INFO"):
        bare, full = predict_files(Knowing(truth), find_pages(tmp_path / "in"), tmp_path / "out")
    assert (bare.doubt, full.doubt) == ("nothing but paper", "") and bare.confidence == 0 and full.confidence > 0.9
    assert "bare.png: nothing but paper" in caplog.text and "2 sheets read, 0 skipped, 1 doubtful" in caplog.text


def test_what_the_user_knows_holds(tmp_path):
    grey, truth = draw_tiny_sheet(3)
    write_png(tmp_path / "t.png", 255 - grey)
    known = Known(stroke_px=2.5, crop=(0, 30, 160, 128), turn_deg=0, polarity="light")
    predict_files(Knowing(truth), find_pages(tmp_path / "t.png"), tmp_path / "out", known=known)
    found = read_annotation(tmp_path / "out" / "annotations" / "t.json")
    assert found.stroke_width == 2.5 and found.image_shape == grey.shape
    assert found.metadata["crop"] == [0, 30, 160, 128] and found.metadata["polarity"] == "light"


def test_a_part_outside_the_image_is_told(tmp_path):
    grey, truth = draw_tiny_sheet(3)
    write_png(tmp_path / "t.png", grey)
    with pytest.raises(SheetError, match="none of the 1 sheets"):
        predict_files(
            Knowing(truth), find_pages(tmp_path / "t.png"), tmp_path / "out", known=Known(crop=(900, 0, 990, 9))
        )


@pytest.mark.parametrize("verb", ["predict", "annotate_only"])
def test_a_folder_of_odd_files_is_read_as_far_as_it_can_be_and_everything_else_is_told_once(tmp_path, verb):
    stems, reasons = write_odd_inputs(tmp_path / "odd")
    if verb == "predict":
        told = command("--predict", tmp_path / "odd", "--experiment_dir", tmp_path)
        annotations = tmp_path / "predictions" / "annotations"
    else:
        annotations = tmp_path / "annotations"
        told = command("--annotate_only", "--data_dir", tmp_path / "odd", "--annotation_dir", annotations)
    assert told.code == 0
    assert {path.stem for path in annotations.glob("*.json")} == stems
    skipped = dict(line.removeprefix("skipped ").split(": ", 1) for line in told.err if line.startswith("skipped "))
    assert skipped.keys() == reasons.keys() and len(skipped) + len(stems) > 40
    assert {name: reason for name, reason in skipped.items() if reasons[name] not in reason} == {}
    did = "read" if verb == "predict" else "annotated"
    assert any(re.match(rf"{len(stems)} sheets {did},.* {len(reasons)} skipped", line) for line in told.err)


def test_pages_of_a_pdf_get_results_and_exports_of_their_own(tmp_path):
    (tmp_path / "book.pdf").write_bytes(draw_pdf((200, 100), (200, 100)))
    told = command(
        *("--predict", tmp_path / "book.pdf", "--pdf_dpi", 144, "--experiment_dir", tmp_path / "run"),
        *("--export_annotations", "labelme", tmp_path / "out"),
    )
    assert told.code == 0
    assert files(tmp_path / "out") == {f"book_p0{n}.{kind}" for n in (1, 2) for kind in ("json", "png")}
    assert read_png(tmp_path / "out" / "book_p02.png").shape == (200, 400)
    found = read_annotation(tmp_path / "run" / "predictions" / "annotations" / "book_p02.json")
    assert found.image_path == "book.pdf#page=2" and found.image_shape == (200, 400)


def test_what_texts_say_is_noted_where_it_is_asked_for(tmp_path, monkeypatch):
    text = ocr.SheetText(np.array([[60, 30, 90, 40, 0.9]], np.float32), ("OUT",))
    monkeypatch.setattr(ocr, "find_text", lambda grey: text)
    write_png(tmp_path / "t.png", draw_tiny_sheet(3)[0])
    found = {}
    for filter_name in ("none", "ocr"):
        options = ("--text_filter", filter_name, "--experiment_dir", tmp_path / filter_name)
        assert command("--predict", tmp_path / "t.png", *options).code == 0
        found[filter_name] = read_annotation(tmp_path / filter_name / "predictions" / "annotations" / "t.json")
    assert found["none"].words == () and found["none"].texts.shape == (0, 4)
    assert found["ocr"].words == ("OUT",) and found["ocr"].texts.tolist() == [[60, 30, 90, 40]]


def test_results_are_not_read_again_with_the_folders_below(tmp_path):
    write_png(tmp_path / "old" / "t.png", draw_tiny_sheet(3)[0])
    for _ in range(2):
        assert command("--predict", tmp_path, "--recursive", "--experiment_dir", tmp_path).code == 0
    assert [path.name for path in (tmp_path / "predictions" / "annotations").iterdir()] == ["old__t.json"]
    assert read_annotation(tmp_path / "predictions" / "annotations" / "old__t.json").image_path == "old/t.png"


def test_in_code_each_page_is_read_by_itself(tmp_path):
    (tmp_path / "book.pdf").write_bytes(draw_pdf((200, 100), (100, 200), lines=""))
    found = [read_sheet(page, model=object()) for page in find_pages(tmp_path, pdf_dpi=72).pages]
    assert [(one.image_path, one.image_shape) for one in found] == [
        ("book.pdf#page=1", (100, 200)),
        ("book.pdf#page=2", (200, 100)),
    ]
