"""The state of a training after an epoch, in one file: with it a later process goes on as if nothing had happened.

A NumPy archive without pickles, so that loading one runs nothing: the model's variables, the optimizer's (running
mean of the weights included), the best weights of early stopping, and as JSON what the callbacks remember. While
callbacks run after an epoch the averaged weights are in the model and the others in the optimizer; they are saved and
restored in these places, for exchanging them rounds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from wire_detection.sheets.safe_files import replacing

FILE_NAME = "training_state.npz"

FORMAT_VERSION = 1

REMEMBERED = {
    "BestModel": ("best",),
    "HistoryFiles": ("history",),
    "ReduceLROnPlateau": ("best", "wait", "cooldown_counter"),
    "EarlyStopping": ("best", "wait", "best_epoch", "stopped_epoch"),
    "TimeLimit": ("spent_s", "validation_s"),
}
"""Class of a callback -> its attributes that the next epoch depends on."""


class StateError(ValueError):
    """A state file that cannot be used; the message is one line that names the file and the remedy."""


@dataclass(frozen=True)
class SavedState:
    """What a state file holds: epochs finished, the callbacks' memory, and the arrays.

    stopped: whether training was over before its last epoch, and not for want of time, of which there may be more later
    """

    epochs_done: int
    stopped: bool
    memory: dict[str, dict]
    arrays: dict[str, list[np.ndarray]]


class TrainingState(keras.callbacks.Callback):
    """Save the state after every epoch; restore `saved` when training begins. It must be the last callback."""

    def __init__(self, path: str | Path, callbacks: list[keras.callbacks.Callback], saved: SavedState | None = None):
        super().__init__()
        self.path, self.callbacks, self.saved = Path(path), callbacks, saved

    def _callback(self, name: str):
        return next((c for c in self.callbacks if type(c).__name__ == name), None)

    def _variables(self) -> dict[str, list]:
        return {"model": list(self.model.variables), "optimizer": list(self.model.optimizer.variables)}

    def on_epoch_end(self, epoch, logs=None):
        limit = self._callback("TimeLimit")
        stopped = bool(self.model.stop_training) and not (limit is not None and limit.is_over)
        save_state(self.path, SavedState(epoch + 1, stopped, self._memory(), self._arrays()))
        if self.model.stop_training or epoch + 1 == self.params["epochs"]:
            self._callback("AveragedWeights").keep_averages()

    def _memory(self) -> dict[str, dict]:
        return {
            name: {key: getattr(callback, key) for key in keys}
            for name, keys in REMEMBERED.items()
            if (callback := self._callback(name)) is not None
        }

    def _arrays(self) -> dict[str, list[np.ndarray]]:
        arrays = {
            group: [np.asarray(keras.ops.convert_to_numpy(v)) for v in variables]
            for group, variables in self._variables().items()
        }
        stopping = self._callback("EarlyStopping")
        return {**arrays, "best": list(stopping.best_weights or []) if stopping is not None else []}

    def on_train_begin(self, logs=None):
        if self.saved is None:
            return
        if not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)
        for group, variables in self._variables().items():
            self._assign(variables, self.saved.arrays[group])
        for name, values in self.saved.memory.items():
            if (callback := self._callback(name)) is not None:
                vars(callback).update(values)
        if self.saved.arrays["best"]:
            self._callback("EarlyStopping").best_weights = self.saved.arrays["best"]
        averages = self._callback("AveragedWeights")
        averages.averages_are_in_model()
        if self.saved.epochs_done >= self.params["epochs"]:
            averages.keep_averages()

    def _assign(self, variables: list, values: list[np.ndarray]) -> None:
        if [tuple(v.shape) for v in variables] != [v.shape for v in values]:
            raise StateError(f"{self.path}: belongs to another network; train anew with --overwrite")
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def save_state(path: str | Path, state: SavedState) -> None:
    """Write `state`, whole or not at all."""
    header = {
        "version": FORMAT_VERSION,
        "epochs_done": state.epochs_done,
        "stopped": state.stopped,
        "memory": state.memory,
        "counts": {group: len(values) for group, values in state.arrays.items()},
    }
    arrays = {f"{group}_{i}": value for group, values in state.arrays.items() for i, value in enumerate(values)}
    with replacing(path) as temporary:
        np.savez(temporary, header=np.array(json.dumps(header, default=float)), **arrays)


def load_state(path: str | Path) -> SavedState | None:
    """Read a state file; None when there is none, for no epoch was finished then.

    Raises:
        StateError: when the file is damaged or of another version.
    """
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as content:  # NumPy leaves a damaged one open
            header = json.loads(str(content["header"]))
            if header["version"] != FORMAT_VERSION:
                raise StateError(
                    f"{path}: of version {header['version']}, not {FORMAT_VERSION}; train anew with --overwrite"
                )
            arrays = {
                group: [content[f"{group}_{i}"] for i in range(count)] for group, count in header["counts"].items()
            }
        return SavedState(int(header["epochs_done"]), bool(header["stopped"]), header["memory"], arrays)
    except FileNotFoundError:
        return None
    except StateError:
        raise
    except Exception as error:  # a damaged archive can make zipfile and NumPy raise nearly anything
        reason = " ".join(str(error).split())[:80]
        raise StateError(f"{path}: damaged ({reason}); train anew with --overwrite") from None
