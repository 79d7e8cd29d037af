"""Parts of a file that is written when all are known, as its beginning depends on them: memory does not hold them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TextIO


class Spool:
    """Texts in a file of `folder` that has no name and goes with this process, with a separator between them."""

    def __init__(self, folder: Path, separator: str):
        self._folder, self._separator = folder, separator
        self._file: TextIO | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, text: str) -> None:
        """Add a text."""
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._folder)
            weakref.finalize(self, self._file.close)
        self._file.write((self._separator if self._count else "") + text)
        self._count += 1

    def copy_to(self, file: TextIO) -> None:
        """Write all texts into another file."""
        if self._file is not None:
            self._file.seek(0)
            shutil.copyfileobj(self._file, file)
