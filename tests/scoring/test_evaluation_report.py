"""The report of an evaluation: sheets from worst to best, what was missed and what is false, tables and curves."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.helpers.sheets import draw_tiny_sheet, write_tiny_sheets
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.scoring.curves import Curves, curves_of_sheet
from wire_detection.scoring.evaluation_report import write_evaluation_report
from wire_detection.scoring.summary import summarise
from wire_detection.scoring.wire_metrics import score_sheet

HISTORY = {"loss": [2.0, 1.0], "val_loss": [3.0, 1.5], "lr": [1e-4, 5e-5]}


def write_report(folder: Path, history) -> str:
    """The report of two tiny sheets: of the first all is read, of the second half a wire too much and one too few."""
    write_tiny_sheets(folder, 2)
    truths = [draw_tiny_sheet(number)[1] for number in range(2)]
    half = Annotation.build(
        image_path="",
        image_shape=truths[1].image_shape,
        wires=[[10, 100, 30, 100], truths[1].wires[0]],
        nets=[[0], [1]],
    )
    scores, curves = {}, Curves()
    for number, (truth, found) in enumerate(zip(truths, (truths[0], half), strict=True)):
        write_annotation(found, folder / "out" / "overlays" / f"sheet_{number}.json")
        scores[f"sheet_{number}.png"] = score_sheet(truth, found)
        curves.add(curves_of_sheet(truth, found, found))
    summary = {key: asdict(value) for key, value in summarise(scores).items()}
    result = {
        "data_dir": str(folder / "images"),
        "annotation_dir": str(folder / "annotations"),
        "scores": summary,
        "compared": {"hough": summary, "wire_f1_gain_over_hough": {"mean": 0, "interval": [0, 0]}},
        "curves": curves.values(),
        "per_sheet": {name: {key: value.values() for key, value in row.items()} for name, row in scores.items()},
    }
    path = write_evaluation_report(result, "models/unet_best.h5", folder / "out", history)
    assert path == folder / "out" / "report.html"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    return write_report(tmp_path_factory.mktemp("scores"), {})


def test_the_worst_sheet_is_the_first(report):
    assert re.findall(r'id="s\d"><h2>(.*?)</h2>', report) == ["sheet_1.png", "sheet_0.png"]


def test_what_was_missed_and_what_is_false_lie_over_the_sheet(report):
    worst, best = report.split("<article")[1:]
    x = draw_tiny_sheet(1)[1].wires[1][0]
    (missed,) = re.findall(r'<g class="missed"><path d="M([\d.]+) ([\d.]+)V([\d.]+)"/></g>', worst)
    assert float(missed[0]) == x and float(missed[2]) == 117
    assert '<g class="false"><path d="M10 100H30"/></g>' in worst
    assert '<g class="missed"></g>' in best and '<g class="false"></g>' in best


def test_the_table_has_the_scores_of_the_model_and_of_what_it_is_compared_with(report):
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in report.split("tbody>")[1].split("</tr>")[:-1]]
    assert [row[:2] for row in rows if row[1] == "wire"] == [["model", "wire"], ["hough", "wire"]]
    precision, recall, f1 = (2 * float(cell) - 1 for cell in rows[0][2:5])  # of the second sheet: the first has 1
    assert 0 < precision < 1 and 0 < recall < 1
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall), abs=0.005)
    assert rows[0][-1].endswith("sheet_1.png")


def test_the_curves_are_there_and_of_a_training_those_of_its_epochs_too(report, tmp_path):
    titles = r'class="title"[^>]*>(.*?)<'
    of_evaluation = ["Precision, as the least confidence rises", "F1, as the tolerance grows"]
    assert re.findall(titles, report) == of_evaluation and "Every epoch" not in report
    trained = write_report(tmp_path, HISTORY)
    assert re.findall(titles, trained) == ["Loss", "Learning rate", *of_evaluation]
    assert "<td>2</td><td>1</td><td>1.5</td><td>5e-05</td>" in trained
