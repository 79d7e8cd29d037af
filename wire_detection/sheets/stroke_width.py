"""How wide the straight strokes of a sheet are."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.ink import FIRM_INK, darkness

WIDEST_STROKE_PX = 40
"""Wider cuts go through fills: a line of this width would measure 1.7 mm on a scan of 600 dpi."""

FRAME_SHARE = 0.6
"""A line over so much of the sheet's side belongs to its frame: hardly a wire runs so far."""

FRAME_RATIO = 1.4
"""A frame whose lines are so many times wider than the drawing's must not pass for it."""

OWN_SHARE = 0.5
"""But where the drawing has so many strokes of the frame's width for each of its usual ones, it is drawn in two widths,
and the wider one decides: at a scale that suits it the thinner strokes are seen too."""

UNKNOWN_STROKE_WIDTH_PX = 2.0
"""The stroke width of a sheet that has no ink to measure, or whose annotation does not state it."""


def stroke_width_px(grey: np.ndarray) -> float:
    """Measure the usual width of the sheet's straight strokes, in pixels, to a fraction of a pixel.

    Each cut across a long horizontal or vertical stroke has the width (sum of its darkness) / (its darkest value);
    the answer is the median of the cuts around the most frequent width. UNKNOWN_STROKE_WIDTH_PX without any ink.
    """
    return stroke_width_of(darkness(grey))


def stroke_width_of(dark: np.ndarray) -> float:
    """Measure `stroke_width_px` of a sheet whose `darkness` (H, W) is known already."""
    turned = cv2.transpose(dark)
    widths, in_frame = np.concatenate([_cut_widths(dark, turned), _cut_widths(turned, dark)], axis=1)
    own = widths[in_frame == 0]
    usual, drawn = _usual_width(widths), _usual_width(own)
    of_frame_alone = _near(own, usual).sum() < OWN_SHARE * _near(own, drawn).sum()
    return drawn if of_frame_alone and usual > FRAME_RATIO * drawn else usual


def _usual_width(widths: np.ndarray) -> float:
    """Find the median of the widths (N,) around the most frequent one."""
    if not len(widths):
        return UNKNOWN_STROKE_WIDTH_PX
    counts, edges = np.histogram(widths, bins=np.arange(0.5, WIDEST_STROKE_PX + 0.5, 0.25))
    smooth = np.convolve(counts, (0.25, 0.5, 0.25), mode="same")
    peak = edges[np.argmax(smooth)] + 0.125
    near = widths[_near(widths, peak)]
    return float(np.median(near)) if len(near) else UNKNOWN_STROKE_WIDTH_PX


def _near(widths: np.ndarray, width: float) -> np.ndarray:
    """Tell which of the widths (N,) are of strokes that are meant to be `width` wide: (N,) bool."""
    return np.abs(widths - width) <= max(0.5, 0.25 * width)


def _cut_widths(dark: np.ndarray, turned: np.ndarray) -> np.ndarray:
    """Measure the vertical cuts through horizontal strokes of 24 px or more (through all ink when there is none).

    Args:
        dark: (H, W) float32; and `turned`, the same transposed, in which a cut is a run along a row.

    Returns:
        (2, N) float32: the width of each cut, and 1 where it goes through a line of a frame, 0 elsewhere.
    """
    ink = (dark > FIRM_INK).astype(np.uint8)
    long_strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 24), np.uint8))
    values = cv2.copyMakeBorder(turned, 0, 0, 1, 1, cv2.BORDER_CONSTANT, value=0)
    rows, flat = values.shape[1], values.ravel()
    inked = flat > FIRM_INK
    changes = np.flatnonzero(inked[1:] != inked[:-1]) + 1
    starts, ends = changes[::2], changes[1::2]
    column, top, bottom = starts // rows, starts % rows - 1, ends % rows - 1
    keep = bottom - top <= WIDEST_STROKE_PX
    if long_strokes.any():
        keep &= long_strokes[(top + bottom) // 2, column] > 0
    column, top, bottom = column[keep], top[keep], bottom[keep]
    if not len(column):
        return np.zeros((2, 0), np.float32)
    first = column * rows + top  # one pixel before the cut: the soft edge belongs to the stroke
    last = column * rows + bottom + 2
    cuts = np.stack([first, np.minimum(last, len(flat) - 1)], 1).ravel()
    total, darkest = (reduce.reduceat(flat, cuts)[::2] for reduce in (np.add, np.maximum))
    middle = (top + bottom) // 2
    in_frame = np.bincount(middle)[middle] > FRAME_SHARE * dark.shape[1]
    return np.stack([total / np.maximum(darkest, FIRM_INK), in_frame.astype(np.float32)])
