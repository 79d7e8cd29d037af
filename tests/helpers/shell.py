"""What a failing run tells its user."""

from __future__ import annotations

import re

from train_wire_detection import main

KNOWN_LINE = re.compile(
    r"running on |skipped \S+: |\d+ sheets annotated, |.* annotating \S+$|"
    r"data: \d+ of \d+ sheets can be used|training unet|epoch \d+/\d+|[\w ]+: +\d+%\|"
)
"""What a run may say before it fails: its messages, and the bars of its progress."""


def error_line(capsys, options: list[str]) -> str:
    """The error that a failing run tells: one line, the last on stderr, and nothing unknown before it."""
    assert main(options) == 1
    lines = [line.split("\r")[-1].rstrip() for line in capsys.readouterr().err.split("\n")]  # a bar is drawn over
    *before, error = filter(None, lines)
    assert error.startswith("train_wire_detection.py: error: ")
    assert [line for line in before if not KNOWN_LINE.match(line)] == []
    return error
