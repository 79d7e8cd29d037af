"""What Keras does not promise is still there: a new release that lacks it fails here first."""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest

from tests.helpers.tiny_training import tiny_model, weight_of
from wire_detection.training.keras_internals import AveragedWeights, BestModel


@pytest.mark.parametrize("name", ["_swap_variables", "_finalize_ema_values"])
def test_keras_can_exchange_the_averages(name):
    assert inspect.isfunction(getattr(keras.callbacks.SwapEMAWeights, name))


def test_keras_asks_whether_a_model_is_to_be_saved_as_is_overridden():
    wanted = ["self", "epoch", "batch", "logs"]
    assert list(inspect.signature(keras.callbacks.ModelCheckpoint._save_model).parameters) == wanted
    asked = inspect.signature(keras.callbacks.ModelCheckpoint._should_save_model).parameters
    assert list(asked) == [*wanted, "filepath"]


def test_keras_can_make_the_losses_of_a_batch_that_is_given():
    assert list(inspect.signature(keras.Model._symbolic_build).parameters) == ["self", "iterator", "data_batch"]


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


def saved_weight(path) -> float:
    model = tiny_model()
    model.load_weights(path)
    return weight_of(model)


def test_the_best_model_is_that_of_the_lowest_validation_loss(tmp_path):
    """Weights 1, 2, 3, 4 with losses 5, 4, 6, 4: the second is the best, and the last no better."""
    model = tiny_model()
    best = BestModel(tmp_path / "best.h5")
    best.set_model(model)
    kept = []
    for epoch, loss in enumerate((5.0, 4.0, 6.0, 4.0)):
        model.layers[-1].kernel.assign([[epoch + 1]])
        best.on_epoch_end(epoch, {"val_loss": loss, "loss": -loss})
        kept.append(saved_weight(tmp_path / "best.h5"))
    assert kept == [1, 2, 2, 2]


def test_a_best_model_that_cannot_be_saved_leaves_the_one_before(tmp_path, monkeypatch):
    model = tiny_model(7)
    best = BestModel(tmp_path / "best.h5")
    best.set_model(model)
    best.on_epoch_end(0, {"val_loss": 2.0})

    def half(path):
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(model, "save", half)
    with pytest.raises(OSError, match="disk full"):
        best.on_epoch_end(1, {"val_loss": 1.0})
    assert saved_weight(tmp_path / "best.h5") == 7 and len(list(tmp_path.iterdir())) == 1


# --- the history ---------------------------------------------------------------------------------------------------
