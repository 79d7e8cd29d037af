"""Bars and their contacts, made by hand."""

from __future__ import annotations

import numpy as np

from wire_detection.classic.contacts import find_contacts
from wire_detection.classic.features import features
from wire_detection.classic.strokes import Bars


def bars_of(*segments, width: float = 2.0):
    """Black bars along horizontal and vertical segments x0 y0 x1 y1, from left to right, top to bottom."""
    s = np.array(segments, np.float32).reshape(-1, 4)
    vertical = s[:, 0] == s[:, 2]
    low, high, offset = (np.where(vertical, s[:, a], s[:, b]) for a, b in ((1, 0), (3, 2), (0, 1)))
    return Bars(
        vertical,
        low,
        high,
        offset,
        np.full(len(s), width, np.float32),
        np.ones(len(s), np.float32),
        np.zeros(len(s), np.float32),
    )


def contacts_of(bars, marks=(), radius: float = 4.0, stroke_px: float = 2.0):
    """Where `bars` meet, dots of this radius at `marks`."""
    marks = np.array(marks, np.float32).reshape(-1, 2)
    return find_contacts(bars, marks, np.full(len(marks), radius, np.float32), stroke_px)


T = bars_of([10, 50, 210, 50], [100, 50, 100, 150], [210, 50, 210, 90])
"""A wire, a stem on its middle, and another bar around its right corner."""


def features_of(bars, *, dots=(), ink=None) -> dict[str, np.ndarray]:
    """The features of `bars` on a sheet of 600x400 pixels with strokes of 2 px; without `ink` all ends are free."""
    ink = np.zeros((400, 600), np.uint8) if ink is None else ink
    dots = np.array(dots, np.float32).reshape(-1, 2)
    column = features(bars, contacts_of(bars, dots), dots, np.zeros((0, 2), np.float32), ink, 2.0, 2.0, 12)
    assert all(values.shape == (len(bars),) and values.dtype == np.float32 for values in column.values())
    return column
