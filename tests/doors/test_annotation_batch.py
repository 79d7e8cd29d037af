"""A folder of sheets becomes a folder of annotations, whatever lies in it."""

from __future__ import annotations

import logging

import cv2
import numpy as np
import pytest

import custom_annotation_format as annotations
from custom_annotation_format import annotations_finished, create_annotation_batch, ensure_annotations
from tests.helpers.circuit import WIRES, circuit, misses
from tests.helpers.odd_inputs import draw_pdf
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import read_annotation
from wire_detection.pictures.overlays import draw_annotation_overlay
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import Page
from wire_detection.sheets.prepare import Known
from wire_detection.sheets.safe_files import write_png


@pytest.fixture
def folder(tmp_path):
    """Two good sheets, one of them with a space and an umlaut in its name."""
    for name in ("one.png", "zwei Blätter.png"):
        write_png(tmp_path / "images" / name, circuit())
    return tmp_path


def run(folder, **options):
    return create_annotation_batch(folder / "images", folder / "out", workers=1, **options)


def test_every_sheet_gets_its_annotation(folder):
    summary = run(folder)
    assert summary.written == ("one", "zwei Blätter") and summary.kept == () and summary.skipped == ()
    annotation = read_annotation(folder / "out" / "zwei Blätter.json", circuit().shape)
    assert annotation.image_path == "zwei Blätter.png"
    assert misses(WIRES, annotation.wires, 1.5) == []
    assert annotation.junction_types == ("T",)
    assert annotation.metadata["source"] == "hough"
    assert annotation.metadata["threshold"] == 0.12 and annotation.stroke_width == pytest.approx(2, abs=0.2)


def test_the_shipped_network_judges_where_it_is_asked_and_the_annotation_says_so(folder):
    run(folder, annotator="auto")
    annotation = read_annotation(folder / "out" / "one.json", circuit().shape)
    assert misses(WIRES, annotation.wires, 1.5) == [] and annotation.is_proposed
    assert (annotation.metadata["source"], annotation.metadata["model"]) == ("model", "unet_small.onnx")
    assert 0 < annotation.wire_confidences.min() < 1 and 0 < annotation.junction_confidences.min() < 1


@pytest.mark.parametrize("asked", [{"min_wire_length": 20}, {"border_size": 0}, {"threshold": 0.3}])
def test_rules_judge_where_something_is_asked_for_that_only_they_know(folder, asked, caplog):
    with caplog.at_level(logging.INFO):
        run(folder, annotator="auto", **asked)
    assert read_annotation(folder / "out" / "one.json").metadata["source"] == "hough"
    assert "annotating by rules alone: the network knows none of what is asked for" in caplog.text


def test_two_workers_write_what_one_writes(folder):
    run(folder)
    create_annotation_batch(folder / "images", folder / "two", workers=2)
    for name in ("one.json", "zwei Blätter.json"):
        assert (folder / "out" / name).read_bytes() == (folder / "two" / name).read_bytes()


def test_bad_images_are_skipped_named_and_counted(folder, caplog):
    images = folder / "images"
    (images / "text.png").write_text("no image")
    (images / "cut.png").write_bytes((images / "one.png").read_bytes()[:500])
    cv2.imwrite(str(images / "one.jpg"), circuit())
    with caplog.at_level(logging.INFO):
        summary = run(folder)
    assert [name for name, _ in summary.skipped] == ["cut.png", "one.png", "text.png"]
    assert len(summary.written) == 2
    lines = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert len(lines) == 3 and all("\n" not in text for text in lines)
    assert "stem one" in lines[1]
    assert "2 sheets annotated, 0 annotated before, 3 skipped" in caplog.text


def test_a_stopped_batch_goes_on_where_it_stopped(folder, monkeypatch):
    run(folder)
    before = (folder / "out" / "one.json").read_bytes()
    (folder / "out" / "zwei Blätter.json").unlink()
    read = []
    real = Page.picture
    monkeypatch.setattr(Page, "picture", lambda page, *known: read.append(page.name) or real(page, *known))
    summary = run(folder)
    assert summary.written == ("zwei Blätter",) and summary.kept == ("one",)
    assert read == ["zwei Blätter.png"]
    assert (folder / "out" / "one.json").read_bytes() == before


def test_annotations_that_were_stopped_halfway_are_not_taken_for_finished(folder, monkeypatch):
    def stopped(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(annotations, "over_sheets", stopped)
        run(folder)
    assert (folder / "out").is_dir() and not annotations_finished(folder / "out")
    ensure_annotations(folder / "images", folder / "out")
    assert annotations_finished(folder / "out") and len(list((folder / "out").glob("*.json"))) == 2


def test_what_the_user_knows_holds(folder, caplog):
    write_png(folder / "images" / "one.png", 255 - circuit())
    known = Known(stroke_px=2.5, crop=(0, 100, 650, 600), turn_deg=0, polarity="light")
    run(folder, known=known)
    found = read_annotation(folder / "out" / "one.json", circuit().shape)
    assert found.stroke_width == 2.5 and found.metadata["crop"] == [0, 100, 650, 600]
    assert found.metadata["polarity"] == "light" and misses(WIRES, found.wires, 2) == []
    assert "changes nothing" not in caplog.text
    run(folder, known=known)
    assert "2 sheets were annotated before: what is stated of the sheets changes nothing about these" in caplog.text


def test_folders_below_and_pages_are_annotated_where_a_training_asks_for_them(folder):
    write_png(folder / "images" / "old" / "one.png", circuit())
    (folder / "images" / "book.pdf").write_bytes(draw_pdf((200, 100), (200, 100)))
    ensure_annotations(folder / "images", folder / "images" / "out", recursive=True, pdf_dpi=144)
    annotated = {path.stem for path in (folder / "images" / "out").glob("*.json")}
    assert annotated == {"book_p01", "book_p02", "old__one", "one", "zwei Blätter"}
    assert read_annotation(folder / "images" / "out" / "book_p02.json").image_shape == (200, 400)


def test_a_folder_of_which_nothing_can_be_annotated(tmp_path):
    write_png(tmp_path / "cut.png", circuit())
    (tmp_path / "cut.png").write_bytes((tmp_path / "cut.png").read_bytes()[:500])
    with pytest.raises(SheetError, match="none of its 1 images.*cut.png: not a readable"):
        create_annotation_batch(tmp_path, tmp_path / "out", workers=1)
    assert not annotations_finished(tmp_path / "out")


def test_a_broken_annotation_is_named_and_left_as_it_is(folder):
    (folder / "out").mkdir()
    (folder / "out" / "one.json").write_text("{corrected by hand, badly")
    summary = run(folder)
    assert [name for name, _ in summary.skipped] == ["one.png"] and "not JSON" in summary.skipped[0][1]
    assert (folder / "out" / "one.json").read_text().startswith("{corrected")


def test_a_failing_write_leaves_no_file(folder, monkeypatch):
    write = annotations.write_annotation

    def half(annotation, path):
        if path.stem == "one":
            raise OSError("disk full")
        write(annotation, path)

    monkeypatch.setattr(annotations, "write_annotation", half)
    assert run(folder).skipped == (("one.png", "disk full"),)
    assert [path.name for path in (folder / "out").iterdir()] == ["zwei Blätter.json"]


def test_overlays_and_a_contact_sheet(folder):
    run(folder)
    run(folder, overlay_dir=folder / "pictures")
    names = sorted(path.name for path in (folder / "pictures").iterdir())
    assert names == ["contact_sheet.png", "one.png", "zwei Blätter.png"]
    overlay = cv2.imdecode(np.frombuffer((folder / "pictures" / "one.png").read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert overlay.shape == (*circuit().shape, 3)


def test_colours_tell_sure_wires_from_doubtful_ones_and_junctions():
    annotation = Annotation.build(
        image_path="a.png",
        image_shape=(100, 100),
        wires=[[10, 20, 90, 20], [10, 60, 90, 60]],
        wire_confidences=[0.9, 0.6],
        junctions=[[50, 40]],
    )
    overlay = draw_annotation_overlay(np.full((100, 100), 255, np.uint8), annotation)
    assert overlay[20, 50].tolist() == [0, 150, 0] and overlay[60, 50].tolist() == [255, 150, 0]
    assert overlay[40, 60].tolist() == [220, 0, 0] and overlay[90, 90].tolist() == [254, 254, 254]


def test_text_boxes_are_cached_and_written(folder, monkeypatch):
    from wire_detection.classic import ocr as text_detection

    text = text_detection.SheetText(np.array([[210, 290, 590, 310, 0.9]], np.float32), ("VCC",))
    monkeypatch.setattr(text_detection, "find_text", lambda grey: text)
    run(folder, text_filter="ocr")
    annotation = read_annotation(folder / "out" / "one.json")
    np.testing.assert_allclose(annotation.texts, [[210, 290, 590, 310]])
    assert annotation.words == ("VCC",)
    before = (folder / "out" / "one.json").read_bytes()
    (folder / "out" / "one.json").unlink()
    monkeypatch.setattr(text_detection, "find_text", lambda grey: pytest.fail("recognised again"))
    assert run(folder, text_filter="ocr").written == ("one",)
    assert (folder / "out" / "one.json").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_wire_length", 0),
        ("border_size", -1),
        ("threshold", 1.0),
        ("threshold", float("nan")),
        ("text_filter", "tesseract"),
        ("annotator", "oracle"),
    ],
)
def test_arguments_out_of_range_are_named(folder, name, value):
    with pytest.raises(ValueError, match=name):
        run(folder, **{name: value})


def test_a_missing_and_an_empty_folder(tmp_path):
    with pytest.raises(SheetError, match="no such folder"):
        create_annotation_batch(tmp_path / "none", tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SheetError, match="no image"):
        create_annotation_batch(tmp_path / "empty", tmp_path / "out")
