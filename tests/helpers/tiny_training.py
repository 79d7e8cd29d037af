"""A network of one weight and the windows that it is trained on: every step can be worked out by hand."""

from __future__ import annotations

import keras
import numpy as np

STEP = 0.25
"""What one step adds to the weight: the learning rate, for the gradient of |w - 1000| is -1 all the way."""


def tiny_model(weight: float = 0.0) -> keras.Model:
    """y = w x, trained by SGD to y = 1000 for x = 1; the running mean of w moves half of the way at each step."""
    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Dense(1, use_bias=False)(inputs))
    model.set_weights([np.array([[weight]], np.float32)])
    model.compile(keras.optimizers.SGD(STEP, use_ema=True, ema_momentum=0.5), loss="mae")
    return model


def weight_of(model: keras.Model) -> float:
    """The one weight of a tiny model."""
    return float(model.get_weights()[0][0, 0])


class TinyWindows(keras.utils.PyDataset):
    """`count` batches of x = 1 and y = `truth`, with the questions that a training asks of its windows."""

    def __init__(self, count: int = 2, truth: float = 1000.0):
        super().__init__()
        self.count, self.truth, self.begun = count, truth, []

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        return np.ones((1, 1), np.float32), np.full((1, 1), self.truth, np.float32)

    def start_epoch(self, epoch: int) -> None:
        self.begun.append(epoch)

    def sample_names(self, index: int) -> list[str]:
        return [f"sheet_{index}.png"]
