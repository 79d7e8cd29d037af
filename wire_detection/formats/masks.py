"""Masks are two images, STEM_wires.png and STEM_junctions.png, white where there is a wire or a junction.

Wires are as wide as the sheet's strokes and junctions discs of twice that radius. Read back to vectors, bars give the
horizontal and vertical wires (on a tilted sheet as well) and straight pieces of the remaining skeleton the others.
Masks of other programs may be black on white and any kind of image, as STEM_wires.jpg.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation, drawn_masks
from wire_detection.annotations.json_checks import MAX_OBJECTS, AnnotationError
from wire_detection.classic.detect import upright_sheet
from wire_detection.classic.skew import odd
from wire_detection.classic.strokes import find_bars
from wire_detection.formats.contract import Source, in_file, rounded
from wire_detection.formats.objects import ShapeLists
from wire_detection.sheets.geometry import (
    as_points,
    as_segments,
    merge_collinear,
    segment_lengths,
    snap_ends,
    transform_segments,
)
from wire_detection.sheets.image_files import SheetError, open_image
from wire_detection.sheets.listing import IMAGE_SUFFIXES
from wire_detection.sheets.raster import draw_segments
from wire_detection.sheets.safe_files import write_png
from wire_detection.sheets.sheet_folder import SheetFolder
from wire_detection.sheets.stroke_width import stroke_width_of

ENDINGS = {"wire": "_wires.png", "junction": "_junctions.png"}
"""Name of a task -> what follows the stem of a sheet in the name of its mask."""

SHORTEST = 3.0
"""In stroke widths; shorter pieces of a mask are corners and noise."""

MAX_STROKES = 10_000
"""More straight strokes than this are the noise of a mask that shows no drawing."""


class Writer:
    """Writes two masks per sheet into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        for task, mask in reversed(drawn_masks(annotation).items()):
            write_png(self.folder / f"{image.stem}{ENDINGS[task]}", mask.astype(np.uint8) * 255)

    def finish(self) -> None:
        """Every file is written already."""


def find_sources(folder: Path) -> Iterator[Source]:
    """List the wire masks of a folder, each with the junction mask beside it, if there is one."""
    for path in _masks_of(folder, "*", "wire"):
        yield Source(path.name, lambda sheets, path=path: read_masks(path, sheets))


def _masks_of(folder: Path, stem: str, task: str) -> list[Path]:
    """List the masks of a task in `folder`, of whatever kind of image, whose names begin with the pattern `stem`."""
    ending = Path(ENDINGS[task]).stem
    return sorted(path for path in folder.glob(f"{stem}{ending}.*") if path.suffix.lower() in IMAGE_SUFFIXES)


def read_masks(path: Path, sheets: SheetFolder) -> Annotation:
    """Read the annotation of the sheet after which a wire mask is called.

    Raises:
        AnnotationError: when a mask cannot be used.
        SheetError: when there is no such image among `sheets`, or it or a mask cannot be read.
    """
    with in_file(path):
        stem = path.stem.removesuffix(Path(ENDINGS["wire"]).stem)
        image = sheets.find(f"{stem}.png")
        shape = image.shape()
        wires, stroke_px = wires_of_mask(read_mask(path, shape))
    junctions = as_points(())
    for beside in _masks_of(path.parent, glob.escape(stem), "junction")[:1]:
        with in_file(beside):
            junctions = junctions_of_mask(read_mask(beside, shape))
    objects = ShapeLists()
    for wire in rounded(wires):
        objects.add_line("wire", wire)
    for point in rounded(junctions):
        objects.add_point("junction", point)
    with in_file(path):
        return objects.annotation(image, shape, {"source": "manual", "stroke_width": round(stroke_px, 3)})


def read_mask(path: Path, shape: tuple[int, int]) -> np.ndarray:
    """Read a mask (H, W) bool of `shape` (height, width), true where something is drawn.

    That is what is brighter than half of its greatest value, or darker where most of the image is bright: wires and
    junctions cover a small part of any sheet, on masks black on white as well.

    Raises:
        SheetError: when it cannot be read or has another size.
    """
    with open_image(path) as image:
        if (image.height, image.width) != shape:
            raise SheetError(f"{path}: has {image.width}x{image.height} pixels, but its sheet {shape[1]}x{shape[0]}")
        values = np.asarray(image.convert("L"))
    shown = values > values.max() / 2
    return ~shown if shown.mean() > 0.5 else shown


def wires_of_mask(mask: np.ndarray) -> tuple[np.ndarray, float]:
    """Find the wires (N, 4) float32 that a mask (H, W) bool shows, and their stroke width in pixels."""
    dark = mask.astype(np.float32)
    stroke_px = stroke_width_of(dark)
    upright, ink, back = upright_sheet(dark, stroke_px, 0.5)
    _check_strokes(ink, odd(SHORTEST * stroke_px))
    bars = find_bars(upright, ink, stroke_px, SHORTEST * stroke_px).segments()
    rest = (ink > 0) & ~draw_segments(ink.shape, bars, stroke_px + 1)
    wires = snap_ends(np.concatenate([bars, skeleton_segments(rest, stroke_px)]), stroke_px + 1.5)
    wires = transform_segments(wires[segment_lengths(wires) >= stroke_px], back)
    return np.clip(wires, 0, np.tile(mask.shape[::-1], 2).astype(np.float32) - 1), stroke_px


def _check_strokes(ink: np.ndarray, shortest_px: int) -> None:
    """Raise AnnotationError when the mask is noise, with which the search for strokes would take minutes."""
    for kernel in (np.ones((1, shortest_px), np.uint8), np.ones((shortest_px, 1), np.uint8)):
        count = cv2.connectedComponents(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel))[0] - 1
        if count > MAX_STROKES:
            raise AnnotationError(f"shows {count} strokes, more than the {MAX_STROKES} allowed: no drawing of wires")


def skeleton_segments(mask: np.ndarray, stroke_px: float) -> np.ndarray:
    """Find straight pieces (N, 4) float32, in any direction, of the skeleton of a mask (H, W) bool."""
    from skimage.morphology import skeletonize

    shortest = max(8, round(SHORTEST * stroke_px))
    _, spots, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    mask = mask & (stats[spots, cv2.CC_STAT_AREA] >= shortest)
    lines = (
        cv2.HoughLinesP(
            skeletonize(mask).astype(np.uint8),
            1,
            np.pi / 360,
            shortest,
            minLineLength=shortest,
            maxLineGap=2 * stroke_px,
        )
        if mask.any()
        else None
    )
    return as_segments(merge_collinear(() if lines is None else lines, offset_px=stroke_px, gap_px=2 * stroke_px))


def junctions_of_mask(mask: np.ndarray) -> np.ndarray:
    """Find the middles (M, 2) float32 of the spots of a mask (H, W) bool."""
    count, _, _, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count - 1 > MAX_OBJECTS:
        raise AnnotationError(f"shows {count - 1} spots, more than the {MAX_OBJECTS} allowed")
    return as_points(centres[1:])
