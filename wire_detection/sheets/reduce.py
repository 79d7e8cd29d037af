"""What concerns the whole of a sheet is measured on a small copy of it, in a few milliseconds."""

from __future__ import annotations

import cv2
import numpy as np


def reduced(grey: np.ndarray, longest_px: int) -> np.ndarray:
    """Make `grey` (H, W) small: its longer side at most `longest_px`, each pixel the mean of those it stands for."""
    scale = longest_px / max(grey.shape)
    if scale >= 1:
        return grey
    size = np.maximum(1, np.round(np.array(grey.shape[::-1]) * scale)).astype(int)
    return cv2.resize(grey, size.tolist(), interpolation=cv2.INTER_AREA)


def reduction(shape: tuple[int, int], small_shape: tuple[int, int]) -> np.ndarray:
    """Find the (3, 3) float64 map from the pixels of a sheet of `shape` (height, width) to those of its small copy."""
    y, x = np.array(small_shape) / np.array(shape)
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])
