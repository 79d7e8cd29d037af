"""Outlines of COCO's objects: polygons, and masks in run-length encoding, plain or compressed to text.

A mask's runs count pixels down the columns, those outside and inside the object by turns, beginning outside.
Compressed, each run is a text of characters that hold five bits each, the lowest first, and from the fourth run on the
difference from the run two before (pycocotools, common/maskApi.c).
"""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.annotations.json_checks import AnnotationError, finite_rows
from wire_detection.sheets.image_files import MAX_PIXELS

FIRST_CHARACTER = 48
"""Code of the character for five zero bits."""

MORE, NEGATIVE, BITS = 0x20, 0x10, 5

LONGEST_RUN = 7
"""Characters of a compressed run: 35 bits count more pixels than any image has."""


def outline_of_segmentation(value: object) -> np.ndarray:
    """Read the points (N, 2) float64 around an object, x y counted from the image's corner.

    Raises:
        AnnotationError: when `value` is neither a list of polygons nor a mask.
    """
    if isinstance(value, dict):
        return _corners_of_mask(value)
    if not isinstance(value, list) or not all(isinstance(polygon, list) for polygon in value):
        raise AnnotationError("needs two keypoints, or polygons or a mask as segmentation")
    if any(len(polygon) < 6 or len(polygon) % 2 for polygon in value):
        raise AnnotationError("the polygon needs three points or more, each of two numbers")
    rows = [finite_rows(polygon, 1, "polygon").reshape(-1, 2) for polygon in value]
    return np.concatenate(rows).astype(np.float64)


def _corners_of_mask(mask: dict) -> np.ndarray:
    """Find the corners (N, 2) float64, in order, of the convex hull of a run-length encoded mask."""
    size = mask.get("size")
    if not isinstance(size, list) or len(size) != 2 or not all(type(v) is int and v > 0 for v in size):
        raise AnnotationError("the mask's size must be [height, width]")
    height, width = size
    if height * width > MAX_PIXELS:
        raise AnnotationError(f"the mask has {width}x{height} pixels, more than {MAX_PIXELS} allowed")
    runs = _runs(mask.get("counts"))
    if min(runs, default=0) < 0 or sum(runs) != height * width:
        raise AnnotationError(f"the mask's runs do not add up to its {width}x{height} pixels")
    corners = _corners_of_runs(np.array(runs), height)
    if not len(corners):
        raise AnnotationError("the mask is empty")
    return cv2.convexHull(corners.astype(np.float32))[:, 0].astype(np.float64)


def _corners_of_runs(runs: np.ndarray, height: int) -> np.ndarray:
    """Find corners (N, 2) of pixels, among them all of the hull, that runs down columns of `height` pixels lie in.

    No pixel is drawn: a few bytes of a file may state a mask of millions of them.
    """
    ends = np.cumsum(runs)[1::2]
    starts = ends - runs[1::2]
    starts, lasts = starts[starts < ends], ends[starts < ends] - 1
    (left, top), (right, bottom) = np.divmod(starts, height), np.divmod(lasts, height)
    within = left == right
    # a run over several columns ends the first one and begins the last one, and those between are full
    pixels = [
        np.stack([left, top], 1),
        np.stack([right, bottom], 1),
        *(np.stack([x, np.full_like(x, y)], 1)[~within] for x, y in ((left, height - 1), (right, 0))),
        *(np.stack([x, np.full_like(x, y)], 1)[right - left > 1] for x, y in ((left + 1, 0), (right - 1, height - 1))),
    ]
    return np.concatenate([place + corner for place in pixels for corner in ((0, 0), (0, 1), (1, 0), (1, 1))])


def _runs(counts: object) -> list[int]:
    if isinstance(counts, str):
        return _decompressed(counts)
    if not isinstance(counts, list) or not all(type(run) is int for run in counts):
        raise AnnotationError("the mask's counts must be a list of numbers or a text")
    return counts


def _decompressed(text: str) -> list[int]:
    """Read the runs that a compressed mask holds."""
    runs: list[int] = []
    value, place = 0, 0
    for character in text:
        bits = ord(character) - FIRST_CHARACTER
        if not 0 <= bits < 2 * MORE or place == LONGEST_RUN:
            raise AnnotationError("the mask's counts are no compressed runs")
        value |= (bits & (MORE - 1)) << (BITS * place)
        place += 1
        if bits & MORE:
            continue
        if bits & NEGATIVE:
            value -= 1 << (BITS * place)
        runs.append(value + runs[-2] if len(runs) > 2 else value)
        value, place = 0, 0
    return runs
