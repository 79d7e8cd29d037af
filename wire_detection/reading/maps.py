"""Probability maps of a sheet: a network run over overlapping tiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from wire_detection.networks.tasks import TASKS
from wire_detection.reading.colours import judge_by_colour
from wire_detection.sheets.normalise import SEEN_WHOLE_PX, halve_sheet, normalise_sheet
from wire_detection.sheets.picture import Picture
from wire_detection.sheets.prepare import NOTHING_KNOWN, CleanSheet, Known, clean_sheet
from wire_detection.windows.targets import ink_nearby
from wire_detection.windows.windows import tile_corners, to_network

TILE_PX = SEEN_WHOLE_PX
"""Side of the tiles into which a large sheet is cut; on two cores 512 to 1024 cost the same per pixel."""

OVERLAP_PX = 128
"""How far neighbouring tiles overlap; over this width one fades into the other."""

GRANULARITY_PX = 128
"""Tiles of small sheets are padded to multiples of this, so that few different shapes have to be compiled."""

STRIP_PX = 64
"""Height of the strips of a sheet in which its maps are averaged."""


@dataclass(frozen=True)
class Maps:
    """What a network, and the colours, say of a sheet.

    probabilities: (h, w) float32 of each task, at the normalised scale
    matrix: (2, 3) from the clean sheet's pixels to those of the maps      sheet: the clean sheet
    """

    probabilities: dict[str, np.ndarray]
    matrix: np.ndarray
    sheet: CleanSheet


def map_sheet(model, picture: Picture, known: Known = NOTHING_KNOWN) -> Maps:
    """Run `model` over the clean sheet of a picture, at the normalised scale; its colours say what they know of wires.

    Where they know something, the wire map is what both of them say.
    """
    sheet = clean_sheet(picture.grey, known)
    normal, matrix = normalise_sheet(sheet.grey, sheet.stroke_px)
    is_seen_whole = max(normal.shape) <= SEEN_WHOLE_PX
    predict = predict_maps if is_seen_whole or not knows_halves(model) else predict_both_scales
    maps = predict(model, normal)
    if picture.colours is not None:
        to_map = np.vstack([matrix, (0, 0, 1)]) @ np.linalg.inv(sheet.to_given)
        seen = cv2.warpPerspective(picture.colours, to_map, normal.shape[::-1], borderValue=(255, 255, 255))
        maps["wire"] = judge_by_colour(maps["wire"], seen)
    return Maps(maps, matrix, sheet)


def knows_halves(model) -> bool:
    """Whether a network was trained at both scales: those that give no map of crossings are from before."""
    return "crossing" in getattr(model, "output_names", TASKS)


def predict_both_scales(model, grey: np.ndarray) -> dict[str, np.ndarray]:
    """Probabilities (H, W) float32 of every task for a normalised sheet (H, W) uint8, at its own scale and at half.

    The half shows a network twice as much around a stroke: large symbols and letters, and long wires, are told there;
    the full scale tells close strokes apart. The two are taken for equally good witnesses: their log-odds are averaged.
    Of a sheet that one tile holds the half shows no more, and less of its details.
    """
    full = predict_maps(model, grey)
    half, to_half = halve_sheet(grey)
    coarse = predict_maps(model, half)
    for task, values in full.items():
        _mean_log_odds(values, _enlarge(coarse[task], to_half, grey.shape), out=values)
    return full


def _enlarge(values: np.ndarray, matrix: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """`values` (h, w) on a canvas (H, W) whose coordinates `matrix` (2, 3) maps to theirs, interpolated."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(values, matrix, shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _mean_log_odds(one: np.ndarray, other: np.ndarray, out: np.ndarray) -> None:
    """Write the probabilities whose log-odds are the mean of those of two probabilities (H, W) into `out`.

    Strip by strip: what is between is small enough for the processor's cache.
    """
    for top in range(0, len(one), STRIP_PX):
        strip = np.s_[top : top + STRIP_PX]
        mine, theirs = one[strip], other[strip]
        for_it, against = cv2.sqrt(cv2.multiply(mine, theirs)), cv2.sqrt(cv2.multiply(1 - mine, 1 - theirs))
        out[strip] = cv2.divide(for_it, cv2.max(cv2.add(for_it, against), float(np.finfo(np.float32).tiny)))


def predict_maps(
    model, grey: np.ndarray, *, tile_px: int = TILE_PX, overlap_px: int = OVERLAP_PX
) -> dict[str, np.ndarray]:
    """Probabilities (H, W) float32 of every task for a normalised sheet (H, W) uint8.

    The network runs over overlapping tiles, blended so that no seam shows: a tile counts fully in its middle and fades
    out linearly over the overlap; beyond the sheet lies paper. What is drawn in ink is not where there is none. A task
    that `model` was not trained for is 0 everywhere.
    """
    size = tuple(min(tile_px, -(-side // GRANULARITY_PX) * GRANULARITY_PX) for side in grey.shape)
    rows, columns = (tile_corners(side, tile, overlap_px) for side, tile in zip(grey.shape, size, strict=True))
    padded, inner = _with_paper(grey, size, rows[0], columns[0])
    weight = np.outer(_fade(size[0], overlap_px), _fade(size[1], overlap_px))

    def predict(place: tuple[slice, slice]) -> dict[str, np.ndarray]:
        output = model.predict_on_batch(to_network(padded[place])[None])
        return {task: weight * np.asarray(values)[0, ..., 0] for task, values in output.items() if task in TASKS}

    total = np.zeros(padded.shape, np.float32)
    sums = {task: np.zeros(padded.shape, np.float32) for task in TASKS}
    corners = [(row - min(0, rows[0]), column - min(0, columns[0])) for row in rows for column in columns]
    places = [np.s_[top : top + size[0], left : left + size[1]] for top, left in corners]
    for place in places:
        total[place] += weight
    inked = [place for place in places if padded[place].min() < 255]  # bare paper holds no wire
    for place, weighted in zip(inked, _each(predict, inked, getattr(model, "threads", 1)), strict=True):
        for task, values in weighted.items():
            sums[task][place] += values
    near = ink_nearby(grey)
    for task, values in sums.items():
        values /= total
        if TASKS[task].on_ink:
            values[inner] *= near
    return {task: values[inner] for task, values in sums.items()}


def _with_paper(
    grey: np.ndarray, size: tuple[int, int], first_row: int, first_column: int
) -> tuple[np.ndarray, tuple[slice, slice]]:
    """The sheet with paper around it, as far as tiles of this size reach beyond it, and where in it the sheet lies."""
    top, left = max(0, -first_row), max(0, -first_column)
    bottom, right = (
        max(0, tile - side - before) for tile, side, before in zip(size, grey.shape, (top, left), strict=True)
    )
    padded = cv2.copyMakeBorder(grey, top, bottom, left, right, cv2.BORDER_CONSTANT, value=255)
    return padded, np.s_[top : top + grey.shape[0], left : left + grey.shape[1]]


def _each(function: Callable, values: Sequence, threads: int) -> Iterator:
    """What `function` makes of each of the values, in their order, so many at once."""
    if threads == 1 or len(values) < 2:
        yield from map(function, values)
        return
    with ThreadPoolExecutor(min(threads, len(values))) as pool:
        yield from pool.map(function, values)


def _fade(length: int, overlap_px: int) -> np.ndarray:
    """(length,) float32 weights: 1 in the middle, falling linearly towards both ends, never 0."""
    distance = np.minimum(np.arange(length), np.arange(length)[::-1]) + 0.5
    return np.minimum(1, distance / overlap_px).astype(np.float32)
