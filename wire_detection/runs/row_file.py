"""Rows of a table that are written as they are known, a line of JSON each, so that a later run can go on from them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from wire_detection.sheets.safe_files import naming


class RowFile:
    """The file of rows, each of which is a dictionary."""

    def __init__(self, path: str | Path):
        self.path = Path(path)

    def read(self) -> Iterator[dict]:
        """Read the rows, one after the other; what a killed process wrote of its last one is cut off."""
        if not self.path.exists():
            return
        whole_bytes = 0
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    os.truncate(self.path, whole_bytes)  # needs no room, and no kill can come between
                    return
                whole_bytes += len(line)
                yield json.loads(line)

    def remove(self) -> None:
        """Remove the file, if it is there."""
        self.path.unlink(missing_ok=True)

    def add(self, row: dict) -> None:
        """Write a row behind the others."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with naming(self.path), self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
