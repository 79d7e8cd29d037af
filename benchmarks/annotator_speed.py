"""What annotating a folder costs, and how much faster two cores are than one.

    python -m benchmarks.annotator_speed FOLDER [--ocr_sheets 5]

Wall time is that of `create_annotation_batch` on the whole folder, in turn with one worker and with two, the shortest
of `--repeats`; it means something only on a machine that does nothing else. CPU seconds are of one core.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import time
from pathlib import Path

import cv2

from custom_annotation_format import create_annotation_batch
from wire_detection.classic.annotate_sheet import annotate_sheet
from wire_detection.classic.ocr import find_text
from wire_detection.sheets.image_files import read_image
from wire_detection.sheets.listing import find_pages


def batch_seconds(folder: Path, workers: int) -> float:
    """Wall seconds to annotate all images of `folder` into a new one."""
    with tempfile.TemporaryDirectory() as output_dir:
        begin = time.perf_counter()
        create_annotation_batch(folder, output_dir, workers=workers)
        return time.perf_counter() - begin


def cpu_per_megapixel(images: list[Path]) -> float:
    """CPU seconds per megapixel to annotate sheets that are in memory already, all together."""
    seconds = pixels = 0.0
    for image in images:
        grey = read_image(image)
        begin = time.process_time()
        annotate_sheet(grey, image)
        seconds += time.process_time() - begin
        pixels += grey.size
    return seconds / pixels * 1e6


def cpu_of_text(images: list[Path]) -> float:
    """CPU seconds that recognising the text of a sheet takes, in the mean; the models are loaded before."""
    find_text(read_image(images[0])[:200, :200])
    begin = time.process_time()
    for image in images:
        find_text(read_image(image))
    return (time.process_time() - begin) / len(images)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="of images")
    parser.add_argument("--ocr_sheets", type=int, default=5, help="on how many of them text is recognised")
    parser.add_argument("--repeats", type=int, default=2)
    arguments = parser.parse_args()
    logging.disable()
    cv2.setNumThreads(1)
    images = [page.path for page in find_pages(arguments.folder).pages]
    print(f"{os.cpu_count()} cores, load before the start {os.getloadavg()[0]:.1f}", flush=True)
    print(
        f"one core, no text recognition: {cpu_per_megapixel(images):.3f} CPU seconds per megapixel on {len(images)} "
        "sheets",
        flush=True,
    )
    spread = images[:: max(1, len(images) // arguments.ocr_sheets)][: arguments.ocr_sheets]
    print(f'text_filter="ocr": {cpu_of_text(spread):.1f} CPU seconds more a sheet, on {len(spread)} sheets', flush=True)
    rounds = [[batch_seconds(arguments.folder, workers) for workers in (1, 2)] for _ in range(arguments.repeats)]
    one, two = (min(column) for column in zip(*rounds, strict=True))
    print(f"the folder: {one:.1f} s with one worker, {two:.1f} s with two, {one / two:.2f} times as fast")


if __name__ == "__main__":
    main()
