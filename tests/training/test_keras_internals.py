"""What Keras does not promise is still there: a new release that lacks it fails here first."""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest

from wire_detection.training.keras_internals import AveragedWeights, BestModel


@pytest.mark.parametrize("name", ["_swap_variables", "_finalize_ema_values"])
def test_keras_can_exchange_the_averages(name):
    assert inspect.isfunction(getattr(keras.callbacks.SwapEMAWeights, name))


def test_keras_asks_whether_a_model_is_to_be_saved_as_is_overridden():
    wanted = ["self", "epoch", "batch", "logs"]
    assert list(inspect.signature(keras.callbacks.ModelCheckpoint._save_model).parameters) == wanted
    asked = inspect.signature(keras.callbacks.ModelCheckpoint._should_save_model).parameters
    assert list(asked) == [*wanted, "filepath"]


@pytest.fixture
def one_weight() -> keras.Model:
    """A model of one weight, 2, whose optimizer averages it: momentum 0.5."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5), loss="mse")
    model.set_weights([np.array([[2.0]])])
    return model


def test_after_an_epoch_the_model_holds_the_averages_and_keeps_them_when_told(one_weight):
    """Two steps on x = 1, y = 0, of gradient 2 w: the weight goes 2, -2, 2; its average begins at -2, ends at 0."""
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(float(self.model.get_weights()[0][0, 0]))
            averages.keep_averages()

    averages = AveragedWeights()
    one_weight.fit(np.ones((2, 1)), np.zeros((2, 1)), batch_size=1, verbose=0, callbacks=[averages, Look()])
    assert seen == pytest.approx([0.0]) and one_weight.get_weights()[0][0, 0] == pytest.approx(0.0)


def test_only_a_better_epoch_is_saved(tmp_path, monkeypatch):
    saved = []
    monkeypatch.setattr("wire_detection.training.keras_internals.save_model", lambda model, path: saved.append(path))
    best = BestModel(tmp_path / "best.h5")
    best.set_model(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    for epoch, loss in enumerate((3.0, 2.0, 2.5, 1.0)):
        best.on_epoch_end(epoch, {"val_loss": loss})
    assert saved == [str(tmp_path / "best.h5")] * 3
