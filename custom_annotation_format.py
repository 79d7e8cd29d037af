"""Annotate a folder of sheets by rules or by the shipped network; read, check, write and convert annotations.

    create_annotation_batch("my_sheets", "annotations")
    annotation = read_annotation("annotations/amp.json")

What an annotation holds, and its JSON file, stand in wire_detection/annotations.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from wire_detection import defaults
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import annotation_path, read_annotation, write_annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.classic.annotate_sheet import annotate_sheet
from wire_detection.formats.convert_folder import export_annotations, import_annotations
from wire_detection.pictures.contact_sheet import ContactSheets, contact_tile, read_tile
from wire_detection.pictures.overlays import draw_annotation_overlay
from wire_detection.runs.processes import count_workers
from wire_detection.runs.run_folder import make_ready
from wire_detection.runs.sheet_loop import over_sheets
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import Page, list_pages, log_remarks, log_skipped
from wire_detection.sheets.picture import Picture
from wire_detection.sheets.prepare import NOTHING_KNOWN, Known
from wire_detection.sheets.safe_files import write_png
from wire_detection.sheets.shard import NOT_DONE, WHOLE

__all__ = [
    "Annotation",
    "AnnotationError",
    "BatchSummary",
    "create_annotation_batch",
    "ensure_annotations",
    "export_annotations",
    "import_annotations",
    "read_annotation",
    "write_annotation",
]

log = logging.getLogger("wire_detection.annotate")


@dataclass(frozen=True)
class BatchSummary:
    """What `create_annotation_batch` did: stems newly annotated, stems annotated before, and (image name, reason)."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]


UNFINISHED = ".unfinished"
"""A file in a folder of annotations for as long as `create_annotation_batch` has not come to its end there."""


def annotations_finished(output_dir: str | Path) -> bool:
    """Whether `output_dir` is there and no batch was stopped before it had been through all its images."""
    return Path(output_dir).is_dir() and not (Path(output_dir) / UNFINISHED).exists()


def create_annotation_batch(
    images_dir: str | Path,
    output_dir: str | Path,
    min_wire_length: float = defaults.MIN_WIRE_LENGTH_PX,
    border_size: float = defaults.BORDER_SIZE_PX,
    threshold: float = defaults.INK_THRESHOLD,
    *,
    annotator: str = defaults.CLASSIC,
    text_filter: str = defaults.TEXT_FILTER,
    workers: int | str | None = None,
    overlay_dir: str | Path | None = None,
    known: Known = NOTHING_KNOWN,
    merge: bool = False,
    **options,
) -> BatchSummary:
    """Annotate every image of a folder, on all cores; a stopped batch goes on where it stopped.

    Straight strokes are proposed as classic detection finds them; what is a wire and what connects is judged by its
    rules or by the shipped network, and the annotation's metadata says by which.

    Args:
        images_dir: folder of schematic images, PDFs among them.
        output_dir: gets one `STEM.json` an image; a stem that already has one is kept as it is.
        min_wire_length: shortest wire in pixels; never below a few stroke widths, whatever is asked for.
        border_size: width in pixels of the rim of the sheet in which long lines are frame, not wire.
        threshold: a pixel is ink when it is darker than the paper around it by this share of the paper's brightness.
        annotator: "classic" for the rules, or "auto" for the shipped network, and the rules where it does not fit this
            version or something is asked for that only they know: the three numbers above, and text.
        text_filter: "ocr" leaves out what lies in recognised text (boxes are cached in `output_dir`/.text), "none"
            trusts the shape rules alone.
        workers: processes, as many as cores and memory allow when None; or a Dask cluster, as for `over_sheets`.
        overlay_dir: gets one `STEM.png` an image with the annotation drawn on it, and contact sheets of all of them.
        known: what is known of these sheets and not guessed.
        merge: write contact sheets of what shards have annotated, and annotate nothing.
        options: of `find_pages`: `recursive`, `pdf_dpi`, `without`, `shard`. A shard leaves no contact sheets.

    Raises:
        SheetError: when the folder does not exist, holds no image, or none of its images can be annotated.
        ValueError: when an argument is out of range.
    """
    _check_batch_arguments(min_wire_length, border_size, threshold, text_filter, annotator)
    output_dir = Path(output_dir)
    options["without"] = [*options.get("without", ()), output_dir]
    listing = list_pages(images_dir, **options)
    make_ready(output_dir)
    (output_dir / UNFINISHED).touch()
    settings = {"min_wire_length": min_wire_length, "border_size": border_size, "threshold": threshold}
    needs_rules = settings != RULES or text_filter != defaults.TEXT_FILTER
    task = partial(
        _annotate_page,
        output_dir=output_dir,
        annotate=_judge(annotator, needs_rules, settings, known),
        polarity=known.polarity,
        text_filter=text_filter,
        overlay_dir=None if overlay_dir is None else Path(overlay_dir),
        merge=merge,
    )
    contact_sheets = None if overlay_dir is None or listing.shard != WHOLE else ContactSheets(overlay_dir)
    skipped, chosen = list(listing.passed_over), {"written": [], "kept": []}
    workers = workers or count_workers(listing.pages)
    for page, done in over_sheets(task, listing.pages, skipped, doing="annotating", workers=workers):
        chosen[done.outcome].append(page.stem)
        if contact_sheets is not None:
            contact_sheets.add(done.tile, page.stem)
    skipped.sort()
    log_remarks(listing)
    log_skipped(skipped)
    if chosen["kept"] and known != NOTHING_KNOWN:
        log.warning(
            "%d sheets were annotated before: what is stated of the sheets changes nothing about these; "
            "remove their annotations, or give another --annotation_dir",
            len(chosen["kept"]),
        )
    log.info(
        "%d sheets annotated, %d annotated before, %d skipped; annotations in %s",
        len(chosen["written"]),
        len(chosen["kept"]),
        len(skipped),
        output_dir,
    )
    if listing.pages and not chosen["written"] and not chosen["kept"]:
        raise SheetError(
            f"{images_dir}: none of its {len(listing.pages)} images can be annotated; {skipped[0][0]}: {skipped[0][1]}"
        )
    if contact_sheets is not None:
        contact_sheets.finish()
    if listing.shard == WHOLE:
        (output_dir / UNFINISHED).unlink(missing_ok=True)
    return BatchSummary(tuple(chosen["written"]), tuple(chosen["kept"]), tuple(skipped))


RULES = {
    "min_wire_length": defaults.MIN_WIRE_LENGTH_PX,
    "border_size": defaults.BORDER_SIZE_PX,
    "threshold": defaults.INK_THRESHOLD,
}
"""What the rules are told where nothing is asked for."""


def _judge(annotator: str, needs_rules: bool, settings: dict[str, float], known: Known) -> partial[Annotation]:
    """What annotates the picture of a sheet, given (picture, path): the network or, with these settings, the rules."""
    if annotator == defaults.AUTO and needs_rules:
        log.info("annotating by rules alone: the network knows none of what is asked for")
    elif annotator == defaults.AUTO:
        from wire_detection.reading.annotate_by_network import annotate_by_network, find_network

        if network := find_network():
            return partial(annotate_by_network, network=network, known=known)
    return partial(_annotate_by_rules, **settings, known=known)


def _annotate_by_rules(picture: Picture, path: str, **settings) -> Annotation:
    """The rules know no colours."""
    return annotate_sheet(picture.grey, path, **settings)


def _check_batch_arguments(
    min_wire_length: float, border_size: float, threshold: float, text_filter: str, annotator: str
) -> None:
    if not min_wire_length > 0:
        raise ValueError(f"min_wire_length must be above 0 pixels, got {min_wire_length}")
    if not border_size >= 0:
        raise ValueError(f"border_size must be 0 pixels or more, got {border_size}")
    if not 0 < threshold < 1:
        raise ValueError(f"threshold must lie between 0 and 1, got {threshold}")
    if text_filter not in defaults.TEXT_FILTERS:
        raise ValueError(f"text_filter must be one of {', '.join(defaults.TEXT_FILTERS)}, got {text_filter!r}")
    if annotator not in defaults.ANNOTATORS:
        raise ValueError(f"annotator must be one of {', '.join(defaults.ANNOTATORS)}, got {annotator!r}")


@dataclass(frozen=True)
class _Annotated:
    """What was done for a page, "written" or "kept", and its tile (h, w, 3) uint8 of the contact sheet, if any."""

    outcome: str
    tile: np.ndarray | None = None


def _annotate_page(
    page: Page,
    *,
    output_dir: Path,
    annotate: partial[Annotation],
    polarity: str,
    text_filter: str,
    overlay_dir: Path | None,
    merge: bool,
) -> _Annotated:
    """Annotate one page, unless it has an annotation, and draw that, unless it has an overlay."""
    target = annotation_path(output_dir, page)
    overlay = None if overlay_dir is None else overlay_dir / f"{page.stem}.png"
    outcome = "kept" if target.exists() else "written"
    if merge and outcome == "written":
        raise SheetError(NOT_DONE)
    if outcome == "kept":
        annotation = read_annotation(target)
        if overlay is None or overlay.exists():
            return _Annotated(outcome, overlay and read_tile(overlay))
    picture = page.picture(polarity)
    if outcome == "written":
        cached = {"text_cache": output_dir / ".text" / f"{page.stem}.json"} if text_filter == "ocr" else {}
        annotation = annotate(picture, page.name, **cached)
        write_annotation(annotation, target)
    if overlay is None:
        return _Annotated(outcome)
    drawn = draw_annotation_overlay(picture.grey, annotation)
    write_png(overlay, drawn)
    return _Annotated(outcome, contact_tile(drawn))


def ensure_annotations(data_dir: str | Path, annotation_dir: str | Path, **options) -> None:
    """Annotate `data_dir` when `annotation_dir` does not exist or was begun and stopped.

    options: `annotator` and `text_filter` of `create_annotation_batch`, and those of `find_pages`.
    """
    if not annotations_finished(annotation_dir):
        state = "not finished" if Path(annotation_dir).exists() else "not there"
        log.info("%s is %s: annotating %s", annotation_dir, state, data_dir)
        create_annotation_batch(data_dir, annotation_dir, **options)
