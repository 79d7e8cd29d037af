"""What a check finds on one sheet, and the file in which it waits until the report on all of them is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from wire_detection.runs.row_file import RowFile
from wire_detection.sheets.shard import WHOLE, Shard


@dataclass(frozen=True)
class SheetCheck:
    """What was found on one sheet; `wire_share` and `junction_share` are of its pixels, `on_ink` of its wires."""

    name: str
    usable: bool = True
    problems: tuple[str, ...] = ()
    height: int = 0
    width: int = 0
    stroke_px: float = 0.0
    wires: int = 0
    junctions: int = 0
    on_ink: float = 1.0
    wire_share: float = 0.0
    junction_share: float = 0.0
    digest: str = ""
    side: str = ""


def not_usable(name: str, reason: str) -> SheetCheck:
    """Make the check of a sheet that cannot be used."""
    return SheetCheck(name, usable=False, problems=(reason,))


class CheckRows:
    """The checks of a run that may be killed, in data_check.jsonl, or of a shard, in data_check_0_of_3.jsonl.

    known: the checks of some sheets, by their names

    Args:
        folder: that the file lies in; without one the checks are in memory alone.
        go_on: from the checks that are in the file; otherwise it is removed.
        merge: take the checks of all shards, and no others.
    """

    def __init__(
        self, folder: str | Path | None = None, shard: Shard = WHOLE, go_on: bool = False, merge: bool = False
    ):
        self.known: dict[str, SheetCheck] = {}
        self.merge = merge
        self._file: RowFile | None = None
        if folder is None:
            return
        part = "" if shard == WHOLE else f"_{shard.number}_of_{shard.count}"
        self._file = RowFile(Path(folder) / f"data_check{part}.jsonl")
        self._shards = [RowFile(path) for path in sorted(Path(folder).glob("data_check_*_of_*.jsonl"))] if merge else []
        if not go_on and not merge:
            self._file.remove()
        for file in (self._file, *self._shards):
            for row in file.read():
                self.known[row["name"]] = SheetCheck(**row | {"problems": tuple(row["problems"])})

    def add(self, check: SheetCheck) -> None:
        """Keep the check of a sheet."""
        self.known[check.name] = check
        if self._file is not None:
            self._file.add(asdict(check))

    def remove(self) -> None:
        """Remove the files: the report is written."""
        for file in (self._file, *self._shards):
            file.remove()
