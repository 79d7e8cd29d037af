"""Segments and points are drawn into arrays here, and masks grow by some pixels."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.geometry import clip_to_box, exact_rows

SUBPIXEL_BITS = 4
"""OpenCV draws lines from end points in fixed point with this many binary places."""


def draw_segments(shape: tuple[int, int], segments, thickness_px: float = 1) -> np.ndarray:
    """Draw segments `thickness_px` wide from sub-pixel ends: (H, W) bool; parts outside are cut off."""
    height, width = shape
    rim = thickness_px + 2
    visible, _ = clip_to_box(exact_rows(segments, 4), (-rim, -rim, width - 1 + rim, height - 1 + rim))
    mask = np.zeros((height, width), np.uint8)
    if thickness_px <= 1:
        for x0, y0, x1, y1 in fixed_point(visible).tolist():
            cv2.line(mask, (x0, y0), (x1, y1), 1, 1, cv2.LINE_8, SUBPIXEL_BITS)
    else:  # OpenCV 5 draws a line of thickness 3 five pixels wide
        for corners in fixed_point(_rectangles(visible, thickness_px)):
            cv2.fillConvexPoly(mask, corners, 1, cv2.LINE_8, SUBPIXEL_BITS)
    return mask > 0


def draw_labels(shape: tuple[int, int], segments, labels) -> np.ndarray:
    """Draw the label of the segment on each pixel: (H, W) int32, -1 without any; later segments lie on top."""
    image = np.full(shape, -1, np.int32)
    visible, index = clip_to_box(exact_rows(segments, 4), (-2, -2, shape[1] + 1, shape[0] + 1))
    labels = np.asarray(labels, int).reshape(-1)[index]
    for (x0, y0, x1, y1), label in zip(fixed_point(visible).tolist(), labels.tolist(), strict=True):
        cv2.line(image, (x0, y0), (x1, y1), label, 1, cv2.LINE_8, SUBPIXEL_BITS)
    return image


def fixed_point(values) -> np.ndarray:
    """Convert float pixels to the whole numbers that OpenCV draws from, with SUBPIXEL_BITS as argument `shift`."""
    return np.rint(np.asarray(values) * (1 << SUBPIXEL_BITS)).astype(np.int32)


def _rectangles(s: np.ndarray, thickness_px: float) -> np.ndarray:
    """Give corners (N, 4, 2) that, filled with their outline's pixels (half a pixel a side), are `thickness_px`
    wide."""
    steps = s[:, 2:] - s[:, :2]
    normals = np.stack([-steps[:, 1], steps[:, 0]], 1) / np.maximum(np.hypot(*steps.T), 1e-9)[:, None]
    side = np.tile((thickness_px - 1) / 2 * normals, 2)
    return np.concatenate([s + side, (s - side)[:, [2, 3, 0, 1]]], 1).reshape(-1, 4, 2)


def draw_points(shape: tuple[int, int], points, radius_px: float) -> np.ndarray:
    """Draw discs (H, W) bool of pixels whose centre is within `radius_px` of a point, or that hold the point."""
    height, width = shape
    mask = np.zeros((height, width), bool)
    points = exact_rows(points, 2)
    near = ((points > -radius_px - 1) & (points < np.array([width, height]) + radius_px)).all(1)
    reach = int(np.ceil(radius_px))
    around = np.stack(np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1)), -1).reshape(1, -1, 2)
    points = points[near]
    at_a_time = max(1, 1_000_000 // around.shape[1])  # bounds the memory, however many large discs there are
    for some in (points[i : i + at_a_time] for i in range(0, len(points), at_a_time)):
        pixels = np.rint(some)[:, None] + around
        kept = (np.hypot(*np.moveaxis(pixels - some[:, None], -1, 0)) <= radius_px) | (around == 0).all(-1)
        kept &= ((pixels >= 0) & (pixels < (width, height))).all(-1)
        columns, rows = pixels[kept].astype(int).T
        mask[rows, columns] = True
    return mask


def pixels_at(image: np.ndarray, x, y) -> np.ndarray:
    """Take the values of the pixels that hold the places x and y, which broadcast; of the nearest ones outside."""
    height, width = image.shape
    rows, columns = np.clip(np.rint(y), 0, height - 1).astype(int), np.clip(np.rint(x), 0, width - 1).astype(int)
    return image[rows, columns]


def within(mask: np.ndarray, distance_px: float) -> np.ndarray:
    """Tell which pixels' centres are no further than this from the centre of a pixel of `mask`: (H, W) bool."""
    reach = int(distance_px)
    rows, columns = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    disc = (rows**2 + columns**2 <= distance_px**2).astype(np.uint8)
    return cv2.dilate(np.asarray(mask, np.uint8), disc) > 0


def widened(mask: np.ndarray, reach_px: int) -> np.ndarray:
    """Make `mask` wider by this many pixels on every side, corners too: (H, W) bool."""
    side = 2 * reach_px + 1
    return cv2.dilate(np.asarray(mask, np.uint8), np.ones((side, side), np.uint8)) > 0
