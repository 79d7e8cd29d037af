"""What batch normalisation knows of the sheets that a network learned from."""

from __future__ import annotations

import keras


def hold_statistics(model: keras.Model) -> None:
    """Let the batch normalisation of a trained network stay as it is while the network learns on.

    Its running means are of thousands of windows, those of a batch of few: trained with the latter and judged by the
    former, a network becomes worse before it can become better.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # Keras then normalises by the running means in training, too
