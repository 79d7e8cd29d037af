"""One training from the first epoch, or from a saved state, to the last."""

from __future__ import annotations

import logging
from pathlib import Path

import keras

from wire_detection.runs.run_record import RunError
from wire_detection.runs.stop_signal import StopAfterStep
from wire_detection.training.callbacks import FiniteLoss, HistoryFiles, StopBetweenSteps
from wire_detection.training.devices import part_of_batch, refuse_different_windows
from wire_detection.training.keras_internals import build_losses
from wire_detection.training.settings import TrainingSettings
from wire_detection.training.state import SavedState
from wire_detection.training.time_limit import TimeLimit

log = logging.getLogger(__name__)


def enable_determinism() -> None:
    """From now on let this process use only TensorFlow operations that give the same bits each time."""
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()


def log_beginning(asked: TrainingSettings, model: keras.Model, train_gen, val_gen) -> None:
    """Say in one line what is trained on what."""
    log.info(
        "training %s (%s, %d weights) on %d sheets, %d windows of %dx%d an epoch; %d sheets held out",
        *(asked.model_type, asked.model_size, model.count_params()),
        *(len(train_gen.sheets), train_gen.num_windows, *asked.image_size, len(val_gen.sheets)),
    )


def fit_model(
    model: keras.Model,
    train_gen,
    val_gen,
    callbacks: list[keras.callbacks.Callback],
    epochs: int,
    folder: Path,
    saved: SavedState | None,
) -> dict[str, list[float]]:
    """Train `model` for the epochs that `saved` leaves to do; return the whole history.

    Raises:
        TrainingError: when a loss is not finite; the message names `folder`, where what was saved is kept.
        Stopped: after a signal.
    """
    done = 0 if saved is None else saved.epochs_done
    if done > epochs:
        raise RunError(f"--epochs {epochs}: the run has finished {done} already")
    if done:
        log.info("going on after epoch %d", done)
    train_gen.start_epoch(done)
    limit = time_limit(callbacks)
    is_over = saved is not None and (saved.stopped or (limit is not None and limit.was_over(saved.memory)))
    until = done if is_over else epochs
    for windows in (train_gen, val_gen):
        windows.tasks, windows.part = tuple(model.output_names), part_of_batch()
    refuse_different_windows(train_gen, val_gen)
    build_losses(model, train_gen)
    with StopAfterStep() as stop:
        model.fit(
            train_gen,
            validation_data=val_gen,
            epochs=until,
            initial_epoch=done,
            verbose=0,
            shuffle=False,  # the windows are shuffled by the seed; Keras would draw from a state nobody saves
            callbacks=[StopBetweenSteps(stop), FiniteLoss(train_gen, folder), *callbacks],
        )
    return next(c.history for c in callbacks if isinstance(c, HistoryFiles))


def time_limit(callbacks: list[keras.callbacks.Callback]) -> TimeLimit | None:
    """The time limit among the callbacks of a training, if it has one."""
    return next((c for c in callbacks if isinstance(c, TimeLimit)), None)


def reason_of_end(callbacks: list[keras.callbacks.Callback], history: dict[str, list[float]], epochs: int) -> str:
    """Why a training of so many epochs at most, which has this history, is over, as its record says it."""
    if len(history["loss"]) >= epochs:
        return "finished"
    limit = time_limit(callbacks)
    return "time limit" if limit is not None and limit.is_over else "early stop"
