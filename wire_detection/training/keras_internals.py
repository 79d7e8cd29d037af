"""All that this package uses of Keras without being promised it: names with an underscore, in one file."""

from __future__ import annotations

from pathlib import Path

import keras

from wire_detection.networks.model_files import save_model


class AveragedWeights(keras.callbacks.SwapEMAWeights):
    """Put the averaged weights into the model for validation and for the callbacks after an epoch.

    Keras' own drops the other weights after the last epoch, before they could be saved; here `keep_averages` does.
    """

    def __init__(self):
        super().__init__(swap_on_epoch=True)

    def on_epoch_end(self, epoch, logs=None):
        if not self._ema_weights_in_model:
            self._swap_variables()
            self._ema_weights_in_model = True

    def averages_are_in_model(self) -> None:
        """Say that a restored model holds the averages, and its optimizer the other weights."""
        self._ema_weights_in_model = True

    def keep_averages(self) -> None:
        """Make the averages, which are in the model now, what `fit` leaves there when it ends."""
        self._finalize_ema_values()


def bring_variables_up_to_date(model: keras.Model) -> None:
    """Give the variables of a model in `fit` their values, which JAX takes out of them until an epoch ends."""
    if keras.config.backend() == "jax":
        model.jax_state_sync()


def build_losses(model: keras.Model, windows: keras.utils.PyDataset) -> None:
    """Make the variables of a model's losses and scores before `fit`, for which under JAX it needs a batch.

    It would take one from the threads of the windows and begin the first epoch with what these had prepared meanwhile:
    batches of the epoch before. How many these are depends on the moment, and processes would train on parts of
    different batches.
    """
    if keras.config.backend() == "jax":
        model._symbolic_build(data_batch=windows[0])


class BestModel(keras.callbacks.ModelCheckpoint):
    """Keep the whole model of the best `val_loss`, written whole or not at all."""

    def __init__(self, path: str | Path):
        super().__init__(str(path), monitor="val_loss", mode="min", save_best_only=True)

    def _save_model(self, epoch, batch, logs):
        if self._should_save_model(epoch, batch, logs, self.filepath):
            save_model(self.model, self.filepath)
