"""A training of the right epochs, on the right windows, with the guards that end it in order."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import keras
import pytest

from tests.helpers.tiny_training import STEP, TinyWindows, tiny_model, weight_of
from wire_detection.runs.run_record import RunError
from wire_detection.runs.stop_signal import Stopped
from wire_detection.training.callbacks import HistoryFiles
from wire_detection.training.failure import TrainingError
from wire_detection.training.fit import fit_model
from wire_detection.training.state import SavedState


def fitted(folder: Path, windows: TinyWindows, *extra, epochs: int = 3, saved: SavedState | None = None):
    """(The model after its training, the history of this training.)"""
    model = tiny_model()
    model.optimizer.build(model.trainable_variables)  # as the restored state of a training does
    history = fit_model(model, windows, TinyWindows(1), [HistoryFiles(folder, "unet"), *extra], epochs, folder, saved)
    return model, history


def state(epochs_done: int, stopped: bool = False) -> SavedState:
    return SavedState(epochs_done, stopped, {}, {"model": [], "optimizer": [], "best": []})


def test_every_epoch_takes_every_window_once_and_has_a_value_in_the_history(tmp_path):
    """2 steps an epoch and 3 epochs are 6 steps; the loss, 1000 - w before each, is a mean of two: 999.875 first."""
    windows = TinyWindows(2)
    _, history = fitted(tmp_path, windows)
    assert windows.begun == [0]
    assert history["loss"] == pytest.approx([999.875, 999.375, 998.875])
    assert history["val_loss"] == pytest.approx([1000 - 2 * STEP, 1000 - 4 * STEP, 1000 - 6 * STEP])


def test_a_saved_training_goes_on_with_the_epoch_after_its_last(tmp_path, caplog):
    windows, seen = TinyWindows(2), []
    note = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: seen.append(epoch))
    with caplog.at_level("INFO", "wire_detection.training.fit"):
        _, history = fitted(tmp_path, windows, note, epochs=5, saved=state(3))
    assert windows.begun == [3] and seen == [3, 4] and len(history["loss"]) == 2
    assert caplog.messages == ["going on after epoch 3"]


@pytest.mark.parametrize("saved", [state(3), state(2, stopped=True)])
def test_a_training_that_was_over_does_no_step(tmp_path, saved):
    model, history = fitted(tmp_path, TinyWindows(2), epochs=3, saved=saved)
    assert weight_of(model) == 0 and history == {}


def test_fewer_epochs_than_the_run_has_are_refused(tmp_path):
    with pytest.raises(RunError, match="--epochs 3: the run has finished 4 already"):
        fitted(tmp_path, TinyWindows(2), epochs=3, saved=state(4))


def test_a_loss_that_is_no_number_ends_the_training_before_anything_is_written(tmp_path):
    with pytest.raises(TrainingError, match=r"epoch 1, step 1: the loss is nan, on windows of sheet_0\.png"):
        fitted(tmp_path, TinyWindows(2, truth=float("nan")))
    assert list(tmp_path.iterdir()) == []


def test_a_signal_ends_the_training_after_the_step_in_which_it_comes(tmp_path):
    steps = []

    def interrupt(batch, logs):
        steps.append(batch)
        os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Stopped) as stop:
        fitted(tmp_path, TinyWindows(4), keras.callbacks.LambdaCallback(on_train_batch_begin=interrupt))
    assert stop.value.exit_code == 143 and steps == [0]
