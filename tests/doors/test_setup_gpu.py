"""How GPUs are prepared, with TensorFlow's functions replaced: the machine of these tests has none."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import keras
import pytest
import tensorflow as tf

from train_wire_detection import setup_gpu


@pytest.fixture
def machine(monkeypatch):
    """A machine whose `capabilities` a test sets, one for each GPU; `grown` and `limits` tell what was done to them.

    The precision in which new layers compute is as before when the test ends.
    """
    machine = SimpleNamespace(capabilities=[], grown=[], limits=[])
    before = keras.config.dtype_policy()
    monkeypatch.setattr(
        tf.config,
        "list_physical_devices",
        lambda kind: list(range(len(machine.capabilities))) if kind == "GPU" else ["cpu"],
    )
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda gpu, on: machine.grown.append((gpu, on)))
    monkeypatch.setattr(
        tf.config,
        "set_logical_device_configuration",
        lambda gpu, parts: machine.limits.append((gpu, [part.memory_limit for part in parts])),
    )
    monkeypatch.setattr(
        tf.config.experimental,
        "get_device_details",
        lambda gpu: {"compute_capability": machine.capabilities[gpu]} if machine.capabilities[gpu] else {},
    )
    yield machine
    keras.config.set_dtype_policy(before)


def test_memory_grows_on_every_gpu(machine):
    machine.capabilities = [(8, 0), (8, 0)]
    setup_gpu()
    assert machine.grown == [(0, True), (1, True)] and machine.limits == []


def test_a_limit_holds_on_every_gpu_and_nothing_grows(machine):
    machine.capabilities = [(8, 0), (8, 0)]
    setup_gpu(4096)
    assert machine.limits == [(0, [4096]), (1, [4096])] and machine.grown == []


@pytest.mark.parametrize(
    ("capabilities", "policy", "place"),
    [
        ([], "float32", "CPU"),
        ([(7, 0)], "mixed_float16", "1 GPU, mixed precision"),
        ([(6, 1)], "float32", "1 GPU"),
        ([(9, 0), (7, 5)], "mixed_float16", "2 GPUs, mixed precision"),
        ([(9, 0), (6, 1)], "float32", "2 GPUs"),  # all must have it
        ([None], "float32", "1 GPU"),  # a GPU that does not say
    ],
)
@pytest.mark.parametrize("before", ["float32", "mixed_float16"])
def test_the_precision_is_what_all_gpus_have_and_is_logged(machine, caplog, capabilities, policy, place, before):
    keras.config.set_dtype_policy(before)
    machine.capabilities = capabilities
    with caplog.at_level(logging.INFO, "wire_detection.training.gpu"):
        assert setup_gpu() == place
    assert caplog.messages == [f"running on {place}"]
    assert keras.config.dtype_policy().name == policy
    assert keras.layers.Dense(1).compute_dtype == ("float16" if policy == "mixed_float16" else "float32")
