"""One run at a time in a folder: an advisory lock, which ends with the process that holds it, however that ends."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from wire_detection.runs.run_folder import RunFolderError, make_ready

log = logging.getLogger(__name__)

LOCK_FILE = ".lock"
"""It is there while a run is, and after a kill; what counts is whether a process holds it."""

_held: set[Path] = set()
"""The folders that this process has locked."""


@contextlib.contextmanager
def locked(folder: str | Path) -> Iterator[None]:
    """Make `folder` if need be, and let no other process into such a block for it; blocks inside one another are one.

    On a file system without locks it says so and goes on.

    Raises:
        RunFolderError: when another process is in such a block.
        OSError: when nothing can be written into the folder.
    """
    place = Path(folder).resolve()
    if place in _held:
        yield
        return
    make_ready(place)
    handle = _acquire(place / LOCK_FILE, folder)
    _held.add(place)
    try:
        yield
    finally:
        _held.discard(place)
        if handle is not None:
            with contextlib.suppress(OSError):
                (place / LOCK_FILE).unlink()  # while it is held: nobody can have begun with this file
            os.close(handle)


def _acquire(path: Path, folder: str | Path) -> int | None:
    """Open the lock file and lock it; None where that cannot be done."""
    try:
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT)
            if _is_locked(handle, path):
                return handle
            os.close(handle)
    except BlockingIOError:
        raise RunFolderError(
            f"{folder}: another run is writing into it; wait for it, stop it, or give another --experiment_dir"
        ) from None
    except (OSError, ImportError) as error:
        log.warning("%s: cannot be locked (%s); see to it that no other run writes into it", folder, error)
        return None


def _is_locked(handle: int, path: Path) -> bool:
    """Lock an open file; whether it still is the one at `path`, and not one that its last holder removed meanwhile.

    Raises:
        BlockingIOError: when another process holds it.
    """
    import fcntl  # Windows has none

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False
    except (OSError, ImportError):
        os.close(handle)
        raise
