"""Run the script in this process until it is killed: `python -m tests.helpers.killed_script WHEN ARGUMENT...`

WHEN is as in `arm`; networks that are trained are shallow ones. A process of its own, so that SIGKILL and SIGTERM are
the real ones.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from tests.helpers.shallow import use_shallow_networks


def arm(when: str) -> None:
    """Plan the end of this process.

    never           it ends by itself
    within:N        SIGKILL while file number N is being written: only its first half is there, beside its place
    after:SECONDS   SIGKILL this long after the record of the run was written first
    term:EPOCH      SIGTERM in the first step of this epoch, counted from 0
    kill:EPOCH      SIGKILL at the same place
    """
    kind, _, value = when.partition(":")
    if kind in ("within", "after"):
        _kill_at_a_file(kind, float(value))
    elif kind in ("term", "kill"):
        _end_in_epoch(int(value), signal.SIGTERM if kind == "term" else signal.SIGKILL)


def _kill_at_a_file(kind: str, value: float) -> None:
    replace, written, begun = os.replace, 0, False

    def replace_or_die(source, target):
        nonlocal written, begun
        written += 1
        if kind == "within" and written == value:
            os.truncate(source, os.path.getsize(source) // 2)
            os.write(2, f"killed while saving {target}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)
        if kind == "after" and Path(target).name == "run.json" and not begun:
            begun = True
            threading.Timer(value, os.kill, (os.getpid(), signal.SIGKILL)).start()

    os.replace = replace_or_die


def _end_in_epoch(epoch: int, how: signal.Signals) -> None:
    from wire_detection.training.callbacks import StopBetweenSteps

    begin = StopBetweenSteps.on_epoch_begin

    def begin_and_end(self, number, logs=None):
        begin(self, number, logs)
        if number == epoch:
            os.kill(os.getpid(), how)

    StopBetweenSteps.on_epoch_begin = begin_and_end


if __name__ == "__main__":
    use_shallow_networks()
    arm(sys.argv[1])
    from train_wire_detection import main

    sys.exit(main(sys.argv[2:]))
