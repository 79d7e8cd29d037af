"""A model whose maps are the truth is scored on two sheets: files, keys, rows and pictures, and what is refused."""

from __future__ import annotations

import csv
import json
import logging
from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from tests.helpers.knowing import Knowing
from tests.helpers.onnx_files import write_mean
from tests.helpers.sheets import draw_tiny_sheet, write_tiny_sheets
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.scoring.counts import Counts, Share
from wire_detection.scoring.evaluate import as_csv, evaluate_sheets
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.image_files import SheetError
from wire_detection.windows.dataset import DatasetError, SchematicDataset

METHODS = ("known", "known alone", "hough")


class KnowingAll:
    """A model called "known" that sees the sheets of these truths, in their order."""

    name = "known"
    output_names = ("wire", "junction")

    def __init__(self, *truths: Annotation):
        self._next = map(Knowing, truths)

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        return next(self._next).predict_on_batch(images)

    def compile(self, **settings) -> None:
        self.compiled = settings

    def evaluate(self, windows, *, verbose: int, return_dict: bool) -> dict[str, float]:
        assert self.compiled["loss"] and return_dict
        assert set(windows[0][1]) == set(self.output_names)  # no target of a task that this model doesn't know
        return {
            "loss": sum(len(windows[i][0]) for i in range(len(windows))),
            "wire_loss": 0.25,
            "junction_loss": 0.5,
            "wire_iou": 0.75,
        }


def evaluate(folder, model, names=None, workers=1) -> dict:
    return evaluate_sheets(
        model,
        data_dir=folder / "images",
        annotation_dir=folder / "annotations",
        names=names,
        image_size=(64, 64),
        output_dir=folder / "out",
        workers=workers,
    )


@pytest.fixture(scope="module")
def scored(tmp_path_factory) -> SimpleNamespace:
    """Two sheets scored with true maps: the folder `out` and the result."""
    folder = tmp_path_factory.mktemp("evaluation")
    write_tiny_sheets(folder, 2)
    result = evaluate(folder, KnowingAll(*(draw_tiny_sheet(seed)[1] for seed in range(2))))
    return SimpleNamespace(out=folder / "out", result=result)


def test_exactly_the_promised_files_are_written(scored):
    assert {path.name for path in scored.out.iterdir()} == {
        "evaluation.json",
        "evaluation.csv",
        "evaluation_curves.png",
        "evaluation_best.png",
        "evaluation_worst.png",
        "overlays",
    }
    assert {path.name for path in (scored.out / "overlays").iterdir()} == {
        f"sheet_{number}.{suffix}" for number in (0, 1) for suffix in ("png", "json")
    }
    assert json.loads((scored.out / "evaluation.json").read_text()) == json.loads(json.dumps(scored.result))


def test_true_maps_score_full_marks_on_both_sheets(scored):
    result = scored.result
    assert set(result) == {
        "data_dir",
        "annotation_dir",
        "sheets",
        "losses",
        "scores",
        "compared",
        "worst_sheets",
        "curves",
        "per_sheet",
    }
    assert result["sheets"] == 2 and list(result["per_sheet"]) == ["sheet_0.png", "sheet_1.png"]
    assert set(result["compared"]) == {"known alone", "hough", "wire_f1_gain_over_hough"}
    for scores in (result["scores"], result["compared"]["known alone"]):
        assert all(scores[key]["mean"]["f1"] == 1 for key in ("wire", "segment", "junction"))
        assert scores["net"]["mean"] == {"share": 1} and scores["iou"]["mean"] == {"share": 1}
    assert result["per_sheet"]["sheet_1.png"]["wire"] == {"precision": 1, "recall": 1, "f1": 1}
    assert result["curves"]["confidence"]["0.5"]["wire"]["f1"] == 1


def test_the_gain_is_what_the_means_differ_by(scored):
    result = scored.result
    classic = result["compared"]["hough"]["wire"]["mean"]["f1"]
    gain = result["compared"]["wire_f1_gain_over_hough"]
    assert gain["mean"] == pytest.approx(1 - classic) and gain["interval"][0] <= gain["mean"] <= gain["interval"][1]


def test_losses_are_of_all_windows_and_no_other_value_is_taken(scored):
    """A sheet of 160x128 pixels is covered by 3 x 2 windows of 64x64; the fake's loss is their number."""
    assert scored.result["losses"] == {"loss": 2 * 6, "wire_loss": 0.25, "junction_loss": 0.5}


def test_the_csv_has_a_row_for_each_method_and_sheet(scored):
    rows = list(csv.DictReader((scored.out / "evaluation.csv").read_text().splitlines()))
    assert [(row["method"], row["sheet"]) for row in rows] == [
        (method, f"sheet_{i}.png") for method in METHODS for i in range(2)
    ]
    assert all(float(row["wire_f1"]) == float(row["net_share"]) == 1 for row in rows[:4])
    assert set(rows[0]) >= {
        f"{key}_{kind}" for key in ("wire", "segment", "junction", "cldice") for kind in ("precision", "recall", "f1")
    } | {"iou_share"}


def test_best_and_worst_are_the_sheets_of_the_highest_and_lowest_score(tmp_path, capsys):
    """Of the second sheet the maps say nothing but a stroke of the box: the other one's hits are all green."""
    write_tiny_sheets(tmp_path, 2)
    truth = draw_tiny_sheet(0)[1]
    wrong = Annotation.build(image_path="", image_shape=truth.image_shape, wires=[[10, 25, 60, 25]])
    result = evaluate(tmp_path, KnowingAll(truth, wrong), ["sheet_0.png", "sheet_1.png"])
    wire = {name: row["wire"]["f1"] for name, row in result["per_sheet"].items()}
    assert wire["sheet_0.png"] == 1 > wire["sheet_1.png"]
    alone = result["compared"]["known alone"]["wire"]
    assert alone["worst"] == "sheet_1.png" and alone["worst_score"] < 0.1
    x, y = np.round(truth.wires[0, :2] + (4, 0)).astype(int)
    best = cv2.imread(str(tmp_path / "out" / "evaluation_best.png"))[..., ::-1]
    assert best[y, x].tolist() == [0, 150, 0]
    for title, name in (("best", "sheet_0.png"), ("worst", "sheet_1.png")):
        copy = (tmp_path / "out" / f"evaluation_{title}.png").read_bytes()
        assert copy == (tmp_path / "out" / "overlays" / name).read_bytes()
    told = capsys.readouterr().out
    assert "loss 12.0000  (wire 0.2500, junction 0.5000)" in told
    gain = result["compared"]["wire_f1_gain_over_hough"]["mean"]
    assert f"wire F1 of known against hough on the same sheets: {gain:+.3f}" in told


def test_the_three_worst_sheets_are_named_the_worst_first(tmp_path, capsys):
    """Of four sheets the maps know all of the first and nothing of the others."""
    write_tiny_sheets(tmp_path, 4)
    truths = [draw_tiny_sheet(seed)[1] for seed in range(4)]
    known = [truth.wires[:count] for truth, count in zip(truths, (2, 0, 0, 0), strict=True)]
    result = evaluate(
        tmp_path,
        KnowingAll(
            *(
                Annotation.build(image_path="", image_shape=t.image_shape, wires=w)
                for t, w in zip(truths, known, strict=True)
            )
        ),
    )
    wire = {name: row["wire"]["f1"] for name, row in result["per_sheet"].items()}
    worst = result["worst_sheets"]
    assert [row["sheet"] for row in worst] == sorted(wire, key=wire.get)[:3]
    assert all(row["wire_f1"] == wire[row["sheet"]] < wire["sheet_0.png"] for row in worst)
    named = ", ".join(f"{row['sheet']} {row['wire_f1']:.3f}" for row in worst)
    assert f"worst sheets by wire F1, see overlays: {named}\n" in capsys.readouterr().out


def test_the_curve_shows_what_a_lower_confidence_would_find(tmp_path):
    """The maps know nothing of the second sheet: its wires are found only when everything straight is taken."""
    write_tiny_sheets(tmp_path, 2)
    truth = draw_tiny_sheet(0)[1]
    nothing = Annotation.build(image_path="", image_shape=truth.image_shape)
    result = evaluate(tmp_path, KnowingAll(truth, nothing))
    curve = {place: row["wire"] for place, row in result["curves"]["confidence"].items()}
    assert curve["0.0"]["recall"] == 1 > curve["0.5"]["recall"]
    assert curve["0.0"]["precision"] < curve["0.5"]["precision"]
    assert curve["0.5"] == result["scores"]["wire"]["micro"]


@pytest.mark.parametrize(
    ("proposed", "source", "who"), [(1, "hough", "the classic annotator"), (2, "model", "a network")]
)
def test_nothing_is_scored_against_what_a_program_proposed_without_a_word(
    tmp_path, caplog, capsys, proposed, source, who
):
    _, annotations = write_tiny_sheets(tmp_path, 2)
    truths = [draw_tiny_sheet(seed)[1] for seed in range(2)]
    for number in range(proposed):
        write_annotation(replace(truths[number], metadata={"source": source}), annotations / f"sheet_{number}.json")
    with caplog.at_level(logging.WARNING, "wire_detection.scoring.evaluate"):
        result = evaluate(tmp_path, KnowingAll(*truths))
    (message,) = (record.getMessage() for record in caplog.records if record.name == "wire_detection.scoring.evaluate")
    assert message.startswith(f"{proposed} of the 2 sheets are scored against what {who} proposed")
    assert "\n" not in message
    assert list(result["compared"]) == ["known alone"] and result["scores"]["wire"]["mean"]["f1"] == 1
    assert "hough" not in (tmp_path / "out" / "evaluation.csv").read_text()
    told = capsys.readouterr().out
    assert "hough" not in told and "loss" in told


def test_drawn_truth_gives_no_warning(tmp_path, caplog):
    write_tiny_sheets(tmp_path, 1)
    evaluate(tmp_path, KnowingAll(draw_tiny_sheet(0)[1]))
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_the_network_alone_is_scored_without_the_look_of_the_strokes(tmp_path):
    """The maps take one side of the box for a wire; its look and its corners say that it is none."""
    write_tiny_sheets(tmp_path, 1)
    truth = draw_tiny_sheet(0)[1]
    fooled = Annotation.build(
        image_path="",
        image_shape=truth.image_shape,
        junctions=truth.junctions,
        wires=[*truth.wires.tolist(), [10, 25, 60, 25]],
    )
    result = evaluate(tmp_path, KnowingAll(fooled))
    assert result["scores"]["wire"]["mean"]["f1"] == 1
    assert 0.8 < result["compared"]["known alone"]["wire"]["mean"]["f1"] < 0.95


def test_the_sheets_named_are_scored_and_no_others(tmp_path):
    write_tiny_sheets(tmp_path, 3)
    result = evaluate(tmp_path, KnowingAll(draw_tiny_sheet(2)[1]), ["sheet_2.png"])
    assert list(result["per_sheet"]) == ["sheet_2.png"] and result["scores"]["wire"]["mean"]["f1"] == 1
    assert result["losses"]["loss"] == 6


def test_a_held_out_sheet_that_is_gone_is_named(tmp_path):
    write_tiny_sheets(tmp_path, 1)
    with pytest.raises(DatasetError, match=r"images: the held-out sheet gone\.png is not there.*--data_dir"):
        evaluate(tmp_path, KnowingAll(), ["sheet_0.png", "gone.png"])
    assert not (tmp_path / "out").exists()


def test_the_sheets_are_listed_once_however_many_are_held_out(tmp_path, monkeypatch):
    write_tiny_sheets(tmp_path, 4)
    listed, held_out = [], ["sheet_3.png", "sheet_1.png", "sheet_2.png"]
    names = SchematicDataset.names.fget
    monkeypatch.setattr(SchematicDataset, "names", property(lambda dataset: listed.append(0) or names(dataset)))
    result = evaluate(tmp_path, KnowingAll(*(draw_tiny_sheet(seed)[1] for seed in (3, 1, 2))), held_out)
    assert list(result["per_sheet"]) == held_out and len(listed) == 1


def test_a_csv_by_hand():
    """1 of 3 predicted and 1 of 2 true: precision 0.3333, recall 0.5, F1 0.4; a score that a sheet lacks is blank."""
    text = as_csv({"a": {"x.png": {"wire": Counts(1, 3, 1, 2)}}, "b": {"x.png": {"net": Share(1, 2)}}})
    assert text == (
        "method,sheet,wire_precision,wire_recall,wire_f1,net_share\na,x.png,0.3333,0.5,0.4,\nb,x.png,,,,0.5\n"
    )
    assert as_csv({"a": {}}) == "method,sheet\n"


def test_two_workers_write_what_one_writes(tmp_path):
    write_tiny_sheets(tmp_path, 3)
    written = []
    for workers in (1, 2):
        evaluate(tmp_path, KnowingAll(*(draw_tiny_sheet(seed)[1] for seed in range(3))), workers=workers)
        out = (tmp_path / "out").rename(tmp_path / str(workers))
        written.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*.*")})
    assert written[0] == written[1] and len(written[0]) == 5 + 2 * 3


def test_a_sheet_that_cannot_be_scored_is_named_and_left_out(tmp_path, monkeypatch, caplog):
    def score(truth, found):
        if truth.image_path == "1.png":
            raise IndexError("no such stroke")
        return score_sheet(truth, found)

    write_tiny_sheets(tmp_path, 2)
    monkeypatch.setattr("wire_detection.scoring.evaluate.score_sheet", score)
    truths = [draw_tiny_sheet(seed)[1] for seed in range(2)]
    result = evaluate(tmp_path, KnowingAll(*truths))
    assert list(result["per_sheet"]) == ["sheet_0.png"] and result["sheets"] == 1
    assert "skipped sheet_1.png: no such stroke" in caplog.text
    with pytest.raises(SheetError, match=r"none of the 1 sheets can be scored; sheet_1\.png: no such stroke"):
        evaluate(tmp_path, KnowingAll(truths[1]), ["sheet_1.png"])


def test_a_network_for_onnxruntime_is_scored_without_losses(tmp_path, capsys):
    write_tiny_sheets(tmp_path, 1)
    write_mean(tmp_path / "mean.onnx")
    result = evaluate(tmp_path, OnnxModel(tmp_path / "mean.onnx"))
    assert result["losses"] == {} and list(result["compared"]) == ["mean alone", "hough", "wire_f1_gain_over_hough"]
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text())["per_sheet"].keys() == {"sheet_0.png"}
    assert "loss" not in capsys.readouterr().out
