"""What happens at the end of an epoch: the best model, the history, the pictures, the memory, one line of progress."""

from __future__ import annotations

import csv
import gc
import io
import logging
import math
import time
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from wire_detection.networks.tasks import TASKS
from wire_detection.pictures.history_plot import plot_training_history
from wire_detection.runs.stop_signal import StopAfterStep
from wire_detection.sheets.safe_files import write_json, write_text
from wire_detection.training.failure import TrainingError, wrong_loss
from wire_detection.training.memory import log_memory_usage
from wire_detection.training.time_limit import TimeLimit

log = logging.getLogger(__name__)


class HistoryFiles(keras.callbacks.Callback):
    """Write the history so far as JSON, as CSV and as a picture after every epoch; `lr` is the learning rate."""

    def __init__(self, folder: str | Path, prefix: str):
        super().__init__()
        self.folder, self.prefix = Path(folder), prefix
        self.history: dict[str, list[float]] = {}

    def on_epoch_end(self, epoch, logs=None):
        values = {key: value for key, value in (logs or {}).items() if key != "learning_rate"}
        values["lr"] = self.model.optimizer.learning_rate
        for key, value in values.items():
            self.history.setdefault(key, []).append(float(value))
        write_json(self.folder / f"{self.prefix}_history.json", self.history)
        write_text(self.folder / f"{self.prefix}_history.csv", self._as_csv())
        plot_training_history(self.history, self.folder / f"{self.prefix}_training_history.png")

    def _as_csv(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["epoch", *self.history])
        writer.writerows([epoch, *row] for epoch, row in enumerate(zip(*self.history.values(), strict=True), start=1))
        return text.getvalue()


class EpochReport(keras.callbacks.Callback):
    """A bar while an epoch runs, and one line with the scores that matter and the time left when it ends."""

    def __init__(self, epochs: int, limit: TimeLimit | None = None):
        super().__init__()
        self.epochs, self.limit = epochs, limit
        self._first_epoch, self._train_start = 0, 0.0
        self._bar: tqdm | None = None

    def on_epoch_begin(self, epoch, logs=None):
        if not self._train_start:
            self._first_epoch, self._train_start = epoch, time.monotonic()
        self._epoch_start = time.monotonic()
        self._bar = tqdm(total=self.params["steps"], desc=f"Epoch {epoch + 1}/{self.epochs}", unit="batch", leave=False)

    def on_train_batch_end(self, batch, logs=None):
        self._bar.update(1)
        self._bar.set_postfix(loss=f"{logs['loss']:.3f}", refresh=False)

    def on_epoch_end(self, epoch, logs=None):
        self._bar.close()
        now = time.monotonic()
        done = epoch + 1 - self._first_epoch
        left = (now - self._train_start) / done * (self.epochs - epoch - 1)
        if self.limit is not None:
            left = max(0.0, min(left, self.limit.limit_s - self.limit.spent_s))
        log.info(
            "epoch %d/%d  loss %.3f  val_loss %.3f  IoU/P/R %s  lr %.1e  %.0f s  (%s left)",
            epoch + 1,
            self.epochs,
            logs["loss"],
            logs.get("val_loss", float("nan")),
            _pixel_scores(logs),
            float(self.model.optimizer.learning_rate),
            now - self._epoch_start,
            _duration(left),
        )

    def on_train_end(self, logs=None):
        if self._bar is not None:
            self._bar.close()


def _pixel_scores(logs: Mapping[str, float]) -> str:
    """The validation scores of every task, as in "wire 0.612/0.743/0.777  junction 0.301/0.502/0.430"."""
    scores = ("iou", "precision", "recall")
    return "  ".join(
        f"{task} " + "/".join(f"{logs.get(f'val_{task}_{score}', float('nan')):.3f}" for score in scores)
        for task in TASKS
    )


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"


class WindowPictures(keras.callbacks.Callback):
    """Every epoch, a few validation windows for TensorBoard: sheet, truth and prediction side by side."""

    def __init__(self, sequence: keras.utils.PyDataset, folder: str | Path, count: int = 4):
        super().__init__()
        self.sequence, self.folder, self.count = sequence, Path(folder), count
        self._writer = None

    def on_epoch_end(self, epoch, logs=None):
        import tensorflow as tf

        if self._writer is None:
            self._writer = tf.summary.create_file_writer(str(self.folder))
        with self._writer.as_default(step=epoch):
            tf.summary.image("validation windows: sheet, truth, prediction", self._pictures(), max_outputs=self.count)
        self._writer.flush()

    def _pictures(self) -> np.ndarray:
        """(N, H, 3 W, 3) float32 in 0..1, the map of each task in its colour."""
        positives = [self.sequence[i] for i in range(min(len(self.sequence), self.count))]
        images = np.concatenate([images for images, _ in positives])
        truth = {task: np.concatenate([y[task] for _, y in positives]) for task in positives[0][1]}
        busiest = np.argsort(-(truth["wire"] > 0).sum((1, 2, 3)), kind="stable")[: self.count]
        predicted = self._predicted(images[busiest])
        paper = 1 - images[busiest]
        return np.concatenate(
            [
                paper,
                _tint(paper, {t: np.maximum(truth[t][busiest], 0) for t in truth}),
                _tint(paper, {t: np.asarray(predicted[t]) for t in truth}),
            ],
            axis=2,
        )

    def _predicted(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """The maps of every task, computed by this process alone."""
        if keras.distribution.distribution() is None:
            return self.model.predict_on_batch(images)
        variables = self.model.trainable_variables, self.model.non_trainable_variables
        here = [[keras.ops.convert_to_numpy(variable) for variable in group] for group in variables]
        return self.model.stateless_call(*here, images, training=False)[0]

    def on_train_end(self, logs=None):
        if self._writer is not None:
            self._writer.close()


def _tint(paper: np.ndarray, maps: dict[str, np.ndarray]) -> np.ndarray:
    """Faded sheets (N, H, W, 3) with the map (N, H, W, 1) of each task in its colour."""
    tinted = 0.6 + 0.4 * paper
    for task, values in maps.items():
        tinted = tinted * (1 - values) + np.array(TASKS[task].colour, np.float32) * values
    return tinted.astype(np.float32)


class FiniteLoss(keras.callbacks.Callback):
    """End the training at the first step whose loss is not a finite number, before anything of it is saved."""

    def __init__(self, windows, folder: str | Path):
        super().__init__()
        self.windows, self.folder = windows, Path(folder)
        self._epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if not math.isfinite(logs["loss"]):
            self._fail(logs["loss"], f"step {batch + 1}", self.windows.sample_names(batch))

    def on_epoch_end(self, epoch, logs=None):
        wrong = [key for key, value in logs.items() if not math.isfinite(value)]
        if wrong:
            self._fail(logs[wrong[0]], f"{wrong[0]} of the whole epoch", ["the held-out sheets"])

    def _fail(self, value: float, place: str, names: list[str]) -> None:
        raise TrainingError(
            wrong_loss(float(value), epoch=self._epoch + 1, place=place, names=names, folder=self.folder)
        )


class StopBetweenSteps(keras.callbacks.Callback):
    """Leave the training, by the exception of `stop`, after the step in which a signal came."""

    def __init__(self, stop: StopAfterStep):
        super().__init__()
        self.stop = stop

    def on_train_batch_end(self, batch, logs=None):
        self.stop.check()

    def on_test_batch_end(self, batch, logs=None):
        self.stop.check()

    def on_epoch_begin(self, epoch, logs=None):
        self.stop.check()


class MemoryCare(keras.callbacks.Callback):
    """After every epoch collect garbage and log what memory the process and the GPUs use.

    What is there after the first epoch (libraries, graphs) stays until the end: later collections pass over it.
    """

    def __init__(self):
        super().__init__()
        self._frozen = False

    def on_epoch_end(self, epoch, logs=None):
        gc.collect()
        if not self._frozen:
            gc.freeze()
            self._frozen = True
        log_memory_usage(f"epoch {epoch + 1}")

    def on_train_end(self, logs=None):
        gc.unfreeze()
