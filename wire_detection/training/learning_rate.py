"""How the learning rate falls over a training, and what ends the training early."""

from __future__ import annotations

import math

import keras

LOWEST_SHARE = 0.01
"""The cosine ends at this share of the first learning rate: a rate of 0 would make of its last epoch a waste."""

PLATEAU_FACTOR, PLATEAU_PATIENCE, LOWEST_RATE = 0.5, 5, 1e-7
STOPPING_PATIENCE = 10
"""Epochs without a better val_loss: twice as many as halve the learning rate, so that two rates are tried."""


def share_left(share_done: float) -> float:
    """What a half cosine leaves of the first learning rate when this share of a training, 0 to 1, is done."""
    return max(LOWEST_SHARE, 0.5 * (1 + math.cos(math.pi * min(1.0, share_done))))


def schedule_callbacks(schedule: str, epochs: int, learning_rate: float) -> list[keras.callbacks.Callback]:
    """What moves the learning rate, and what ends the training early.

    A half cosine (Loshchilov and Hutter, SGDR, ICLR 2017) gains most in its last epochs: it is never cut short.

    Args:
        schedule: "plateau" halves the rate when val_loss rests, "cosine" lowers it over all `epochs`.
        learning_rate: with which the training begins.
    """
    if schedule == "cosine":

        def rate(epoch: int, current: float) -> float:
            return learning_rate * share_left(epoch / epochs)

        return [keras.callbacks.LearningRateScheduler(rate)]
    return [
        keras.callbacks.ReduceLROnPlateau(
            monitor="val_loss", factor=PLATEAU_FACTOR, patience=PLATEAU_PATIENCE, min_lr=LOWEST_RATE
        ),
        keras.callbacks.EarlyStopping(monitor="val_loss", patience=STOPPING_PATIENCE, restore_best_weights=True),
    ]
