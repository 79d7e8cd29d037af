"""Annotate, read, check and train on ever more sheets: seconds of the processor, memory and open files.

    python -m benchmarks.load [--sheets 100 1000 10000] [VERB ...]

Each verb is run for each number of sheets, of 160x128 pixels. Time is linear when a sheet costs as much between the
last two numbers as between the first two and R² is near 1; memory and files, of all processes together, are flat when
the last line says what the first one does. What a program costs before its first sheet is in the seconds, but not in
those a sheet, which are differences. The time is that of the processor: other programs do not count. With
`taskset -c 0` before it one process does all; without, small numbers of sheets have one and large ones several, which
add memory.

A training is of one epoch, of a shallow network, with a window for each sheet; a hundredth of the sheets are held out
and scored.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import psutil

from tests.helpers.shallow import FROM_SCRATCH
from tests.helpers.sheets import write_tiny_sheets
from wire_detection.paths import CHECKOUT

EVERY_S = 0.5
"""Between two looks at the processes."""

SCRIPT = ("train_wire_detection.py",)
SHALLOW = ("-m", "tests.helpers.killed_script", "never")
"""The script, with shallow networks for what small ones would be."""

ONE_EPOCH = ("--epochs", "1", "--image_size", "128", "160", "--batch_size", "16", "--validation_split", "0.01")


def _of(folder: Path, annotations: Path) -> list[object]:
    return ["--data_dir", folder / "images", "--annotation_dir", annotations]


VERBS = {
    "annotate": lambda folder, out: [*SCRIPT, "--annotate_only", *_of(folder, out)],
    "predict": lambda folder, out: [*SCRIPT, "--predict", folder / "images", "--experiment_dir", out],
    "check": lambda folder, out: [
        *(*SCRIPT, "--check_data", "--experiment_dir", out),
        *_of(folder, folder / "annotations"),
    ],
    "train": lambda folder, out: [
        *(*SHALLOW, *FROM_SCRATCH, *ONE_EPOCH, "--experiment_dir", out),
        *_of(folder, folder / "annotations"),
    ],
}
"""What Python runs, given the folder of sheets and annotations and the one that is written into."""


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


def seconds_a_sheet(counts: list[int], seconds: list[float]) -> str:
    """What a sheet costs between each number of sheets and the next, in words."""
    steps = pairwise(zip(counts, seconds, strict=True))
    return ", ".join(
        f"{(later_s - sooner_s) / (more - fewer):.4f} from {fewer} to {more} sheets"
        for (fewer, sooner_s), (more, later_s) in steps
    )


def write_sheets(place: Path, counts: list[int]) -> dict[int, Path]:
    """Write a folder of tiny sheets and annotations for each of the counts; smaller ones are links into the largest."""
    folders = {count: place / str(count) for count in counts}
    largest = folders[max(counts)]
    write_tiny_sheets(largest, max(counts))
    for count, folder in folders.items():
        for kind, suffix in (("images", "png"), ("annotations", "json")):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            for number in range(count if folder != largest else 0):
                name = f"{kind}/sheet_{number}.{suffix}"
                os.link(largest / name, folder / name)
    return folders


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("verbs", nargs="*", metavar="VERB", help=", ".join(VERBS))
    parser.add_argument("--sheets", type=int, nargs="+", default=[100, 1000, 10_000], metavar="N")
    arguments = parser.parse_args()
    counts = sorted(set(arguments.sheets))
    with tempfile.TemporaryDirectory() as place:
        folders = write_sheets(Path(place), counts)
        for verb in arguments.verbs or VERBS:
            seconds = []
            for count, folder in folders.items():
                took_s, mb, files = measure([sys.executable, *map(str, VERBS[verb](folder, folder / verb))])
                seconds.append(took_s)
                print(f"{verb} {count}: {took_s:.1f} CPU-seconds, {mb:.0f} MB, {files} open files", flush=True)
            print(f"{verb}: CPU-seconds a sheet {seconds_a_sheet(counts, seconds)}; ", end="")
            print(f"R² {straightness(counts, seconds):.4f}", flush=True)


if __name__ == "__main__":
    main()
