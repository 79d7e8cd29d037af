"""How many windows of a step fit into the memory of a device: `--batch_size auto`."""

from __future__ import annotations

import logging
import math

import keras
import numpy as np

from wire_detection import defaults
from wire_detection.training.memory import free_gpu_memory_mb, free_memory_mb

log = logging.getLogger(__name__)

KEPT = 2.0
"""A step needs so many times the memory that the outputs of all layers fill: it keeps them for the way back, which took
1.25 times as much for each window of a U-Net on a processor. Convolutions of GPUs work in further room."""

OF_WEIGHTS = 5
"""The weights, their gradients, the two moments of Adam and the running mean."""

SHARE = 0.8
"""Of the free memory; the rest is for windows that wait, and for what allocators lose in gaps."""


def megabytes_of_window(model: keras.Model) -> float:
    """What a training step needs for each window; the input of `model` must have a height and a width."""
    outputs = [(output, layer.compute_dtype) for layer in model.layers for output in keras.tree.flatten(layer.output)]
    return KEPT * sum(math.prod(output.shape[1:]) * np.dtype(kind).itemsize for output, kind in outputs) / 2**20


def choose_batch_size(model: keras.Model, devices: int, most: int, gpu_memory_limit: int | None) -> int:
    """The largest power of two of windows for each device that its memory holds; as many for all devices together.

    Args:
        model: a network whose input has the height and width of a window.
        devices: how many of this machine share a batch.
        most: so many windows at most on all devices together, or one on each. Processors get no
            more than the default batch each.
        gpu_memory_limit: of each GPU in MB, None for all it has.
    """
    of_gpu = free_gpu_memory_mb()
    if of_gpu is None:
        kind, free_mb, most_each = "processor", free_memory_mb() / devices, min(most // devices, defaults.BATCH_SIZE)
    else:
        kind, free_mb, most_each = "GPU", min(of_gpu, gpu_memory_limit or math.inf), most // devices
    each_mb, weights_mb = megabytes_of_window(model), OF_WEIGHTS * model.count_params() * 4 / 2**20
    fitting = max(1, min(most_each, int((SHARE * free_mb - weights_mb) / each_mb)))
    chosen = devices * 2 ** (fitting.bit_length() - 1)
    log.info(
        "--batch_size auto: %d, for %.0f MB a window and %.0f MB that are free for each %s",
        *(chosen, each_mb, free_mb, kind),
    )
    return chosen
