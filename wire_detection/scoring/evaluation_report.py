"""The report of an evaluation: scores, curves, and each sheet with what was missed and what is false, worst first.

The report of a training is that of the evaluation of its model, with the curves of its epochs before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from wire_detection.annotations.annotation_file import annotation_path, read_annotation
from wire_detection.pictures.report import REPORT_FILE, Report, ReportSheet, Table, write_report
from wire_detection.pictures.report_charts import curve_charts, history_charts
from wire_detection.pictures.report_sheet import SheetPicture
from wire_detection.scoring.evaluate import GAIN
from wire_detection.scoring.scored_sheet import prepare, tolerances_of
from wire_detection.scoring.summary import ROWS
from wire_detection.sheets.geometry import segments_outside
from wire_detection.sheets.listing import OVERLAYS, Page, list_pages
from wire_detection.sheets.raster import within

History = Mapping[str, Sequence[float]]

COLUMNS = (("wire", "f1"), ("segment", "f1"), ("junction", "f1"), ("net", "share"))
"""Scores of each sheet that the report lists, and which of their values."""


def write_evaluation_report(
    result: Mapping, model_path: str | Path, output_dir: str | Path, history: History | None, **options
) -> Path:
    """Write the report of an evaluation that wrote its files into `output_dir`.

    Args:
        result: what evaluation.json holds, of the network in the file `model_path`.
        history: of the training that made the model, a value per epoch for each key; None where it is not known.
        options: of `find_pages`.

    Returns:
        the path of the report.
    """
    pages = {page.name: page for page in list_pages(result["data_dir"], **options).pages}
    folders = Path(result["annotation_dir"]), Path(output_dir) / OVERLAYS
    scores = sorted(result["per_sheet"].items(), key=lambda item: item[1]["wire"]["f1"])
    sheets = [
        ReportSheet(
            name,
            {f"{key} {kind}": row[key][kind] for key, kind in COLUMNS},
            "",
            partial(_picture, pages[name], *folders),
        )
        for name, row in scores
    ]
    report = Report(
        title="Training and its scores" if history else "Scores of a model",
        facts={
            "network": str(model_path),
            "sheets from": result["data_dir"],
            "truth from": result["annotation_dir"],
            "sheets scored": str(len(sheets)),
        },
        sheets=sheets,
        tables=[_score_table(result), *([_history_table(history)] if history else [])],
        charts=[*history_charts(history or {}), *curve_charts(**result["curves"])],
        with_truth=True,
    )
    path = Path(output_dir) / REPORT_FILE
    write_report(path, report)
    return path


def _picture(page: Page, annotations: Path, overlays: Path) -> SheetPicture:
    truth = read_annotation(annotation_path(annotations, page))
    found = read_annotation(annotation_path(overlays, page))
    sheet = prepare(truth, found, tolerances_of(truth))
    reach_px = sheet.tolerances.wire_px
    return SheetPicture(
        page.read(),
        found,
        missed=segments_outside(sheet.true_wires, within(sheet.predicted_line, reach_px)),
        false=segments_outside(sheet.predicted_wires, within(sheet.true_line, reach_px)),
    )


def _score_table(result: Mapping) -> Table:
    """Make a table with a row for each method and score, the model's own first."""
    methods = {"model": result["scores"]}
    methods |= {name: scores for name, scores in result["compared"].items() if name != GAIN}
    rows = []
    for method, scores in methods.items():
        shown = [(key, title) for key, title in ROWS if key in scores]
        rows += [(method if key == shown[0][0] else "", title, *_cells(scores[key])) for key, title in shown]
    columns = ("method", "score", "precision", "recall", "F1 or share", "95 % interval", "pooled", "worst sheet")
    return Table("Scores, the mean over sheets", columns, rows)


def _cells(score: Mapping) -> tuple[str, ...]:
    """Write the means, the interval, the pooled score and the worst sheet of a ScoreSummary as JSON has it."""
    total = "f1" if "f1" in score["mean"] else "share"
    shares = (f"{score['mean'][name]:.3f}" if name in score["mean"] else "" for name in ("precision", "recall", total))
    low, high = score["interval"]
    worst = f"{score['worst_score']:.3f} {score['worst']}"
    return (*shares, f"{low:.3f} to {high:.3f}", f"{score['micro'][total]:.3f}", worst)


def _history_table(history: History) -> Table:
    """Make a table with a row for each epoch and a column for each value."""
    epochs = zip(*history.values(), strict=True)
    rows = [(str(number), *(f"{value:.4g}" for value in values)) for number, values in enumerate(epochs, 1)]
    return Table("Every epoch of the training", ("epoch", *history), rows, is_long=True)
