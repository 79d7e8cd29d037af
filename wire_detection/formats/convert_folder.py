"""Annotations go to and come from the formats of other programs, by whole folders or one by one.

table.py names them; each has a file of its own that says how it is laid out.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import annotation_path, read_annotation, write_annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.contract import Source
from wire_detection.formats.table import FORMATS, load_format
from wire_detection.runs.processes import count_workers, workers_for
from wire_detection.runs.run_folder import make_ready
from wire_detection.runs.sheet_loop import over_sheets
from wire_detection.sheets.listing import Page, log_skipped
from wire_detection.sheets.safe_files import remove_unfinished, write_png
from wire_detection.sheets.shard import WHOLE, Shard
from wire_detection.sheets.sheet_folder import SheetFolder

log = logging.getLogger(__name__)

WORTH_SOURCES = 50
"""Foreign annotations for which a process pays: most are read in a hundredth of a second, and it takes one to start."""


@dataclass(frozen=True)
class ConversionSummary:
    """Stems of the sheets that were converted, and (place, reason) of what was left out."""

    converted: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Gathered:
    """An annotation and its image, on their way into a file that depends on the sheets before."""

    annotation: Annotation
    image: Path


class AnnotationExport:
    """Annotations on their way into a folder: any process may `add` each of them; of a format that gathers, the caller
    hands what comes back to `gather` in the order of the sheets; then it calls `finish`.

    Args:
        skip_existing: leave the files of a sheet as they are; a format that gathers is written anew.
        shard: that the annotations are of.

    Raises:
        AnnotationError: when the folder holds files of this format, which somebody may have corrected, and may not be
            overwritten; or when a format that gathers is asked for a shard.
    """

    def __init__(
        self,
        format_name: str,
        folder: str | Path,
        overwrite: bool = False,
        skip_existing: bool = False,
        shard: Shard = WHOLE,
    ):
        entry, self.folder = FORMATS[format_name], Path(folder)
        if entry.gathers and shard != WHOLE:
            raise AnnotationError(
                f"{format_name} writes what needs all sheets, which a shard has not; export them without --shard"
            )
        make_ready(self.folder)
        there = next(iter(sorted(self.folder.glob(entry.files))), None)
        if there is not None and not (overwrite or skip_existing):
            raise AnnotationError(
                f"{there} exists already; export into another folder, or replace the files of this one with --overwrite"
            )
        self._writer, self._gathers = load_format(format_name).Writer(self.folder), entry.gathers
        self._skipped_if_there = entry.files if skip_existing and not entry.gathers else None
        log.info("%s cannot hold %s", format_name, entry.cannot_hold)

    def add(self, annotation: Annotation, page: Page) -> Gathered | None:
        """Write the annotation of a page; one that is not a file of its own is written as STEM.png, for other programs.

        Raises:
            SheetError: when it cannot be read for that.
        """
        if self._skipped_if_there and (self.folder / self._skipped_if_there.replace("*", page.stem)).exists():
            return None
        image = page.path
        if not page.is_its_file():
            image = self.folder / f"{page.stem}.png"
            write_png(image, page.read())
        annotation = replace(annotation, image_path=page.name)
        if self._gathers:
            return Gathered(annotation, image)
        self._writer.add(annotation, image)
        return None

    def gather(self, part: Gathered) -> None:
        """Take what `add` gave back."""
        self._writer.add(part.annotation, part.image)

    def __getstate__(self) -> dict:
        """Give another process what it needs for `add`."""
        return {**vars(self), "_writer": None if self._gathers else self._writer}

    def finish(self) -> None:
        """Write what could only be written when all are known."""
        self._writer.finish()


def export_annotations(
    format_name: str,
    folder: str | Path,
    *,
    data_dir: str | Path,
    annotation_dir: str | Path,
    overwrite: bool = False,
    skip_existing: bool = False,
    workers: int | None = None,
    **options,
) -> ConversionSummary:
    """Write the annotations of a folder of sheets in another format into `folder`.

    By so many `workers`, processes, or as many as cores and memory allow when None; `options` are of `find_pages`.

    Raises:
        SheetError: when `data_dir` holds no image.
        AnnotationError: when `folder` holds such files already, or no annotation can be used.
    """
    sheets, annotation_dir = SheetFolder(data_dir, **options), Path(annotation_dir)
    if not annotation_dir.is_dir():
        raise AnnotationError(f"{annotation_dir}: no such folder of annotations; make it with --annotate_only")
    export = AnnotationExport(format_name, folder, overwrite, skip_existing, options.get("shard", WHOLE))
    converted, skipped = [], list(sheets.skipped)
    task = partial(_export_page, export=export, annotation_dir=annotation_dir)
    workers = workers or count_workers(sheets.pages)
    for page, gathered in over_sheets(task, sheets.pages, skipped, doing="exporting", workers=workers):
        converted.append(page.stem)
        if gathered is not None:
            export.gather(gathered)
    log_skipped(skipped)
    if sheets.pages and not converted:
        raise AnnotationError(
            f"{annotation_dir}: none of the {len(sheets.pages)} sheets of {data_dir} has an annotation that can be used"
        )
    export.finish()
    log.info("%d sheets exported as %s into %s, %d skipped", len(converted), format_name, folder, len(skipped))
    return ConversionSummary(tuple(converted), tuple(skipped))


def _export_page(page: Page, *, export: AnnotationExport, annotation_dir: Path) -> Gathered | None:
    return export.add(read_annotation(annotation_path(annotation_dir, page), page.shape()), page)


def import_annotations(
    format_name: str,
    folder: str | Path,
    *,
    data_dir: str | Path,
    annotation_dir: str | Path,
    overwrite: bool = False,
    skip_existing: bool = False,
    workers: int | None = None,
    shard: Shard = WHOLE,
    **options,
) -> ConversionSummary:
    """Read another format's annotations of the sheets of `data_dir` and write ours into `annotation_dir`.

    An annotation that exists is kept, and named, unless `overwrite`; with `skip_existing` in silence.

    Args:
        workers: processes that read; as many as there are cores and work for when None.
        shard: the part of the foreign annotations that is read.
        options: of `find_pages`.

    Raises:
        SheetError: when `data_dir` holds no image.
        AnnotationError: when `folder` holds nothing of the format, or nothing of it can be used.
    """
    sheets, folder = SheetFolder(data_dir, **options), Path(folder)
    entry = FORMATS[format_name]
    sources = list(load_format(format_name).find_sources(folder)) if folder.is_dir() else []
    if not sources:
        raise AnnotationError(f"{folder}: no folder that holds {format_name} files ({entry.files})")
    sources = shard.of(sources)
    remove_unfinished(annotation_dir)
    skipped: list[tuple[str, str]] = []
    converted: dict[str, None] = {}
    task, workers = partial(_read_source, sheets=sheets), workers or workers_for(len(sources), WORTH_SOURCES)
    read = over_sheets(task, sources, skipped, doing="importing", workers=workers)
    for source, annotation in _with_wires(read, folder):
        page = sheets.find(annotation.image_path)
        try:
            if page.stem in converted:
                raise AnnotationError(f"another file is for the sheet {page.stem} too")
            target = annotation_path(annotation_dir, page)
            if not (skip_existing and target.exists()):
                _write_new(annotation, target, overwrite)
            converted[page.stem] = None
        except AnnotationError as error:
            skipped.append((source.name, source.reason(error)))
    skipped.sort()
    log_skipped(skipped)
    if sources and not converted:
        raise AnnotationError(f"{folder}: none of its {len(sources)} {format_name} annotations was imported")
    log.info("%d sheets imported from %s into %s, %d skipped", len(converted), folder, annotation_dir, len(skipped))
    return ConversionSummary(tuple(converted), tuple(skipped))


def _read_source(source: Source, *, sheets: SheetFolder) -> Annotation:
    annotation = source.read(sheets)
    sheets.find(annotation.image_path)
    return annotation


def _with_wires(read: Iterable[tuple[Source, Annotation]], folder: Path) -> Iterator[tuple[Source, Annotation]]:
    """Hand on what was read, held back until one of the annotations has a wire.

    Raises:
        AnnotationError: when there are objects and none of them is a wire: they are called something else.
    """
    held, others = [], Counter()
    for source, annotation in read:
        held.append((source, annotation))
        if len(annotation.wires):
            yield from held
            yield from read
            return
        others.update(component["type"] for component in annotation.components)
    if others:
        names = ", ".join(repr(name[:40]) for name, _ in others.most_common(3))
        raise AnnotationError(
            f"{folder}: none of its {others.total()} objects is called wire, but {names}; "
            "call wires wire, and the points where they connect junction"
        )
    yield from held


def _write_new(annotation: Annotation, path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise AnnotationError(f"{path} exists already; give another --annotation_dir, or replace it with --overwrite")
    try:
        write_annotation(annotation, path)
    except ValueError as error:  # metadata with a number that JSON does not know
        raise AnnotationError(f"cannot be written as JSON ({error})") from None
