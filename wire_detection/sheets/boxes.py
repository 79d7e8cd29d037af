"""An oriented box stands for a segment, as thin as its stroke, or as a small square for a point."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.geometry import as_points, as_segments

LEAST_HALF_PX = 0.05
"""A box never gets thinner than twice this, unless its segment is shorter still: at the image's very edge the middle
line moves by at most half of it."""


def boxes_of_segments(segments, width_px: float, shape: tuple[int, int]) -> np.ndarray:
    """Put boxes around segments: as long as they are, `width_px` wide, and inside the image.

    A box that would stick out of the image gets thinner on both sides, so that the segment stays its middle line; so
    does one wider than half its length, so that its longer side stays the segment's direction.

    Args:
        segments: (N, 4) x0 y0 x1 y1 in pixels, pixel centres at integers.
        shape: (height, width) of the image.

    Returns:
        (N, 4, 2) float64 corners x y: start and end on one side, end and start on the other.
    """
    s = as_segments(segments).astype(np.float64)
    step = s[:, 2:] - s[:, :2]
    length = np.hypot(*step.T)
    normal = np.stack([-step[:, 1], step[:, 0]], 1) / np.maximum(length, 1e-9)[:, None]
    room = _room(s.reshape(-1, 2), shape).reshape(-1, 2, 2).min(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        fitting = np.where(np.abs(normal) > 1e-9, room / np.abs(normal), np.inf).min(1)
    half = np.minimum(np.maximum(np.minimum(width_px / 2, fitting), LEAST_HALF_PX), length / 4)
    side = np.tile(half[:, None] * normal, 2)
    corners = np.concatenate([s + side, (s - side)[:, [2, 3, 0, 1]]], 1).reshape(-1, 4, 2)
    return _inside(corners, shape)


def boxes_of_points(points, side_px: float, shape: tuple[int, int]) -> np.ndarray:
    """Give the corners (N, 4, 2) float64 of squares around points (N, 2), smaller near the edge of the image."""
    p = as_points(points).astype(np.float64)
    half = np.maximum(np.minimum(side_px / 2, _room(p, shape).min(1)), LEAST_HALF_PX)
    return _inside(corners_of_bounds(np.concatenate([p - half[:, None], p + half[:, None]], 1)), shape)


def axis_of_outline(points: np.ndarray) -> np.ndarray:
    """Find x0 y0 x1 y1, the long axis of the narrowest box around the corners (N, 2) of a thin outline.

    Four corners are taken for those of the box itself.
    """
    points = np.asarray(points, np.float32)
    corners = points if len(points) == 4 else cv2.boxPoints(cv2.minAreaRect(points))
    return axes_of_boxes(corners)[0][0].astype(np.float64)


def corners_of_bounds(bounds) -> np.ndarray:
    """Give the corners (N, 4, 2) float64, around each, of upright boxes (N, 4) x1 y1 x2 y2."""
    bounds = np.asarray(bounds, np.float64).reshape(-1, 4)
    return bounds[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)


def bounds_of_boxes(corners) -> np.ndarray:
    """Give the upright boxes (N, 4) float64 x1 y1 x2 y2 around boxes (N, 4, 2)."""
    corners = np.asarray(corners, np.float64).reshape(-1, 4, 2)
    return np.concatenate([corners.min(1), corners.max(1)], 1)


def box_is_visible(bounds, shape: tuple[int, int]) -> bool:
    """Tell whether any of an upright box x1 y1 x2 y2 lies between the centres of the outer pixels of an image."""
    height, width = shape
    return bool(bounds[2] > 0 and bounds[3] > 0 and bounds[0] < width - 1 and bounds[1] < height - 1)


def axes_of_boxes(corners) -> tuple[np.ndarray, np.ndarray]:
    """Find the long middle lines of boxes (N, 4, 2), corners in order around each.

    Returns:
        (N, 4) float64 segments, and (N,) float64 lengths of the shorter sides.
    """
    c = np.asarray(corners, np.float64).reshape(-1, 4, 2)
    first = np.hypot(*np.moveaxis(c[:, 1] - c[:, 0] + c[:, 2] - c[:, 3], -1, 0)) / 2
    second = np.hypot(*np.moveaxis(c[:, 2] - c[:, 1] + c[:, 3] - c[:, 0], -1, 0)) / 2
    along_first = np.concatenate([c[:, 0] + c[:, 3], c[:, 1] + c[:, 2]], 1) / 2
    along_second = np.concatenate([c[:, 0] + c[:, 1], c[:, 3] + c[:, 2]], 1) / 2
    return np.where((first >= second)[:, None], along_first, along_second), np.minimum(first, second)


def _room(points: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Measure how far each point (N, 2) lies from the image's nearer edge in x and in y: (N, 2), 0 outside."""
    size = np.array(shape[::-1], np.float64)
    return np.maximum(np.minimum(points + 0.5, size - 0.5 - points), 0)


def _inside(corners: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.clip(corners, -0.5, np.array(shape[::-1]) - 0.5)
