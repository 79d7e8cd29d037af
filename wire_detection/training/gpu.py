"""The devices that a network runs on."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator

log = logging.getLogger(__name__)


def setup_gpu(gpu_memory_limit: int | None = None) -> str:
    """Prepare all GPUs: memory growth, or a hard limit in MB; mixed precision where they have it.

    Returns:
        what the program runs on, in a few words; it is logged as well.

    Raises:
        ValueError: for a limit under JAX, which takes it from the environment alone.
    """
    with quiet_native_code():
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
    tf.get_logger().setLevel(logging.ERROR)  # it warns of functions made again, as the networks of folds are
    if tf.keras.config.backend() == "jax":
        gpus = _gpus_of_jax(gpu_memory_limit)
    else:
        _divide_memory(gpus, gpu_memory_limit)
    mixed = bool(gpus) and all(_has_half_precision(gpu) for gpu in gpus)
    tf.keras.mixed_precision.set_global_policy("mixed_float16" if mixed else "float32")
    place = f"{len(gpus)} GPU{'s' * (len(gpus) > 1)}{', mixed precision' * mixed}" if gpus else "CPU"
    log.info("running on %s", place)
    return place


def _divide_memory(gpus: list, limit_mb: int | None) -> None:
    """Let TensorFlow take memory of these GPUs as it needs it, or so much at once."""
    import tensorflow as tf

    for gpu in gpus:
        if limit_mb is None:
            tf.config.experimental.set_memory_growth(gpu, True)
        else:  # never both: a limit silently drops the growth
            limit = tf.config.LogicalDeviceConfiguration(memory_limit=limit_mb)
            tf.config.set_logical_device_configuration(gpu, [limit])


def _gpus_of_jax(limit_mb: int | None) -> list:
    """The GPUs of this process under JAX; TensorFlow, which writes for TensorBoard, leaves them alone."""
    import jax
    import tensorflow as tf

    if limit_mb is not None:
        raise ValueError("--gpu_memory_limit: not under JAX; there the variable XLA_PYTHON_CLIENT_MEM_FRACTION says it")
    tf.config.set_visible_devices([], "GPU")
    return [device for device in jax.local_devices() if device.platform == "gpu"]


def _has_half_precision(gpu) -> bool:
    """Whether the GPU has tensor cores, compute capability 7.0 or later."""
    import tensorflow as tf

    if hasattr(gpu, "compute_capability"):  # JAX's, as in "9.0"
        return float(gpu.compute_capability) >= 7
    return tf.config.experimental.get_device_details(gpu).get("compute_capability", (0, 0)) >= (7, 0)


@contextlib.contextmanager
def quiet_native_code() -> Iterator[None]:
    """Hide what TensorFlow's native libraries print to stderr while they load: nothing in it is for the user."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
