"""Training under JAX: the losses of TensorFlow, and the same ones on one device, on several and in two processes."""

from __future__ import annotations

import csv
import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.shallow import FROM_SCRATCH, WIDTHS
from tests.helpers.sheets import write_tiny_sheets
from train_wire_detection import main
from wire_detection import defaults
from wire_detection.networks.model_files import save_model
from wire_detection.paths import CHECKOUT

needs_jax = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="jax is not installed")

LOST = "error: another process of this training has ended; when all have, start them again with --resume"


class Trainings:
    """Trainings of a shallow network on tiny sheets, all from the same weights, each a process of its own under JAX."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.sheets = write_tiny_sheets(folder, 5)

    def options(self, name: str, *more: str) -> list[str]:
        paths = {"data_dir": self.sheets[0], "annotation_dir": self.sheets[1], "experiment_dir": self.folder / name}
        told = [text for flag, path in paths.items() for text in (f"--{flag}", str(path))]
        shared = ("--image_size", "64", "64", "--epochs", "2", "--drawn_share", "0", "--learning_rate", "1e-3")
        return [*told, *shared, "--init", str(self.folder / "start.h5"), *more]

    def begin(self, *arguments: str, devices: int = 1, when: str = "never") -> subprocess.Popen:
        """Start a process that has so many devices, and ends as killed_script.arm(when) says.

        What a process has compiled later ones take over, and it is compiled without the optimisations that take longer
        than they save in a few steps.
        """
        flags = f"--xla_force_host_platform_device_count={devices}"
        compiling = {
            "JAX_COMPILATION_CACHE_DIR": str(self.folder / "compiled"),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.killed_script", when, *arguments],
            env={**os.environ, "KERAS_BACKEND": "jax", "XLA_FLAGS": flags, **compiling},
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def begin_two(self, name: str, *more: str, devices: int = 1, second: str = "never") -> list[subprocess.Popen]:
        """Start a training in two processes, of which the second ends as `second` says."""
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        together = (*self.options(name, *more), "--coordinator", f"localhost:{port}", "--processes", "2", "--process")
        return [
            self.begin(*together, str(number), devices=devices, when=when)
            for number, when in enumerate(("never", second))
        ]

    def history(self, name: str) -> list[dict[str, float]]:
        """The values of each epoch."""
        with (self.folder / name / "unet_history.csv").open() as file:
            return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def ends(*processes: subprocess.Popen) -> list[tuple[int, str]]:
    """Wait until all have ended; the exit code of each, and the last line it has written."""
    try:
        errors = [process.communicate(timeout=900)[1] for process in processes]
    finally:
        for process in processes:
            process.kill()
    return [(process.returncode, text.strip().split("\n")[-1]) for process, text in zip(processes, errors, strict=True)]


def finish(*processes: subprocess.Popen) -> None:
    """Wait until all have ended well."""
    told = ends(*processes)
    assert [code for code, _ in told] == [0] * len(told), told


@pytest.fixture(scope="module")
def trainings(tmp_path_factory) -> Trainings:
    """Beside them, in "alone", a training in one process on one device."""
    from enhanced_models import create_initial_model

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(defaults.MODEL_SIZES, "small", WIDTHS)
        model = create_initial_model("scratch", "unet", "small")
    made = Trainings(tmp_path_factory.mktemp("devices"))
    save_model(model, made.folder / "start.h5")
    finish(made.begin(*made.options("alone")))
    return made


def assert_same(one: list[dict[str, float]], other: list[dict[str, float]], tolerance: float) -> None:
    """The same epochs, and the same losses in each."""
    assert [row["epoch"] for row in one] == [row["epoch"] for row in other] == [1, 2]
    for first, second in zip(one, other, strict=True):
        for key in (key for key in first if key.endswith("loss")):
            assert first[key] == pytest.approx(second[key], abs=tolerance), key


@needs_jax
def test_jax_trains_as_tensorflow_does(trainings, shallow_networks):
    """The 24 training windows are six whole batches; the 6 others fill one and a half, which weigh otherwise in JAX."""
    assert main(trainings.options("tensorflow")) == 0
    histories = [trainings.history(name) for name in ("alone", "tensorflow")]
    of_training = [[{k: row[k] for k in row if not k.startswith("val_")} for row in rows] for rows in histories]
    assert_same(*of_training, 1e-4)


@needs_jax
def test_two_processes_of_two_devices_take_the_steps_of_one_and_the_first_one_writes(trainings):
    finish(*trainings.begin_two("two", "--devices", "all", devices=2))
    assert_same(trainings.history("alone"), trainings.history("two"), 1e-4)
    files = [{path.name for path in (trainings.folder / name).rglob("*.*")} for name in ("alone", "two")]
    assert {name for name in files[0] ^ files[1] if "tfevents" not in name} == set()


@needs_jax
@pytest.mark.reliability
def test_a_killed_process_ends_the_other_and_the_run_goes_on_in_one_as_if_left_alone(trainings):
    """Killed in the second of two epochs; the two have four devices together, the one that resumes has two."""
    both = trainings.begin_two("killed", "--devices", "all", devices=2, second="kill:1")
    (first, last), (second, _) = ends(*both)
    assert second == -signal.SIGKILL and first == 1 and last.endswith(LOST)
    assert [row["epoch"] for row in trainings.history("killed")] == [1]
    run = str(trainings.folder / "killed")
    finish(trainings.begin("--resume", "--experiment_dir", run, "--devices", "2", devices=2))
    assert_same(trainings.history("alone"), trainings.history("killed"), 1e-4)


def test_several_devices_without_jax_are_refused_in_one_line(tiny_sheets, tmp_path, capsys):
    images, annotations = tiny_sheets
    paths = ("--data_dir", str(images), "--annotation_dir", str(annotations), "--experiment_dir", str(tmp_path / "run"))
    assert main([*paths, *FROM_SCRATCH, "--devices", "2"]) == 1
    assert "needs JAX, not tensorflow: pip install" in capsys.readouterr().err
