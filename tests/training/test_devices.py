"""Training under JAX: the losses of TensorFlow, and the same ones on one device, on two and in two processes."""

from __future__ import annotations

import csv
import importlib.util
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.shallow import WIDTHS
from tests.helpers.sheets import write_tiny_sheets
from train_wire_detection import main
from wire_detection import defaults
from wire_detection.networks.model_files import save_model
from wire_detection.paths import CHECKOUT

pytestmark = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="jax is not installed")


class Trainings:
    """Trainings of a shallow network on tiny sheets, all from the same weights, each a process of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.sheets = write_tiny_sheets(folder, 5)

    def options(self, name: str, *more: str) -> list[str]:
        paths = {"data_dir": self.sheets[0], "annotation_dir": self.sheets[1], "experiment_dir": self.folder / name}
        told = [text for flag, path in paths.items() for text in (f"--{flag}", str(path))]
        shared = ("--image_size", "64", "64", "--epochs", "2", "--drawn_share", "0", "--learning_rate", "1e-3")
        return [*told, *shared, "--init", str(self.folder / "start.h5"), *more]

    def begin(self, name: str, *more: str, devices: int = 1) -> subprocess.Popen:
        """Start a training under JAX whose process has so many devices."""
        flags = f"--xla_force_host_platform_device_count={devices}"
        return subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.killed_script", "never", *self.options(name, *more)],
            env={**os.environ, "KERAS_BACKEND": "jax", "XLA_FLAGS": flags},
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, *processes: subprocess.Popen) -> None:
        """Wait until all have ended well."""
        errors = [process.communicate(timeout=500)[1] for process in processes]
        assert [process.returncode for process in processes] == [0] * len(processes), "\n".join(errors)

    def history(self, name: str) -> list[dict[str, float]]:
        """The values of each epoch."""
        with (self.folder / name / "unet_history.csv").open() as file:
            return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def in_two(trainings: Trainings, name: str, *more: str) -> list[subprocess.Popen]:
    """A training in two processes, started."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    together = ("--coordinator", f"localhost:{port}", "--processes", "2")
    return [trainings.begin(name, *more, *together, "--process", str(number)) for number in (0, 1)]


@pytest.fixture(scope="module")
def trainings(tmp_path_factory) -> Trainings:
    """Beside them, in "alone", a training under JAX in one process on one device."""
    from enhanced_models import create_initial_model

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(defaults.MODEL_SIZES, "small", WIDTHS)
        model = create_initial_model("scratch", "unet", "small")
    made = Trainings(tmp_path_factory.mktemp("devices"))
    save_model(model, made.folder / "start.h5")
    made.finish(made.begin("alone"))
    return made


def assert_same(one: list[dict[str, float]], other: list[dict[str, float]], tolerance: float) -> None:
    """The same epochs, and the same losses in each."""
    assert [row["epoch"] for row in one] == [row["epoch"] for row in other] == [1, 2]
    for first, second in zip(one, other, strict=True):
        for key in (key for key in first if key.endswith("loss")):
            assert first[key] == pytest.approx(second[key], abs=tolerance), key


def test_jax_trains_as_tensorflow_does(trainings, shallow_networks):
    """The 24 training windows are six whole batches; the 6 others fill one and a half, which weigh otherwise in JAX."""
    assert main(trainings.options("tensorflow")) == 0
    histories = [trainings.history(name) for name in ("alone", "tensorflow")]
    of_training = [[{k: row[k] for k in row if not k.startswith("val_")} for row in rows] for rows in histories]
    assert_same(*of_training, 1e-3)


def test_two_devices_take_the_steps_of_one(trainings):
    trainings.finish(trainings.begin("two_devices", "--devices", "all", devices=2))
    assert_same(trainings.history("alone"), trainings.history("two_devices"), 1e-4)


def test_two_processes_take_the_steps_of_one_and_the_first_one_writes(trainings):
    trainings.finish(*in_two(trainings, "two_processes"))
    assert_same(trainings.history("alone"), trainings.history("two_processes"), 1e-4)
    files = [{path.name for path in (trainings.folder / name).rglob("*.*")} for name in ("alone", "two_processes")]
    assert {name for name in files[0] ^ files[1] if "tfevents" not in name} == set()


@pytest.mark.reliability
def test_a_killed_process_ends_the_other_and_the_run_goes_on_in_one(trainings):
    first, second = in_two(trainings, "killed", "--epochs", "1000")
    history = trainings.folder / "killed" / "unet_history.csv"
    while not history.exists() and first.poll() is None:
        time.sleep(0.1)
    second.kill()
    second.communicate()
    *_, last = first.communicate(timeout=500)[1].strip().splitlines()
    assert first.returncode == 1 and last.endswith(
        "error: another process of this training has ended; when all have, start them again with --resume"
    )
    done = len(trainings.history("killed"))
    resumed = [sys.executable, "-m", "tests.helpers.killed_script", "never", "--resume", "--epochs", str(done + 1)]
    subprocess.run(
        [*resumed, "--experiment_dir", str(history.parent)],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    assert [row["epoch"] for row in trainings.history("killed")] == list(range(1, done + 2))


def test_several_devices_without_jax_are_refused_in_one_line(trainings, capsys):
    assert main(trainings.options("refused", "--devices", "2")) == 1
    assert "needs JAX, not tensorflow: pip install" in capsys.readouterr().err
