"""SIGINT and SIGTERM as an exception: raised at once, or held back until the step that is running has ended."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """The user or the machine asked this program to stop; `exit_code` is 130 for SIGINT, 143 for SIGTERM."""

    def __init__(self, signum: int):
        super().__init__(f"stopped by {signal.Signals(signum).name}")
        self.exit_code = 128 + signum


@contextlib.contextmanager
def stopping_at_once() -> Iterator[None]:
    """Within this block either signal raises Stopped wherever the program is."""
    with _handled_by(_raise_stopped):
        yield


class StopAfterStep:
    """Within this block a signal is noted; `check` or the end of the block raises Stopped, a second signal at once."""

    def __init__(self) -> None:
        self._signum: int | None = None

    def __enter__(self) -> StopAfterStep:
        self._handling = _handled_by(self._note)
        self._handling.__enter__()
        return self

    def __exit__(self, kind, error, traceback) -> None:
        self._handling.__exit__(None, None, None)
        if kind is None:
            self.check()

    def _note(self, signum: int, frame: object) -> None:
        if self._signum is not None:
            raise Stopped(signum)
        self._signum = signum
        log.info("%s: stopping after this step; once more stops at once", signal.Signals(signum).name)

    def check(self) -> None:
        """Raise Stopped if a signal came."""
        if self._signum is not None:
            raise Stopped(self._signum)


def _raise_stopped(signum: int, frame: object) -> None:
    raise Stopped(signum)


@contextlib.contextmanager
def _handled_by(handler: Callable[[int, object], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set handlers, and only it gets signals
        return
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
