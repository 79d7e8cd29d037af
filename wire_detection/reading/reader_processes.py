"""Pages read by several processes at once, each with a network of its own; results come in the order of the pages."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from typing import TypeVar

import cv2
import psutil

from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import Page

log = logging.getLogger(__name__)

FEWEST_PAGES = 4
"""For which processes pay: each takes a second to start, as long as a page of a megapixel or two takes to read."""

BASE_BYTES = 250 << 20
BYTES_PER_PIXEL = 50
"""What a process holds with libraries and network, and what it takes to read each pixel of a page."""

AHEAD = 2
"""Pages for each process that are begun before their turn: a large one holds up no other, and few results wait."""

Result = TypeVar("Result")
Task = Callable[[OnnxModel, Page], Result]


def count_processes(pages: Sequence[Page]) -> int:
    """How many processes should read the pages: one for each core, as far as the free memory holds the largest page."""
    if len(pages) < FEWEST_PAGES:
        return 1
    need = BASE_BYTES + BYTES_PER_PIXEL * max(_pixels(page) for page in pages)
    return max(1, min(_cores(), len(pages), psutil.virtual_memory().available // need))


def _cores() -> int:
    """How many cores this process may use."""
    return len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else os.cpu_count() or 1


def _pixels(page: Page) -> int:
    try:
        height, width = page.shape()
    except SheetError:  # told when its turn comes
        return 0
    return height * width


def read_in_processes(task: Task, model: OnnxModel, pages: Sequence[Page], processes: int) -> Generator[Result]:
    """Yield `task(model, page)` for each page, in their order; each process reads the model's file once.

    When a process is killed, as it is where memory ends, the pages that are left are read by this one.
    """
    before, done = set(active_children()), 0
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_start, initargs=(model.path, task)
    )
    try:
        for result in _in_order(pool, pages, AHEAD * processes):
            done += 1
            yield result
    except BrokenProcessPool:
        log.warning("a process that read sheets was killed, maybe for lack of memory: going on with one alone")
    except BaseException:  # Ctrl-C or the caller's end: what is being read is of no use any more
        for process in set(active_children()) - before:
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    for page in pages[done:]:
        yield task(model, page)


def _in_order(pool: ProcessPoolExecutor, pages: Sequence[Page], begun: int) -> Generator[Result]:
    """Yield what the processes make of each page, with up to so many pages `begun` before their turn."""
    waiting: deque[Future] = deque()
    for page in pages:
        waiting.append(pool.submit(_run, page))
        if len(waiting) == begun:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


_work: tuple[Task, OnnxModel]
"""Of a reading process: what it does with each page, and by which network."""


def _start(path: Path, task: Task) -> None:
    """Begin a reading process: it leaves Ctrl-C to its parent, ends with it, and computes on one core."""
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=lambda: (parent_process().join(), os._exit(1)), daemon=True).start()
    cv2.setNumThreads(1)
    _work = task, OnnxModel(path, threads=1)


def _run(page: Page) -> Result:
    task, model = _work
    return task(model, page)
