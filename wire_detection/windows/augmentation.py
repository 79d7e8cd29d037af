"""Albumentations for windows: geometry, and what printing and scanning do."""

from __future__ import annotations

import os
import random

import cv2
import numpy as np

from wire_detection.windows.targets import TARGETS

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # it would ask the network for a newer release of itself


def build_augmentation(square: bool = True):
    """Albumentations for geometry (mirrors, turns, tilt, scale) and for what printing and scanning do.

    Called with image (H, W, 1) uint8 and the target (H, W) float32 of every task, each declared as a mask.

    Args:
        square: whether windows are; others are turned by half turns alone, so that all keep one shape.
    """
    import albumentations as A

    turns = [A.D4(p=1)] if square else [A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5)]
    paper = {"border_mode": cv2.BORDER_CONSTANT, "fill": 255, "fill_mask": 0}
    return A.Compose(
        [
            *turns,
            A.Affine(
                scale=(0.8, 1.3),
                rotate=(-2.5, 2.5),
                shear=(-1, 1),
                p=0.4,
                mask_interpolation=cv2.INTER_NEAREST,
                **paper,
            ),
            A.OneOf(
                [
                    A.GaussianBlur(blur_limit=(3, 3), sigma_limit=(0.3, 0.9)),
                    A.Downscale(
                        scale_range=(0.6, 0.9),
                        interpolation_pair={"upscale": cv2.INTER_LINEAR, "downscale": cv2.INTER_AREA},
                    ),
                    A.Morphological(scale=(2, 2), operation="dilation"),
                ],
                p=0.3,
            ),
            A.RandomBrightnessContrast(brightness_limit=(-0.15, 0.0), contrast_limit=(-0.4, 0.0), p=0.3),
            A.GaussNoise(std_range=(0.01, 0.06), p=0.3),
            A.ImageCompression(quality_range=(40, 90), p=0.2),
        ],
        additional_targets=dict.fromkeys(TARGETS, "mask"),
    )


def seed_augmentation(augmentation, seed: int) -> None:
    """Let what `augmentation` does next depend on `seed` alone.

    Its transforms draw from one stream: `set_random_seed` would begin the same stream for each of them, and those of
    equal probability would then act together or not at all.
    """
    augmentation.set_random_state(np.random.default_rng(seed), random.Random(seed))
