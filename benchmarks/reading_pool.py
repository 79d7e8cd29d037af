"""Drawn sheets read by networks in several processes: what the classifiers are fitted on."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tqdm import tqdm

from wire_detection.networks.runtimes import is_onnx, load_model

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
