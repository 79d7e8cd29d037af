"""A circuit drawn pixel by pixel, and which of its wires were not found."""

from __future__ import annotations

import numpy as np

WIDTH, HEIGHT = 900, 700
BODIES = ((100, 150, 200, 500), (600, 150, 700, 500))


def line(grey: np.ndarray, x0: int, y0: int, x1: int, y1: int, ink: int = 0) -> None:
    """A horizontal or vertical stroke 2 px wide; its centre line lies half a pixel below or right of what is given."""
    grey[min(y0, y1) : max(y0, y1) + 2, min(x0, x1) : max(x0, x1) + 2] = ink


def dot(grey: np.ndarray, x: int, y: int, ink: int = 0) -> None:
    """A disc of 11 px around the middle of strokes at x and y."""
    yy, xx = np.mgrid[: grey.shape[0], : grey.shape[1]]
    grey[np.hypot(xx - x - 0.5, yy - y - 0.5) <= 5.5] = ink


def body(grey: np.ndarray, x0: int, y0: int, x1: int, y1: int, ink: int = 0) -> None:
    for side in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
        line(grey, *side, ink)


def circuit(ink: int = 0) -> np.ndarray:
    """Two bodies, wires from one to the other at y = 200 and 300, and a wire down from a dot on the first one at
    x = 400, over the second one without a dot, to y = 420 and around a corner to the second body."""
    grey = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for box in BODIES:
        body(grey, *box, ink)
    for y in (200, 300):
        line(grey, 200, y, 600, y, ink)
    line(grey, 400, 200, 400, 420, ink)
    line(grey, 400, 420, 600, 420, ink)
    dot(grey, 400, 200, ink)
    return grey


WIRES = np.array(
    [
        [200.5, 200.5, 600.5, 200.5],
        [200.5, 300.5, 600.5, 300.5],
        [400.5, 200.5, 400.5, 420.5],
        [400.5, 420.5, 600.5, 420.5],
    ]
)


def misses(expected: np.ndarray, found: np.ndarray, tolerance_px: float) -> list:
    """The expected segments that no found one matches at both ends, in either direction."""
    turned = found[:, [2, 3, 0, 1]]
    return [
        e.tolist()
        for e in expected
        if not len(found) or min(np.abs(found - e).max(1).min(), np.abs(turned - e).max(1).min()) > tolerance_px
    ]
