"""Networks have the promised shape and can learn; losses and scores equal numbers worked by hand."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from enhanced_models import MODEL_BUILDERS, compile_model, create_model
from wire_detection.networks.custom_layers import PositionEncoding
from wire_detection.networks.losses import JunctionLoss, WireLoss, binary_cross_entropy, dice_loss, focal_loss
from wire_detection.networks.pixel_scores import PixelScore
from wire_detection.networks.tasks import FILLING, TASKS

TRUTH = np.array([[[[1.0], [0.0]], [[0.0], [-1.0]]]], np.float32)
PREDICTED = np.array([[[[0.8], [0.4]], [[0.1], [0.9]]]], np.float32)
"""One window of 2x2 pixels; the last pixel is not to count."""


def test_binary_cross_entropy_by_hand():
    expected = -(math.log(0.8) + math.log(0.6) + math.log(0.9)) / 3  # = 0.27978
    assert float(binary_cross_entropy(TRUTH, PREDICTED)[0]) == pytest.approx(expected, abs=1e-5)


def test_dice_by_hand():
    expected = 1 - 2 * 0.8 / (1 + 0.8 + 0.4 + 0.1)  # = 0.30435
    assert float(dice_loss(TRUTH, PREDICTED)[0]) == pytest.approx(expected, abs=1e-5)


def test_dice_of_a_window_without_wires_is_0_not_1():
    windows = np.concatenate([np.zeros((1, 2, 2, 1), np.float32), TRUTH])
    loss = np.asarray(dice_loss(windows, np.concatenate([PREDICTED, PREDICTED])))
    np.testing.assert_allclose(loss, [0, 0.30435], atol=1e-4)


def test_focal_by_hand():
    """1 positive pixel, so the floor of 50 divides: (0.006694 + 0.020433 + 0.000263) / 50 = 0.00054781."""
    positive = -0.75 * 0.2**2 * math.log(0.8)
    negatives = -0.25 * (0.4**2 * math.log(0.6) + 0.1**2 * math.log(0.9))
    assert float(focal_loss(TRUTH, PREDICTED)[0]) == pytest.approx((positive + negatives) / 50, rel=1e-5)


def test_focal_is_shared_out_over_the_positives_of_the_batch():
    """Windows of 100 pixels with 40 and 80 positives, 60 in the mean, above the floor of 50.

    A positive given 0.8 costs 0.75 * 0.2^2 * 0.223144 = 0.0066943, a negative given 0.4 costs 0.25 * 0.4^2 * 0.510826
    = 0.0204330: (40 * 0.0066943 + 60 * 0.0204330) / 60 = 0.0248959, (80 * 0.0066943 + 20 * 0.0204330) / 60 = 0.0157367.
    """
    truth = np.stack([np.arange(100) < positives for positives in (40, 80)]).astype(np.float32).reshape(2, 10, 10, 1)
    loss = np.asarray(focal_loss(truth, np.where(truth == 1, 0.8, 0.4)))
    np.testing.assert_allclose(loss, [0.0248959, 0.0157367], rtol=1e-4)


def test_focal_without_positives_is_finite():
    assert np.isfinite(np.asarray(focal_loss(np.zeros_like(TRUTH), PREDICTED))).all()


def test_windows_that_fill_a_batch_up_change_no_loss():
    """Two windows whose positives differ, and the first once more as filling: the mean over the batch stays."""
    rng = np.random.default_rng(0)
    truth = (rng.random((2, 32, 32, 1)) < [[[[0.1]]], [[[0.6]]]]).astype(np.float32)
    predicted = rng.random((2, 32, 32, 1)).astype(np.float32)
    for loss in (WireLoss(), JunctionLoss()):
        filled = loss(np.concatenate([truth, np.full_like(truth[:1], FILLING)]), predicted[[0, 1, 0]])
        assert float(filled) == pytest.approx(float(loss(truth, predicted)), rel=1e-5)


def test_losses_are_finite_at_certain_predictions():
    for loss in (WireLoss(), JunctionLoss()):
        assert np.isfinite(float(loss(TRUTH, 1 - TRUTH)))


def test_junction_loss_keeps_its_parameters():
    again = JunctionLoss.from_config(JunctionLoss(alpha=0.3, gamma=1.0).get_config())
    assert (again.alpha, again.gamma) == (0.3, 1.0)


@pytest.mark.parametrize(
    ("formula", "expected"), [("accuracy", 4 / 7), ("precision", 2 / 3), ("recall", 2 / 4), ("iou", 2 / 5)]
)
def test_scores_by_hand_over_two_batches(formula, expected):
    """Truth 1 1 0 -, 1 1 0 0; said 1 0 0 1, 1 0 1 0: 2 hits, 3 said, 4 true, 7 seen."""
    score = PixelScore(formula)
    score.update_state(np.array([[1, 1, 0, -1]], np.float32), np.array([[0.9, 0.1, 0.2, 0.9]], np.float32))
    score.update_state(np.array([[1, 1, 0, 0]], np.float32), np.array([[0.5, 0.4, 0.6, 0.3]], np.float32))
    assert float(score.result()) == pytest.approx(expected)


def test_scores_of_nothing_against_nothing_are_1():
    score = PixelScore("iou")
    score.update_state(np.zeros((1, 4), np.float32), np.zeros((1, 4), np.float32))
    assert float(score.result()) == 1


def test_positions_tell_rows_and_columns_apart():
    plane = np.asarray(PositionEncoding()(np.zeros((1, 3, 5, 8), np.float32)))[0]
    assert len(np.unique(plane.reshape(15, 8).round(5), axis=0)) == 15
    row = [math.sin(2), math.sin(2 / 500), math.cos(2), math.cos(2 / 500)]
    np.testing.assert_allclose(plane[2, 4, :4], row, atol=1e-5)


@pytest.mark.parametrize("model_type", MODEL_BUILDERS)
def test_every_size_of_window_gives_maps_of_that_size(model_type):
    model = create_model(model_type, (None, None, 3))
    assert model.name == model_type
    for height, width in ((64, 96), (32, 32)):
        output = model(np.zeros((2, height, width, 3), np.float32))
        assert output.keys() == TASKS.keys()
        for values in output.values():
            assert values.shape == (2, height, width, 1) and keras.backend.standardize_dtype(values.dtype) == "float32"
            assert 0 <= float(keras.ops.min(values)) and float(keras.ops.max(values)) <= 1


@pytest.mark.parametrize("model_type", MODEL_BUILDERS)
def test_the_architecture_is_rebuilt_from_its_json(model_type):
    model = create_model(model_type, (64, 64, 3))
    again = keras.models.model_from_json(model.to_json())
    assert [w.shape for w in again.weights] == [w.shape for w in model.weights]


@pytest.mark.parametrize(
    "arguments", [("transformer", (64, 64, 3)), ("unet", (50, 64, 3)), ("unet", (64, 64, 3), "huge")]
)
def test_wrong_choices_are_told(arguments):
    with pytest.raises(ValueError, match="choose from|multiples of 32"):
        create_model(*arguments)


def crossing_windows() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Two windows of 64x64 where two wires cross, in the first with a dot, and with a diagonal that is no wire."""
    images, wires, junctions, crossings = (np.zeros((2, 64, 64, 1), np.float32) for _ in range(4))
    for number, (places, row, column) in enumerate(((junctions, 20, 40), (crossings, 44, 12))):
        images[number, row : row + 3] = images[number, :, column : column + 3] = 1
        wires[number] = images[number]
        places[number, row - 2 : row + 5, column - 2 : column + 5] = 1
        images[number] = np.maximum(np.maximum(images[number], junctions[number]), np.eye(64)[..., None])
    return np.repeat(images, 3, -1), {"wire": wires, "junction": junctions, "crossing": crossings}


@pytest.mark.parametrize("model_type", MODEL_BUILDERS)
def test_every_network_can_learn_two_windows_by_heart(model_type):
    keras.utils.set_random_seed(1)
    model = compile_model(create_model(model_type, (64, 64, 3)), 3e-3)
    images, truth = crossing_windows()
    for _ in range(60):
        logs = model.train_on_batch(images, truth, return_dict=True)
    assert logs["wire_iou"] > 0.9 and logs["junction_iou"] > 0.8 and logs["crossing_iou"] > 0.8
