"""One process and two leave the same files, to the byte, whatever is done with the sheets."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from custom_annotation_format import create_annotation_batch, export_annotations, import_annotations
from tests.helpers.onnx_files import write_mean
from tests.helpers.sheets import write_tiny_sheets
from wire_detection.drawing.draw_folder import synthesize
from wire_detection.formats.convert_folder import AnnotationExport
from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.reading.read_files import predict_files
from wire_detection.sheets.listing import find_pages
from wire_detection.windows.data_check import check_sheets


@pytest.fixture(scope="module")
def sheets(tmp_path_factory) -> Path:
    """A folder of five sheets, a broken one, one without annotation, and one whose annotation is broken."""
    folder = tmp_path_factory.mktemp("sheets")
    images, annotations = write_tiny_sheets(folder, 7)
    (images / "sheet_1b.png").write_bytes((images / "sheet_1.png").read_bytes()[:200])
    (annotations / "sheet_5.json").unlink()
    (annotations / "sheet_6.json").write_text("{")
    write_mean(folder / "mean.onnx")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """The content of all files below, by their paths."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def both(folder: Path, work) -> list[tuple[object, dict[str, bytes]]]:
    """What `work(out, workers)` returns, and the files that it leaves in its folder, for one worker and for two."""
    out, done = folder / "out", []
    for workers in (1, 2):
        returned = work(out, workers)
        done.append((returned, files(out.rename(folder / str(workers)))))
    return done


def test_annotating(sheets, tmp_path):
    one, two = both(
        tmp_path,
        lambda out, workers: create_annotation_batch(
            sheets / "images", out, workers=workers, overlay_dir=out / "overlays"
        ),
    )
    assert one == two and len(one[1]) == 7 + 7 + 1 and [name for name, _ in one[0].skipped] == ["sheet_1b.png"]


def test_reading(sheets, tmp_path, caplog):
    def predict(out: Path, workers: int) -> list:
        export = AnnotationExport("yolo", out / "yolo")
        listing = find_pages(sheets / "images")
        readings = predict_files(OnnxModel(sheets / "mean.onnx"), listing, out, export, workers=workers)
        return [asdict(reading) | {"seconds": None} for reading in readings]

    one, two = both(tmp_path, predict)
    assert one == two and len(one[1]) == 7 * 4 + 7 + 2
    assert [row["name"] for row in one[0]] == [f"sheet_{number}.png" for number in range(7)]
    assert caplog.text.count("skipped sheet_1b.png: not a readable image") == 2


def test_checking(sheets, tmp_path):
    one, two = (check_sheets(sheets / "images", sheets / "annotations", workers) for workers in (1, 2))
    assert one == two and [check.name for check in one if not check.usable] == [
        "sheet_1b.png",
        "sheet_5.png",
        "sheet_6.png",
    ]


def test_drawing(tmp_path):
    one, two = both(
        tmp_path, lambda out, workers: synthesize(4, out / "images", out / "truth", seed=5, workers=workers)
    )
    assert one == two and len(one[1]) == 8


@pytest.mark.parametrize("name", ["labelme", "coco"])
def test_exporting_and_importing(sheets, tmp_path, name):
    common = {"data_dir": sheets / "images"}

    def there_and_back(out: Path, workers: int) -> tuple:
        options = common | {"workers": workers}
        there = export_annotations(name, out / "foreign", annotation_dir=sheets / "annotations", **options)
        back = import_annotations(name, out / "foreign", annotation_dir=out / "back", **options)
        return there, back

    one, two = both(tmp_path, there_and_back)
    assert one == two and len([path for path in one[1] if path.startswith("back/")]) == 5
    assert one[0][0].converted == one[0][1].converted == tuple(f"sheet_{number}" for number in range(5))


def test_a_network_is_opened_anew_by_another_process(sheets):
    import pickle

    model = pickle.loads(pickle.dumps(OnnxModel(sheets / "mean.onnx")))
    assert model.path == sheets / "mean.onnx" and model.output_names
