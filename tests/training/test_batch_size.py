"""What fits into a step, of memory that is told instead of measured."""

from __future__ import annotations

import logging
import math
import sys
from types import SimpleNamespace

import keras
import pytest

from wire_detection.training import batch_size
from wire_detection.training.batch_size import KEPT, SHARE, choose_batch_size, megabytes_of_window
from wire_detection.training.memory import free_gpu_memory_mb


@pytest.mark.parametrize(("policy", "size"), [("float32", 4), ("mixed_float16", 2)])
def test_a_window_needs_what_all_layers_give_for_it(policy, size):
    """A window of 4x5 pixels of 3 values, two maps of it, and both once more as a flat row."""
    image = keras.Input((4, 5, 3), dtype="float32")
    maps = keras.layers.Conv2D(2, 3, padding="same", dtype=policy)(image)
    model = keras.Model(image, keras.layers.Flatten(dtype=policy)(maps))
    assert megabytes_of_window(model) == pytest.approx(KEPT * (60 * 4 + (40 + 40) * size) / 2**20)


WINDOW_MB = 10


@pytest.fixture
def chosen(monkeypatch):
    """What is chosen for a model of so many weights whose windows need WINDOW_MB, and so much free memory in MB."""

    def choose(*, gpu=None, free=math.inf, weights=0, devices=1, most=1000, limit=None):
        monkeypatch.setattr(batch_size, "free_gpu_memory_mb", lambda: gpu and gpu / SHARE)
        monkeypatch.setattr(batch_size, "free_memory_mb", lambda: free / SHARE)
        monkeypatch.setattr(batch_size, "megabytes_of_window", lambda model: WINDOW_MB)
        model = SimpleNamespace(count_params=lambda: weights)
        return choose_batch_size(model, devices, most, limit and limit / SHARE)

    return choose


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ({"gpu": 641}, 64),
        ({"gpu": 639}, 32),
        ({"gpu": 1}, 1),
        ({"gpu": 641, "most": 40}, 32),
        ({"gpu": 641, "limit": 161}, 16),
        ({"gpu": 641, "limit": 1000}, 64),
        ({"gpu": 81, "weights": 2**20}, 4),  # 20 MB for them, and 61 are left
        ({"gpu": 641, "devices": 2}, 128),
        ({"gpu": 641, "devices": 3, "most": 50}, 48),
        ({"gpu": 641, "devices": 8, "most": 5}, 8),
        ({"free": 1001}, 4),  # a processor gains nothing by more
        ({"free": 21}, 2),
        ({"free": 1}, 1),
        ({"free": 41, "devices": 2}, 4),
    ],
)
def test_the_largest_power_of_two_that_fits_each_device_is_taken(chosen, told, size):
    assert chosen(**told) == size


def test_what_is_chosen_is_logged_with_its_reason(chosen, caplog):
    with caplog.at_level(logging.INFO, "wire_detection.training.batch_size"):
        chosen(gpu=80)
    assert caplog.messages == ["--batch_size auto: 8, for 10 MB a window and 100 MB that are free for each GPU"]


# --- the memory that is free ---------------------------------------------------------------------------------------


@pytest.fixture
def nvidia(monkeypatch):
    """Two GPUs under TensorFlow, of which nvidia-smi tells 5 and 7 MB."""
    gpus = [SimpleNamespace(id=0, memoryFree=5), SimpleNamespace(id=1, memoryFree=7)]
    monkeypatch.setitem(sys.modules, "GPUtil", SimpleNamespace(getGPUs=lambda: gpus))
    monkeypatch.setattr("tensorflow.config.list_physical_devices", lambda kind: gpus)


@pytest.mark.parametrize(("visible", "free"), [(None, 5), ("1", 7), ("0,1", 5), ("GPU-4a1b", 5)])
def test_the_gpu_with_the_least_memory_of_those_that_are_visible_decides(nvidia, monkeypatch, visible, free):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert free_gpu_memory_mb() == free


@pytest.mark.parametrize("absent", ["GPU", "nvidia-smi"])
def test_without_a_gpu_or_without_nvidia_smi_nothing_is_told(nvidia, monkeypatch, absent):
    if absent == "GPU":
        monkeypatch.setattr("tensorflow.config.list_physical_devices", lambda kind: [])
    else:
        monkeypatch.setitem(sys.modules, "GPUtil", SimpleNamespace(getGPUs=list))
    assert free_gpu_memory_mb() is None


def test_under_jax_what_is_left_of_its_own_share_counts(monkeypatch):
    def device(platform: str, **stats) -> SimpleNamespace:
        return SimpleNamespace(platform=platform, memory_stats=lambda: stats)

    devices = [device("gpu", bytes_limit=9 * 2**20, bytes_in_use=2 * 2**20), device("gpu"), device("cpu")]
    monkeypatch.setitem(sys.modules, "jax", SimpleNamespace(local_devices=lambda: devices))
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    assert free_gpu_memory_mb() == 7
