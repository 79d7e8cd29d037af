"""Score a model on whole sheets: a table with the classic annotator beside it, evaluation.json, a CSV and pictures.

Three methods read the same sheets: the model as --predict uses it (its maps and the look of the strokes together), the
model alone, and the classic annotator alone, so that a user sees whether the network earned its keep.
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from custom_annotation_format import Annotation, annotate_sheet, read_annotation
from enhanced_data_pipeline import DatasetError, SchematicDataset, WindowSequence
from enhanced_models import compile_model
from evaluation_curves import Curves, draw_curves
from safe_files import write_json, write_png, write_text
from score_summary import Summary, compare_runs, format_scores, summarise
from sheet_image import read_sheet
from wire_metrics import SheetScores, score_sheet
from wire_plots import draw_error_overlay
from wire_prediction import map_sheet, read_maps

log = logging.getLogger(__name__)

BATCH_SIZE = 4
CLASSIC = "hough"


def evaluate_sheets(model, *, data_dir: str | Path, annotation_dir: str | Path, names: Sequence[str] | None,
                    image_size: tuple[int, int], output_dir: str | Path) -> dict:
    """Score `model` on the sheets called `names`, all of them when None.

    Prints the table and writes evaluation.json, evaluation.csv, evaluation_curves.png and, for the best and the worst
    sheet, an overlay PNG.

    Returns:
        what evaluation.json holds.

    Raises:
        DatasetError: when a sheet of that name is not there.
    """
    dataset = SchematicDataset(data_dir, annotation_dir)
    sheets = _numbers(dataset, names)
    own, alone, output_dir = model.name, f"{model.name} alone", Path(output_dir)
    scores: dict[str, dict[str, SheetScores]] = {own: {}, alone: {}, CLASSIC: {}}
    curves = Curves()
    for index in tqdm(sheets, desc="Scoring sheets", unit="sheet"):
        grey, truth = _read(dataset, index)
        maps = map_sheet(model, grey)
        found = {own: read_maps(grey, maps), alone: read_maps(grey, maps, map_alone=True),
                 CLASSIC: annotate_sheet(grey, dataset.paths[index])}
        for method, annotation in found.items():
            scores[method][dataset.names[index]] = score_sheet(truth, annotation)
        curves.add(truth, found[own])
        _keep_extremes(output_dir, scores[own], dataset.names[index], grey, truth, found[own])
    summaries = {method: summarise(rows) for method, rows in scores.items()}
    losses = _losses(model, WindowSequence(dataset, sheets, batch_size=BATCH_SIZE, image_size=image_size, seed=0,
                                           training=False))
    gain, interval = compare_runs(scores[CLASSIC], scores[own], "wire")
    result = {"data_dir": str(data_dir), "annotation_dir": str(annotation_dir), "sheets": len(sheets),
              "losses": losses, "scores": _as_json(summaries[own]),
              "compared": {alone: _as_json(summaries[alone]), CLASSIC: _as_json(summaries[CLASSIC]),
                           "wire_f1_gain_over_hough": {"mean": gain, "interval": interval}},
              "curves": curves.values(),
              "per_sheet": {name: {key: value.values() for key, value in row.items()}
                            for name, row in scores[own].items()}}
    write_json(output_dir / "evaluation.json", result)
    write_text(output_dir / "evaluation.csv", as_csv(scores))
    draw_curves(curves, output_dir / "evaluation_curves.png")
    print(format_scores(summaries))
    print(f"loss {losses['loss']:.4f}  (wire {losses['wire_loss']:.4f}, junction {losses['junction_loss']:.4f})")
    print(f"wire F1 of {own} against {CLASSIC} on the same sheets: {gain:+.3f} "
          f"(95 % interval {interval[0]:+.3f} to {interval[1]:+.3f})")
    return result


def as_csv(scores: Mapping[str, Mapping[str, SheetScores]]) -> str:
    """One row for each method and sheet, one column for each value of each score."""
    columns = list(dict.fromkeys(f"{key}_{kind}" for _, _, row in _rows(scores) for key, value in row.items()
                                 for kind in value.values()))
    text = io.StringIO()
    writer = csv.DictWriter(text, ["method", "sheet", *columns], lineterminator="\n")
    writer.writeheader()
    for method, name, row in _rows(scores):
        writer.writerow({"method": method, "sheet": name, **{
            f"{key}_{kind}": round(value, 4) for key, score in row.items() for kind, value in score.values().items()}})
    return text.getvalue()


def _rows(scores: Mapping[str, Mapping[str, SheetScores]]) -> Iterator[tuple[str, str, SheetScores]]:
    return ((method, name, row) for method, rows in scores.items() for name, row in rows.items())


def _as_json(summary: Summary) -> dict:
    return {key: asdict(score) for key, score in summary.items()}


def _numbers(dataset: SchematicDataset, names: Sequence[str] | None) -> list[int]:
    if names is None:
        return list(range(len(dataset)))
    missing = [name for name in names if name not in dataset.names]
    if missing:
        raise DatasetError(f"{dataset.data_dir}: the held-out sheet {missing[0]} is not there or cannot be used; "
                           "give --data_dir and --annotation_dir to score another folder")
    return [dataset.names.index(name) for name in names]


def _read(dataset: SchematicDataset, index: int):
    """(sheet (H, W) uint8, its annotation) in the image's own pixels."""
    grey = read_sheet(dataset.paths[index])
    return grey, read_annotation(dataset.annotation_path(dataset.paths[index]), grey.shape)


def _keep_extremes(folder: Path, scores: Mapping[str, SheetScores], name: str, grey, truth: Annotation,
                   found: Annotation) -> None:
    """Write the overlay of sheet `name`, the last of `scores`, where it is the best or the worst so far."""
    ranked = sorted(scores, key=lambda sheet: scores[sheet]["wire"].score)
    for title, extreme in (("worst", ranked[0]), ("best", ranked[-1])):
        if extreme == name:
            write_png(folder / f"evaluation_{title}.png",
                      draw_error_overlay(grey, truth, found, max(2.0, truth.stroke_width or 2.0)))


def _losses(model, windows: WindowSequence) -> dict[str, float]:
    compile_model(model)
    values = model.evaluate(windows, verbose=0, return_dict=True)
    return {name: float(values[name]) for name in ("loss", "wire_loss", "junction_loss")}
