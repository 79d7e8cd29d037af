"""Memory of a training over many epochs, with and without the garbage collection after each; and what it costs.

python -m benchmarks.memory_curve --epochs 200
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace


def measure(epochs: int, collect: bool) -> None:
    """Train in this process; print the curve, its slope over the second half, and what collecting costs."""
    import numpy as np
    import psutil

    from tests.helpers.sheets import write_tiny_sheets
    from train_wire_detection import setup_gpu, train_model
    from wire_detection.training import callbacks as training_callbacks
    from wire_detection.training import memory as memory_usage

    figures, spent = [], [0.0]
    real_collect = gc.collect

    def timed() -> None:
        begin = time.perf_counter()
        real_collect()
        spent[0] += time.perf_counter() - begin

    training_callbacks.gc = SimpleNamespace(
        collect=timed if collect else lambda: None, unfreeze=gc.unfreeze, freeze=gc.freeze if collect else lambda: None
    )

    def note(stage: str = "") -> dict[str, float]:
        figures.append(psutil.Process().memory_info().rss / 2**20)
        return memory_usage.log_memory_usage(stage)

    training_callbacks.log_memory_usage = note
    setup_gpu()
    with tempfile.TemporaryDirectory() as place:
        images, annotations = write_tiny_sheets(Path(place), 5)
        begin = time.perf_counter()
        train_model(
            data_dir=images,
            annotation_dir=annotations,
            experiment_dir=Path(place) / "run",
            epochs=epochs,
            image_size=(64, 64),
            schedule="cosine",
        )
        total = time.perf_counter() - begin
    half = figures[len(figures) // 2 :]
    slope = float(np.polyfit(range(len(half)), half, 1)[0]) if len(half) > 1 else 0.0
    marks = sorted({0, len(figures) // 4, len(figures) // 2, 3 * len(figures) // 4, len(figures) - 1})
    curve = ", ".join(f"{figures[i]:.0f} MB after epoch {i + 1}" for i in marks)
    print(
        f"{'with' if collect else 'without'} collection: {curve}; {slope:+.3f} MB an epoch over the second half; "
        f"peak {max(figures):.0f} MB; collecting took {1000 * spent[0] / epochs:.0f} ms an epoch, "
        f"{spent[0] / total:.1%} of the time"
    )


def main() -> None:
    """Measure both ways, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--only", choices=("with", "without"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        measure(arguments.epochs, arguments.only == "with")
        return
    for way in ("with", "without"):
        subprocess.run(
            [sys.executable, "-m", "benchmarks.memory_curve", "--epochs", str(arguments.epochs), "--only", way],
            check=True,
        )


if __name__ == "__main__":
    main()
