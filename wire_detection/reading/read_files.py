"""Read the wires, junctions and nets of image files: an annotation, masks and an overlay of each, and a summary."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from wire_detection import defaults
from wire_detection.annotations.annotation import drawn_masks
from wire_detection.annotations.annotation_file import annotation_path, read_annotation, write_annotation
from wire_detection.classic.ocr import with_text
from wire_detection.formats.convert_folder import AnnotationExport, Gathered
from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.pictures.overlays import draw_net_overlay
from wire_detection.reading.read_sheet import predict_sheet
from wire_detection.runs.processes import count_workers
from wire_detection.runs.sheet_loop import over_sheets
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import OVERLAYS, Listing, Page, log_remarks, log_skipped
from wire_detection.sheets.prepare import NOTHING_KNOWN, Known
from wire_detection.sheets.safe_files import write_png
from wire_detection.sheets.shard import NOT_DONE

log = logging.getLogger(__name__)

ANNOTATIONS, MASKS = "annotations", "masks"
"""Folders of the results, beside that of the OVERLAYS."""

LONGEST_TABLE = 40
"""Of more sheets than this the table shows the doubtful and then the first ones; all of them lie in the folders."""


@dataclass(frozen=True)
class Reading:
    """What was found on one sheet, and the seconds that it took, unless it was read before.

    confidence: the wire F1 that is to be expected      doubt: why little or nothing sure was found, empty otherwise
    """

    name: str
    wires: int
    junctions: int
    nets: int
    confidence: float
    doubt: str
    seconds: float | None


def predict_files(
    model,
    listing: Listing,
    output_dir: str | Path,
    export: AnnotationExport | None = None,
    known: Known = NOTHING_KNOWN,
    text_filter: str = defaults.TEXT_FILTER,
    workers: int | str | None = None,
    skip_existing: bool = False,
    merge: bool = False,
) -> list[Reading]:
    """Read the pages of a listing; what it passed over or cannot be read is named and left out.

    Writes annotations/STEM.json, masks/STEM_wire.png and STEM_junction.png, and overlays/STEM.png with a colour for
    each net into `output_dir`, gives the annotations to `export` as well, and prints a table. What is `known` of the
    sheets is not guessed; with the `text_filter` "ocr" their texts are read too. A sheet on which little or nothing
    sure is found is named with the likely reason.

    By a network for onnxruntime so many `workers`, processes, read, or as many as cores and memory allow when None;
    Keras uses all cores itself. With `skip_existing` a page that has all its files is not read again, but told and
    exported as the others; with `merge` none is read, and `model` may be None.

    Raises:
        SheetError: when none of them can be read.
    """
    output_dir = Path(output_dir)
    log_remarks(listing)
    skipped = list(listing.passed_over)
    readings = []
    if not merge and not isinstance(model, OnnxModel):
        if workers is not None:
            raise ValueError("several processes need a network for onnxruntime; give --runtime onnx")
        workers = 1
    task = partial(
        _predict_page,
        model=model,
        output_dir=output_dir,
        export=export,
        known=known,
        text_filter=text_filter,
        skip_existing=skip_existing or merge,
        merge=merge,
    )
    workers = workers or count_workers(listing.pages)
    for _, done in over_sheets(task, listing.pages, skipped, doing="reading", workers=workers):
        readings.append(done.reading)
        if done.gathered is not None:
            export.gather(done.gathered)
    log_skipped(sorted(skipped))
    doubtful = [reading for reading in readings if reading.doubt]
    for reading in doubtful:
        log.warning("%s: %s", reading.name, reading.doubt)
    if listing.pages and not readings:
        raise SheetError(f"none of the {len(listing.pages)} sheets can be read; {skipped[0][0]}: {skipped[0][1]}")
    print(format_readings(readings))
    log.info(
        "%d sheets read, %d skipped, %d doubtful; results in %s",
        *(len(readings), len(skipped), len(doubtful), output_dir),
    )
    if export is not None:
        export.finish()
        log.info("%d sheets exported into %s", len(readings), export.folder)
    return readings


@dataclass(frozen=True)
class _Predicted:
    """What the table tells of a page, and what its export gathers, if it does."""

    reading: Reading
    gathered: Gathered | None


def _predict_page(
    page: Page,
    *,
    model,
    output_dir: Path,
    export: AnnotationExport | None,
    known: Known,
    text_filter: str,
    skip_existing: bool,
    merge: bool,
) -> _Predicted:
    """Read one page and write its files, unless they are there."""
    start = time.perf_counter()
    target, overlay = annotation_path(output_dir / ANNOTATIONS, page), output_dir / OVERLAYS / f"{page.stem}.png"
    is_there = skip_existing and target.exists() and overlay.exists()  # which is written last
    if merge and not is_there:
        raise SheetError(NOT_DONE)
    if not is_there:
        picture = page.picture(known.polarity)
        found = predict_sheet(model, picture, image_path=page.name, known=known)
        if text_filter == "ocr":
            found = with_text(found, picture.grey)
        write_annotation(found, target)
        for task, mask in drawn_masks(found).items():
            write_png(output_dir / MASKS / f"{page.stem}_{task}.png", mask.astype(np.uint8) * 255)
        write_png(overlay, draw_net_overlay(picture.grey, found))
    if is_there or export is not None:
        found = read_annotation(target)  # coordinates are rounded in it: exports say what the file says
    reading = Reading(
        page.name,
        wires=len(found.wires),
        junctions=len(found.junctions),
        nets=len(found.nets),
        confidence=found.metadata.get("confidence", 1.0),
        doubt=found.metadata.get("doubt", ""),
        seconds=None if is_there else time.perf_counter() - start,
    )
    return _Predicted(reading, None if export is None else export.add(found, page))


def format_readings(readings: list[Reading]) -> str:
    """A plain-text table, one row a sheet; of more than LONGEST_TABLE, doubtful ones first."""
    if len(readings) > LONGEST_TABLE:
        readings = sorted(readings, key=lambda reading: not reading.doubt)
    shown = readings[:LONGEST_TABLE]
    width = max(len("sheet"), *(len(r.name) for r in shown))
    lines = [f"{'sheet':{width}}  {'wires':>6} {'junctions':>9} {'nets':>6} {'confidence':>10} {'seconds':>7}"]
    lines += [
        f"{r.name:{width}}  {r.wires:6} {r.junctions:9} {r.nets:6} {r.confidence:10.2f} {_seconds(r)}" for r in shown
    ]
    if len(readings) > len(shown):
        lines.append(f"... and {len(readings) - len(shown)} more")
    return "\n".join(lines)


def _seconds(reading: Reading) -> str:
    return f"{'-':>7}" if reading.seconds is None else f"{reading.seconds:7.1f}"
