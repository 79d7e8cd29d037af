"""Annotate, read and check ever more sheets: seconds of the processor, memory and open files of all processes.

    python -m benchmarks.load --sheets 10000 [VERB ...]

Each verb is given a quarter, a half, three quarters and all of the sheets. Time is linear when R² is near 1, memory and
files are flat when the last line says what the first one does. The time is that of the processor: other programs do
not count.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from tests.helpers.sheets import write_tiny_sheets
from wire_detection.paths import CHECKOUT

EVERY_S = 0.5
"""Between two looks at the processes."""

VERBS = {
    "annotate": lambda folder, out: ["--annotate_only", "--annotation_dir", out, "--text_filter", "none"],
    "predict": lambda folder, out: ["--predict", folder / "images", "--experiment_dir", out],
    "check": lambda folder, out: ["--check_data", "--annotation_dir", folder / "annotations", "--experiment_dir", out],
}


def measure(command: list[str]) -> tuple[float, float, int]:
    """Run a command; give CPU-seconds, and the most MB and open files of it and all that it started together."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT)
    most_mb, most_files = 0.0, 0
    while True:
        number, status, usage = os.wait4(process.pid, os.WNOHANG)
        if number:
            break
        bytes_, files = 0, 0
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(process.pid)
            for one in (root, *root.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    bytes_ += one.memory_info().rss
                    files += one.num_fds()
        most_mb, most_files = max(most_mb, bytes_ / 2**20), max(most_files, files)
        time.sleep(EVERY_S)
    if status:
        sys.exit(f"{' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, most_mb, most_files


def straightness(counts: list[int], seconds: list[float]) -> float:
    """R² of the straight line through the seconds of so many sheets."""
    fitted = np.polyval(np.polyfit(counts, seconds, 1), counts)
    return 1 - np.square(fitted - seconds).sum() / np.square(np.subtract(seconds, np.mean(seconds))).sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("verbs", nargs="*", metavar="VERB", help=", ".join(VERBS))
    parser.add_argument("--sheets", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        counts = [arguments.sheets * part // 4 for part in range(1, 5)]
        folders = {count: Path(place) / str(count) for count in counts}
        for count, folder in folders.items():
            write_tiny_sheets(folder, count)
        for verb in arguments.verbs or VERBS:
            seconds = []
            for count, folder in folders.items():
                stated = ["--data_dir", folder / "images"] if verb != "predict" else []
                options = [*VERBS[verb](folder, folder / verb), *stated]
                took_s, mb, files = measure([sys.executable, "train_wire_detection.py", *map(str, options)])
                seconds.append(took_s)
                print(f"{verb} {count}: {took_s:.1f} CPU-seconds, {mb:.0f} MB, {files} open files", flush=True)
            print(f"{verb}: R² {straightness(counts, seconds):.4f}", flush=True)


if __name__ == "__main__":
    main()
