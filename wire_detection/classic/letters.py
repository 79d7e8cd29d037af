"""Letters are found without reading them: they are small parts of ink, or stand in rows with others of their height."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.groups import connected_groups

SMALL_PART = 14.0
"""Parts smaller than this many stroke widths in both directions are letters, dashes and specks; a wire hangs together
with the leads and symbols at its ends, and is longer."""

LARGEST_LETTER = 60.0
"""Height of the largest headline letters in stroke widths."""


def without_letters(ink: np.ndarray, stroke_px: float) -> np.ndarray:
    """Clear ink (H, W) uint8 of its small parts and of rows of letters."""
    contours, boxes = parts(ink)
    letter = (boxes[:, 2:].max(1) < SMALL_PART * stroke_px) | in_text_rows(boxes, stroke_px)
    return cv2.drawContours(ink.copy(), [contours[i] for i in np.flatnonzero(letter)], -1, 0, cv2.FILLED)


def parts(ink: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Find the outer contours of the connected parts of ink, those within others' holes too, and their boxes.

    Returns:
        N contours, and (N, 4) int left, top, width, height in pixels.
    """
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = (
        [c for c, (_, _, _, parent) in zip(contours, tree.reshape(-1, 4), strict=True) if parent < 0]
        if len(contours)
        else []
    )
    return outer, np.array([cv2.boundingRect(c) for c in outer], int).reshape(-1, 4)


def in_text_rows(boxes: np.ndarray, stroke_px: float) -> np.ndarray:
    """Tell which parts stand in a row, or a column, of at least three of similar height, close together: (N,) bool.

    boxes is (N, 4): left, top, width, height in pixels.
    """
    return _in_rows(boxes, stroke_px) | _in_rows(boxes[:, [1, 0, 3, 2]], stroke_px)


def _in_rows(boxes: np.ndarray, stroke_px: float) -> np.ndarray:
    height, width = boxes[:, 3], boxes[:, 2]
    fits = (height >= 4 * stroke_px) & (height <= LARGEST_LETTER * stroke_px) & (width <= 1.6 * height)
    letter = np.flatnonzero(fits)
    letter = letter[np.argsort(boxes[letter, 0], kind="stable")]
    left, top, _, tall = boxes[letter].T.astype(np.float64)
    right, bottom = left + boxes[letter, 2], top + tall
    last = np.searchsorted(left, right + 0.7 * tall, "right")
    count = np.maximum(last - np.arange(len(letter)) - 1, 0)
    i = np.repeat(np.arange(len(letter)), count)
    j = i + 1 + np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    overlap = np.minimum(bottom[i], bottom[j]) - np.maximum(top[i], top[j])
    shorter, taller = np.minimum(tall[i], tall[j]), np.maximum(tall[i], tall[j])
    close = (left[j] - right[i] <= 0.7 * shorter) & (overlap >= 0.7 * shorter) & (taller <= 1.6 * shorter)
    row = connected_groups(np.stack([i[close], j[close]], 1), len(letter))
    found = np.zeros(len(boxes), bool)
    found[letter[np.bincount(row, minlength=1)[row] >= 3]] = True
    return found


def strokes_of_text(segments: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Tell which segments (N, 4) lie inside a text box (K, 4) x1 y1 x2 y2 and are no longer than it is high.

    A wire may run under its label, within the label's box; it is longer than a letter.
    """
    found = np.zeros(len(segments), bool)
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    for x0, y0, x1, y1 in boxes:
        inside = (
            (segments[:, [0, 2]] >= x0)
            & (segments[:, [0, 2]] <= x1)
            & (segments[:, [1, 3]] >= y0)
            & (segments[:, [1, 3]] <= y1)
        ).all(1)
        found |= inside & (length <= 1.2 * min(x1 - x0, y1 - y0))
    return found
