"""Slanted strokes between two wires are wires, unless they are short and the wire map shows nothing along them.

The collector and the emitter of a transistor, and the edges of an amplifier, run from wire to wire as well. Long ones
are believed in any case: a map may miss a slanted wire, and no symbol has sides of that length.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wire_detection.classic.detect import LEAST_DOUBT, Candidates
from wire_detection.classic.symbols import LONGEST_PLATE
from wire_detection.sheets.geometry import compose_affine, segment_lengths, transform_points
from wire_detection.sheets.raster import pixels_at

LONGEST_SIDE = 1.5 * LONGEST_PLATE
"""In stroke widths: the slanted sides of symbols are hardly longer than their plates."""

SHARES = np.linspace(0.05, 0.95, 30)
"""Of a slant's length, where the map is read: not at its ends, which the wires there make look like one."""


def shown_slants(candidates: Candidates, wire: np.ndarray, matrix: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Tell of slanted segments (M, 4) on the upright sheet which may be wires (M,) bool.

    Args:
        wire: (h, w) wire map        matrix: (2, 3) from the sheet's pixels to those of the map
    """
    to_map = compose_affine(candidates.back, matrix)

    def may_be_wires(segments: np.ndarray) -> np.ndarray:
        starts, stops = segments[:, None, :2], segments[:, None, 2:]
        places = transform_points((starts + SHARES[:, None] * (stops - starts)).reshape(-1, 2), to_map)
        seen = np.median(pixels_at(wire, *places.T).reshape(-1, len(SHARES)), 1)
        return (seen >= LEAST_DOUBT) | (segment_lengths(segments) > LONGEST_SIDE * candidates.stroke_px)

    return may_be_wires
