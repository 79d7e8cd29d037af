"""Each callback by itself: what it writes, says, refuses and cleans up at the end of a step or an epoch."""

from __future__ import annotations

import gc
import json
import logging
import math
import weakref
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from tests.helpers.tiny_training import TinyWindows
from wire_detection.training import callbacks as callbacks_file
from wire_detection.training.callbacks import (
    EpochReport,
    FiniteLoss,
    HistoryFiles,
    MemoryCare,
    StopBetweenSteps,
    WindowPictures,
)
from wire_detection.training.failure import TrainingError


def attached(callback, model):
    """The callback as a training has it: with its model."""
    callback.set_model(model)
    return callback


def model_at_rate(rate: float) -> SimpleNamespace:
    """All that some callbacks ask of a model: the learning rate of its optimizer."""
    return SimpleNamespace(optimizer=SimpleNamespace(learning_rate=rate))


def test_the_history_grows_by_a_value_an_epoch_in_every_file(tmp_path):
    files = HistoryFiles(tmp_path, "unet")
    for epoch, (loss, rate) in enumerate(((0.5, 1e-3), (np.float32(0.25), 5e-4))):
        attached(files, model_at_rate(rate)).on_epoch_end(epoch, {"loss": loss, "learning_rate": 9.0})
    history = {"loss": [0.5, 0.25], "lr": [1e-3, 5e-4]}  # Keras' own name of the rate is left out
    assert files.history == json.loads((tmp_path / "unet_history.json").read_text()) == history
    assert (tmp_path / "unet_history.csv").read_text() == "epoch,loss,lr\n1,0.5,0.001\n2,0.25,0.0005\n"
    assert cv2.imread(str(tmp_path / "unet_training_history.png")).shape == (800, 1200, 3)
    assert len(list(tmp_path.iterdir())) == 3


# --- the line of progress ------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """The time in seconds that callbacks see, which stands still until a test moves it."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(callbacks_file.time, "monotonic", lambda: clock.now)
    return clock


LOGS = {
    "loss": 0.5,
    "val_loss": 0.625,
    **{f"val_wire_{name}": value for name, value in (("iou", 0.1), ("precision", 0.2), ("recall", 0.3))},
    **{f"val_junction_{name}": value for name, value in (("iou", 0.4), ("precision", 0.5), ("recall", 0.6))},
}


def reported(report: EpochReport, clock, epochs, seconds: float, logs=LOGS) -> None:
    """Run `epochs` of two steps that take `seconds` each."""
    attached(report, model_at_rate(1e-3)).set_params({"steps": 2})
    for epoch in epochs:
        report.on_epoch_begin(epoch)
        for batch in range(2):
            report.on_train_batch_end(batch, {"loss": 0.5})
        clock.now += seconds
        report.on_epoch_end(epoch, logs)
    report.on_train_end()


def test_an_epoch_ends_with_one_line_of_its_scores_and_the_time_left(clock, caplog):
    """Epochs 5 and 6 of 9 take 90 seconds each: four are left after the first, 6 minutes, then three, 4.5."""
    with caplog.at_level(logging.INFO, "wire_detection.training.callbacks"):
        reported(EpochReport(9), clock, (4, 5), seconds=90)
    assert [line.split("  ")[0] for line in caplog.messages] == ["epoch 5/9", "epoch 6/9"]
    for part in ("loss 0.500  val_loss 0.625", "0.100/0.200/0.300", "0.400/0.500/0.600", "lr 1.0e-03  90 s"):
        assert all(part in line for line in caplog.messages), part
    assert [line.split("(")[-1] for line in caplog.messages] == ["6 min left)", "4 min left)"]


def test_hours_are_told_as_hours(clock, caplog):
    """One of three epochs took 32.5 minutes: 65 are left."""
    with caplog.at_level(logging.INFO, "wire_detection.training.callbacks"):
        reported(EpochReport(3), clock, (0,), seconds=32.5 * 60)
    assert caplog.messages[0].endswith("(1 h 05 min left)")


def test_scores_that_are_not_there_are_told_as_such(clock, caplog):
    with caplog.at_level(logging.INFO, "wire_detection.training.callbacks"):
        reported(EpochReport(1), clock, (0,), seconds=1, logs={"loss": 0.5})
    assert "val_loss nan" in caplog.messages[0] and "nan/nan/nan" in caplog.messages[0]


def test_the_bar_counts_the_steps_and_is_gone_after_the_epoch(clock, capsys):
    report = attached(EpochReport(3), model_at_rate(1e-3))
    report.set_params({"steps": 2})
    report.on_epoch_begin(1)
    report.on_train_batch_end(0, {"loss": 0.125})
    assert (report._bar.n, report._bar.total, report._bar.postfix) == (1, 2, "loss=0.125")
    assert "Epoch 2/3:   0%" in capsys.readouterr().err
    report.on_epoch_end(1, LOGS)
    assert report._bar.disable  # closed
    report.on_train_end()


def test_a_training_that_never_began_an_epoch_ends_quietly(capsys):
    EpochReport(3).on_train_end()
    assert capsys.readouterr() == ("", "")


# --- pictures of windows -------------------------------------------------------------------------------------------


class Windows:
    """Two batches of two windows of 2x2 pixels; of the first batch the second window has the more wires and ink."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int):
        images = np.zeros((2, 2, 2, 3), np.float32)
        wire, junction = np.zeros((2, 2, 2, 2, 1), np.float32)
        images[1, 0, 0] = 1 - index
        wire[0, 0, 0] = wire[1, 0] = 1
        wire[:, 1, 1] = -1  # not to count: shown as what is no wire
        junction[:, 1, 0] = 1
        return images, {"wire": wire, "junction": junction}


class Answer:
    """A model that says that everything is half a wire, and the last pixel a junction."""

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        wire, junction = np.zeros((2, *images.shape[:3], 1), np.float32)
        wire[:] = 0.5
        junction[:, 1, 1] = 1
        return {"wire": wire, "junction": junction}


def pictures_in(folder) -> list[tuple[int, np.ndarray]]:
    """(epoch, (H, W, 3) uint8) of each picture that TensorBoard finds."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util import tensor_util

    events = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    events.Reload()
    (tag,) = events.Tags()["tensors"]
    return [
        (event.step, cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB))
        for event in events.Tensors(tag)
        for data in tensor_util.make_ndarray(event.tensor_proto)[2:]  # width and height stand before the pictures
    ]


def test_tensorboard_shows_sheet_truth_and_prediction_of_the_busiest_windows(tmp_path):
    """A wire is (0, 0.6, 0.2), a junction (0.9, 0, 0), and beside the sheet itself ink is faded to 0.6.

    Half a wire on paper, of 1, is (0.5, 0.8, 0.6); on ink, of 0.6, it is (0.3, 0.6, 0.4).
    """
    pictures = attached(WindowPictures(Windows(), tmp_path, count=1), Answer())
    pictures.on_epoch_end(0)
    pictures.on_epoch_end(1)
    pictures.on_train_end()
    (first, picture), (second, again) = pictures_in(tmp_path)
    white, ink, wire, junction = (1, 1, 1), (0, 0, 0), (0, 0.6, 0.2), (0.9, 0, 0)
    half, half_on_ink = (0.5, 0.8, 0.6), (0.3, 0.6, 0.4)
    expected = [
        [ink, white, wire, wire, half_on_ink, half],
        [white, white, junction, white, half, junction],
    ]
    np.testing.assert_allclose(picture, 255 * np.array(expected), atol=1)
    assert (first, second) == (0, 1) and np.array_equal(picture, again)


def test_without_an_epoch_no_file_is_written(tmp_path):
    attached(WindowPictures(Windows(), tmp_path / "windows"), Answer()).on_train_end()
    assert not (tmp_path / "windows").exists()


# --- losses that are no numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", [math.nan, math.inf, -math.inf])
def test_a_step_without_a_finite_loss_ends_the_training_and_names_its_sheets(tmp_path, loss):
    watch = FiniteLoss(TinyWindows(), tmp_path)
    watch.on_epoch_begin(2)
    watch.on_train_batch_end(0, {"loss": 1e30})
    with pytest.raises(TrainingError, match=rf"^epoch 3, step 2: the loss is {loss}, on windows of sheet_1\.png; "):
        watch.on_train_batch_end(1, {"loss": loss})


def test_an_epoch_without_a_finite_score_ends_the_training_and_names_the_score(tmp_path):
    watch = FiniteLoss(TinyWindows(), tmp_path)
    watch.on_epoch_begin(0)
    watch.on_epoch_end(0, {"loss": 1.0, "val_loss": 2.0})
    with pytest.raises(TrainingError, match="^epoch 1, val_loss of the whole epoch: the loss is nan, .*held-out"):
        watch.on_epoch_end(0, {"loss": 1.0, "val_loss": math.nan})


# --- signals and memory --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["on_train_batch_end", "on_test_batch_end", "on_epoch_begin"])
def test_a_stop_is_looked_for_after_every_step_and_before_every_epoch(moment):
    checked = []
    getattr(StopBetweenSteps(SimpleNamespace(check=lambda: checked.append(moment))), moment)(0, {})
    assert checked == [moment]


def test_garbage_goes_after_every_epoch_and_what_the_first_one_left_is_passed_over_until_the_end(caplog):
    class Ring:
        """An object that only the collector can free: it holds itself."""

        def __init__(self):
            self.itself = self

    care = MemoryCare()
    gc.disable()  # only the callback collects
    try:
        with caplog.at_level(logging.DEBUG, "wire_detection.training.memory"):
            for epoch in range(2):
                ring = weakref.ref(Ring())
                assert ring() is not None
                care.on_epoch_end(epoch)
                assert ring() is None
                frozen = gc.get_freeze_count()
                assert frozen > 1000
        care.on_train_end()
    finally:
        gc.enable()
    assert gc.get_freeze_count() == 0
    assert [message.split(":")[0] for message in caplog.messages] == ["memory epoch 1", "memory epoch 2"]
