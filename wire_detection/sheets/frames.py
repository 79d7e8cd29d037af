"""Which frames of an image file are sheets: every page of a TIFF, the last whole one of a moving picture."""

from __future__ import annotations

from pathlib import Path

from wire_detection.sheets.image_files import MAX_PIXELS, check_size, open_image

MOVING = ("GIF", "WEBP", "PNG")
"""Formats of PIL whose frames are moments of one picture, where those of TIFF are pages."""

MOST_MOVING_PIXELS = 10 * MAX_PIXELS
"""So many pixels of a moving picture are decoded in search of its end; a thousand frames of a screen have as many."""

NEW_SUBFILE_TYPE, REDUCED = 254, 1
"""TIFF 6.0, section 8: the tag whose lowest bit marks a frame as a smaller copy of another one."""


def sheet_frames(path: Path) -> tuple[list[int], str]:
    """List the numbers, from 0, of the frames of an image file that are sheets, and a remark on the others or "".

    Raises:
        SheetError: when the file is no image, or none of its frames can be read.
    """
    with open_image(path) as image:
        if not _has_several(image):
            return [0], ""
        if image.format == "TIFF":
            return _tiff_pages(image)
        return _last_whole_frame(path, image) if image.format in MOVING else ([0], "")


def _has_several(image) -> bool:
    """Tell whether an open image has more frames than one, or is damaged where the second one would begin."""
    try:
        return getattr(image, "is_animated", False)
    except Exception:  # a decoder fed with damaged bytes may raise nearly anything
        return True


def _tiff_pages(image) -> tuple[list[int], str]:
    """List the pages of an open TIFF as far as it is whole, without smaller copies of them."""
    pages, number = [], 0
    while True:
        if number == 0 or not image.tag_v2.get(NEW_SUBFILE_TYPE, 0) & REDUCED:
            pages.append(number)
        number += 1
        try:
            image.seek(number)
        except EOFError:
            return pages, ""
        except Exception as error:  # a decoder fed with damaged bytes may raise nearly anything
            return pages, f"damaged after page {len(pages)} ({' '.join(str(error).split())[:80]})"


def _last_whole_frame(path: Path, image) -> tuple[list[int], str]:
    """Find the last frame of a moving picture that can be decoded."""
    last, decoded = None, 0
    try:
        while decoded <= MOST_MOVING_PIXELS:
            number = 0 if last is None else last + 1
            image.seek(number)
            check_size(path, image)
            image.load()
            last, decoded = number, decoded + image.width * image.height
    except Exception:  # its end, or where a damaged one breaks off
        if last is None:
            raise
    return [last], f"moves; its last whole frame, number {last + 1}, is read" if last else ""
