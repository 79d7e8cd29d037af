"""A sheet is turned upright and its lines are made parallel, as if it lay flat under the camera."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.geometry import transform_points
from wire_detection.sheets.hough import Axes

LEAST_SHEAR = 0.006
"""Axes that are square to 0.3 degrees count as square."""


def upright_map(axes: Axes, shape: tuple[int, int]) -> np.ndarray:
    """Find the (3, 3) float64 map from the pixels of a sheet of `shape` (height, width) to those of the upright one.

    The upright sheet is as large as it must be to hold all of the given one, and its middle has the same scale.
    """
    height, width = shape
    unit = np.hypot(width, height) / 2
    to_pixels = np.array([[unit, 0, (width - 1) / 2], [0, unit, (height - 1) / 2], [0, 0, 1]])
    upright_to_given = to_pixels @ _turn(axes.turn_deg) @ _plane(axes)
    given_to_upright = np.linalg.inv(upright_to_given)
    corners = np.array([[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 0.5], [-0.5, height - 0.5]])
    low = transform_points(corners, given_to_upright).min(0) * unit
    return np.array([[unit, 0, -low[0] - 0.5], [0, unit, -low[1] - 0.5], [0, 0, 1]]) @ given_to_upright


def size_after(matrix: np.ndarray, shape: tuple[int, int]) -> tuple[int, int]:
    """Find the (height, width) that holds a sheet of `shape` after the map `matrix` (3, 3), from its top left on."""
    height, width = shape
    corners = np.array([[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 0.5], [-0.5, height - 0.5]])
    high = np.ceil(transform_points(corners, matrix).max(0) + 0.5 - 1e-3).astype(int)
    return int(high[1]), int(high[0])


def warp_sheet(grey: np.ndarray, matrix: np.ndarray, paper: int = 255) -> np.ndarray:
    """Draw the sheet (H, W) uint8 after the map `matrix` (3, 3); beyond its edges lies paper of the tone `paper`."""
    size = size_after(matrix, grey.shape)[::-1]
    return cv2.warpPerspective(grey, matrix, size, flags=cv2.INTER_CUBIC, borderValue=paper)


def _turn(angle_deg: float) -> np.ndarray:
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def _plane(axes: Axes) -> np.ndarray:
    """State the upright plane in the coordinates of `Axes`: x runs towards (1, a, p), y towards (b, 1, q).

    Slopes that differ from those of a sheet that is only turned by less than can be measured are made square.
    """
    a, b = axes.a, axes.b
    if axes.converge:
        return np.array([[1, b, 0], [a, 1, 0], [axes.p, axes.q, 1]])
    if abs(a + b) < LEAST_SHEAR:
        a, b = (a - b) / 2, (b - a) / 2
    return np.array([[1, b, 0], [a, 1, 0], [0, 0, 1]])
