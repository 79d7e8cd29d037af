"""A training ends in time, and its learning rate has fallen by then."""

from __future__ import annotations

import time
from collections.abc import Mapping

import keras

from wire_detection.training.keras_internals import bring_variables_up_to_date
from wire_detection.training.learning_rate import share_left


class TimeLimit(keras.callbacks.Callback):
    """End the training, its last validation included, after so many minutes; lower the learning rate until then.

    The rate is at most what a half cosine over the time leaves of the first one, whatever the schedule says: the epochs
    that count are the last, with small steps. The training ends within an epoch where it must, and what it took before
    it was resumed counts.

    spent_s: seconds that the training took so far      validation_s: those of the longest validation
    """

    def __init__(self, minutes: float, learning_rate: float):
        super().__init__()
        self.limit_s, self.learning_rate = 60 * minutes, learning_rate
        self.spent_s, self.validation_s = 0.0, 0.0
        self._last, self._test_start = time.monotonic(), 0.0

    @property
    def is_over(self) -> bool:
        """Whether what is left is hardly enough for a validation."""
        return self.spent_s + self.validation_s >= self.limit_s

    def was_over(self, memory: Mapping[str, Mapping[str, float]]) -> bool:
        """Whether it is over for the training of which a saved state remembers this."""
        return sum(memory.get(type(self).__name__, {}).values()) >= self.limit_s

    def _count(self) -> None:
        now = time.monotonic()
        self.spent_s, self._last = self.spent_s + now - self._last, now

    def on_train_batch_begin(self, batch, logs=None):
        self._count()
        bring_variables_up_to_date(self.model)
        most = self.learning_rate * share_left(self.spent_s / self.limit_s)
        if float(self.model.optimizer.learning_rate) > most:
            self.model.optimizer.learning_rate = most

    def on_train_batch_end(self, batch, logs=None):
        self._end_if_over()

    def on_test_begin(self, logs=None):
        self._test_start = time.monotonic()

    def on_test_end(self, logs=None):
        self.validation_s = max(self.validation_s, time.monotonic() - self._test_start)

    def on_epoch_end(self, epoch, logs=None):
        self._end_if_over()

    def _end_if_over(self) -> None:
        self._count()
        if self.is_over:
            self.model.stop_training = True
