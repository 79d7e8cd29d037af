"""The strokes and pins that symbols are made of, in grid units, x to the right, y downwards."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.drawing import Pin, Stroke


def arc(x: float, y: float, radius: float, start_deg: float, stop_deg: float, steps: int = 24) -> np.ndarray:
    """(N, 2) points of an arc, `steps` to a whole circle; angles are counted from the right, downwards."""
    angles = np.radians(np.linspace(start_deg, stop_deg, max(3, int(abs(stop_deg - start_deg) / 360 * steps) + 2)))
    return np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], 1)


def line(*points, kind: str = "symbol", closed: bool = False, fill: str = "") -> Stroke:
    return Stroke(np.array(points, float), kind, closed, fill)


def circle(x: float, y: float, radius: float, kind: str = "symbol", fill: str = "") -> Stroke:
    return Stroke(arc(x, y, radius, 0, 360)[:-1], kind, True, fill)


def rect(x0: float, y0: float, x1: float, y1: float, kind: str = "symbol", fill: str = "") -> Stroke:
    return line((x0, y0), (x1, y0), (x1, y1), (x0, y1), kind=kind, closed=True, fill=fill)


def arrow_head(start, stop, at: float, back: bool, size: float = 0.75) -> Stroke:
    """A filled head whose middle lies `at` of the way from start to stop, pointing to stop, or `back` to start."""
    start, stop = np.array(start, float), np.array(stop, float)
    way = (stop - start) / np.hypot(*(stop - start))
    if back:
        way = -way
    side = np.array([-way[1], way[0]])
    tip = start + at * (stop - start) + way * size / 2
    foot, half = tip - way * size, side * size * 0.45
    return Stroke(np.array([tip, foot + half, foot - half]), "symbol", True, "ink")


def pin(x: float, y: float, ix: float, iy: float, name: str = "", number: str = "", way=None) -> Pin:
    """A pin whose direction follows from its lead, or is `way` for a lead of no length."""
    dx, dy = way if way else (np.sign(x - ix), np.sign(y - iy))
    return Pin(x, y, ix, iy, float(dx), float(dy), name, number)
