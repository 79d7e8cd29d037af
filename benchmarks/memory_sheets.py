"""Peak memory of a whole run, training and scoring, on the bundled sheets and on ten times as many.

python -m benchmarks.memory_sheets
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from wire_detection.paths import CHECKOUT


def copy_sheets(place: Path, times: int) -> tuple[Path, Path]:
    """The folders of images and of annotations under `place`, with every bundled sheet `times` times."""
    folders = place / "images", place / "annotations"
    for source, target in zip(("schematics_dataset", "annotations"), folders, strict=True):
        target.mkdir(parents=True)
        for path in sorted((CHECKOUT / "data" / source).iterdir()):
            for number in range(times):
                shutil.copy(path, target / f"{path.stem}_{number}{path.suffix}")
    return folders


def peak_memory(images: Path, annotations: Path, experiment: Path, epochs: int) -> float:
    """MB that the script, run as a user runs it, held at most."""
    process = subprocess.Popen(
        [
            sys.executable,
            CHECKOUT / "train_wire_detection.py",
            "--data_dir",
            images,
            "--annotation_dir",
            annotations,
            "--experiment_dir",
            experiment,
            "--epochs",
            str(epochs),
        ],
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"the run in {experiment} failed")
    return usage.ru_maxrss / 1024


def main() -> None:
    """Print both peaks and by how much they differ."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=1)
    arguments = parser.parse_args()
    peaks = []
    with tempfile.TemporaryDirectory() as place:
        for times in (1, 10):
            images, annotations = copy_sheets(Path(place) / str(times), times)
            peaks.append(peak_memory(images, annotations, Path(place) / f"run{times}", arguments.epochs))
            print(f"{len(list(images.iterdir()))} sheets: {peaks[-1]:,.0f} MB at most", flush=True)
    print(f"ten times as many sheets: {peaks[1] / peaks[0] - 1:+.1%}")


if __name__ == "__main__":
    main()
