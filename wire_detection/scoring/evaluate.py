"""Score a model on whole sheets: a table with the classic annotator beside it, evaluation.json, a CSV and pictures.

Three methods read the same sheets: the model as --predict uses it (its maps and the look of the strokes together), the
model alone, and the classic annotator alone, so that a user sees whether the network earned its keep. Where the truth
is what a program proposed, that one is left out.
"""

from __future__ import annotations

import csv
import io
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from wire_detection import defaults
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import annotation_path, read_annotation, write_annotation
from wire_detection.annotations.sources import CLASSIC_SOURCE, PROPOSERS
from wire_detection.classic.annotate_sheet import annotate_sheet
from wire_detection.networks.losses import task_losses, task_weights
from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.pictures.curves import draw_curves
from wire_detection.pictures.overlays import draw_error_overlay
from wire_detection.reading.maps import Maps, map_sheet
from wire_detection.reading.read_sheet import read_maps
from wire_detection.runs.processes import count_workers
from wire_detection.runs.sheet_loop import over_sheets
from wire_detection.scoring.counts import SheetScores
from wire_detection.scoring.curves import CONFIDENCES, Curves, SheetCurves, curves_of_sheet
from wire_detection.scoring.scored_sheet import tolerances_of
from wire_detection.scoring.summary import Summary, compare_runs, format_scores, summarise
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import OVERLAYS, Page, log_skipped
from wire_detection.sheets.safe_files import replacing, write_json, write_png, write_text
from wire_detection.windows.dataset import DatasetError, SchematicDataset
from wire_detection.windows.sequences import WindowSequence

log = logging.getLogger(__name__)

GAIN = f"wire_f1_gain_over_{CLASSIC_SOURCE}"
AHEAD = 2
"""Sheets for each process whose maps, some 15 bytes a pixel, are made before their turn."""

WORST_SHEETS = 3
"""So many sheets of the lowest wire F1 are named."""


def evaluate_sheets(
    model,
    *,
    data_dir: str | Path,
    annotation_dir: str | Path,
    names: Sequence[str] | None,
    image_size: tuple[int, int],
    output_dir: str | Path,
    workers: int | None = None,
    **options,
) -> dict:
    """Score `model` on the sheets called `names`, all of them when None; `options` of `find_pages`.

    This process runs the model; so many `workers`, as many as cores and memory allow when None, do all the rest.

    Prints the table and writes evaluation.json, evaluation.csv, evaluation_curves.png, an overlay and the reading of
    each sheet into the folder OVERLAYS, and the overlays of the best and the worst sheet as evaluation_best.png and
    evaluation_worst.png.

    Returns:
        what evaluation.json holds.

    Raises:
        DatasetError: when a sheet of that name is not there.
        SheetError: when none can be scored.
    """
    dataset = SchematicDataset(data_dir, annotation_dir, **options)
    sheets = _numbers(dataset, names)
    output_dir, curves = Path(output_dir), Curves()
    workers = workers or count_workers([dataset.pages[index] for index in sheets])
    scores = _score_sheets(model, dataset, sheets, curves, output_dir / OVERLAYS, workers)
    summaries = {method: summarise(rows) for method, rows in scores.items()}
    wire_f1 = {name: row["wire"].score for name, row in scores[model.name].items()}
    ranked = sorted(wire_f1, key=wire_f1.get)
    stems = {page.name: page.stem for page in dataset.pages}
    _copy_overlays(output_dir, worst=stems[ranked[0]], best=stems[ranked[-1]])
    losses = {}  # a network for onnxruntime knows none
    if not isinstance(model, OnnxModel):
        windows = WindowSequence(
            dataset, sheets, batch_size=defaults.BATCH_SIZE, image_size=image_size, seed=0, training=False
        )
        losses = _losses(model, windows)
    result = {
        "data_dir": str(data_dir),
        "annotation_dir": str(annotation_dir),
        "sheets": len(wire_f1),
        "losses": losses,
        "scores": _as_json(summaries[model.name]),
        "compared": _compared(model.name, scores, summaries),
        "worst_sheets": [{"sheet": name, "wire_f1": wire_f1[name]} for name in ranked[:WORST_SHEETS]],
        "curves": curves.values(),
        "per_sheet": {
            name: {key: value.values() for key, value in row.items()} for name, row in scores[model.name].items()
        },
    }
    write_json(output_dir / "evaluation.json", result)
    write_text(output_dir / "evaluation.csv", as_csv(scores))
    draw_curves(**curves.values(), path=output_dir / "evaluation_curves.png")
    _print_report(model.name, summaries, result)
    log.info("evaluation.json, its table and pictures are in %s", output_dir)
    return result


def _score_sheets(
    model, dataset: SchematicDataset, sheets: Sequence[int], curves: Curves, overlays: Path, workers: int
) -> dict[str, dict[str, SheetScores]]:
    """Score each method on each of the sheets; `curves` takes them in, `overlays` gets STEM.png and STEM.json."""
    own, alone = model.name, f"{model.name} alone"
    methods = (own, alone) if _any_proposed(dataset, sheets) else (own, alone, CLASSIC_SOURCE)
    scores: dict[str, dict[str, SheetScores]] = {method: {} for method in methods}
    skipped: list[tuple[str, str]] = []
    task = partial(_score_sheet, methods=methods, annotation_dir=dataset.annotation_dir, overlays=overlays)
    mapped = (_mapped(model, dataset.pages[index]) for index in sheets)
    done = over_sheets(task, mapped, skipped, doing="scoring", workers=workers, total=len(sheets), ahead=AHEAD)
    for sheet, scored in done:
        curves.add(scored.curves)
        for method, row in scored.scores.items():
            scores[method][sheet.name] = row
    log_skipped(skipped)
    if not scores[own]:
        raise SheetError(f"none of the {len(sheets)} sheets can be scored; {skipped[0][0]}: {skipped[0][1]}")
    return scores


@dataclass(frozen=True)
class _Mapped:
    """A page, its picture (H, W) uint8 and what the network says of it, on their way to the process that scores it."""

    page: Page
    grey: np.ndarray
    maps: Maps

    @property
    def name(self) -> str:
        return self.page.name

    def reason(self, error: Exception) -> str:
        """Say why it cannot be scored, in one line."""
        return self.page.reason(error)


@dataclass(frozen=True)
class _Scored:
    """What each method scores on a sheet, and the curves of the first one."""

    scores: dict[str, SheetScores]
    curves: SheetCurves


def _mapped(model, page: Page) -> _Mapped:
    picture = page.picture()
    return _Mapped(page, picture.grey, map_sheet(model, picture))


def _score_sheet(sheet: _Mapped, *, methods: tuple[str, ...], annotation_dir: Path, overlays: Path) -> _Scored:
    """Score the model, its maps alone, and the classic annotator where it is among the `methods`; draw the overlay."""
    truth, maps = read_annotation(annotation_path(annotation_dir, sheet.page)), sheet.maps
    found = [read_maps(maps), read_maps(maps, map_alone=True)]
    if CLASSIC_SOURCE in methods:
        found.append(annotate_sheet(sheet.grey, sheet.name))
    own = found[0]
    drawn = draw_error_overlay(sheet.grey, truth, own, tolerances_of(truth).wire_px)
    write_png(overlays / f"{sheet.page.stem}.png", drawn)
    write_annotation(own, annotation_path(overlays, sheet.page))
    return _Scored(
        scores={method: score_sheet(truth, one) for method, one in zip(methods, found, strict=True)},
        curves=curves_of_sheet(truth, own, read_maps(maps, least_confidence=CONFIDENCES[0])),
    )


def _any_proposed(dataset: SchematicDataset, sheets: Sequence[int]) -> bool:
    """Tell, and warn, whether the truth of any of the sheets is what a program proposed."""
    sources = [_read_truth(dataset, index).metadata.get("source") for index in sheets]
    proposed = [source for source in sources if source in PROPOSERS]
    if proposed:
        log.warning(
            "%d of the %d sheets are scored against what %s proposed: their scores say how far the model repeats it, "
            "not how well it reads, and the classic annotator is left out of the table; correct these annotations by "
            "hand, or score drawn sheets",
            *(len(proposed), len(sheets), " and ".join(PROPOSERS[source] for source in sorted(set(proposed)))),
        )
    return bool(proposed)


def _copy_overlays(folder: Path, **stems: str) -> None:
    """Copy the overlay of the sheet with this stem to evaluation_TITLE.png, for each TITLE=stem."""
    for title, stem in stems.items():
        with replacing(folder / f"evaluation_{title}.png") as temporary:
            shutil.copyfile(folder / OVERLAYS / f"{stem}.png", temporary)


def _compared(own: str, scores: Mapping[str, Mapping[str, SheetScores]], summaries: Mapping[str, Summary]) -> dict:
    """Give the other methods' summaries and, where the classic annotator is one of them, the gain over it."""
    compared = {method: _as_json(summary) for method, summary in summaries.items() if method != own}
    if CLASSIC_SOURCE in scores:
        gain, interval = compare_runs(scores[CLASSIC_SOURCE], scores[own], "wire")
        compared[GAIN] = {"mean": gain, "interval": interval}
    return compared


def _print_report(own: str, summaries: Mapping[str, Summary], result: dict) -> None:
    losses, gain = result["losses"], result["compared"].get(GAIN)
    print(format_scores(summaries))
    print(
        f"worst sheets by wire F1, see {OVERLAYS}: "
        + ", ".join(f"{row['sheet']} {row['wire_f1']:.3f}" for row in result["worst_sheets"])
    )
    if losses:
        parts = (f"{name.removesuffix('_loss')} {value:.4f}" for name, value in losses.items() if name != "loss")
        print(f"loss {losses['loss']:.4f}  ({', '.join(parts)})")
    if gain:
        print(
            f"wire F1 of {own} against {CLASSIC_SOURCE} on the same sheets: {gain['mean']:+.3f} "
            f"(95 % interval {gain['interval'][0]:+.3f} to {gain['interval'][1]:+.3f})"
        )


def as_csv(scores: Mapping[str, Mapping[str, SheetScores]]) -> str:
    """Write one row for each method and sheet, and one column for each value of each score."""
    columns = list(
        dict.fromkeys(
            f"{key}_{kind}" for _, _, row in _rows(scores) for key, value in row.items() for kind in value.values()
        )
    )
    text = io.StringIO()
    writer = csv.DictWriter(text, ["method", "sheet", *columns], lineterminator="\n")
    writer.writeheader()
    for method, name, row in _rows(scores):
        writer.writerow(
            {
                "method": method,
                "sheet": name,
                **{
                    f"{key}_{kind}": round(value, 4)
                    for key, score in row.items()
                    for kind, value in score.values().items()
                },
            }
        )
    return text.getvalue()


def _rows(scores: Mapping[str, Mapping[str, SheetScores]]) -> Iterator[tuple[str, str, SheetScores]]:
    return ((method, name, row) for method, rows in scores.items() for name, row in rows.items())


def _as_json(summary: Summary) -> dict:
    return {key: asdict(score) for key, score in summary.items()}


def _numbers(dataset: SchematicDataset, names: Sequence[str] | None) -> list[int]:
    if names is None:
        return list(range(len(dataset)))
    numbers = {name: number for number, name in enumerate(dataset.names)}
    missing = [name for name in names if name not in numbers]
    if missing:
        raise DatasetError(
            f"{dataset.data_dir}: the held-out sheet {missing[0]} is not there or cannot be used; "
            "give --data_dir and --annotation_dir to score another folder"
        )
    return [numbers[name] for name in names]


def _read_truth(dataset: SchematicDataset, index: int) -> Annotation:
    """Read the annotation of sheet number `index`, in the image's own pixels."""
    return read_annotation(dataset.annotation_path(dataset.pages[index]))


def _losses(model, windows: WindowSequence) -> dict[str, float]:
    """Measure the loss of all windows, and in it that of each task, by the names under which Keras gives them."""
    losses = task_losses(model.output_names)
    model.compile(loss=losses, loss_weights=task_weights(losses))
    windows.tasks = tuple(losses)
    values = model.evaluate(windows, verbose=0, return_dict=True)
    return {name: float(values[name]) for name in ("loss", *(f"{task}_loss" for task in losses))}
