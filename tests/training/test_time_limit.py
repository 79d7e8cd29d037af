"""A training of so many minutes ends within them, and its learning rate falls towards the end."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import pytest

from tests.helpers.tiny_training import TinyWindows, tiny_model
from wire_detection.training import time_limit as time_limit_file
from wire_detection.training.callbacks import HistoryFiles
from wire_detection.training.fit import fit_model, reason_of_end
from wire_detection.training.keras_internals import AveragedWeights
from wire_detection.training.state import TrainingState, load_state
from wire_detection.training.time_limit import TimeLimit

STEP_S, VALIDATION_S, RATE = 10, 20, 0.25


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(time_limit_file.time, "monotonic", lambda: clock.now)
    return clock


class Work(keras.callbacks.Callback):
    """What steps and validations take by the clock, and what the learning rate was in each step."""

    def __init__(self, clock):
        super().__init__()
        self.clock, self.rates = clock, []

    def on_train_batch_end(self, batch, logs=None):
        self.rates.append(float(self.model.optimizer.learning_rate))
        self.clock.now += STEP_S

    def on_test_batch_end(self, batch, logs=None):
        self.clock.now += VALIDATION_S


def trained(clock, folder, minutes: float, *, epochs: int = 9, steps: int = 2):
    """(The rates of all steps, the history, why it ended) of a training that goes on after what lies in `folder`."""
    model, saved = tiny_model(), load_state(folder / "state.npz")
    work, limit = Work(clock), TimeLimit(minutes, RATE)
    callbacks = [AveragedWeights(), work, HistoryFiles(folder, "unet"), limit]
    callbacks.append(TrainingState(folder / "state.npz", callbacks, saved))
    history = fit_model(model, TinyWindows(steps), TinyWindows(1), callbacks, epochs, folder, saved)
    return work.rates, history, reason_of_end(callbacks, history, epochs)


def test_it_ends_within_an_epoch_so_that_the_last_validation_is_in_time(tmp_path, clock):
    """Two steps and a validation are 40 s: after the second epoch 80 of 105 are gone, after one more step 90, and a
    validation of 20 more does not fit a second step."""
    begun = clock.now
    rates, history, reason = trained(clock, tmp_path, 105 / 60)
    assert len(rates) == 5 and len(history["val_loss"]) == 3 and reason == "time limit"
    assert clock.now - begun == 110  # a step and a validation are not cut: the last began at 90


def test_the_rate_is_that_of_a_half_cosine_over_the_time(tmp_path, clock):
    """Steps begin at 0, 10, 40 and 50 of 120 s: 0, 15, 60 and 75 degrees of half a turn."""
    rates, _, _ = trained(clock, tmp_path, 2, epochs=2)
    assert rates == pytest.approx([RATE, 0.982963 * RATE, 0.75 * RATE, 0.629410 * RATE], rel=1e-5)


def test_a_training_that_is_done_before_its_time_is_finished(tmp_path, clock):
    _, history, reason = trained(clock, tmp_path, 60, epochs=2)
    assert len(history["loss"]) == 2 and reason == "finished"


def test_a_resumed_training_has_what_is_left_of_the_time_and_goes_on_when_it_is_given_more(tmp_path, clock):
    trained(clock, tmp_path, 10, epochs=1)  # 40 s, as if it had been stopped then
    rates, history, reason = trained(clock, tmp_path, 105 / 60)
    assert len(rates) == 3 and len(history["val_loss"]) == 3 and reason == "time limit"
    assert load_state(tmp_path / "state.npz").stopped is False
    rates, history, reason = trained(clock, tmp_path, 105 / 60)
    assert rates == [] and len(history["val_loss"]) == 3 and reason == "time limit"
    rates, history, reason = trained(clock, tmp_path, 150 / 60)
    assert len(rates) == 2 and len(history["val_loss"]) == 4
