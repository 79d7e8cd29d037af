"""One loop over sheets: the same task for each of many, by several processes, in order, whatever one of them does.

    skipped = []
    for page, row in over_sheets(task, listing.pages, skipped, doing="reading", workers=count_workers(listing.pages)):
        ...

The task writes the files of a sheet and returns what little the tables and summaries say of it. The results come in the
order of the sheets, and are the same for any number of processes. Memory holds those of a few sheets for each process,
however many sheets there are.

A sheet for which the task raises an error is skipped with the reason, and so is one that gets its process killed twice.
What would fail for every sheet, as writing on a full disk, ends the loop.
"""

from __future__ import annotations

import errno
import logging
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable
from concurrent.futures import BrokenExecutor, Future
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Protocol, TypeVar

from wire_detection.runs.cluster import Cluster
from wire_detection.runs.processes import Processes

log = logging.getLogger(__name__)

AHEAD = 8
"""Sheets for each process that are begun before their turn: while one works on a large one the others have enough to
do, and few results wait."""

LONGEST_REASON = 300
"""Characters of an error that are told: libraries' messages may hold whole arrays."""

IN_VAIN = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
"""Errors of the system that every other sheet would meet, too."""


class Sheet(Protocol):
    """What a task is done for: a page, or whatever else has a name and can word an error."""

    name: str

    def reason(self, error: Exception) -> str: ...


AnySheet = TypeVar("AnySheet", bound=Sheet)
Result = TypeVar("Result")
Task = Callable[[AnySheet], Result]


@dataclass(frozen=True)
class Skipped:
    """Why a sheet was left out, in one line."""

    reason: str


def over_sheets(
    task: Task,
    sheets: Iterable[AnySheet],
    skipped: list[tuple[str, str]],
    *,
    doing: str,
    workers: int | str = 1,
    total: int | None = None,
    ahead: int = AHEAD,
) -> Generator[tuple[AnySheet, Result]]:
    """Yield (sheet, task(sheet)) for each of the sheets for which it can be done, in their order, with a progress bar.

    Args:
        task: it and the sheets go to other processes, and its results come back, by pickling; they should be small.
        sheets: taken one by one, in this process.
        skipped: takes (name, reason) of each sheet that is left out.
        doing: what the progress bar says.
        workers: processes; with one the work is done in this one. Or the address of a Dask cluster, or "local:N".
        total: the number of sheets, where `sheets` does not know its length.
        ahead: so many sheets for each process are taken before their turn.

    Raises:
        OSError: where the error is one of IN_VAIN.
        ClusterError: when the cluster cannot do the work.
    """
    from tqdm import tqdm

    if total is None and isinstance(sheets, Collection):
        total = len(sheets)
    outcomes = _alone(task, sheets) if workers == 1 else _by_processes(task, sheets, workers, ahead)
    with closing(outcomes), tqdm(total=total, desc=doing, unit="sheet") as bar:
        for sheet, outcome in outcomes:
            if isinstance(outcome, Skipped):
                skipped.append((sheet.name, outcome.reason))
            else:
                yield sheet, outcome
            bar.update()


def attempt(task: Task, sheet: AnySheet) -> Result | Skipped:
    """Do the task for a sheet; an error that is its own becomes the reason why it is skipped."""
    try:
        return task(sheet)
    except Exception as error:  # whatever one sheet does to a library, the others must get their results
        if isinstance(error, OSError) and error.errno in IN_VAIN:
            raise
        log.debug("%s", sheet.name, exc_info=True)
        return Skipped(sheet.reason(error)[:LONGEST_REASON])


def _alone(task: Task, sheets: Iterable[AnySheet]) -> Generator[tuple[AnySheet, Result | Skipped]]:
    """Yield each sheet and what becomes of it in this process."""
    for sheet in sheets:
        yield sheet, attempt(task, sheet)


@dataclass
class _Begun:
    """A sheet that a process works on, or will soon."""

    sheet: Sheet
    future: Future

    def is_lost(self) -> bool:
        return not self.future.done() or isinstance(self.future.exception(), BrokenExecutor)


def _by_processes(
    task: Task, sheets: Iterable[AnySheet], workers: int | str, ahead: int
) -> Generator[tuple[AnySheet, Result | Skipped]]:
    """Yield each sheet and what becomes of it in one of several processes."""
    waiting, rest = deque(), iter(sheets)
    if (first := next(rest, None)) is None:
        return
    rest = chain([first], rest)
    doing = partial(attempt, task)
    if isinstance(workers, int):
        processes: Processes | Cluster = Processes(doing, workers)
    else:
        processes = Cluster(doing, workers, getattr(first, "path", None))
    try:
        while True:
            while len(waiting) < ahead * processes.count and (sheet := next(rest, None)) is not None:
                waiting.append(_Begun(sheet, processes.submit(sheet)))
            if not waiting:
                return
            try:
                outcome = waiting[0].future.result()
            except BrokenExecutor:
                log.warning("a process was killed, maybe for lack of memory: its sheets get a second try")
                _try_again([begun for begun in waiting if begun.is_lost()], processes)
                continue
            yield waiting.popleft().sheet, outcome
    finally:
        processes.stop()


def _try_again(lost: list[_Begun], processes: Processes | Cluster) -> None:
    """Begin the lost sheets again: first, one after the other, those that were being worked on when the kill came.

    Sheets are begun in their order, and each process has one that it works on and perhaps one whose result is not told
    yet: these are the first of the lost ones.
    """
    processes.restart()
    suspects = 2 * processes.count
    for begun in lost[:suspects]:
        begun.future = _second_try(begun.sheet, processes)
    for begun in lost[suspects:]:
        begun.future = processes.submit(begun.sheet)


def _second_try(sheet: AnySheet, processes: Processes | Cluster) -> Future:
    """What becomes of a sheet while no other is worked on; where its process is killed again it is skipped."""
    future = processes.submit(sheet)
    if isinstance(future.exception(), BrokenExecutor):
        processes.restart()
        future = Future()
        future.set_result(Skipped("its process was killed twice, maybe for lack of memory"))
    return future
