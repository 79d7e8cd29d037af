"""A format offers a Writer and the Sources of a folder; all formats share half a pixel."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import one_line
from wire_detection.sheets.sheet_folder import SheetFolder

CORNER_PX = 0.5
"""Added to our coordinates, whose pixel centres are integers, for a format that counts from the image's corner."""


class Writer(Protocol):
    """Writes annotations of many sheets into its folder; what needs all of them is written by `finish`.

    Its files are called by the stem of `image`, the picture that other programs open, and say by the annotation's
    `image_path` which sheet they are of.
    """

    def add(self, annotation: Annotation, image: Path) -> None: ...

    def finish(self) -> None: ...


@dataclass(frozen=True)
class Source:
    """The foreign annotation of one sheet: its name, for messages, and how to read it.

    `read` raises AnnotationError or SheetError when it cannot be used.
    """

    name: str
    read: Callable[[SheetFolder], Annotation]

    def reason(self, error: Exception) -> str:
        """Say why it cannot be used, in one line."""
        return one_line(error)


def broken_source(name: str, error: Exception) -> Source:
    """Make a source whose reading raises `error`, for a file that could not even be listed."""

    def read(sheets: SheetFolder) -> Annotation:
        raise error

    return Source(name, read)


@contextlib.contextmanager
def in_file(place: str | Path) -> Iterator[None]:
    """Put `place` before the message of an error of the block."""
    try:
        yield
    except (AnnotationError, SheetError) as error:
        text = str(error)
        raise AnnotationError(text if text.startswith(f"{place}: ") else f"{place}: {text}") from None


def plain(name: str) -> str:
    """Give a name that every file can hold: what is no printable character, as a line break, becomes U+FFFD."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)


def by_hand(metadata: object) -> object:
    """State that the source of `metadata` is "manual" from now on, as somebody may have edited the file."""
    return {**metadata, "source": "manual"} if isinstance(metadata, dict) else metadata


def rounded(values) -> list:
    """Round coordinates to a ten-thousandth of a pixel, as nested lists for JSON."""
    return np.round(np.asarray(values, np.float64), 4).tolist()
