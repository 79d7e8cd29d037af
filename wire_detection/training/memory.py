"""How much memory this process and the GPUs use."""

from __future__ import annotations

import logging
import os

log = logging.getLogger(__name__)


def log_memory_usage(stage: str = "") -> dict[str, float]:
    """Log, at debug level, the memory in use by this process and by each GPU; return the figures in MB."""
    import psutil

    figures = {"process_mb": psutil.Process().memory_info().rss / 2**20, "available_mb": free_memory_mb()}
    for gpu in _gpus():
        figures[f"gpu{gpu.id}_mb"] = float(gpu.memoryUsed)
    log.debug("memory %s: %s", stage, ", ".join(f"{name} {value:.0f}" for name, value in figures.items()))
    return figures


def free_memory_mb() -> float:
    """How many MB of memory are free on this machine."""
    import psutil

    return psutil.virtual_memory().available / 2**20


def free_gpu_memory_mb() -> float | None:
    """How many MB are free on that GPU of this process which has the least; None where it has no GPU, or none tells."""
    import keras

    free = _free_under_jax() if keras.config.backend() == "jax" else _free_under_tensorflow()
    return min(free, default=None)


def _free_under_jax() -> list[float]:
    """The share that JAX takes at the beginning is its own: what is free of it, JAX alone can tell."""
    import jax

    told = [device.memory_stats() for device in jax.local_devices() if device.platform == "gpu"]
    return [(stats["bytes_limit"] - stats["bytes_in_use"]) / 2**20 for stats in told if stats]


def _free_under_tensorflow() -> list[float]:
    """What nvidia-smi tells of the GPUs, of which CUDA_VISIBLE_DEVICES may name some by their numbers."""
    import tensorflow as tf

    if not tf.config.list_physical_devices("GPU"):
        return []
    named = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
    gpus = _gpus()
    return [float(gpu.memoryFree) for gpu in [gpu for gpu in gpus if str(gpu.id) in named] or gpus]


def _gpus() -> list:
    """What GPUtil sees; nothing where it cannot be imported or nvidia-smi fails."""
    try:
        import GPUtil

        return GPUtil.getGPUs()
    except (ImportError, ValueError, OSError):
        return []
