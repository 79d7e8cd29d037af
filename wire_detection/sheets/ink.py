"""Ink on a sheet: how dark each pixel is against the paper around it."""

from __future__ import annotations

import cv2
import numpy as np

FIRM_INK = 0.2
"""What is darker than the paper around it by this share of the paper's brightness is ink beyond doubt: strokes are
measured on it, and noise, stains and the soft edges of strokes stay out. The annotator, which shall miss no faint wire
and has rules against what is none, begins lower, at `defaults.INK_THRESHOLD`."""


def darkness(grey: np.ndarray) -> np.ndarray:
    """Measure how much darker than the paper around it each pixel is: (H, W) float32, 0 paper to 1 black.

    The paper's brightness is the grey closing of the sheet at an eighth of its size, so that uneven light and
    shadows of a scan cancel out while strokes, letters and dots (all thinner than a closing's window) remain.
    """
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(
        cv2.copyMakeBorder(small, 16, 16, 16, 16, cv2.BORDER_REPLICATE), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)
    )[16:-16, 16:-16]
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 4), (width, height), interpolation=cv2.INTER_LINEAR)
    dark = grey.astype(np.float32)
    dark /= np.maximum(paper, 1)
    np.subtract(1, dark, out=dark)
    return np.clip(dark, 0, 1, out=dark)


def ink_mask(grey: np.ndarray) -> np.ndarray:
    """Tell which pixels are darker than the paper around them by more than FIRM_INK: (H, W) bool."""
    return darkness(grey) > FIRM_INK
