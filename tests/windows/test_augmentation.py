"""Augmentation moves the targets with the image, brings in bare paper, and depends on its seed alone."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from wire_detection.windows.augmentation import build_augmentation, seed_augmentation

SEEDS = range(20)


@pytest.fixture(scope="module")
def augmentation():
    return build_augmentation()


def figure() -> tuple[np.ndarray, np.ndarray]:
    """A cross of ink (128, 128, 1) uint8, and the same cross as a target (128, 128) float32."""
    image = np.full((128, 128, 1), 255, np.uint8)
    image[40:44, 10:100] = image[20:100, 30:34] = 0
    return image, (image[..., 0] == 0).astype(np.float32)


def augmented(augmentation, seed: int, image: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    seed_augmentation(augmentation, seed)
    return augmentation(image=image, wire=mask, junction=mask)


def test_masks_are_turned_with_the_image(augmentation):
    """Ink and wire mask are the same figure: after mirrors, turns and tilts they still are."""
    image, mask = figure()
    moved = 0
    for seed in SEEDS:
        result = augmented(augmentation, seed, image, mask)
        ink = result["image"][..., 0] < 0.6 * np.median(result["image"])
        np.testing.assert_array_equal(result["wire"], result["junction"])
        both = (ink & (result["wire"] > 0)).sum()
        assert both / max(ink.sum(), 1) > 0.6
        moved += not np.array_equal(result["wire"], mask)
    assert moved >= 12


def test_a_target_keeps_its_values_and_everything_its_shape_and_kind(augmentation):
    """1, 0 and -1, which is not to count: a value between them would be asked for as a probability."""
    image, mask = figure()
    mask[60:, 60:] = -1
    for seed in SEEDS:
        result = augmented(augmentation, seed, image, mask)
        assert set(np.unique(result["wire"])) <= {-1, 0, 1}
        assert (result["image"].shape, result["image"].dtype) == ((128, 128, 1), np.uint8)
        assert (result["wire"].shape, result["wire"].dtype) == ((128, 128), np.float32)


def test_an_oblong_window_keeps_its_shape_and_is_turned_by_half_turns_and_mirrored():
    oblong = build_augmentation(square=False)
    image, mask = (array[20:104] for array in figure())
    seen = [augmented(oblong, seed, image, mask) for seed in range(60)]
    assert {result["image"].shape for result in seen} == {(84, 128, 1)}
    assert {result["wire"].shape for result in seen} == {(84, 128)}
    ways = [mask, mask[::-1], mask[:, ::-1], mask[::-1, ::-1]]
    assert all(any(np.array_equal(result["wire"], way) for result in seen) for way in ways)


def test_what_comes_in_from_outside_is_paper(augmentation):
    """A window of nothing but ink, all of it wire: where the target is 0 afterwards, the image is bright."""
    image, mask = np.zeros((128, 128, 1), np.uint8), np.ones((128, 128), np.float32)
    outside = 0
    for seed in SEEDS:
        result = augmented(augmentation, seed, image, mask)
        new = result["wire"] == 0
        outside += new.any()
        assert ((result["image"][..., 0] > 100) == new).mean() > 0.98
    assert outside >= 2


def test_the_same_seed_gives_the_same_window_and_another_one_another(augmentation):
    image, mask = figure()
    one, same, other = (augmented(augmentation, seed, image, mask) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one["image"], same["image"])
    np.testing.assert_array_equal(one["wire"], same["wire"])
    assert not np.array_equal(one["image"], other["image"])


def test_transforms_act_independently_of_each_other(augmentation):
    """Brightness and noise have a probability of 0.3 each: both act on one window in eleven, not on three in ten."""
    paper, target = np.full((64, 64, 1), 255, np.uint8), np.zeros((64, 64), np.float32)
    seen = [augmented(augmentation, seed, paper, target)["image"] for seed in range(300)]
    darker, noisy = np.array([np.median(image) < 245 for image in seen]), np.array([image.std() > 1 for image in seen])
    assert 55 <= darker.sum() <= 110 and 60 <= noisy.sum() <= 120
    assert 12 <= (darker & noisy).sum() <= 48


def test_albumentations_knows_every_argument_that_it_is_given():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build_augmentation()
