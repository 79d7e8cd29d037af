"""Processes of this machine that do a task for one sheet after the other, each on one core."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from typing import Protocol

from wire_detection.sheets.image_files import SheetError

WORTH_PIXELS = 2_000_000
"""For which a process pays: it takes a second to start, as long as a page of a megapixel or two takes to read."""

BASE_BYTES = 250 << 20
BYTES_PER_PIXEL = 50
"""What a process holds with libraries and network, and what it takes to read each pixel of a page."""

ONE_CORE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
"""Variables by which libraries are told before they load that the cores are shared already."""

PARENT_CHECK_S = 1.0
"""How soon a process notices that the one that started it was killed."""


class Sized(Protocol):
    """A sheet that knows (height, width); SheetError when it cannot be read."""

    def shape(self) -> tuple[int, int]: ...


def count_workers(sheets: Sequence[Sized]) -> int:
    """How many processes should read the sheets: one for each core, as far as they have enough to do, and as the free
    memory holds the largest sheet."""
    import psutil

    if count_cores() == 1:
        return 1
    pixels = [_pixels(sheet) for sheet in sheets]
    fitting = psutil.virtual_memory().available // (BASE_BYTES + BYTES_PER_PIXEL * max(pixels, default=0))
    return max(1, min(len(pixels), workers_for(sum(pixels), WORTH_PIXELS), fitting))


def workers_for(amount: int, least: int) -> int:
    """How many processes should share an amount of work: one for each core, as far as each has the `least` to do."""
    return max(1, min(count_cores(), amount // least))


def count_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pixels(sheet: Sized) -> int:
    try:
        height, width = sheet.shape()
    except SheetError:  # told when its turn comes
        return 0
    return height * width


class Processes:
    """So many processes that do `task` for the sheets that are submitted, in their order.

    A future raises BrokenExecutor when a process was killed, and so do all others that are not done; `restart` then.
    """

    def __init__(self, task: Callable, count: int):
        self.count, self._task = count, task
        # joblib replaces a process that has grown by 300 MB, which is well and not to be told
        warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
        self.restart()

    def restart(self) -> None:
        """Start anew; what was submitted before and is not done is lost."""
        # joblib's processes, unlike those of the standard library, do not run the caller's main script again
        from joblib.externals.loky import ProcessPoolExecutor

        self._executor = ProcessPoolExecutor(
            self.count, initializer=_start, initargs=(self._task, os.getpid()), env=ONE_CORE
        )

    def submit(self, sheet: object) -> Future:
        """Begin the task for a sheet as soon as a process is free."""
        try:
            return self._executor.submit(_run, sheet)
        except BrokenExecutor as error:  # since the last sheet was submitted
            future: Future = Future()
            future.set_exception(error)
            return future

    def stop(self) -> None:
        """End the processes; what they are working on is of no use any more."""
        # told to kill them itself, joblib trips over what waits: killed by somebody else, they are cleared away
        for process in list(self._executor._processes.values()):
            process.terminate()
        self._executor.shutdown()


_task: Callable
"""Of a process that works: what it does with each sheet."""


def _start(task: Callable, parent: int) -> None:
    """Begin a process: it leaves Ctrl-C to its parent, ends with it, and computes on one core."""
    import cv2

    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    cv2.setNumThreads(1)
    _task = task


def _end_with(parent: int) -> None:
    """End this process when that with the number `parent`, which started it, is there no more."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_S)
    os._exit(1)


def _run(sheet: object) -> object:
    return _task(sheet)
