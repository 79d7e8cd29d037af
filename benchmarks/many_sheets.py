"""What a sheet costs when there are many: CPU-seconds for each and peak memory, by their number and by processes.

    python -m benchmarks.many_sheets [--counts 100 1000] [--workers 1 2] [--verbs annotate predict check]

One small drawn sheet is linked under so many names. Memory is the peak of the largest process, the calling one or one
that works for it; CPU-seconds are of all of them, with the second or two that each takes to start. The times of two
processes mean something only on a machine that does nothing else, so the load before is printed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.paths import CHECKOUT
from wire_detection.sheets.safe_files import write_png

CALLS = {
    "annotate": "from custom_annotation_format import create_annotation_batch as do\n"
    "do('{images}', '{out}', overlay_dir='{out}/overlays', workers={workers})",
    "predict": "from wire_detection.reading.read_files import predict_files as do\n"
    "from wire_detection.reading.read_sheet import _shipped_model\n"
    "from wire_detection.sheets.listing import find_pages\n"
    "do(_shipped_model(), find_pages('{images}'), '{out}', workers={workers})",
    "check": "from wire_detection.windows.data_check import check_sheets as do\n"
    "do('{images}', '{truth}', workers={workers})",
}
"""What each verb calls, with `do` the work itself."""

MEMORY = (
    "\nimport resource\n"
    "print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))"
)
"""Printed last: the peak in KiB of the process, and of the largest of those that it waited for."""


def link_sheets(folder: Path, count: int, size: tuple[int, int]) -> None:
    """Make `count` names for one drawn sheet and its annotation."""
    image, truth = draw_sheet(7, size=size, style="kicad", degradation=0)
    write_png(folder / "sheet.png", image)
    write_annotation(truth, folder / "sheet.json")
    for kind, suffix in (("images", ".png"), ("truth", ".json")):
        (folder / kind).mkdir()
        for number in range(count):
            os.link(folder / f"sheet{suffix}", folder / kind / f"sheet_{number:05d}{suffix}")


def measure(verb: str, count: int, workers: int, size: tuple[int, int]) -> tuple[float, float, float]:
    """Wall seconds, CPU-seconds and peak memory in MB of a whole process."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        link_sheets(folder, count, size)
        code = CALLS[verb].format(images=folder / "images", truth=folder / "truth", out=folder / "out", workers=workers)
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", code + MEMORY], cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        told = process.stdout.read().split()
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{verb} of {count} sheets ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, int(told[-1]) / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--verbs", nargs="+", choices=CALLS, default=list(CALLS))
    parser.add_argument(
        "--size", type=int, nargs=2, default=[400, 300], metavar=("W", "H"), help="of the sheet in pixels"
    )
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load before the start {os.getloadavg()[0]:.1f}", flush=True)
    for verb in arguments.verbs:
        for count in arguments.counts:
            for workers in arguments.workers:
                wall, cpu, memory = measure(verb, count, workers, tuple(arguments.size))
                print(
                    f"{verb:8} {count:6} sheets, {workers} processes: {wall:6.1f} s, {cpu / count:.3f} CPU-s a sheet, "
                    f"{memory:.0f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
