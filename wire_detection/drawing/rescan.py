"""Sheets as they come back from cameras, scanners and screens: turned, seen askew, of another size, with fat strokes.

The shape of the picture changes here, other than in degradation.py, whose sheets keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation, transform_annotation
from wire_detection.drawing.degradation import Grey, paper_of

MOST_TURNED_DEG = 15.0
"""Beyond it a sheet is turned back in the same way, and its strokes are blurred alike."""

MOST_ASKEW = 0.06
"""By how much of its sides a corner of a photographed page lies inwards."""

ZOOM, LONGEST_SIDE_PX = (0.5, 2.5), 3600
"""Smaller ones lose their letters; larger ones cost more than they teach."""

DESK_GREYS = (40, 170)
"""Of what lies around a photographed page: darker than paper, lighter than ink."""

Rescan = Callable[[Grey, np.random.Generator], tuple[Grey, np.ndarray]]
"""(H, W) uint8 and random numbers to the picture of it (h, w) uint8, and the map (3, 3) from the one to the other."""


def rescan_sheet(image: Grey, annotation: Annotation, rng: np.random.Generator) -> tuple[Grey, Annotation]:
    """The picture of a sheet (H, W) uint8, ink dark on light, taken in one of the ways of RESCANS, and its truth.

    Nets are left out of the truth, as `transform_annotation` does.
    """
    taken, matrix = RESCANS[rng.integers(len(RESCANS))](image, rng)
    return taken, transform_annotation(annotation, matrix, taken.shape)


def turn(image: Grey, rng: np.random.Generator) -> tuple[Grey, np.ndarray]:
    """The whole sheet, turned, on a larger ground of its paper."""
    height, width = image.shape
    angle = float(rng.uniform(-MOST_TURNED_DEG, MOST_TURNED_DEG))
    matrix = np.vstack([cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0), (0, 0, 1)])
    grown = np.abs(matrix[:2, :2]) @ (width, height)
    matrix[:2, 2] += (grown - (width, height)) / 2
    return _warp(image, matrix, tuple(int(np.ceil(side)) for side in grown), paper_of(image)), matrix


def photograph(image: Grey, rng: np.random.Generator) -> tuple[Grey, np.ndarray]:
    """The page seen from aside, on a desk or on paper that goes on."""
    height, width = image.shape
    corners = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * rng.uniform(0, MOST_ASKEW, (4, 2)) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, (corners + inwards).astype(np.float32))
    ground = paper_of(image) if rng.random() < 0.5 else int(rng.integers(*DESK_GREYS))
    return _warp(image, matrix, (width, height), ground), matrix


def zoom(image: Grey, rng: np.random.Generator) -> tuple[Grey, np.ndarray]:
    """The sheet at another number of pixels, as screens enlarge and people shrink."""
    share = min(float(np.exp(rng.uniform(*np.log(ZOOM)))), LONGEST_SIDE_PX / max(image.shape))
    taken = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC)
    shift = (share - 1) / 2
    return taken, np.array([[share, 0, shift], [0, share, shift], [0, 0, 1]])


def fatten(image: Grey, rng: np.random.Generator) -> tuple[Grey, np.ndarray]:
    """Strokes a pixel fatter on all sides, in a square or a round of it."""
    shape = cv2.MORPH_RECT if rng.random() < 0.5 else cv2.MORPH_CROSS
    return cv2.erode(image, cv2.getStructuringElement(shape, (3, 3))), np.eye(3)


RESCANS: tuple[Rescan, ...] = (turn, photograph, zoom, fatten)


def _warp(image: Grey, matrix: np.ndarray, size: tuple[int, int], ground: int) -> Grey:
    return cv2.warpPerspective(
        image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=ground
    )
