"""Pages of PDF files, drawn as images."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Iterator
from pathlib import Path

from wire_detection.sheets.image_files import MAX_PIXELS, SheetError

MARK, MARK_WITHIN = b"%PDF-", 1024
"""A PDF file holds this mark within so many bytes: readers allow for something before it (ISO 32000-1, annex H)."""

POINTS_AN_INCH = 72

_one_at_a_time = threading.Lock()
"""PDFium may be used by one thread at a time, whatever the document."""


def is_pdf(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is a PDF."""
    return MARK in head[:MARK_WITHIN]


def count_pages(path: Path) -> int:
    """Count the pages of a PDF file.

    Raises:
        SheetError: when it is damaged or asks for a password.
    """
    with _document(path) as document:
        return len(document)


def draw_page(path: Path, number: int, dpi: float):
    """Draw page `number`, counted from 0, as a PIL image on white paper, grey or in colours.

    Raises:
        SheetError: when it cannot be drawn, or has more than MAX_PIXELS at this resolution.
    """
    with _page(path, number) as page:
        _pixels(path, number, page, dpi)
        return page.render(scale=dpi / POINTS_AN_INCH, rev_byteorder=True).to_pil()


def page_shape(path: Path, number: int, dpi: float) -> tuple[int, int]:
    """Measure (height, width) in pixels of the image that `draw_page` gives, without drawing it."""
    with _page(path, number) as page:
        return _pixels(path, number, page, dpi)


def _pixels(path: Path, number: int, page, dpi: float) -> tuple[int, int]:
    """Measure (height, width) of a page at `dpi`; PDFium draws a pixel that is covered in part as well."""
    width, height = (max(1, math.ceil(points * dpi / POINTS_AN_INCH)) for points in page.get_size())
    if width * height > MAX_PIXELS:
        fitting = math.floor(dpi * math.sqrt(MAX_PIXELS / (width * height)))
        raise SheetError(
            f"{path}: page {number + 1} has {width}x{height} pixels at {dpi:g} dpi, more than {MAX_PIXELS} allowed; "
            f"try --pdf_dpi {max(1, fitting)}"
        )
    return height, width


@contextlib.contextmanager
def _page(path: Path, number: int) -> Iterator:
    with _document(path) as document:
        page = document[number]
        try:
            yield page
        finally:
            page.close()


@contextlib.contextmanager
def _document(path: Path) -> Iterator:
    """Open a document; whatever goes wrong meanwhile becomes a SheetError."""
    try:
        import pypdfium2
    except ImportError:
        raise SheetError(f"{path}: a PDF, to be read with pypdfium2: pip install -r requirements.txt") from None
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(path)
            try:
                yield document
            finally:
                document.close()
        except SheetError:
            raise
        except Exception as error:  # PDFium's own, and those of Python's files
            reason = " ".join(str(error).split())
            told = "a PDF with a password" if "password" in reason.lower() else f"a damaged PDF: {reason[:120]}"
            raise SheetError(f"{path}: not a readable image ({told})") from None
