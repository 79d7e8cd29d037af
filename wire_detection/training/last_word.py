"""What is said of a process that native code ends, when the first process of a training does not answer any more.

Python has no part in that end. So the line is left with a small process, which runs this file: it waits until the one
that started it has ended or takes the line back.
"""

from __future__ import annotations

import socket
import subprocess
import sys

ANSWER_S = 5
"""So long an address may take to answer that is there, on any network that trainings run on."""


class LastWord:
    """A line for stderr, written when this process has ended if nothing answers at the address HOST:PORT by then."""

    def __init__(self, line: str, address: str):
        self._keeper = subprocess.Popen(
            [sys.executable, __file__, line, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for this process
        )

    def take_back(self) -> None:
        """Let nothing be written."""
        self._keeper.communicate(b"nothing")


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), ANSWER_S).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    if not sys.stdin.buffer.read() and not _answers(sys.argv[2]):
        print(sys.argv[1], file=sys.stderr)
