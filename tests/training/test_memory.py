"""The memory of this very process, and GPUs that cannot be asked."""

from __future__ import annotations

import logging
import mmap
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from wire_detection.training.memory import log_memory_usage


def test_what_is_allocated_shows(monkeypatch):
    monkeypatch.setitem(sys.modules, "GPUtil", None)  # as where it is not installed
    before = log_memory_usage()
    with mmap.mmap(-1, 64 * 2**20) as block:  # from the system itself: an allocator may have that much left over
        np.frombuffer(block, np.uint8)[:] = 1
        after = log_memory_usage()
    assert set(after) == {"process_mb", "available_mb"} and after["available_mb"] > 0
    assert after["process_mb"] - before["process_mb"] == pytest.approx(64, abs=8)


def test_each_gpu_is_listed_and_the_line_is_for_debugging(monkeypatch, caplog):
    gpus = [SimpleNamespace(id=0, memoryUsed=5), SimpleNamespace(id=1, memoryUsed=7.5)]
    monkeypatch.setitem(sys.modules, "GPUtil", SimpleNamespace(getGPUs=lambda: gpus))
    with caplog.at_level(logging.DEBUG, "wire_detection.training.memory"):
        figures = log_memory_usage("after epoch 3")
    assert (figures["gpu0_mb"], figures["gpu1_mb"]) == (5, 7.5)
    (record,) = caplog.records
    assert record.levelno == logging.DEBUG and record.getMessage().startswith("memory after epoch 3: process_mb ")
    assert record.getMessage().endswith("gpu0_mb 5, gpu1_mb 8")


@pytest.mark.parametrize("error", [ValueError("could not convert"), OSError("no nvidia-smi")])
def test_a_failing_nvidia_smi_is_passed_over(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setitem(sys.modules, "GPUtil", SimpleNamespace(getGPUs=fail))
    assert set(log_memory_usage()) == {"process_mb", "available_mb"}
