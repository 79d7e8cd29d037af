"""--predict: which files it leaves, what it says of files that it cannot read, and in which words."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from conftest import draw_tiny_sheet

from custom_annotation_format import read_annotation
from prediction_batch import Reading, format_readings
from safe_files import write_png
from train_wire_detection import main
from wire_metrics import score_sheet


@pytest.fixture(scope="module")
def predicted(tmp_path_factory):
    """A folder after --predict of two tiny sheets and a text file named .png, as --export_annotations svg beside it."""
    folder = tmp_path_factory.mktemp("predict")
    for number in range(2):
        write_png(folder / "in" / f"sheet {number}.png", draw_tiny_sheet(number, 320, 256)[0])
    (folder / "in" / "words.png").write_text("no image")
    code = main(["--predict", str(folder / "in"), "--experiment_dir", str(folder / "out"),
                 "--export_annotations", "svg", str(folder / "svg")])
    return folder, code


def test_each_sheet_leaves_an_annotation_masks_and_a_picture(predicted):
    folder, code = predicted
    assert code == 0
    found = {str(path.relative_to(folder / "out" / "predictions"))
             for path in (folder / "out").rglob("*") if path.is_file()}
    assert found == {f"{kind}/sheet {number}{rest}" for number in range(2)
                     for kind, rest in (("annotations", ".json"), ("masks", "_wire.png"), ("masks", "_junction.png"),
                                        ("overlays", ".png"))}
    assert sorted(path.name for path in (folder / "svg").iterdir()) == ["sheet 0.svg", "sheet 1.svg"]


def test_the_files_of_a_sheet_agree(predicted):
    folder, _ = predicted
    out = folder / "out" / "predictions"
    for number in range(2):
        grey, truth = draw_tiny_sheet(number, 320, 256)
        annotation = read_annotation(out / "annotations" / f"sheet {number}.json", grey.shape)
        assert annotation.image_path == f"sheet {number}.png" and annotation.metadata["source"] == "model"
        assert score_sheet(truth, annotation)["wire"].score > 0.9
        assert sorted(wire for net in annotation.nets for wire in net) == list(range(len(annotation.wires)))
        mask = cv2.imread(str(out / "masks" / f"sheet {number}_wire.png"), cv2.IMREAD_UNCHANGED)
        assert mask.shape == grey.shape and set(np.unique(mask)) == {0, 255}
        x, y = np.round(annotation.wires[0].reshape(2, 2).mean(0)).astype(int)
        assert mask[y, x] == 255
        assert cv2.imread(str(out / "overlays" / f"sheet {number}.png")).shape == (*grey.shape, 3)


def test_what_cannot_be_read_is_named_in_one_line(predicted, tmp_path, capsys):
    folder, _ = predicted
    assert main(["--predict", str(folder / "in" / "*s*.png"), "--experiment_dir", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert [line.split(":")[0] for line in err.splitlines() if line.startswith("skipped")] == ["skipped words.png"]
    assert "2 sheets read, 1 skipped" in err and "sheet 1.png" in out


@pytest.mark.parametrize("place", ["nothing here", "in/words.png"])
def test_without_a_single_readable_image_it_fails(predicted, tmp_path, capsys, place):
    folder, _ = predicted
    assert main(["--predict", str(folder / place), "--experiment_dir", str(tmp_path / "out")]) != 0
    error = capsys.readouterr().err.strip().splitlines()
    assert error[-1].startswith("train_wire_detection.py: error: ") and place.split("/")[-1] in error[-1]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_long_tables_are_cut():
    table = format_readings([Reading(f"{n}.png", n, 2, 1, 0.25) for n in range(43)]).splitlines()
    assert table[1].split() == ["0.png", "0", "2", "1", "0.2"] and table[-1] == "... and 3 more" and len(table) == 42
