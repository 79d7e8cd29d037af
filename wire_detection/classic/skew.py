"""By how much a sheet is turned, and the sheet turned upright."""

from __future__ import annotations

import cv2
import numpy as np

LARGEST_SKEW_DEG = 3.0

SMALLEST_SKEW_DEG = 0.06
"""A smaller turn moves the end of a 1,000 px wire by about a pixel; turning the image would blur it more than that."""


def skew_angle_deg(ink: np.ndarray, stroke_px: float) -> float:
    """The angle by which the sheet is turned, in degrees, image coordinates (y down); 0 where nothing tells.

    The right angle is the one whose shear puts the ink of long strokes into the fewest rows and columns: the sum of
    squares of the two projections is largest there (Postl's projection criterion).
    """
    length = odd(max(12, 10 * stroke_px))
    horizontal = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    vertical = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    points = [_some_points(horizontal), _some_points(vertical)[::-1]]
    points = [(across.astype(np.float64), along.astype(np.float64)) for across, along in points if len(across)]
    if not points:
        return 0.0
    signs = (-1.0, 1.0) if len(points) == 2 else ((-1.0,) if horizontal.any() else (1.0,))

    def sharpness(angle: float) -> float:
        total = 0.0
        for (across, along), sign in zip(points, signs, strict=True):
            rows = across + sign * along * np.tan(np.radians(angle))
            counts = np.bincount((rows - rows.min()).astype(np.int64))
            total += float((counts.astype(np.float64) ** 2).sum())
        return total

    best = 0.0
    for reach, step in ((LARGEST_SKEW_DEG, 0.1), (0.1, 0.01)):
        angles = best + np.arange(-round(reach / step), round(reach / step) + 1) * step
        scores = np.array([sharpness(a) for a in angles])
        best = float(angles[np.argmax(scores - 1e-9 * np.abs(angles) * scores.max())])
    return best if abs(best) >= SMALLEST_SKEW_DEG and abs(best) < LARGEST_SKEW_DEG else 0.0


def odd(size: float) -> int:
    """The nearest odd number: OpenCV's opening with a kernel of even size moves what it keeps by a pixel."""
    return 2 * int(round((size - 1) / 2)) + 1


def _some_points(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of every n-th pixel of a mask (H, W) uint8, 20,000 to 40,000 of them where there are as many."""
    places = np.flatnonzero(mask.view(bool))
    return np.divmod(places[:: max(1, len(places) // 20_000)], mask.shape[1])


def rotate_upright(darkness: np.ndarray, angle_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """Turn `darkness` (H, W) by -angle_deg on a canvas that holds all of it.

    Returns:
        the turned array, and the (2, 3) matrix that maps its points (x, y) back to the given array.
    """
    height, width = darkness.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle_deg, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    new_width, new_height = int(np.ceil(width * cos + height * sin)), int(np.ceil(width * sin + height * cos))
    turn[:, 2] += (new_width - width) / 2, (new_height - height) / 2
    turned = cv2.warpAffine(darkness, turn, (new_width, new_height), flags=cv2.INTER_LINEAR, borderValue=0)
    return turned, cv2.invertAffineTransform(turn)
