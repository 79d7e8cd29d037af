"""Bars and their contacts, made by hand."""

from __future__ import annotations

import numpy as np

from wire_detection.classic.contacts import find_contacts
from wire_detection.classic.strokes import Bars


def bars_of(*segments, width: float = 2.0):
    """Black bars along horizontal and vertical segments x0 y0 x1 y1, from left to right, top to bottom."""
    s = np.array(segments, np.float32).reshape(-1, 4)
    vertical = s[:, 0] == s[:, 2]
    low, high, offset = (np.where(vertical, s[:, a], s[:, b]) for a, b in ((1, 0), (3, 2), (0, 1)))
    return Bars(vertical, low, high, offset, np.full(len(s), width, np.float32), np.ones(len(s), np.float32))


def contacts_of(bars, marks=(), radius: float = 4.0, stroke_px: float = 2.0):
    """Where `bars` meet, dots of this radius at `marks`."""
    marks = np.array(marks, np.float32).reshape(-1, 2)
    return find_contacts(bars, marks, np.full(len(marks), radius, np.float32), stroke_px)
