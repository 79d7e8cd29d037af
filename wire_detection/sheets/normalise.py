"""The sheet as networks see it: even paper, black ink, strokes of a usual width."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.ink import FIRM_INK, darkness
from wire_detection.sheets.stroke_width import stroke_width_of

NORMAL_STROKE_PX = (1.3, 2.8)
"""Sheets whose stroke width lies in this range keep their scale: resampling would only blur them."""

TARGET_STROKE_PX = 2.0
"""The stroke width to which all other sheets are scaled."""

PREPARATION = (
    f"grey, paper evened to 0, darkest strokes 1; sheets whose strokes are not {NORMAL_STROKE_PX[0]} to "
    f"{NORMAL_STROKE_PX[1]} px wide are scaled to {TARGET_STROKE_PX} px"
)
"""What `normalise_sheet` does, in words: a model file states it, and one that was made for another is refused."""


LARGE_PX = 1000
"""Longer side at TARGET_STROKE_PX, beyond which a sheet of bold strokes shows so much that its letters and symbols are
small beside them: it is scaled to the widest normal strokes only. Networks know both, so their statement stays."""


def normal_scale(stroke_px: float, longer_px: float) -> float:
    """The factor by which a sheet of this stroke width and longer side is scaled before a network sees it."""
    thinnest, thickest = NORMAL_STROKE_PX
    if thinnest <= stroke_px <= thickest:
        return 1.0
    usual = TARGET_STROKE_PX / stroke_px
    return thickest / stroke_px if stroke_px > thickest and longer_px * usual > LARGE_PX else usual


SEEN_WHOLE_PX = 768
"""Longer side of a normalised sheet that a network sees in one tile. Larger sheets are read a second time at half their
scale, which shows it twice as much around a stroke."""


def halve_sheet(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A normalised sheet (H, W) uint8 at half its scale, fine strokes kept dark: a network sees twice as far on it.

    A pixel is halfway between the mean and the darkest of the four that it covers, so that a stroke of one pixel
    neither pales nor swells. Returns (h, w) uint8, and the (2, 3) float64 map from the sheet's coordinates to its own.
    """
    height, width = grey.shape
    even = cv2.copyMakeBorder(grey, 0, height % 2, 0, width % 2, cv2.BORDER_CONSTANT, value=255)
    fours = [even[y::2, x::2] for y in (0, 1) for x in (0, 1)]
    half = (np.sum(fours, 0, dtype=np.float32) / 4 + np.min(fours, 0)) / 2
    return np.round(half).astype(np.uint8), np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]])


def normalise_sheet(grey: np.ndarray, stroke_px: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The sheet as networks see it: even white paper, its darkest strokes black, strokes of a usual width.

    Args:
        grey: (H, W) uint8 sheet.
        stroke_px: its stroke width, measured when not given.

    Returns:
        (h, w) uint8 sheet, and the (2, 3) float64 map from the original's coordinates to the new one's.
    """
    dark = darkness(grey)
    scale = normal_scale(stroke_width_of(dark) if stroke_px is None else stroke_px, max(grey.shape))
    old_size = np.array(grey.shape[::-1], np.float64)
    if scale != 1:
        size = np.maximum(1, np.round(old_size * scale)).astype(int)
        grey = cv2.resize(grey, size.tolist(), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        dark = darkness(grey)
    x_scale, y_scale = grey.shape[::-1] / old_size
    ink = dark[dark > FIRM_INK]
    black = float(np.percentile(ink[:: max(1, len(ink) // 100_000)], 98)) if len(ink) else 1.0
    black = max(black, 1.25 * FIRM_INK)  # what is barely ink is not blown up to black
    # pixel centres are integers: the image's corner, half a pixel before its first centre, stays in place
    matrix = np.array([[x_scale, 0, (x_scale - 1) / 2], [0, y_scale, (y_scale - 1) / 2]])
    dark /= black
    np.clip(dark, 0, 1, out=dark)
    np.subtract(1, dark, out=dark)
    dark *= 255
    return dark.astype(np.uint8), matrix
