"""What processes do with sheets in tests; they import it by its name."""

from __future__ import annotations

import errno
import os
import signal
import time
from pathlib import Path

from wire_detection.sheets.listing import Page


def stem_and_process(page: Page) -> tuple[str, int]:
    """The stem of the page, and the number of the process."""
    return page.stem, os.getpid()


def slow_first(page: Page) -> str:
    """The stem; the first page takes longer than all others together."""
    time.sleep(1 if page.stem == "0" else 0)
    return page.stem


def refuse_odd(page: Page) -> str:
    """The stem; an error of a library for every second page."""
    if int(page.stem) % 2:
        raise IndexError(f"{page.path}: no\nsuch   stroke" + "!" * 1000)
    return page.stem


def disk_full(page: Page) -> str:
    """The error of a full disk."""
    raise OSError(errno.ENOSPC, "No space left on device", f"{page.stem}.json")


def die_of(page: Page, stems: tuple[str, ...], once: Path | None = None) -> str:
    """The stem; the process is killed by pages of these stems, of each only the first time where `once` is a folder."""
    if page.stem in stems:
        if once is None:
            os.kill(os.getpid(), signal.SIGKILL)
        elif not (once / page.stem).exists():
            (once / page.stem).touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return page.stem


def slow_stem(page: Page, seconds: float) -> str:
    """The stem, after so many seconds."""
    time.sleep(seconds)
    return page.stem
