"""Damaged and hostile files of every kind are refused in one line: no crash, no hang, nothing run, nothing written."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wire_detection.paths import CHECKOUT
from wire_detection.sheets.image_files import SheetError, read_image

pytestmark = pytest.mark.reliability

TRIED = {
    "image": 7000,
    "pages": 500,
    "annotation": 5000,
    "record": 1500,
    "state": 1000,
    "model": 1500,
    "labelme": 2500,
    "coco": 2500,
    "yolo": 1500,
    "masks": 1000,
    "cvat": 2500,
}
"""Reader of fuzz_readers.READERS -> how many mutated files it is given."""


def fuzz(reader: str, folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "tests.helpers.fuzz_readers", reader, str(TRIED[reader]), "1", str(folder)],
        capture_output=True,
        text=True,
        timeout=170,
        cwd=CHECKOUT,
    )


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, subprocess.CompletedProcess]:
    folders = [tmp_path_factory.mktemp(reader) for reader in TRIED]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(TRIED, pool.map(fuzz, TRIED, folders), strict=True))


@pytest.mark.parametrize("reader", TRIED)
def test_mutated_files_neither_crash_nor_hang_nor_run_nor_write(results, reader):
    process = results[reader]
    assert process.returncode == 0, process.stderr[-2000:]
    result = json.loads(process.stdout.splitlines()[-1])
    assert result["failures"] == []
    assert result["tried"] == TRIED[reader] and result["grown"] and result["refused"] > result["tried"] / 10
    assert result["slowest_s"] < 5 and result["peak_mb"] < 2048


def test_twenty_thousand_files_are_tried():
    assert sum(TRIED.values()) >= 20_000


def test_a_file_that_would_start_a_program_is_no_image(tmp_path):
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n")
    with pytest.raises(SheetError, match="not a readable image"):
        read_image(tmp_path / "a.png")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "I;16", "F"])
def test_a_tall_image_is_read_in_parts_as_it_is_read_whole(tmp_path, mode):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (3000, 7)).astype(np.uint8)
    pixels[:1500] //= 2
    image = {
        "I;16": lambda: Image.fromarray(pixels.astype(np.uint16) * 257),
        "F": lambda: Image.fromarray(pixels.astype(np.float32) / 255),
    }.get(mode, lambda: Image.fromarray(pixels).convert(mode))()
    image.save(tmp_path / "a.tif")
    grey = read_image(tmp_path / "a.tif").astype(int)
    assert grey.shape == pixels.shape and np.abs(np.minimum(abs(grey - pixels), abs(255 - grey - pixels))).max() <= 2
