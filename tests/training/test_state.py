"""A state comes back as it was saved, a training goes on with it as if nothing had happened, and no other is taken."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.helpers.tiny_training import TinyWindows, tiny_model, weight_of
from wire_detection.training.callbacks import HistoryFiles
from wire_detection.training.keras_internals import AveragedWeights
from wire_detection.training.state import (
    FORMAT_VERSION,
    SavedState,
    StateError,
    TrainingState,
    load_state,
    save_state,
)

STATE = SavedState(
    3,
    False,
    {"BestModel": {"best": float("inf")}, "HistoryFiles": {"history": {"loss": [0.1, 1 / 3]}}},
    {"model": [np.arange(6.0).reshape(2, 3)], "optimizer": [np.array(7), np.array([0.5], np.float32)], "best": []},
)

# --- the file ------------------------------------------------------------------------------------------------------


def test_a_state_comes_back_as_it_was_saved(tmp_path):
    save_state(tmp_path / "state.npz", STATE)
    state = load_state(tmp_path / "state.npz")
    assert (state.epochs_done, state.stopped, state.memory) == (3, False, STATE.memory)
    assert state.arrays.keys() == STATE.arrays.keys()
    for group, values in STATE.arrays.items():
        for mine, theirs in zip(state.arrays[group], values, strict=True):
            np.testing.assert_array_equal(mine, theirs)
            assert mine.dtype == theirs.dtype


def test_without_a_file_no_epoch_was_finished(tmp_path):
    assert load_state(tmp_path / "none.npz") is None


def test_a_damaged_state_is_refused_and_runs_nothing(tmp_path):
    save_state(tmp_path / "state.npz", STATE)
    whole = (tmp_path / "state.npz").read_bytes()
    np.savez(tmp_path / "code.npz", header=np.array([print], object))  # a pickle
    for number, content in enumerate((b"", whole[:100], whole[:-30], (tmp_path / "code.npz").read_bytes())):
        path = tmp_path / f"{number}.npz"
        path.write_bytes(content)
        with pytest.raises(StateError, match=rf"{number}\.npz: damaged \(.*--overwrite"):
            load_state(path)


def test_a_state_of_another_version_is_refused(tmp_path):
    np.savez(tmp_path / "state.npz", header=np.array(json.dumps({"version": FORMAT_VERSION + 1})))
    with pytest.raises(StateError, match=f"of version {FORMAT_VERSION + 1}, not {FORMAT_VERSION}; train anew"):
        load_state(tmp_path / "state.npz")


# --- a training ----------------------------------------------------------------------------------------------------


class Weights(keras.callbacks.Callback):
    """Notes the weight that the callbacks after an epoch see; ends the process' training before epoch `killed`."""

    def __init__(self, killed: int | None = None):
        super().__init__()
        self.killed, self.seen = killed, []

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.killed:
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(weight_of(self.model))


def trained(path: Path, *, killed: int | None = None, epochs: int = 3) -> tuple[keras.Model, list[float]]:
    """A tiny model after two steps an epoch, begun anew or after what `path` holds; and the weight after each epoch."""
    model, weights, saved = tiny_model(), Weights(killed), load_state(path)
    callbacks = [AveragedWeights(), weights]
    try:
        model.fit(
            TinyWindows(2),
            epochs=epochs,
            initial_epoch=saved.epochs_done if saved else 0,
            verbose=0,
            callbacks=[*callbacks, TrainingState(path, callbacks, saved)],
        )
    except KeyboardInterrupt:
        pass
    return model, weights.seen


AVERAGES = [0.375, 0.78125, 1.2578125]
"""Six steps give the weights 0.25, 0.5, 0.75, 1, 1.25, 1.5. Their running mean, the first weight and then half of the
way to each: 0.25, 0.375, 0.5625, 0.78125, 1.015625, 1.2578125. An epoch has two steps."""


def test_after_every_epoch_the_averaged_weights_are_in_the_model_and_they_stay_there(tmp_path):
    model, seen = trained(tmp_path / "state.npz")
    assert seen == AVERAGES and weight_of(model) == AVERAGES[-1]


@pytest.mark.parametrize("killed", [1, 2])
def test_a_killed_training_goes_on_as_if_nothing_had_happened(tmp_path, killed):
    _, before = trained(tmp_path / "state.npz", killed=killed)
    saved = load_state(tmp_path / "state.npz")
    assert (saved.epochs_done, saved.stopped) == (killed, False)
    assert saved.arrays["model"][0].tolist() == [[AVERAGES[killed - 1]]]
    model, after = trained(tmp_path / "state.npz")
    assert before + after == AVERAGES and weight_of(model) == AVERAGES[-1]


def test_a_training_that_was_over_gives_its_averages_again(tmp_path):
    trained(tmp_path / "state.npz")
    model, seen = trained(tmp_path / "state.npz")
    assert seen == [] and weight_of(model) == AVERAGES[-1]


def test_the_state_of_another_network_is_refused(tmp_path):
    trained(tmp_path / "state.npz", epochs=1)
    inputs = keras.Input((2,))
    other = keras.Model(inputs, keras.layers.Dense(1, use_bias=False)(inputs))
    other.compile(keras.optimizers.SGD(0.1, use_ema=True), loss="mae")
    state = TrainingState(tmp_path / "state.npz", [AveragedWeights()], load_state(tmp_path / "state.npz"))
    state.set_model(other)
    with pytest.raises(StateError, match=r"state\.npz: belongs to another network; train anew with --overwrite"):
        state.on_train_begin()


# --- what callbacks remember ---------------------------------------------------------------------------------------


def callbacks(folder: Path) -> dict[str, keras.callbacks.Callback]:
    """New callbacks by the names of their classes, as the state looks for them."""
    found = [
        AveragedWeights(),
        HistoryFiles(folder, "unet"),
        keras.callbacks.ReduceLROnPlateau(),
        keras.callbacks.EarlyStopping(restore_best_weights=True),
    ]
    return {type(callback).__name__: callback for callback in found}


def test_callbacks_remember_what_their_next_epoch_depends_on(tmp_path):
    model = tiny_model(5)
    model.optimizer.build(model.trainable_variables)
    model.stop_training = True
    one, other = callbacks(tmp_path), callbacks(tmp_path)
    one["HistoryFiles"].history = {"loss": [0.5, 0.25]}
    one["ReduceLROnPlateau"].best, one["ReduceLROnPlateau"].wait = 0.125, 3
    one["EarlyStopping"].best, one["EarlyStopping"].wait, one["EarlyStopping"].best_epoch = 0.125, 4, 7
    one["EarlyStopping"].best_weights = [np.array([[9.0]], np.float32)]
    state = TrainingState(tmp_path / "state.npz", list(one.values()))
    one["AveragedWeights"].set_model(model)
    state.set_model(model)
    state.set_params({"epochs": 20})
    state.on_epoch_end(11)

    saved = load_state(tmp_path / "state.npz")
    assert (saved.epochs_done, saved.stopped) == (12, True)
    restored = TrainingState(tmp_path / "state.npz", list(other.values()), saved)
    fresh = tiny_model()
    restored.set_model(fresh)
    restored.set_params({"epochs": 20})
    restored.on_train_begin()
    assert weight_of(fresh) == 5 and other["HistoryFiles"].history == {"loss": [0.5, 0.25]}
    assert (other["ReduceLROnPlateau"].best, other["ReduceLROnPlateau"].wait) == (0.125, 3)
    stopping = other["EarlyStopping"]
    assert (stopping.best, stopping.wait, stopping.best_epoch) == (0.125, 4, 7)
    assert [values.tolist() for values in stopping.best_weights] == [[[9.0]]]
