"""Annotations go to and come from the formats of other programs, by whole folders or one by one.

table.py names them; each has a file of its own that says how it is laid out.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import annotation_path, read_annotation, write_annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.table import FORMATS, load_format
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import Page, log_skipped
from wire_detection.sheets.safe_files import write_png
from wire_detection.sheets.sheet_folder import SheetFolder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ConversionSummary:
    """Stems of the sheets that were converted, and (place, reason) of what was left out."""

    converted: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]


class AnnotationExport:
    """Annotations on their way into a folder, one after the other: `add` each of them, then `finish`.

    Raises:
        AnnotationError: when the folder holds files of this format, which somebody may have corrected, and may not be
            overwritten.
    """

    def __init__(self, format_name: str, folder: str | Path, overwrite: bool = False):
        entry, self.folder = FORMATS[format_name], Path(folder)
        there = next(iter(sorted(self.folder.glob(entry.files))), None)
        if there is not None and not overwrite:
            raise AnnotationError(
                f"{there} exists already; export into another folder, or replace the files of this one with --overwrite"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        self._writer = load_format(format_name).Writer(self.folder)
        log.info("%s cannot hold %s", format_name, entry.cannot_hold)

    def add(self, annotation: Annotation, page: Page) -> None:
        """Take the annotation of a page; one that is not a file of its own is written as STEM.png, for other programs.

        Raises:
            SheetError: when it cannot be read for that.
        """
        image = page.path
        if not page.is_its_file():
            image = self.folder / f"{page.stem}.png"
            write_png(image, page.read())
        self._writer.add(annotation, image)

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
    **options,
) -> ConversionSummary:
    """Write the annotations of a folder of sheets in another format into `folder`; `options` of `find_pages`.

    Raises:
        SheetError: when `data_dir` holds no image.
        AnnotationError: when `folder` holds such files already, or no annotation can be used.
    """
    sheets, annotation_dir = SheetFolder(data_dir, **options), Path(annotation_dir)
    if not annotation_dir.is_dir():
        raise AnnotationError(f"{annotation_dir}: no such folder of annotations; make it with --annotate_only")
    export = AnnotationExport(format_name, folder, overwrite)
    converted, skipped = [], list(sheets.skipped)
    for page in tqdm(sheets.pages, desc="exporting", unit="sheet"):
        try:
            export.add(read_annotation(annotation_path(annotation_dir, page), page.shape()), page)
            converted.append(page.stem)
        except (AnnotationError, SheetError) as error:
            skipped.append((page.name, str(error)))
    log_skipped(skipped)
    if not converted:
        raise AnnotationError(
            f"{annotation_dir}: none of the {len(sheets.pages)} sheets of {data_dir} has an annotation that can be used"
        )
    export.finish()
    log.info("%d sheets exported as %s into %s, %d skipped", len(converted), format_name, folder, len(skipped))
    return ConversionSummary(tuple(converted), tuple(skipped))


def import_annotations(
    format_name: str,
    folder: str | Path,
    *,
    data_dir: str | Path,
    annotation_dir: str | Path,
    overwrite: bool = False,
    **options,
) -> ConversionSummary:
    """Read another format's annotations of the sheets of `data_dir` and write ours into `annotation_dir`.

    An annotation that exists is kept, and named, unless `overwrite`. `options` are those of `find_pages`.

    Raises:
        SheetError: when `data_dir` holds no image.
        AnnotationError: when `folder` holds nothing of the format, or nothing of it can be used.
    """
    sheets, folder = SheetFolder(data_dir, **options), Path(folder)
    entry = FORMATS[format_name]
    sources = list(load_format(format_name).find_sources(folder)) if folder.is_dir() else []
    if not sources:
        raise AnnotationError(f"{folder}: no folder that holds {format_name} files ({entry.files})")
    read: dict[Page, tuple[str, Annotation]] = {}
    skipped = []
    for source in tqdm(sources, desc="importing", unit="sheet"):
        try:
            annotation = source.read(sheets)
            page = sheets.find(annotation.image_path)
            if page in read:
                raise AnnotationError(f"another file is for the sheet {page.stem} too")
            read[page] = source.place, annotation
        except (AnnotationError, SheetError) as error:
            skipped.append((source.place, str(error)))
    _refuse_without_wires(folder, [annotation for _, annotation in read.values()])
    converted = []
    for page, (place, annotation) in read.items():
        try:
            _write_new(annotation, annotation_path(annotation_dir, page), overwrite)
            converted.append(page.stem)
        except AnnotationError as error:
            skipped.append((place, str(error)))
    log_skipped(skipped)
    if not converted:
        raise AnnotationError(f"{folder}: none of its {len(sources)} {format_name} annotations was imported")
    log.info("%d sheets imported from %s into %s, %d skipped", len(converted), folder, annotation_dir, len(skipped))
    return ConversionSummary(tuple(converted), tuple(skipped))


def _refuse_without_wires(folder: Path, annotations: list[Annotation]) -> None:
    """Raise AnnotationError when there are objects and none of them is a wire: they are called something else."""
    others = Counter(component["type"] for annotation in annotations for component in annotation.components)
    if others and not any(len(annotation.wires) for annotation in annotations):
        names = ", ".join(repr(name[:40]) for name, _ in others.most_common(3))
        raise AnnotationError(
            f"{folder}: none of its {others.total()} objects is called wire, but {names}; "
            "call wires wire, and the points where they connect junction"
        )


def _write_new(annotation: Annotation, path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise AnnotationError(f"{path} exists already; give another --annotation_dir, or replace it with --overwrite")
    try:
        write_annotation(annotation, path)
    except ValueError as error:  # metadata with a number that JSON does not know
        raise AnnotationError(f"cannot be written as JSON ({error})") from None
