"""Sheets drawn on demand by a pool of processes, which load neither TensorFlow nor Albumentations."""

from __future__ import annotations

import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process

import cv2
import numpy as np

from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.drawing.rescan import rescan_sheet
from wire_detection.windows.windows import Sample, prepare_sample


def _live_with_parent() -> None:
    """Let the parent decide about Ctrl-C, which reaches this process too, and end when the parent was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=lambda: (parent_process().join(), os._exit(1)), daemon=True).start()


RESCANNED_SHARE = 0.2
"""So many come as cameras, scanners and screens give them back: what is put straight is not as sharp as a clean one."""


def draw_sample(seed: int) -> Sample:
    """The sheet of this seed as networks see it."""
    cv2.setNumThreads(1)  # the processes share the cores already
    rng = np.random.default_rng(seed)
    image, truth = draw_sheet(seed)
    if rng.random() < RESCANNED_SHARE:
        image, truth = rescan_sheet(image, truth, rng)
    return prepare_sample(f"drawn_{seed}", image, truth)


class DrawnDataset:
    """An endless list of sheets: number `i` is drawn from the seed (seed, i) by a pool of processes, when asked for.

    The last `kept` sheets stay in memory.
    """

    def __init__(self, seed: int, processes: int, kept: int):
        self.seed, self.kept = seed, kept
        self._pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_live_with_parent)
        self._drawn: OrderedDict[int, Future] = OrderedDict()
        self._lock = threading.Lock()

    def __getitem__(self, index: int) -> Sample:
        return self._future(index).result()

    def _future(self, index: int) -> Future:
        with self._lock:
            if index not in self._drawn:
                sheet_seed = int(np.random.SeedSequence((self.seed, index)).generate_state(1, np.uint64)[0])
                self._drawn[index] = self._pool.submit(draw_sample, sheet_seed)
            self._drawn.move_to_end(index)
            while len(self._drawn) > self.kept:
                self._drawn.popitem(last=False)
            return self._drawn[index]

    def prepare(self, indices: Iterable[int]) -> None:
        """Begin to draw these sheets."""
        for index in indices:
            self._future(int(index))

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)
