#!/usr/bin/env python3
"""Images per second of a training step, ours against the textbook U-Net, windows per second of both Sequences, and what
both networks say of held-out sheets after the same time of training from scratch.

    python -m benchmarks.training_speed
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from wire_detection.paths import CHECKOUT

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers

from enhanced_data_pipeline import create_data_generators
from enhanced_models import compile_model, create_model
from wire_detection.reading.maps import Maps, predict_maps
from wire_detection.reading.read_sheet import read_maps
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.prepare import clean_sheet
from wire_detection.windows.sequences import SyntheticSequence, WindowSequence

SIDE_PX, BATCH_SIZE = 512, 4
TRAINING_S, SCORED_SHEETS = 150, 2
THREADS, DRAWN_SHEETS = 2, 100


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
    return keras.Model(
        inputs, {task: layers.Conv2D(1, 1, activation="sigmoid", name=task)(x) for task in ("wire", "junction")}
    )


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
    truth = {
        task: (rng.random((batch_size, SIDE_PX, SIDE_PX, 1)) < share).astype(np.float32)
        for task, share in (("wire", 0.02), ("junction", 0.001))
    }
    compile_model(model)
    return batch_size / seconds_per_call(lambda: model.train_on_batch(images, truth), repeats)


def windows_per_second(sequence: WindowSequence) -> float:
    """What THREADS threads, as Keras starts them, get from an epoch after the first."""

    def epoch() -> None:
        with ThreadPoolExecutor(THREADS) as threads:
            for _ in threads.map(sequence.__getitem__, range(len(sequence))):
                pass
        sequence.on_epoch_end()

    return sequence.num_windows / seconds_per_call(epoch, 1)


def sequences() -> Iterator[tuple[str, WindowSequence]]:
    """The training windows of the bundled sheets, and those of sheets that are drawn meanwhile."""
    yield (
        "Sequence",
        create_data_generators(
            CHECKOUT / "data" / "schematics_dataset", CHECKOUT / "data" / "annotations", BATCH_SIZE, (SIDE_PX, SIDE_PX)
        )[0],
    )
    yield (
        "SyntheticSequence",
        SyntheticSequence(sheets_per_epoch=DRAWN_SHEETS, batch_size=BATCH_SIZE, image_size=(SIDE_PX, SIDE_PX), seed=0),
    )


def f1_after_training(model: keras.Model, seconds: float) -> float:
    """Mean wire F1 of the map alone on held-out bundled sheets, after steps for so long; the first is not counted."""
    train, held_out, dataset = create_data_generators(
        CHECKOUT / "data" / "schematics_dataset", CHECKOUT / "data" / "annotations", BATCH_SIZE, (SIDE_PX, SIDE_PX)
    )
    compile_model(model, learning_rate=1e-3)
    step, begin = 0, None
    while begin is None or time.perf_counter() - begin < seconds:
        model.train_on_batch(*train[step % len(train)])
        step, begin = step + 1, begin or time.perf_counter()
    scores = []
    for index in held_out.sheets[:SCORED_SHEETS]:
        sheet = dataset[index]
        found = read_maps(Maps(predict_maps(model, sheet.grey), np.eye(2, 3), clean_sheet(sheet.grey)), map_alone=True)
        scores.append(score_sheet(sheet.annotation, found)["wire"].score)
    return float(np.mean(scores))


def main() -> None:
    """Measure and print."""
    ours = images_per_second(create_model("unet", (None, None, 3)), BATCH_SIZE, 5)
    print(f"default U-Net: {ours:.2f} images/s at {SIDE_PX}x{SIDE_PX}, batch {BATCH_SIZE}", flush=True)
    for name, sequence in sequences():
        windows = windows_per_second(sequence)
        print(f"{name}: {windows:.1f} windows/s, {windows / ours:.1f} times as fast as the step takes them", flush=True)
    keras.utils.clear_session()
    theirs = images_per_second(textbook_unet(), BATCH_SIZE, 1)
    print(f"textbook U-Net: {theirs:.3f} images/s; the default is {ours / theirs:.0f} times as fast", flush=True)
    for name, build in (("default", lambda: create_model("unet", (None, None, 3))), ("textbook", textbook_unet)):
        keras.utils.clear_session()
        print(
            f"{name} U-Net after {TRAINING_S} s of training: wire F1 {f1_after_training(build(), TRAINING_S):.3f} "
            f"on {SCORED_SHEETS} held-out sheets",
            flush=True,
        )


if __name__ == "__main__":
    main()
