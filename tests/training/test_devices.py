"""Training under JAX: on several devices and in two processes it takes the steps of one under TensorFlow."""

from __future__ import annotations

import csv
import importlib.util
import json
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
from wire_detection.training.last_word import LastWord

needs_jax = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="jax is not installed")

LOST = "error: another process of this training has ended; when all have, start them again with --resume"


def free_address() -> str:
    """HOST:PORT at which nothing answers."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return f"localhost:{free.getsockname()[1]}"


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
        together = (*self.options(name, *more), "--coordinator", free_address(), "--processes", "2", "--process")
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
    """Beside them, in "two", a training in two processes of two devices each."""
    from enhanced_models import create_initial_model

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(defaults.MODEL_SIZES, "small", WIDTHS)
        model = create_initial_model("scratch", "unet", "small")
    made = Trainings(tmp_path_factory.mktemp("devices"))
    save_model(model, made.folder / "start.h5")
    finish(*made.begin_two("two", "--devices", "all", devices=2))
    return made


def assert_same(one: list[dict[str, float]], other: list[dict[str, float]], tolerance: float) -> None:
    """The same epochs, and the same losses in each."""
    assert [row["epoch"] for row in one] == [row["epoch"] for row in other] == [1, 2]
    for first, second in zip(one, other, strict=True):
        for key in (key for key in first if key.endswith("loss")):
            assert first[key] == pytest.approx(second[key], abs=tolerance), key


@needs_jax
def test_two_processes_take_the_steps_of_tensorflow_in_one_and_the_first_leaves_its_files(trainings, shallow_networks):
    """The 24 training windows are six whole batches; the 6 others fill one and a half, which weigh otherwise in JAX."""
    assert main(trainings.options("tensorflow")) == 0
    histories = [trainings.history(name) for name in ("two", "tensorflow")]
    of_training = [[{k: row[k] for k in row if not k.startswith("val_")} for row in rows] for rows in histories]
    assert_same(*of_training, 1e-4)
    files = [{path.name for path in (trainings.folder / name).rglob("*.*")} for name in ("two", "tensorflow")]
    assert {name for name in files[0] ^ files[1] if "tfevents" not in name} == set()


@needs_jax
def test_a_killed_process_ends_the_other_and_the_run_goes_on_in_one_as_if_left_alone(trainings):
    """Killed in the second of two epochs; the two have four devices together, the one that resumes has one."""
    both = trainings.begin_two("killed", "--devices", "all", devices=2, second="kill:1")
    (first, last), (second, _) = ends(*both)
    assert second == -signal.SIGKILL and first == 1 and last == f"train_wire_detection.py: {LOST}"
    assert [row["epoch"] for row in trainings.history("killed")] == [1]
    run = trainings.folder / "killed"
    assert json.loads((run / "run.json").read_text())["exit_reason"] == LOST
    finish(trainings.begin("--resume", "--experiment_dir", str(run)))
    assert_same(trainings.history("two"), trainings.history("killed"), 1e-4)


JOIN = """
import os, signal, sys, time
from wire_detection.training.devices import Devices
address, number, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with Devices(1, address, 2, number).spread(folder, batch_size=2):
    from jax.experimental.multihost_utils import sync_global_devices
    sync_global_devices("both are here")
    if number == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(300)
"""
"""A process that joins another one, and is killed as soon as both are there, or waits for what becomes of it."""


@needs_jax
@pytest.mark.reliability
def test_when_the_first_process_is_killed_the_other_ends_with_the_line_that_says_so(tmp_path):
    told = [sys.executable, "-c", JOIN, free_address()]
    options = {"env": {**os.environ, "KERAS_BACKEND": "jax"}, "cwd": CHECKOUT, "stderr": subprocess.PIPE, "text": True}
    (first, silent), (second, last) = ends(*(subprocess.Popen([*told, n, str(tmp_path)], **options) for n in "01"))
    assert first == -signal.SIGKILL and LOST not in silent
    assert second not in (0, -signal.SIGKILL) and last == LOST


def test_a_last_word_is_written_where_nothing_answers_and_when_it_was_not_taken_back(capfd):
    with socket.socket() as answering:
        answering.bind(("localhost", 0))
        answering.listen()
        for line, address, taken_back in (
            ("written", free_address(), False),
            ("answered", f"localhost:{answering.getsockname()[1]}", False),
            ("taken back", free_address(), True),
        ):
            word = LastWord(line, address)
            if taken_back:
                word.take_back()
            else:
                word._keeper.communicate()  # as the end of this process would
    assert capfd.readouterr().err == "written\n"


def test_several_devices_without_jax_are_refused_in_one_line(tiny_sheets, tmp_path, capsys):
    images, annotations = tiny_sheets
    paths = ("--data_dir", str(images), "--annotation_dir", str(annotations), "--experiment_dir", str(tmp_path / "run"))
    assert main([*paths, *FROM_SCRATCH, "--devices", "2"]) == 1
    assert "needs JAX, not tensorflow: pip install" in capsys.readouterr().err
