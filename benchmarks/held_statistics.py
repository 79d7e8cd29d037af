"""What a trained network gains when it learns on: batch normalisation held as it is or not, at several learning rates.

    python -m benchmarks.held_statistics 1e-4 3e-5

From the shipped weights, four epochs of 48 windows of the bundled sheets at a learning rate that falls along a half
cosine; val_loss is that of 32 windows of the held-out sheets.
"""

from __future__ import annotations

import sys

import keras
import numpy as np

from enhanced_data_pipeline import SchematicDataset, WindowSequence, split_sheets
from enhanced_models import compile_model, create_initial_model
from wire_detection import defaults
from wire_detection.training.keras_internals import AveragedWeights
from wire_detection.training.learning_rate import share_left

EPOCHS, WINDOWS, HELD_OUT_WINDOWS = 4, 48, 32


class FewWindows(WindowSequence):
    """The first windows of each epoch of a training, or some of the held-out ones, spread over all."""

    def _arrange(self) -> list[tuple[int, int]]:
        order = super()._arrange()
        if self.training:
            return order[:WINDOWS]
        return [order[i] for i in np.linspace(0, len(order) - 1, HELD_OUT_WINDOWS).round().astype(int)]


class Falling(keras.callbacks.Callback):
    """Lower the learning rate step by step along a half cosine over so many steps."""

    def __init__(self, first: float, steps: int):
        super().__init__()
        self.first, self.steps, self.done = first, steps, 0

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = self.first * share_left(self.done / self.steps)
        self.done += 1


def val_losses(dataset: SchematicDataset, rate: float, held: bool) -> list[float]:
    """val_loss before the training and after each epoch."""
    model = create_initial_model(defaults.PRETRAINED, defaults.MODEL_TYPE, defaults.MODEL_SIZE)
    for layer in model.layers:
        layer.trainable = layer.trainable or not held
    compile_model(model, rate)
    common = {"batch_size": defaults.BATCH_SIZE, "image_size": defaults.IMAGE_SIZE, "seed": defaults.SEED}
    train, held_out = (
        FewWindows(dataset, sheets, training=training, **common)
        for sheets, training in zip(split_sheets(dataset.names, 0.2, defaults.SEED), (True, False), strict=True)
    )
    start = model.evaluate(held_out, verbose=0, return_dict=True)["loss"]
    history = model.fit(
        train,
        validation_data=held_out,
        epochs=EPOCHS,
        verbose=0,
        shuffle=False,
        callbacks=[AveragedWeights(), Falling(rate, EPOCHS * len(train))],
    )
    return [start, *history.history["val_loss"]]


def main() -> None:
    """Print a row for each rate and way."""
    dataset = SchematicDataset("data/schematics_dataset", "data/annotations", show_progress=False)
    for rate in map(float, sys.argv[1:]):
        for held in (False, True):
            losses = " ".join(f"{loss:.4f}" for loss in val_losses(dataset, rate, held))
            print(f"{rate:.0e} {'held' if held else 'learned'}: {losses}", flush=True)


if __name__ == "__main__":
    main()
