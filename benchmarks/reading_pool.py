"""Drawn sheets, some as cameras and scanners give them back, read by networks in several processes: the classifiers are
fitted on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from tqdm import tqdm

from wire_detection.annotations.annotation import Annotation, transform_annotation
from wire_detection.drawing.rescan import rescan_sheet
from wire_detection.networks.runtimes import is_onnx, load_model
from wire_detection.reading.maps import Maps, map_sheet
from wire_detection.sheets.picture import Picture
from wire_detection.windows.drawn_dataset import RESCANNED_SHARE

_models: list = []
"""The networks of this process."""


def _load(paths: Sequence[str]) -> None:
    if not all(is_onnx(path) for path in paths):
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(1)  # the processes share the cores already
        tf.config.threading.set_inter_op_parallelism_threads(1)
    _models.extend(load_model(path) for path in paths)


def _read(read: Callable, model: int, number: int):
    return read(_models[model], number)


def read_sheets(read: Callable, numbers: Sequence[int], of_model: Sequence[int], paths: Sequence[str]) -> list:
    """What `read(model, number)` gives for each of the numbers, by the model that `of_model` says among the `paths`."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _load, (paths,)) as pool:
        results = pool.map(_read, [read] * len(numbers), of_model, numbers)
        return list(tqdm(results, total=len(numbers), unit="sheet"))


def map_drawn_sheet(model, image: np.ndarray, truth: Annotation, seed: int) -> tuple[Maps, Annotation]:
    """The maps of a drawn sheet (H, W) uint8, and its truth on the clean sheet.

    It is rescanned as often as those that networks learn from.
    """
    rng = np.random.default_rng([seed, 2])  # other numbers than those it is drawn by
    if rng.random() < RESCANNED_SHARE:
        image, truth = rescan_sheet(image, truth, rng)
    maps = map_sheet(model, Picture(image))
    return maps, transform_annotation(truth, np.linalg.inv(maps.sheet.to_given), maps.sheet.grey.shape)
