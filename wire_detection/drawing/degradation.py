"""Spoils clean sheets as print, copiers, scanners, age and office life do, and moves the truth along."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation, transform_annotation
from wire_detection.drawing.connectivity import nets_of

MAX_SKEW_DEG = 3.0
"""How far a sheet lies askew on the glass of a scanner, at full strength; more would be put straight by hand."""
MAX_WARP_PX = 1.5
"""How far the paper bends. A wire stays a straight segment in the truth, so the bow must stay below a stroke."""

Grey = np.ndarray
Effect = Callable[[Grey, np.random.Generator, float], Grey]
"""(H, W) uint8, random numbers and a strength from 0 (nothing) to 1 to the spoilt (H, W) uint8."""


def degrade_sheet(
    image: Grey, annotation: Annotation, rng: np.random.Generator, *, strength: float
) -> tuple[Grey, Annotation]:
    """Spoil a sheet by one recipe of RECIPES; its shape stays.

    Args:
        image: (H, W) uint8, ink dark on light.
        annotation: its truth.
        strength: 0 leaves the sheet as it is, 1 goes to the edge of legibility.
    """
    if strength <= 0:
        return image, annotation
    shares = np.array([recipe.share for recipe in RECIPES.values()])
    name = str(rng.choice(list(RECIPES), p=shares / shares.sum()))
    if RECIPES[name].askew:
        image, annotation = bend(image, annotation, rng, strength)
    for effect, share in RECIPES[name].effects:
        if rng.random() < share:
            image = effect(image, rng, strength * float(rng.uniform(0.4, 1.0)))
    metadata = {**annotation.metadata, "degradation": name, "strength": round(float(strength), 3)}
    return image, replace(annotation, metadata=metadata)


def bend(image: Grey, annotation: Annotation, rng: np.random.Generator, strength: float) -> tuple[Grey, Annotation]:
    """Turn the sheet a little, as it lies askew on the glass, and warp it slightly; what leaves the image is cut."""
    height, width = image.shape
    angle = float(np.clip(rng.normal(0, 0.45), -1, 1)) * MAX_SKEW_DEG * min(1.0, 2 * strength)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[:, 2] += rng.uniform(-4, 4, 2) * strength
    warp = _Warp(rng, (height, width), MAX_WARP_PX * strength * float(rng.uniform(0, 1)))
    back = cv2.invertAffineTransform(matrix)
    ys, xs = np.mgrid[0:height:16, 0:width:16].astype(np.float32)
    moved = np.stack([xs, ys], -1) - warp.shift(np.stack([xs, ys], -1))
    source = (moved @ back[:, :2].T + back[:, 2]).astype(np.float32)
    # the map is smooth: computed on every 16th pixel, with the outer row and column repeated by the affine rule
    maps = [_full_map(source[..., k], (height, width)) for k in range(2)]
    border = paper_of(image)
    image = cv2.remap(image, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=border)
    annotation = transform_annotation(annotation, matrix, (height, width))
    wires = warp.move(annotation.wires.reshape(-1, 2)).reshape(-1, 4)
    junctions = warp.move(annotation.junctions)
    crossings = warp.move(annotation.crossings)
    annotation = replace(
        annotation,
        wires=wires,
        junctions=junctions,
        crossings=crossings,
        nets=nets_of(wires, junctions, crossings, annotation.crossing_types),
        pins=warp.move(annotation.pins.reshape(-1, 2)).reshape(-1, 4),
        buses=warp.move(annotation.buses.reshape(-1, 2)).reshape(-1, 4),
    )
    return image, annotation


def paper_of(image: Grey) -> int:
    """The usual grey of a sheet (H, W) uint8, which is that of its paper."""
    height, width = image.shape
    return int(np.median(image[:: max(1, height // 200), :: max(1, width // 200)]))


def _full_map(coarse: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """(H, W) float32 from values at every 16th pixel, linear in between and beyond."""
    height, width = shape
    rows, columns = coarse.shape
    grown = np.pad(coarse, ((0, 1), (0, 1)), mode="reflect", reflect_type="odd")
    fine = cv2.warpAffine(
        grown,
        np.array([[16.0, 0, 0], [0, 16.0, 0]]),
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return fine


class _Warp:
    """A smooth shift of points by a few long waves over the sheet."""

    def __init__(self, rng: np.random.Generator, shape: tuple[int, int], amplitude_px: float):
        self.size = np.array([shape[1], shape[0]], np.float32)
        self.amplitude = amplitude_px
        self.phase = rng.uniform(0, 2 * np.pi, (2, 2)).astype(np.float32)
        self.waves = rng.uniform(0.3, 0.9, (2, 2)).astype(np.float32)

    def shift(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) shifts of (..., 2) points, in pixels."""
        share = 2 * np.pi * points / self.size
        x = np.sin(share[..., 1] * self.waves[0, 0] + self.phase[0, 0]) * np.cos(share[..., 0] * self.waves[0, 1])
        y = np.sin(share[..., 0] * self.waves[1, 0] + self.phase[1, 0]) * np.cos(share[..., 1] * self.waves[1, 1])
        return np.stack([x, y], -1) * self.amplitude

    def move(self, points: np.ndarray) -> np.ndarray:
        """(N, 2) float32 points after the shift, kept on the sheet."""
        return np.clip(points + self.shift(points), -0.5, self.size - 0.5).astype(np.float32)


def field(rng: np.random.Generator, shape: tuple[int, int], cells: int = 4) -> np.ndarray:
    """(H, W) float32 of smooth random values between 0 and 1 with about `cells` hills across."""
    coarse = rng.random((cells + 1, cells + 1)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), 0, 1)


def _clip(values: np.ndarray) -> Grey:
    return np.clip(values, 0, 255).astype(np.uint8)


def blur(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """A soft lens or a print seen from a little too far."""
    return cv2.GaussianBlur(image, (0, 0), 0.3 + 0.9 * strength)


def downscale(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """A sheet that was stored too small and blown up again."""
    share = 1 - 0.6 * strength
    small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    way = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST)[int(rng.choice(3, p=(0.5, 0.4, 0.1)))]
    return cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=way)


def fade(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """Ink that lost its black, more in some places than in others."""
    lost = strength * (0.35 + 0.35 * field(rng, image.shape))
    return _clip(255 - (255 - image.astype(np.float32)) * (1 - lost))


def bleed(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """Ink that spread into the paper: strokes grow and soften."""
    grown = cv2.erode(image, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    mixed = cv2.addWeighted(image, 1 - 0.7 * strength, grown, 0.7 * strength, 0)
    return cv2.GaussianBlur(mixed, (0, 0), 0.3 + 0.5 * strength)


def photocopy(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """A copier's hard contrast: rough edges, thin places, grains of toner."""
    soft = cv2.GaussianBlur(image, (0, 0), 0.5 + 0.5 * strength).astype(np.float32)
    grain = cv2.GaussianBlur(noise_field(rng, image.shape), (0, 0), 0.7)
    cutoff = 165 + 45 * (field(rng, image.shape) - 0.5) * strength
    return _clip(255 / (1 + np.exp(-(soft + grain * 70 * strength - cutoff) / (26 - 14 * strength))))


def noise_field(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """(H, W) float32 normal noise; a tile of it repeated, turned and flipped, for it is the costliest part."""
    tile = rng.standard_normal((256, 256), np.float32)
    row = np.concatenate([tile, tile[::-1], tile[:, ::-1], tile.T], 1)
    block = np.concatenate([row, np.roll(row[:, ::-1], 97, 1), np.roll(row[::-1], 391, 1)], 0)
    repeats = -(-shape[0] // block.shape[0]), -(-shape[1] // block.shape[1])
    return np.tile(block, repeats)[: shape[0], : shape[1]]


def grain(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """Sensor noise, fine or in blotches."""
    noise = noise_field(rng, image.shape)
    if rng.random() < 0.5:
        noise = cv2.GaussianBlur(noise, (0, 0), float(rng.uniform(0.5, 1.2))) * 2
    return _clip(image + noise * (2 + 14 * strength))


def uneven_paper(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """Yellowed paper and uneven light: the page is not white and not the same everywhere."""
    light = 1 - strength * (0.08 + 0.3 * field(rng, image.shape, int(rng.integers(1, 5))))
    texture = cv2.resize(noise_field(rng, (image.shape[0] // 3 + 1, image.shape[1] // 3 + 1)), image.shape[::-1])
    return _clip(image * light + texture * 4 * strength)


def shadow(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """The dark fall-off at a book's spine or under a lid that did not close."""
    width = image.shape[1]
    reach = width * float(rng.uniform(0.05, 0.25))
    dark = 1 - strength * 0.6 * np.exp(-np.arange(width, dtype=np.float32) / reach)
    return _clip(image * (dark if rng.random() < 0.5 else dark[::-1])[None])


def specks(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """Dust and drop-outs: dark and light dots of one to three pixels."""
    image = image.copy()
    count = int(image.size * 0.0006 * strength)
    for value in (0, 255):
        ys, xs = rng.integers(0, image.shape[0], count), rng.integers(0, image.shape[1], count)
        image[ys, xs] = value
        for x, y in zip(xs[: count // 12].tolist(), ys[: count // 12].tolist(), strict=True):
            cv2.circle(image, (x, y), int(rng.integers(1, 3)), value, -1)
    return image


def stains(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """Rings of cups and soft spots."""
    height, width = image.shape
    layer = np.zeros((height // 2 + 1, width // 2 + 1), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        centre = int(rng.integers(0, width // 2)), int(rng.integers(0, height // 2))
        axes = int(rng.uniform(0.02, 0.12) * width), int(rng.uniform(0.02, 0.12) * width)
        thick = -1 if rng.random() < 0.5 else int(rng.integers(1, 6))
        cv2.ellipse(layer, centre, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(0.3, 1)), thick)
    layer = cv2.resize(cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(1, 6))), (width, height))
    return _clip(image * (1 - 0.35 * strength * layer))


def office_marks(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """Staples, punched holes, a fold, a hair, a scanner's streak; faint when weak."""
    original, image = image, image.copy()
    height, width = image.shape
    for mark in rng.permutation(list(MARKS))[: int(rng.integers(1, 3))]:
        MARKS[mark](image, rng, height, width)
    return cv2.addWeighted(image, 0.4 + 0.6 * strength, original, 0.6 - 0.6 * strength, 0)


def _staple(image: Grey, rng, height: int, width: int) -> None:
    x, y = float(rng.uniform(0.01, 0.06) * width), float(rng.uniform(0.01, 0.06) * height)
    angle, length = rng.uniform(0, np.pi), 0.02 * width
    stop = int(x + length * np.cos(angle)), int(y + length * np.sin(angle))
    cv2.line(image, (int(x), int(y)), stop, int(rng.integers(30, 120)), int(rng.integers(2, 5)), cv2.LINE_AA)


def _holes(image: Grey, rng, height: int, width: int) -> None:
    x, radius, tone = int(rng.uniform(0.01, 0.04) * width), int(0.008 * width + 3), int(rng.integers(0, 160))
    for share in (0.3, 0.7):
        cv2.circle(image, (x, int(share * height)), radius, tone, -1, cv2.LINE_AA)


def _fold(image: Grey, rng, height: int, width: int) -> None:
    vertical = rng.random() < 0.5
    at = int(rng.uniform(0.2, 0.8) * (width if vertical else height))
    band = image[:, at : at + 2] if vertical else image[at : at + 2]
    band[:] = _clip(band * rng.uniform(0.6, 0.95))


def _streak(image: Grey, rng, height: int, width: int) -> None:
    for x in rng.integers(0, width, int(rng.integers(1, 4))):
        image[:, x] = _clip(image[:, x] * rng.uniform(0.7, 0.97) + rng.uniform(0, 20))


def _hair(image: Grey, rng, height: int, width: int) -> None:
    steps = np.cumsum(rng.normal(0, 0.25, 40))
    points = np.cumsum(np.stack([np.cos(steps), np.sin(steps)], 1) * 4, 0) + rng.uniform(0, 1, 2) * (width, height)
    cv2.polylines(image, [points.astype(np.int32)], False, int(rng.integers(20, 140)), 1, cv2.LINE_AA)


MARKS = {"staple": _staple, "holes": _holes, "fold": _fold, "streak": _streak, "hair": _hair}


def show_through(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """The reverse of the page, faint and mirrored."""
    back = cv2.GaussianBlur(np.roll(image[:, ::-1], int(rng.integers(-60, 60)), 0), (0, 0), 2.0)
    return _clip(image - (255.0 - back) * 0.22 * strength)


@functools.cache
def _albumentations():
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
    import albumentations

    return albumentations


def _apply(transform, image: Grey, rng: np.random.Generator) -> Grey:
    transform.set_random_seed(int(rng.integers(2**31)))
    return transform(image=image)["image"]


def jpeg(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """Blocks and ringing of a small JPEG."""
    quality = int(90 - 70 * strength)
    transform = _albumentations().ImageCompression(quality_range=(quality, quality + 5), p=1.0)
    return np.ascontiguousarray(_apply(transform, image, rng))


def motion(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """A page that moved while it was scanned."""
    moved = _apply(_albumentations().MotionBlur(blur_limit=(5, 5), p=1.0), image, rng)
    return cv2.addWeighted(moved, strength, image, 1 - strength, 0)


def sharpen(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """The bright seams of a scanner's sharpening."""
    soft = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.8, 1.6)))
    gain = 0.4 + 1.2 * strength  # Albumentations' UnsharpMask does the same in ten times the time
    return cv2.addWeighted(image, 1 + gain, soft, -gain, 0)


def threshold(image: Grey, rng: np.random.Generator, strength: float) -> Grey:
    """A fax or a one-bit scan: black or white."""
    soft = cv2.GaussianBlur(image, (0, 0), 0.4 + 0.4 * strength)
    cutoff = float(cv2.threshold(soft, 0, 255, cv2.THRESH_OTSU)[0])
    cutoff = min(250.0, cutoff + (250 - cutoff) * float(rng.uniform(0.1, 0.7)))  # thin grey strokes survive
    return np.where(soft < cutoff, np.uint8(0), np.uint8(255))


@dataclass(frozen=True)
class Recipe:
    """share: how often it is taken, beside the shares of the others; askew: whether the sheet lies askew and bends.

    effects: in order, each with the share of the sheets that get it.
    """

    share: float
    askew: bool
    effects: tuple[tuple[Effect, float], ...]


RECIPES = {
    "scan": Recipe(
        3.0,
        True,
        (
            (bleed, 0.4),
            (blur, 0.9),
            (fade, 0.3),
            (uneven_paper, 0.85),
            (shadow, 0.2),
            (grain, 0.9),
            (specks, 0.4),
            (jpeg, 0.8),
        ),
    ),
    "photocopy": Recipe(
        1.0,
        True,
        ((fade, 0.3), (photocopy, 1.0), (specks, 0.8), (office_marks, 0.4), (uneven_paper, 0.3), (jpeg, 0.4)),
    ),
    "old paper": Recipe(
        1.0,
        True,
        (
            (fade, 0.7),
            (bleed, 0.6),
            (show_through, 0.3),
            (blur, 0.6),
            (uneven_paper, 1.0),
            (stains, 0.6),
            (office_marks, 0.6),
            (grain, 0.7),
            (jpeg, 0.6),
        ),
    ),
    "fax": Recipe(0.7, True, ((blur, 0.5), (grain, 0.5), (threshold, 1.0), (specks, 0.6))),
    "screen": Recipe(1.0, False, ((downscale, 0.8), (fade, 0.3), (sharpen, 0.2), (jpeg, 0.7))),
    "print": Recipe(1.0, False, ((blur, 0.7), (bleed, 0.4), (sharpen, 0.4), (grain, 0.4), (jpeg, 0.5))),
    "moved": Recipe(0.6, True, ((motion, 0.8), (uneven_paper, 0.6), (grain, 0.5), (jpeg, 0.5))),
}
"""Sheets pick from them in this order."""
