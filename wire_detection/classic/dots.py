"""Junctions are dots, known by their shape and by the wires that meet in them.

A drawn dot is a disc wider than the strokes that run through it. Squares (the pin marks of some editors), letters and
filled symbols are told apart by outline, by the ink around them and by size: a sheet draws all its dots alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from wire_detection.classic.blocks import blocks
from wire_detection.classic.skew import odd
from wire_detection.classic.strokes import Bars

SMALLEST_DOT, LARGEST_DOT = 3.0, 20.0
"""Diameters of a dot in stroke widths; drawing programs use 4 to 18."""

LEAST_ROUND, ROUNDEST_SQUARE = 0.95, 1.03
"""Reach at 45 degrees / reach at 25 and 65 degrees: 1.00 for a disc, 1.17 for a square, some 1.05 for a blurred one,
below 0.95 for the blots where letters or strokes run together."""

RING = 1.45
"""Radius, in dot radii, of the ring around a dot on which only the wires that lead away should have ink."""

SIZE_TOLERANCE = 0.12
"""Dots of one sheet differ in diameter by no more than this share of it, soft edges and a scan's blur included."""

JUNCTION_CONFIDENCES = (0.99, 0.75)
"""Of a dot where three wires or more lead away, and where only two were found: 99.5 % of 1846 and 86 % of 120 were
right on drawn sheets (benchmarks/annotator_reliability.py 200)."""


@dataclass(frozen=True)
class Blobs:
    """Compact filled shapes, N of them.

    centre: (N, 2) float32 x y in pixels           diameter: (N,) float32, twice the mean reach off the axes, in pixels
    squareness: (N,) reach at 45 degrees over reach at 25 and 65 degrees
    ring_ink: (N,) share of ink on the ring around the shape    stray_ink: (N,) the same away from the four directions
    """

    centre: np.ndarray
    diameter: np.ndarray
    squareness: np.ndarray
    ring_ink: np.ndarray
    stray_ink: np.ndarray

    def __len__(self) -> int:
        return len(self.diameter)

    def take(self, index: np.ndarray) -> Blobs:
        """Choose the blobs of `index`, a mask or numbers."""
        return Blobs(*(getattr(self, name)[index] for name in self.__dataclass_fields__))


def find_blobs(darkness: np.ndarray, ink: np.ndarray, stroke_px: float) -> Blobs:
    """Find filled shapes of a dot's size in `ink` (H, W) uint8, measured on `darkness` (H, W) float32."""
    size = max(5, odd(SMALLEST_DOT * stroke_px))  # 5: the soft edges of a 2 px line make it 4 px thick
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    fills = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
    shapes, _ = cv2.findContours(fills, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    sides = np.array([cv2.boundingRect(shape)[2:] for shape in shapes], np.float32).reshape(-1, 2)
    fits = (sides.max(1) <= LARGEST_DOT * stroke_px) & (sides.min(1) >= 0.7 * sides.max(1))
    centres, side = _centroids([shapes[i] for i in np.flatnonzero(fits)]), sides[fits].mean(1)
    if not len(side):
        return Blobs(np.zeros((0, 2), np.float32), *(np.zeros(0, np.float32) for _ in range(4)))
    diagonal = np.median(_reach(darkness, centres, side, (45, 135, 225, 315)), 0)
    between = np.median(_reach(darkness, centres, side, (25, 65, 115, 155, 205, 245, 295, 335)), 0)
    diameter = 2 * between
    angles = np.arange(0, 360, 5)
    ring = _sample(darkness, centres, np.radians(angles)[:, None], (RING * diameter / 2)[None]) > 0.15
    stray = np.abs((angles + 45) % 90 - 45) > 20
    return Blobs(
        centres, diameter.astype(np.float32), diagonal / np.maximum(between, 0.5), ring.mean(0), ring[stray].mean(0)
    )


def _centroids(shapes: list[np.ndarray]) -> np.ndarray:
    """Find the centres (N, 2) float32 x y of the areas in contours; the kernel makes none of them a line."""
    moments = [cv2.moments(shape) for shape in shapes]
    return np.array([(m["m10"] / m["m00"], m["m01"] / m["m00"]) for m in moments], np.float32).reshape(-1, 2)


def _sample(darkness: np.ndarray, centres: np.ndarray, angle: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Sample the darkness at `radius` in direction `angle` from the centres (N, 2); both broadcast to (..., N)."""
    x = (centres[:, 0] + np.cos(angle) * radius).astype(np.float32)
    y = (centres[:, 1] + np.sin(angle) * radius).astype(np.float32)
    values = cv2.remap(darkness, x.reshape(x.shape[0], -1), y.reshape(x.shape[0], -1), cv2.INTER_LINEAR)
    return values.reshape(x.shape)


def _reach(darkness: np.ndarray, centres: np.ndarray, side: np.ndarray, angles_deg: tuple[float, ...]) -> np.ndarray:
    """Measure how far the ink reaches from each centre in each direction, (A, N) pixels: darkness over its value
    inside."""
    steps = np.arange(0, 1.0, 0.04)
    out = []
    for angle in np.radians(angles_deg):
        profile = _sample(darkness, centres, angle, steps[:, None] * side[None])
        inside = np.maximum(np.median(profile[2:9], 0), 0.05)  # not the very centre: a darker line may run over it
        ended = np.cumsum(profile < 0.15 * inside, 0) > 0
        out.append(np.where(ended, 0, profile).sum(0) * 0.04 * side / inside)
    return np.array(out)


def dots_and_squares(blobs: Blobs, bars: Bars, stroke_px: float) -> tuple[Blobs, Blobs]:
    """Choose the blobs that are junction dots, and those that are the small squares of editors that mark wire ends.

    A dot or square has clean paper around it but for the strokes that lead away, at least two for a dot. All dots of a
    sheet have one size: that of those where three strokes or more meet.
    """
    clean = (blobs.stray_ink <= 0.17) & (blobs.ring_ink <= 0.36)
    leading = arms(blobs.centre, blobs.diameter / 2 + 2 * stroke_px, bars, 1.5 * stroke_px).sum(1)
    round_ = clean & (leading >= 2) & (LEAST_ROUND <= blobs.squareness) & (blobs.squareness < ROUNDEST_SQUARE)
    sure = round_ & (leading >= 3) if (round_ & (leading >= 3)).any() else round_
    if sure.any():
        round_ &= _of_one_size(blobs.diameter, _usual_size(blobs.diameter[sure]))
    square = clean & (leading >= 1) & (blobs.squareness >= ROUNDEST_SQUARE)
    return blobs.take(round_), blobs.take(square)


def _of_one_size(diameter: np.ndarray, usual: float) -> np.ndarray:
    return np.abs(diameter - usual) <= SIZE_TOLERANCE * usual


def _usual_size(diameter: np.ndarray) -> float:
    """Find the size of most shapes, by width: dots are drawn to be seen, end marks and blobs of letters are not."""
    votes = [_of_one_size(diameter, d).sum() * d for d in diameter]
    return float(np.median(diameter[_of_one_size(diameter, diameter[int(np.argmax(votes))])]))


def arms(centres: np.ndarray, reach_px: np.ndarray, bars: Bars, tolerance_px: float) -> np.ndarray:
    """Tell whether a bar leads away from each point to the left, right, up and down: (N, 4) bool.

    A bar leads away when its line passes within `tolerance_px` of the point and it is there at reach_px (N,) from it.
    """
    found = np.zeros((len(centres), 4), bool)
    for column, (vertical, sign) in enumerate(((False, -1), (False, 1), (True, -1), (True, 1))):
        chosen = bars.take(bars.vertical == vertical)
        for block in blocks(len(centres), len(chosen)):
            along, across = chosen.places_of(centres[block])
            spot = along + sign * reach_px[block]
            near = np.abs(across - chosen.offset[:, None]) <= tolerance_px
            found[block, column] = (near & (chosen.low[:, None] <= spot) & (chosen.high[:, None] >= spot)).any(0)
    return found


def find_junctions(dots: Blobs, wires: Bars, stroke_px: float) -> tuple[np.ndarray, tuple[str, ...], np.ndarray]:
    """Find the dots at which wires meet: points (M, 2), types and confidences (M,).

    "T" where three wires meet, "cross" where four do, "dot" where one runs through or two end: the third stroke may be
    a symbol's lead. A crossing or a corner without a dot is no junction.
    """
    leading = arms(dots.centre, dots.diameter / 2 + 2 * stroke_px, wires, 1.5 * stroke_px).sum(1)
    kept = np.flatnonzero(leading >= 2)
    types = tuple({3: "T", 4: "cross"}.get(int(n), "dot") for n in leading[kept])
    return dots.centre[kept], types, np.where(leading[kept] >= 3, *JUNCTION_CONFIDENCES).astype(np.float32)
