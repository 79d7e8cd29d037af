"""One preparation stands at the entrance: what comes after sees the page alone, upright, on even, bare paper.

Sheets that need nothing of it, as most do, are passed on to the bit as they came.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wire_detection.defaults import AUTO
from wire_detection.sheets.geometry import as_points, as_segments, transform_points
from wire_detection.sheets.hough import Axes, find_axes
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.ink import darkness
from wire_detection.sheets.page import find_page, page_alone
from wire_detection.sheets.paper import without_printed_lines
from wire_detection.sheets.rectify import upright_map, warp_sheet
from wire_detection.sheets.reduce import reduced
from wire_detection.sheets.ruling import without_ruling
from wire_detection.sheets.specks import without_specks
from wire_detection.sheets.stroke_width import stroke_width_px

AXES_SIDE_PX = 1200
"""Longer side of the copy in which the axes are looked for: 0.1 degrees are a pixel over half of it."""

AXES_INK = 0.15
"""Ink in that copy: reduced strokes are paler, and grain of the paper stays below."""


MOST_INK = 0.5
"""What is darker than its surroundings over half of the sheet is no drawing, and has no axes."""


@dataclass(frozen=True)
class Known:
    """What a user knows of sheets, so that it is not guessed.

    stroke_px: the width of their strokes, in pixels of the picture
    crop: (x0, y0, x1, y1), the part of the picture that holds the sheet
    turn_deg: by how much the sheet is turned, from x towards y; 0 leaves it as it is
    polarity: whether strokes are "dark" or "light"; "auto" where that is not known
    """

    stroke_px: float | None = None
    crop: tuple[float, float, float, float] | None = None
    turn_deg: float | None = None
    polarity: str = AUTO

    def stated(self) -> dict:
        """Tell what annotations say was known, as JSON holds it; the stroke width stands there in any case."""
        values = {
            "polarity": None if self.polarity == AUTO else self.polarity,
            "crop": None if self.crop is None else list(self.crop),
            "deskew_deg": self.turn_deg,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class CleanSheet:
    """A sheet as it is read, and where it lies in the picture that was given.

    grey: (H, W) uint8, ink dark on light        stroke_px: the usual width of its strokes
    to_given: (3, 3) float64 map from its pixels to those of the picture
    given_shape: (height, width) of the picture
    found: what was noticed: "page" (its corners), "turned_deg", "converging" (seen askew), "printed_lines_px"; and what
        was known: "polarity", "crop", "deskew_deg"
    """

    grey: np.ndarray
    stroke_px: float
    to_given: np.ndarray
    given_shape: tuple[int, int]
    found: dict = field(default_factory=dict)

    def segments_on_given(self, segments: np.ndarray) -> np.ndarray:
        """Map segments (N, 4) of this sheet to where they lie in the picture, none of their ends outside it."""
        return as_segments(self.points_on_given(as_segments(segments).reshape(-1, 2)))

    def points_on_given(self, points: np.ndarray) -> np.ndarray:
        """Map points (N, 2) of this sheet to where they lie in the picture, none of them outside it."""
        last = np.array(self.given_shape[::-1], np.float32) - 1
        return as_points(np.clip(transform_points(points, self.to_given), 0, last))


NOTHING_KNOWN = Known()


def clean_sheet(given: np.ndarray, known: Known = NOTHING_KNOWN) -> CleanSheet:
    """Clean the picture of a sheet, (H, W) uint8, ink dark on light.

    Raises:
        SheetError: when the part that is known to hold the sheet lies outside the picture.
    """
    grey, corner, found = _page(given, known)
    found |= known.stated()
    grey = without_specks(grey)
    to_given = np.array([[1.0, 0, corner[0]], [0, 1, corner[1]], [0, 0, 1]])
    axes = _axes(grey, known)
    if axes.is_turned:
        matrix = upright_map(axes, grey.shape)
        grey = warp_sheet(np.round(255 * (1 - darkness(grey))).astype(np.uint8), matrix)
        to_given = to_given @ np.linalg.inv(matrix)
        found |= {"turned_deg": round(axes.angle_deg, 2), "converging": axes.converge}
    grey, dark_px = without_ruling(grey)
    grey, pale_px = without_printed_lines(grey)
    if spacing_px := max(dark_px, pale_px):
        found["printed_lines_px"] = round(spacing_px, 1)
    return CleanSheet(grey, known.stroke_px or stroke_width_px(grey), to_given, given.shape, found)


def _page(given: np.ndarray, known: Known) -> tuple[np.ndarray, tuple[int, int], dict]:
    """Find the page of a picture (H, W), the (left, top) pixel where it begins, and its corners if it is a part."""
    if known.crop is not None:
        x0, y0, x1, y1 = np.clip(np.round(known.crop), 0, np.tile(given.shape[::-1], 2)).astype(int)
        if x0 >= x1 or y0 >= y1:
            raise SheetError(
                f"the part {known.crop} lies outside the image of {given.shape[1]}x{given.shape[0]} pixels"
            )
        return given[y0:y1, x0:x1], (int(x0), int(y0)), {}
    corners = find_page(given)
    if not len(corners):
        return given, (0, 0), {}
    return *page_alone(given, corners), {"page": np.round(corners, 1).tolist()}


def _axes(grey: np.ndarray, known: Known) -> Axes:
    if known.turn_deg is not None:
        return Axes(known.turn_deg)
    ink = darkness(reduced(grey, AXES_SIDE_PX)) > AXES_INK
    return find_axes(ink) if ink.mean() < MOST_INK else Axes(0.0)
