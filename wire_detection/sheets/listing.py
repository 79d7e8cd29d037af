"""Pages: what files hold that can be read as sheets, found in a file, a folder or by a pattern.

A page has a stem of its own, after which everything that is made of it is called: that of its file, where it is the
only page, or else with the number of the page; in folders below, with their names before it.

    amp.png -> amp      book.pdf -> book_p01, book_p02, ...      old/amp.png -> old__amp
"""

from __future__ import annotations

import glob
import logging
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wire_detection import defaults
from wire_detection.sheets import pdf_pages
from wire_detection.sheets.file_kinds import name_irregular, read_head
from wire_detection.sheets.frames import sheet_frames
from wire_detection.sheets.image_files import (
    SheetError,
    picture_of_image,
    read_image,
    read_picture,
    sheet_of_image,
    sheet_shape,
)
from wire_detection.sheets.picture import Picture
from wire_detection.sheets.shard import WHOLE, Shard

log = logging.getLogger(__name__)

Told = tuple[str, str]
"""The name of a file or page, and what is said of it."""

IMAGE_SUFFIXES = frozenset(
    ".png .jpg .jpeg .jpe .jfif .tif .tiff .bmp .dib .webp .gif .pgm .ppm .pbm .pnm .pdf".split()
)
"""Of files that are meant to be sheets. What is a sheet is told by a file's content, not by its name."""

OVERLAYS = "overlays"
"""A folder of annotations or results holds pictures of them in a folder of this name."""

MOST_TOLD_ALIKE = 10
"""Of more files that are passed over for one reason a single line tells: folders of sheets hold notes, lists, code."""


@dataclass(frozen=True)
class Page:
    """One picture of a file that can be read as a sheet.

    path: the file                       number: of the page or frame in it, from 0
    stem: what results are called        name: the page in tables and messages, as RFC 8118 writes it: book.pdf#page=2
    dpi: the resolution at which a page of a PDF is drawn, None for an image
    """

    path: Path
    stem: str
    name: str
    number: int = 0
    dpi: float | None = None

    def read(self, polarity: str = defaults.AUTO) -> np.ndarray:
        """Read the sheet, (H, W) uint8, ink dark on light; SheetError when it cannot be read.

        polarity: one of defaults.POLARITIES, whether its strokes are dark or light.
        """
        if self.dpi is None:
            return read_image(self.path, self.number, polarity)
        return sheet_of_image(pdf_pages.draw_page(self.path, self.number, self.dpi), polarity)

    def picture(self, polarity: str = defaults.AUTO) -> Picture:
        """Read the sheet as `read` does, with its colours."""
        if self.dpi is None:
            return read_picture(self.path, self.number, polarity)
        return picture_of_image(pdf_pages.draw_page(self.path, self.number, self.dpi), polarity)

    def shape(self) -> tuple[int, int]:
        """Measure (height, width) of the sheet, without reading its pixels; SheetError when it cannot be read."""
        if self.dpi is None:
            return sheet_shape(self.path, self.number)
        return pdf_pages.page_shape(self.path, self.number, self.dpi)

    def is_its_file(self) -> bool:
        """Tell whether other programs show this page, and call it by its stem, when they open the file."""
        return self.dpi is None and self.number == 0 and self.stem == self.path.stem

    def reason(self, error: Exception) -> str:
        """Say what `error` says, in one line, without the path that stands before it."""
        return one_line(error).removeprefix(f"{self.path}: ")


@dataclass(frozen=True)
class Listing:
    """The pages that were found at a place, each with a stem of its own, and what is to be told of the other files.

    skipped: what is called like an image and cannot be used, with the reason
    foreign: what is neither called like an image nor one, with what it is      remarks: on files of which pages are
    shard: the part of all that was found that this is
    """

    pages: tuple[Page, ...]
    skipped: tuple[Told, ...]
    foreign: tuple[Told, ...]
    remarks: tuple[Told, ...]
    shard: Shard = WHOLE

    @property
    def passed_over(self) -> tuple[Told, ...]:
        """Everything that was found and is no page, sorted by name."""
        return tuple(sorted(self.skipped + self.foreign))


def list_pages(folder: str | Path, **options) -> Listing:
    """List the pages of the files in `folder`; `options` as for `find_pages`.

    Raises:
        SheetError: when it is no folder, or holds none.
    """
    if not Path(folder).is_dir():
        raise SheetError(f"{folder}: no such folder; give --data_dir a folder of schematic images")
    return find_pages(folder, **options)


def options_of_folder(
    *,
    annotation_dir: str | Path,
    experiment_dir: str | Path,
    recursive: bool = False,
    pdf_dpi: float = defaults.PDF_DPI,
    shard: Shard = WHOLE,
) -> dict[str, object]:
    """Put together the options of `find_pages` for a folder of sheets whose annotations and results are written there.

    These folders may lie in it: pictures of annotations and results are no sheets.
    """
    written = Path(annotation_dir), Path(annotation_dir) / OVERLAYS, Path(experiment_dir)
    return {"recursive": recursive, "pdf_dpi": pdf_dpi, "without": written, "shard": shard}


def find_pages(
    place: str | Path,
    *,
    recursive: bool = False,
    pdf_dpi: float = defaults.PDF_DPI,
    without: Collection[Path] = (),
    shard: Shard = WHOLE,
) -> Listing:
    """Find the pages of the file `place`, of the files in the folder `place`, or of those that the pattern matches.

    Every file is read whose content is an image or a PDF, whatever its name; hidden ones are passed over in silence.

    Args:
        recursive: whether in folders below as well; links to folders are not followed.
        pdf_dpi: the resolution at which pages of PDFs are drawn.
        without: folders that are passed over in silence, where results are written.
        shard: the part of what is found that is listed.

    Raises:
        SheetError: when there are none; where several files were looked at, each was told.
    """
    pages: list[Page] = []
    skipped: list[Told] = []
    foreign: list[Told] = []
    remarks: list[Told] = []
    stems: set[str] = set()
    for path, name in _files(place, recursive, {os.path.realpath(folder) for folder in without}):
        if path.is_dir():
            foreign.append((name, _why_not_walked(path, recursive)))
            continue
        try:
            found, remark = _pages_of(path, name, pdf_dpi)
        except SheetError as error:
            meant = skipped if path.suffix.lower() in IMAGE_SUFFIXES else foreign
            meant.append((name, str(error).removeprefix(f"{path}: ")))
            continue
        if remark:
            remarks.append((name, remark))
        for page in found:
            if page.stem in stems:
                skipped.append((page.name, f"another image has the stem {page.stem} too"))
            else:
                stems.add(page.stem)
                pages.append(page)
    if not pages:
        _refuse(place, Listing((), tuple(skipped), tuple(foreign), ()))
    return Listing(*(shard.of(found) for found in (pages, skipped, foreign, remarks)), shard)


def _refuse(place: str | Path, listing: Listing) -> None:
    """Raise the SheetError of a place without pages."""
    told = listing.skipped + listing.foreign
    if not os.path.lexists(place) and not told:
        raise SheetError(f"{place}: no such image, folder of images or pattern for them")
    if not told:
        raise SheetError(f"{place}: holds no image")
    name, reason = told[0]
    if os.path.lexists(place) and not os.path.isdir(place):
        raise SheetError(f"{place}: {reason}")
    if len(told) > 1:
        log_skipped(listing.passed_over)
    raise SheetError(f"{place}: holds no image that can be read; {name}: {reason}")


def _files(place: str | Path, recursive: bool, without: Collection[str]) -> Iterator[tuple[Path, str]]:
    """List the paths at `place`, sorted, and their names seen from there; folders that are not walked into, too.

    without: real paths of what is passed over.
    """
    path = Path(place)
    if path.is_dir():
        yield from _files_in(path, path, recursive, without)
    elif os.path.lexists(path):
        yield path, path.name
    else:
        root = _folder_of_pattern(str(place))
        for match in sorted(map(Path, glob.glob(str(place), recursive=True))):
            if match.is_dir() and not match.is_symlink() and recursive:
                yield from _files_in(match, root, recursive, without)
            elif not match.is_dir():
                yield match, match.relative_to(root).as_posix()


def _folder_of_pattern(pattern: str) -> Path:
    """Find the folder that a pattern begins with, before its first part with a wildcard."""
    parts = Path(pattern).parts
    fixed = next((i for i, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    return Path(*parts[:fixed])


def _files_in(folder: Path, root: Path, recursive: bool, without: Collection[str]) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or os.path.realpath(path) in without:
            continue
        if recursive and path.is_dir() and not path.is_symlink() and os.access(path, os.R_OK | os.X_OK):
            yield from _files_in(path, root, recursive, without)
        else:
            yield path, path.relative_to(root).as_posix()


def _why_not_walked(folder: Path, recursive: bool) -> str:
    if not recursive:
        return "a folder; --recursive reads what lies in it"
    return "a link to a folder, which is not followed" if folder.is_symlink() else "a folder that may not be read"


def _pages_of(path: Path, name: str, pdf_dpi: float) -> tuple[list[Page], str]:
    """List the pages of a file that is called `name`, and a remark or ""; SheetError when it holds none."""
    if irregular := name_irregular(path):
        raise SheetError(f"{path}: {irregular}")
    try:
        pdf = pdf_pages.is_pdf(read_head(path))
    except OSError as error:
        raise SheetError(f"{path}: cannot be opened ({(error.strerror or str(error)).lower()})") from None
    numbers, remark = (range(pdf_pages.count_pages(path)), "") if pdf else sheet_frames(path)
    if not numbers:
        raise SheetError(f"{path}: a PDF without pages")
    dpi = pdf_dpi if pdf else None
    stem = stem_of(name)
    if len(numbers) == 1:
        return [Page(path, stem, name, numbers[0], dpi)], remark
    digits = max(2, len(str(len(numbers))))
    return [
        Page(path, f"{stem}_p{place:0{digits}}", f"{name}#page={place}", number, dpi)
        for place, number in enumerate(numbers, 1)
    ], remark


def stem_of(name: str) -> str:
    """Tell what results of the only page of a file are called whose name, seen from the folder of sheets, is `name`."""
    return Path(name).with_suffix("").as_posix().replace("/", "__")


def one_line(error: Exception) -> str:
    """Say what an error says, in one line."""
    return " ".join(str(error).split()) or type(error).__name__


def log_remarks(listing: Listing) -> None:
    """Tell what is remarkable about files that are read."""
    for name, remark in listing.remarks:
        log.info("%s: %s", name, remark)


def log_skipped(skipped: Sequence[Told]) -> None:
    """Tell in one line of each file that is passed over, or of all that are for one reason, when these are many."""
    names: dict[str, list[str]] = {}
    for name, reason in skipped:
        names.setdefault(reason, []).append(name)
    for reason, alike in names.items():
        if len(alike) > MOST_TOLD_ALIKE:
            log.warning("skipped %d files (%s, ...): %s", len(alike), ", ".join(alike[:3]), reason)
        else:
            for name in alike:
                log.warning("skipped %s: %s", name, reason)
