"""What a sheet is drawn on and seen at: ruled paper, a screen's grid and cursor, a pen's pressure, another size."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation, transform_annotation
from wire_detection.drawing.connectivity import nets_of
from wire_detection.drawing.degradation import field
from wire_detection.drawing.style import Style


def lay_on_paper(image: np.ndarray, style: Style, origin: tuple[float, float], rng: np.random.Generator) -> np.ndarray:
    """The sheet (H, W) uint8 on its style's paper, with the grid point (0, 0) at `origin` in pixels."""
    if style.pressure:
        image = press(image, style.pressure, rng)
    if style.ruling:
        image = np.minimum(image, rule(image.shape, style, origin, rng))
    if style.cross_hair:
        image = image.copy()
        x, y = (int(rng.integers(size)) for size in image.shape[::-1])
        image[y], image[:, x] = np.minimum(image[y], style.ruling_tone), np.minimum(image[:, x], style.ruling_tone)
    return image


def press(image: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Strokes that are fainter and thinner in some places than in others."""
    cells = max(2, max(image.shape) // 90)
    light = strength * field(rng, image.shape, cells)
    thin = cv2.dilate(image, np.ones((2, 2), np.uint8)).astype(np.float32)
    grey = image + light * (thin - image)
    return (255 - (255 - grey) * (1 - 0.6 * light)).astype(np.uint8)


def rule(shape: tuple[int, int], style: Style, origin: tuple[float, float], rng: np.random.Generator) -> np.ndarray:
    """(H, W) uint8 paper with the lines, squares, dots or crosses of its ruling, one pixel wide or two."""
    height, width = shape
    pitch = style.ruling_pitch * style.grid_px
    paper, tone = np.full(shape, 255, np.uint8), style.ruling_tone
    ys = np.round(np.arange(origin[1] % pitch, height - 0.5, pitch)).astype(int)
    xs = np.round(np.arange(origin[0] % pitch, width - 0.5, pitch)).astype(int)
    if style.ruling == "dots":
        paper[np.ix_(ys, xs)] = tone
    elif style.ruling == "crosses":
        for step in (-1, 0, 1):
            paper[np.ix_(np.clip(ys + step, 0, height - 1), xs)] = tone
            paper[np.ix_(ys, np.clip(xs + step, 0, width - 1))] = tone
    else:
        paper[ys] = tone
        if style.ruling == "squares":
            paper[:, xs] = tone
        elif rng.random() < 0.5:  # the margin of a writing pad
            paper[:, int(rng.uniform(0.03, 0.15) * width)] = tone
        if style.hand:  # such paper lies a little askew
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 1.5)), 1.1)
            paper = cv2.warpAffine(paper, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    return paper


INTERPOLATIONS = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LINEAR, cv2.INTER_NEAREST)
"""How viewers and browsers show a picture at another size."""


def resize_sheet(
    image: np.ndarray, annotation: Annotation, size: tuple[int, int], rng: np.random.Generator
) -> tuple[np.ndarray, Annotation]:
    """A sheet and its truth at another size (width, height)."""
    x, y = size[0] / image.shape[1], size[1] / image.shape[0]
    way = INTERPOLATIONS[int(rng.integers(len(INTERPOLATIONS)))]
    way = cv2.INTER_AREA if x < 1 and way == cv2.INTER_NEAREST else way  # which would drop thin lines
    matrix = np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2]])  # pixel centres stay at integers
    moved = transform_annotation(annotation, matrix, size[::-1])
    nets = nets_of(moved.wires, moved.junctions, moved.crossings, moved.crossing_types)
    return cv2.resize(image, size, interpolation=way), replace(moved, nets=nets)
