#!/usr/bin/env python3
"""Images per second of a training step, ours against the textbook U-Net, and windows per second of the Sequence.

    python benchmarks/training_speed.py
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

from enhanced_data_pipeline import create_data_generators  # noqa: E402
from enhanced_models import compile_model, create_model  # noqa: E402

SIDE_PX, BATCH_SIZE = 512, 4


def textbook_unet(widths=(64, 128, 256, 512, 1024)) -> keras.Model:
    """The U-Net of Ronneberger et al. (2015) at full resolution, with padding and two outputs."""
    def twice(x, width):
        for _ in range(2):
            x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
        return x

    inputs = x = keras.Input((None, None, 3))
    skips = []
    for width in widths[:-1]:
        x = twice(x, width)
        skips.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = twice(x, widths[-1])
    for width, skip in zip(widths[-2::-1], skips[::-1], strict=True):
        x = layers.Conv2DTranspose(width, 2, strides=2)(x)
        x = twice(layers.Concatenate()([x, skip]), width)
    return keras.Model(inputs, {task: layers.Conv2D(1, 1, activation="sigmoid", name=task)(x)
                                for task in ("wire", "junction")})


def seconds_per_call(call: Callable[[], object], repeats: int) -> float:
    """Median time of `call` after one that does not count."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def images_per_second(model: keras.Model, batch_size: int, repeats: int) -> float:
    """Training steps on noise, counted in images."""
    rng = np.random.default_rng(0)
    images = rng.random((batch_size, SIDE_PX, SIDE_PX, 3), np.float32)
    truth = {task: (rng.random((batch_size, SIDE_PX, SIDE_PX, 1)) < share).astype(np.float32)
             for task, share in (("wire", 0.02), ("junction", 0.001))}
    compile_model(model)
    return batch_size / seconds_per_call(lambda: model.train_on_batch(images, truth), repeats)


def windows_per_second() -> float:
    """One worker of the training Sequence on the bundled sheets, one epoch after the first."""
    sequence, _, _ = create_data_generators(ROOT / "data" / "schematics_dataset", ROOT / "data" / "annotations",
                                            BATCH_SIZE, (SIDE_PX, SIDE_PX))
    epoch = seconds_per_call(lambda: [sequence[i] for i in range(len(sequence))], 1)
    return sequence.num_windows / epoch


def main() -> None:
    """Measure and print."""
    ours = images_per_second(create_model("unet", (None, None, 3)), BATCH_SIZE, 5)
    print(f"default U-Net: {ours:.2f} images/s at {SIDE_PX}x{SIDE_PX}, batch {BATCH_SIZE}", flush=True)
    windows = windows_per_second()
    print(f"Sequence: {windows:.1f} windows/s, {windows / ours:.1f} times as fast as the step takes them", flush=True)
    keras.utils.clear_session()
    theirs = images_per_second(textbook_unet(), BATCH_SIZE, 1)
    print(f"textbook U-Net: {theirs:.3f} images/s; the default is {ours / theirs:.0f} times as fast")


if __name__ == "__main__":
    main()
