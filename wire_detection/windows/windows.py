"""Windows of a prepared sheet: where they lie and what they show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wire_detection.annotations.annotation import Annotation, transform_annotation
from wire_detection.sheets.geometry import segment_lengths
from wire_detection.sheets.normalise import halve_sheet, normalise_sheet
from wire_detection.sheets.prepare import clean_sheet
from wire_detection.sheets.tiles import tile_starts
from wire_detection.windows.targets import draw_targets


@dataclass(frozen=True)
class Sample:
    """A sheet as networks see it: grey (H, W) uint8, its annotation in the same pixels."""

    name: str
    grey: np.ndarray
    annotation: Annotation


def prepare_sample(name: str, grey: np.ndarray, annotation: Annotation) -> Sample:
    """The clean sheet of a picture (H, W) uint8, and the picture's annotation, at the normalised scale."""
    sheet = clean_sheet(grey)
    normal, matrix = normalise_sheet(sheet.grey, sheet.stroke_px)
    to_normal = np.vstack([matrix, (0, 0, 1)]) @ np.linalg.inv(sheet.to_given)
    return Sample(name, normal, transform_annotation(annotation, to_normal, normal.shape))


def halve_sample(sample: Sample) -> Sample:
    """The sample at half its scale, as networks see sheets the second time they read them."""
    grey, matrix = halve_sheet(sample.grey)
    return Sample(sample.name, grey, transform_annotation(sample.annotation, matrix, grey.shape))


def cut_window(sample: Sample, left: int, top: int, size: tuple[int, int]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The window of `size` (height, width) whose top left pixel is (left, top); paper where the sheet ends.

    Returns:
        grey (h, w) uint8, and the target (h, w) float32 of every task.
    """
    height, width = size
    grey = np.full(size, 255, np.uint8)
    part = sample.grey[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]
    y, x = max(0, -top), max(0, -left)
    grey[y : y + part.shape[0], x : x + part.shape[1]] = part
    shift = np.array([[1.0, 0, -left], [0, 1.0, -top]])
    return grey, draw_targets(transform_annotation(sample.annotation, shift, size), grey)


def random_corner(sample: Sample, size: tuple[int, int], rng: np.random.Generator) -> tuple[int, int]:
    """(left, top) of a training window: some around a wire or a junction, half around any ink.

    Sheets are full of ink that is no wire: who sees only the neighbourhood of wires takes frames and tables for them.
    """
    annotation, choice = sample.annotation, rng.random()
    sheet_size = np.array(sample.grey.shape[::-1])
    window = np.array(size[::-1])
    if choice < 0.2 and len(annotation.junctions):
        centre = annotation.junctions[rng.integers(len(annotation.junctions))]
    elif choice < 0.5 and len(annotation.wires):
        lengths = segment_lengths(annotation.wires) + 1e-3
        wire = annotation.wires[rng.choice(len(lengths), p=lengths / lengths.sum())]
        centre = wire[:2] + rng.random() * (wire[2:] - wire[:2])
    else:
        centre = _random_ink(sample.grey, rng)
    corner = np.round(centre - rng.random(2) * window).astype(int)
    room = sheet_size - window  # where the sheet is smaller than the window, the sheet floats inside it
    corner = np.clip(corner, np.minimum(room, 0), np.maximum(room, 0))
    return int(corner[0]), int(corner[1])


def _random_ink(grey: np.ndarray, rng: np.random.Generator, tries: int = 200) -> np.ndarray:
    """x y of a dark pixel found by throwing darts; of the last dart where there is hardly any ink."""
    darts = (rng.random((tries, 2)) * grey.shape[::-1]).astype(int)
    dark = np.flatnonzero(grey[darts[:, 1], darts[:, 0]] < 128)
    return darts[dark[0] if len(dark) else -1]


def tile_corners(length: int, window: int, overlap: int) -> list[int]:
    """Starts of windows that cover 0..length, as `tile_starts` spreads them; a longer window lies around the middle."""
    return [(length - window) // 2] if length <= window else tile_starts(length, window, overlap)


def grid_corners(shape: tuple[int, int], size: tuple[int, int], most: int) -> list[tuple[int, int]]:
    """(left, top) of up to `most` windows spread over the whole sheet."""
    corners = [(left, top) for top in tile_corners(shape[0], size[0], 0) for left in tile_corners(shape[1], size[1], 0)]
    chosen = np.linspace(0, len(corners) - 1, min(most, len(corners))).round().astype(int)
    return [corners[i] for i in np.unique(chosen)]


def to_network(grey: np.ndarray) -> np.ndarray:
    """(H, W) uint8 sheet to (H, W, 3) float32 network input, paper 0 and ink 1 in all three channels."""
    return np.repeat((1 - grey.astype(np.float32) / 255)[..., None], 3, axis=-1)
