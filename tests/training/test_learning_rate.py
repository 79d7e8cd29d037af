"""How the learning rate falls epoch by epoch, and after which epoch a training ends."""

from __future__ import annotations

import keras
import pytest

from tests.helpers.tiny_training import tiny_model, weight_of
from wire_detection.training.learning_rate import schedule_callbacks


def test_the_cosine_falls_from_the_first_rate_to_a_hundredth_of_it():
    """(1 + cos 0, 45, 90, 135 degrees) / 2 = 1, 0.853553, 0.5, 0.146447; of 100 epochs the last has 0.000247."""
    (falling,) = schedule_callbacks("cosine", 4, 0.01)  # alone: nothing ends it early
    assert isinstance(falling, keras.callbacks.LearningRateScheduler)
    rates = [falling.schedule(epoch, 0.5) for epoch in range(4)]
    assert rates == pytest.approx([0.01, 0.00853553, 0.005, 0.00146447], rel=1e-5)
    (falling,) = schedule_callbacks("cosine", 100, 0.01)
    assert falling.schedule(99, 0.5) == pytest.approx(1e-4)


def epochs_of(callbacks: list, losses: list[float], rate: float = 0.25) -> tuple[list[float], keras.Model]:
    """The rate after each epoch until the training ends, with these values of val_loss; and the model, in which the
    weight is the number of the epoch."""
    model = tiny_model()
    model.optimizer.learning_rate = rate
    model.stop_training = False
    rates = []
    for callback in callbacks:
        callback.set_model(model)
        callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        model.layers[-1].kernel.assign([[epoch]])
        for callback in callbacks:
            callback.on_epoch_end(epoch, {"val_loss": loss})
        rates.append(float(model.optimizer.learning_rate))
        if model.stop_training:
            break
    for callback in callbacks:
        callback.on_train_end()
    return rates, model


def test_the_rate_is_halved_after_five_epochs_without_a_better_loss_and_ten_end_the_training():
    """The loss is best in epoch 1, counted from 0: half the rate from 6 on, a quarter from 11, where it ends."""
    rates, model = epochs_of(schedule_callbacks("plateau", 100, 0.25), [3, 1, *[2] * 30])
    assert rates == [0.25] * 6 + [0.125] * 5 + [0.0625]
    assert weight_of(model) == 1  # that of the best epoch is put back


def test_a_better_loss_begins_the_count_anew():
    rates, _ = epochs_of(schedule_callbacks("plateau", 100, 0.25), [3, 4, 4, 4, 4, 2, 4, 4, 4, 4, 1])
    assert rates == [0.25] * 11


def test_the_rate_never_falls_below_its_floor():
    rates, _ = epochs_of(schedule_callbacks("plateau", 100, 1.5e-7), [1] * 7, rate=1.5e-7)
    assert rates[-1] == pytest.approx(1e-7)
