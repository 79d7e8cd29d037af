"""A reading says how far it can be trusted, and the likely reason where hardly anything was found."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.classic.detect import LEAST_CONFIDENCE, Candidates
from wire_detection.reading.ridges import EXPLAINED_PX, Ridges
from wire_detection.sheets.geometry import compose_affine, scale_of, transform_segments
from wire_detection.sheets.ink import ink_mask
from wire_detection.sheets.prepare import CleanSheet
from wire_detection.sheets.raster import draw_segments
from wire_detection.windows.targets import WIRE_TARGET_PX

DOUBTFUL = 0.5
"""A reading of less confidence is named: more of what it says may be wrong, or missing, than a user would expect."""

DOUBT_WEIGHT = 2.5
"""So that nine of ten sheets that are given 0.9 and more have a wire F1 of 0.9."""

FEWEST_WIRES = 2
"""A sheet with fewer wires is named too, however sure they are: hardly a circuit has so few."""

LEAST_INK_PX = 50
"""A sheet with fewer pixels of ink is bare."""

SPECK_SHARE = 0.5
"""A sheet is texture when so much of its ink lies in specks of a few stroke widths."""

SPECK_STROKES = 4
"""Side of a speck, in stroke widths: half of what a letter measures."""

USUAL_STROKES_PX = (0.9, 8.0)
"""Drawings are rarely made, or scanned, with thinner or thicker strokes."""


def sheet_confidence(lengths: np.ndarray, confidences: np.ndarray, unread_px: float = 0.0) -> float:
    """Tell how far a reading can be trusted, 0 to 1; arguments as for `expected_f1`.

    Strokes of one symbol, frame or table are right or wrong together, and where some are doubtful others, which look
    alike, are wrong unnoticed: the F1 falls short of 1 by DOUBT_WEIGHT times what single strokes make expect.
    """
    return max(0.0, 1 - DOUBT_WEIGHT * (1 - expected_f1(lengths, confidences, unread_px)))


def expected_f1(lengths: np.ndarray, confidences: np.ndarray, unread_px: float = 0.0) -> float:
    """Find the wire F1 to be expected when confidences are probabilities, 0 where there is no stroke.

    Of the strokes given as wires, the share `confidences` is right; of the others, as much is missing. F1 is twice
    what is right, over what is given and what is true together.

    Args:
        lengths: (N,) of all strokes, in pixels.
        confidences: (N,) how surely each is a wire; those of LEAST_CONFIDENCE are given.
        unread_px: length of wires that run along none of the strokes.
    """
    given = confidences >= LEAST_CONFIDENCE
    right = float((confidences * lengths)[given].sum())
    true = float((confidences * lengths).sum()) + unread_px
    return 2 * right / (float(lengths[given].sum()) + true) if right else 0.0


def unread_length(candidates: Candidates, ridges: Ridges, wire: np.ndarray, matrix: np.ndarray) -> float:
    """Measure how many pixels of wire, in the sheet's scale, the map `wire` (h, w) shows away from all strokes."""
    to_map = compose_affine(candidates.back, matrix)
    found = np.concatenate([candidates.bars.segments(), ridges.segments])
    strokes = draw_segments(wire.shape, transform_segments(found, to_map), 2 * EXPLAINED_PX + 1)
    area = np.count_nonzero((wire > LEAST_CONFIDENCE) & ~strokes)
    return float(area / WIRE_TARGET_PX / scale_of(to_map, wire.shape))


def likely_reason(sheet: CleanSheet, wires: int, confidence: float) -> str:
    """Tell why hardly anything, or nothing sure, was found on a sheet; empty where enough was found."""
    if wires >= FEWEST_WIRES and confidence >= DOUBTFUL:
        return ""
    ink = ink_mask(sheet.grey)
    if ink.sum() < LEAST_INK_PX:
        return "nothing but paper"
    if _speck_share(ink, sheet.stroke_px) > SPECK_SHARE:
        return "only texture or lettering: hardly any stroke is longer than a letter"
    if not USUAL_STROKES_PX[0] <= sheet.stroke_px <= USUAL_STROKES_PX[1]:
        return f"unusual stroke width {sheet.stroke_px:.1f} px: try --stroke_width"
    if not wires:
        return "no stroke looks like a wire: a drawing of another kind?"
    return "few strokes are surely wires: a drawing of another kind, or strokes that are hard to follow"


def _speck_share(ink: np.ndarray, stroke_px: float) -> float:
    """Measure the share of the ink (H, W) bool in parts whose longer side is at most SPECK_STROKES stroke widths."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(1)
    areas = stats[1:, cv2.CC_STAT_AREA]
    return float(areas[sides <= SPECK_STROKES * stroke_px].sum() / areas.sum())
