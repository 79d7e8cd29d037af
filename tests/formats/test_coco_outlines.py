"""Masks in runs against the same masks drawn pixel by pixel, and their cost."""

from __future__ import annotations

import time

import cv2
import numpy as np

from wire_detection.formats.coco_outlines import outline_of_segmentation


def drawn_hull(height: int, width: int, runs: list[int]) -> np.ndarray:
    """Of the corners of all pixels inside."""
    inside = np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(width, height)
    pixels = np.argwhere(inside)
    corners = np.concatenate([pixels + corner for corner in ((0, 0), (0, 1), (1, 0), (1, 1))])
    return cv2.convexHull(corners.astype(np.float32))[:, 0]


def test_the_hull_of_runs_is_that_of_the_drawn_pixels():
    rng = np.random.default_rng(0)
    for _ in range(300):
        height, width = rng.integers(1, 9, 2).tolist()
        cuts = np.sort(rng.integers(0, height * width + 1, rng.integers(1, 6)))
        runs = np.diff([0, *cuts, height * width]).tolist()
        if sum(runs[1::2]):
            read = outline_of_segmentation({"size": [height, width], "counts": runs})
            assert sorted(read.tolist()) == sorted(drawn_hull(height, width, runs).tolist())


def test_a_large_mask_costs_no_more_than_its_runs():
    begin = time.process_time()
    for _ in range(100):
        read = outline_of_segmentation({"size": [14_000, 14_000], "counts": [0, 14_000**2]})
    assert time.process_time() - begin < 2
    assert sorted(read.tolist()) == [[0, 0], [0, 14_000], [14_000, 0], [14_000, 14_000]]
