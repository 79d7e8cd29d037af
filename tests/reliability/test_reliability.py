"""Trainings that are killed, stopped, starved of disk, or given wrong numbers: nothing is lost, one line tells it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.helpers.kill_verbs import JOURNAL, UNFINISHED, VERBS, files_at_place, temporaries, write_inputs
from tests.helpers.shallow import FROM_SCRATCH
from tests.helpers.sheets import write_tiny_sheets
from tests.helpers.shell import error_line
from train_wire_detection import main
from wire_detection.paths import CHECKOUT
from wire_detection.training.failure import TrainingError, failures_explained
from wire_detection.training.state import FILE_NAME, SavedState, TrainingState, load_state, save_state
from wire_detection.windows import data_check
from wire_detection.windows.data_check import check_sheet

pytestmark = pytest.mark.reliability

EPOCHS = 3
ENDS = ("within:13", "term:1", "after:random", "never")
"""Killed in the state file of the second epoch, stopped in that epoch, killed at a random moment, left alone."""


def options(folder: Path, name: str) -> list[str]:
    return [
        "--data_dir",
        str(folder / "images"),
        "--annotation_dir",
        str(folder / "annotations"),
        "--experiment_dir",
        str(folder / name),
        "--image_size",
        "64",
        "64",
        "--epochs",
        str(EPOCHS),
        "--learning_rate",
        "1e-3",
        *FROM_SCRATCH,
    ]


def train(when: str, *arguments: str) -> subprocess.CompletedProcess:
    """Train in a process of its own that ends as killed_script.arm(when) says."""
    return subprocess.run(
        [sys.executable, "-m", "tests.helpers.killed_script", when, *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=CHECKOUT,
    )


def killed_and_resumed(folder: Path) -> tuple[list[int], Path]:
    """Exit codes of a training that is killed, stopped and resumed until it ends; and its folder."""
    run = folder / "killed"
    first = train(ENDS[0], *options(folder, "killed"), "--deterministic")
    resumed = [
        train(when.replace("random", f"{random.uniform(1, 8):.3f}"), "--resume", "--experiment_dir", str(run))
        for when in ENDS[1:]
    ]
    return [result.returncode for result in (first, *resumed)], run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """(exit codes of the killed run, killed run, run left alone, once more left alone), all with --deterministic."""
    folder = tmp_path_factory.mktemp("kills")
    write_tiny_sheets(folder, 5)
    with ThreadPoolExecutor(2) as pool:
        killed = pool.submit(killed_and_resumed, folder)
        for name in ("alone", "twin"):
            assert train("never", *options(folder, name), "--deterministic").returncode == 0
        return *killed.result(), folder / "alone", folder / "twin"


def weights(path: Path) -> list[np.ndarray]:
    found = []
    with h5py.File(path) as file:
        file["model_weights"].visititems(
            lambda name, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None
        )
    return found


def history(run: Path) -> dict[str, list[float]]:
    return json.loads((run / "unet_history.json").read_text())


def test_every_kill_came_and_the_last_run_ended_well(runs):
    codes = runs[0]
    assert codes[:2] == [-9, 143] and codes[2] in (-9, 0) and codes[3] == 0


def test_a_killed_and_resumed_run_has_each_epoch_once_with_the_same_values(runs):
    _, killed, alone, _ = runs
    assert {len(values) for values in history(killed).values()} == {EPOCHS}
    for key, values in history(alone).items():
        assert history(killed)[key] == pytest.approx(values, rel=1e-5), key


def test_a_killed_and_resumed_run_ends_with_the_same_weights(runs):
    _, killed, alone, _ = runs
    for name in ("unet_final.h5", "unet_best.h5"):
        for mine, theirs in zip(weights(killed / "models" / name), weights(alone / "models" / name), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)


def test_nothing_half_written_is_left_and_the_record_tells_the_story(runs):
    _, killed, alone, _ = runs
    record = json.loads((killed / "run.json").read_text())
    assert record["exit_reason"] == "finished" and len(record["resumed"]) == 3
    assert {p.relative_to(killed).as_posix() for p in killed.rglob("*") if "tensorboard" not in p.parts} == {
        p.relative_to(alone).as_posix() for p in alone.rglob("*") if "tensorboard" not in p.parts
    }


def test_the_same_seed_gives_the_same_history_to_the_bit(runs):
    *_, alone, twin = runs
    assert history(alone) == history(twin)


# --- a full disk ---------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """The folder of a disk of 32 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """A file that leaves the disk no room for another byte."""
    with (disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        while ballast.write(bytes(2**16)):
            pass
    return disk / "ballast"


def test_a_full_disk_keeps_the_state_that_was_there(small_disk):
    folder = small_disk / "run"
    save_state(folder / FILE_NAME, SavedState(3, False, {}, {"model": [np.zeros(6)], "optimizer": [], "best": []}))
    fill(small_disk)
    large = SavedState(4, False, {}, {"model": [np.zeros(2**18)], "optimizer": [], "best": []})
    with (
        pytest.raises(TrainingError, match="disk is full.*--resume"),
        failures_explained(folder=folder, batch_size=4, image_size=(64, 64)),
    ):
        save_state(folder / FILE_NAME, large)
    assert load_state(folder / FILE_NAME).epochs_done == 3
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_a_training_goes_on_when_a_full_disk_has_room_again(
    small_disk, tmp_path, capsys, monkeypatch, shallow_networks
):
    """The disk is full once the first epoch is saved."""
    save = TrainingState.on_epoch_end

    def save_and_fill(self, epoch, logs=None):
        save(self, epoch, logs)
        fill(small_disk)

    write_tiny_sheets(tmp_path, 5)
    run = small_disk / "run"
    with monkeypatch.context() as patch:
        patch.setattr(TrainingState, "on_epoch_end", save_and_fill)
        line = error_line(capsys, options(tmp_path, "disk/run"))
    assert "disk is full" in line and "--resume" in line and str(run) in line
    assert load_state(run / FILE_NAME).epochs_done == 1 and weights(run / "models" / "unet_best.h5")
    (small_disk / "ballast").unlink()
    assert main(["--resume", "--experiment_dir", str(run)]) == 0
    assert len(history(run)["loss"]) == EPOCHS


def leave_room(disk: Path, pages: int) -> None:
    """Fill a disk but for so many pages."""
    ballast = fill(disk)
    os.truncate(ballast, ballast.stat().st_size - pages * os.sysconf("SC_PAGE_SIZE"))


def of_verb(verb: str, inputs: Path, out: Path) -> list[str]:
    return [str(argument) for argument in VERBS[verb].arguments(inputs, out)]


@pytest.mark.parametrize("verb, pages, flags", [("annotate", 5, ()), ("predict", 9, ("--skip_existing",))])
def test_a_verb_goes_on_where_a_full_disk_stopped_it(small_disk, tmp_path, capsys, verb, pages, flags):
    """There is room for the files of one or two of four sheets; these are not written again."""
    inputs, alone, out = write_inputs(tmp_path / "inputs", 4), tmp_path / "alone", small_disk / "out"
    assert main(of_verb(verb, inputs, alone)) == 0
    whole = {path: content for path, (content, _) in files_at_place(alone).items()}
    capsys.readouterr()
    leave_room(small_disk, pages)
    assert re.search(rf"{out}/.*: no space left on device", error_line(capsys, of_verb(verb, inputs, out)))
    there = {path: file for path, file in files_at_place(out).items() if path != UNFINISHED}
    assert all(whole[path] == content for path, (content, _) in there.items()) and temporaries(out) == []
    finished = {Path(path).stem for path in there if Path(path).parent.name == "overlays"}
    assert 0 < len(finished) < 4
    (small_disk / "ballast").unlink()
    assert main([*of_verb(verb, inputs, out), *flags]) == 0
    after = files_at_place(out)
    assert {path: content for path, (content, _) in after.items()} == whole
    assert all(after[path] == file for path, file in there.items() if Path(path).stem in finished)


def test_a_check_goes_on_where_a_full_disk_stopped_it(small_disk, tmp_path, capsys, monkeypatch):
    """There is room for the rows of some of twenty sheets; these are not checked again."""
    inputs, alone, out = write_inputs(tmp_path / "inputs", 20), tmp_path / "alone", small_disk / "out"
    assert main(of_verb("check", inputs, alone)) == 0
    capsys.readouterr()
    leave_room(small_disk, 1)
    assert f"{JOURNAL}: no space left on device" in error_line(capsys, of_verb("check", inputs, out))
    assert [path.name for path in out.iterdir()] == [JOURNAL]
    known = (out / JOURNAL).read_bytes().count(b"\n")
    checked = []
    monkeypatch.setattr(
        data_check, "check_sheet", lambda page, **kept: checked.append(page) or check_sheet(page, **kept)
    )
    (small_disk / "ballast").unlink()
    assert main([*of_verb("check", inputs, out), "--skip_existing"]) == 0
    assert 0 < known < 20 and len(checked) == 20 - known
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        path.name: path.read_bytes() for path in alone.iterdir()
    }


# --- wrong numbers, too little memory ------------------------------------------------------------------------------


def test_a_loss_that_is_no_number_names_step_and_sheet_and_keeps_the_last_epoch(
    tmp_path, capsys, monkeypatch, shallow_networks
):
    from wire_detection.windows.sequences import WindowSequence

    write_tiny_sheets(tmp_path, 5)
    window = WindowSequence._window

    def poisoned(self, number):
        image, targets = window(self, number)
        poison = self.training and self.epoch == 2 and self.dataset.names[self._order[number][0]] == "sheet_0.png"
        return image * (np.nan if poison else 1), targets

    monkeypatch.setattr(WindowSequence, "_window", poisoned)
    line = error_line(capsys, options(tmp_path, "run"))
    assert re.search(r"epoch 2, step \d: the loss is nan, on windows of .*sheet_0\.png", line)
    run = tmp_path / "run"
    assert load_state(run / FILE_NAME).epochs_done == 1 and len(history(run)["loss"]) == 1
    assert all(np.isfinite(values).all() for values in weights(run / "models" / "unet_best.h5"))
    assert json.loads((run / "run.json").read_text())["exit_reason"].startswith("error: epoch 2")


@pytest.mark.parametrize("memory_error", [MemoryError("no more"), "tensorflow"])
def test_too_little_memory_names_what_to_try(tmp_path, memory_error):
    import tensorflow as tf

    if memory_error == "tensorflow":
        memory_error = tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
    with (
        pytest.raises(TrainingError, match="--batch_size 4 or --image_size 256 128"),
        failures_explained(folder=tmp_path, batch_size=8, image_size=(512, 256)),
    ):
        raise memory_error


def test_a_sheet_that_vanishes_is_named(tmp_path):
    import tensorflow as tf

    with (
        pytest.raises(TrainingError, match=r"^a\.png: no such file$"),
        failures_explained(folder=tmp_path, batch_size=8, image_size=(512, 256)),
    ):
        raise tf.errors.UnknownError(
            None,
            None,
            "SheetError: first\nTraceback:\n  x\nsheet_image.SheetError: a.png: no such file\n\n\t [[{{node PyFunc}}]]",
        )
