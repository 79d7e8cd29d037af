#!/usr/bin/env python3
"""The share of the time of an epoch in which the device waits for windows.

    python -m benchmarks.device_waits --batch_size 4 --workers 2

An epoch on the bundled sheets, as a training runs it, and the same number of steps on batches that are there already.
Where steps and the threads that prepare windows share the cores, what they take from one another counts as waiting.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from wire_detection import defaults
from wire_detection.paths import CHECKOUT

KEPT = 8
"""Batches that are repeated: they lie in memory, and that many fit everywhere."""


class KeptBatches(keras.utils.PyDataset):
    """The first KEPT batches of a sequence, again and again, as many as the sequence has."""

    def __init__(self, windows: keras.utils.PyDataset):
        super().__init__()
        self._batches = [windows[index] for index in range(min(KEPT, len(windows)))]
        self._count = len(windows)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int):
        return self._batches[index % len(self._batches)]


def seconds_of_epoch(model: keras.Model, windows: keras.utils.PyDataset) -> float:
    """How long an epoch takes."""
    begin = time.perf_counter()
    model.fit(windows, verbose=0, shuffle=False)
    return time.perf_counter() - begin


def share_of_waiting(model: keras.Model, windows: keras.utils.PyDataset) -> float:
    """Of the time that a compiled model takes for an epoch of `windows`, the share that is not spent in steps."""
    kept = KeptBatches(windows)
    seconds_of_epoch(model, kept)  # the first one compiles
    return max(0.0, 1 - seconds_of_epoch(model, kept) / seconds_of_epoch(model, windows))


def main() -> None:
    """Measure and print."""
    from enhanced_data_pipeline import create_data_generators
    from enhanced_models import compile_model, create_initial_model
    from train_wire_detection import setup_gpu
    from wire_detection.training.devices import part_of_batch

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch_size", type=int, default=defaults.BATCH_SIZE)
    parser.add_argument("--workers", type=int, default=defaults.WORKERS)
    asked = vars(parser.parse_args())
    place = setup_gpu()
    folders = CHECKOUT / "data" / "schematics_dataset", CHECKOUT / "data" / "annotations"
    windows, _, _ = create_data_generators(*folders, drawn_share=defaults.DRAWN_SHARE, **asked)
    windows.part = part_of_batch()
    model = create_initial_model(defaults.PRETRAINED, defaults.MODEL_TYPE, defaults.MODEL_SIZE)
    windows.tasks = tuple(model.output_names)
    share = share_of_waiting(compile_model(model), windows)
    print(f"{place}, {asked['workers']} threads, batches of {asked['batch_size']}: it waits {share:.0%} of the time")


if __name__ == "__main__":
    main()
