"""Wires, junctions and nets of a sheet are scored against the truth, with tolerance.

    scores = score_sheet(truth, predicted)

A sheet's scores are counts, so that sets pool them (micro) as well as average them over sheets (mean). The tolerance
is t = max(2 px, stroke width) for lines and max(3 px, 2 stroke widths) for junctions, by the truth's stroke width.

    wire      centreline pixels within t of the other side's centreline: precision, recall, F1
    segment   touching collinear pieces merged on both sides, one-to-one: both ends within t of the other's line, and
              overlap IoU of 0.8 or both ends within the junction tolerance of the other's
    junction  one-to-one within the junction tolerance
    net       share of true nets of which one predicted net covers 90 % of the pixels, being the main cover (50 %) of
              no other true net; net_covered: the same without the last condition
    iou       wire pixels drawn at stroke width, strictly; junction_iou: junction discs
    cldice    share of each side's skeleton inside the other side's wire pixels, as precision, recall and their
              harmonic mean (Shit et al., CVPR 2021, eq. 1-3)

Lead segments and buses, where the truth names them, count neither for nor against: predicted pixels within t + 2 px of
one, but not within t of a true wire, are dropped and predicted segments cut there. Nets are cut on buses only: who
takes a lead for wire does no harm, who runs on into the symbol's outline merges the nets that end at it.

Nor do the arcs and gaps at which a true wire passes another one: what is predicted there, an arc's pieces or a wire
straight through, is dropped and cut likewise. The nets on both sides of it are scored as any other.

Empty against empty scores 1. A sheet that has nothing to score in junctions, nets or pixels is left out of their mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np

from wire_detection.scoring.counts import Counts, Share, SheetScores
from wire_detection.scoring.matching import match_junctions, match_segments, merged_for_scoring
from wire_detection.scoring.net_score import net_scores
from wire_detection.scoring.scored_sheet import ScoredSheet, prepare, tolerances_of
from wire_detection.scoring.tolerances import Tolerances
from wire_detection.sheets.geometry import as_points
from wire_detection.sheets.raster import SUBPIXEL_BITS, fixed_point, within


def score_sheet(
    truth,
    predicted,
    *,
    wire_mask: np.ndarray | None = None,
    junction_mask: np.ndarray | None = None,
    stroke_px: float | None = None,
) -> SheetScores:
    """Count all scores of one sheet.

    Args:
        truth: annotation with `image_shape`, `wires`, `junctions`, `pins`, `buses` and `metadata["stroke_width"]`.
        predicted: annotation with `wires` and `junctions`, in the same coordinates.
        wire_mask: (H, W) bool predicted wire pixels for `iou` and `cldice`; drawn from predicted wires when not given.
        junction_mask: (H, W) bool predicted junction pixels; without it there is no `junction_iou`.
        stroke_px: stroke width of the sheet in place of the truth's.
    """
    sheet = prepare(truth, predicted, tolerances_of(truth, stroke_px))
    scores = {**_vector_scores(sheet), **net_scores(sheet), **_mask_scores(sheet, wire_mask)}
    if junction_mask is not None:
        drawn = _discs(sheet.shape, sheet.true_junctions, _disc_radius(truth, sheet.tolerances.stroke_px))
        scores["junction_iou"] = _iou(drawn, _checked(junction_mask, sheet.shape))
    return scores


def score_against_tolerance(truth, predicted, tolerances_px: Iterable[float]) -> dict[float, SheetScores]:
    """Score wires, segments and junctions of one sheet with each of the tolerances, for lines and points alike."""
    usual = tolerances_of(truth)
    return {
        t: _vector_scores(prepare(truth, predicted, replace(usual, wire_px=t, junction_px=t))) for t in tolerances_px
    }


def score_against_confidence(truth, predicted, thresholds: Iterable[float]) -> dict[float, SheetScores]:
    """Score the wires, segments and junctions of at least each confidence, for a precision-recall curve.

    `predicted` needs `wire_confidences` (N,) and `junction_confidences` (M,) as well.
    """
    tolerances = tolerances_of(truth)
    curve = {}
    for threshold in thresholds:
        kept = SimpleNamespace(
            wires=predicted.wires[predicted.wire_confidences >= threshold],
            junctions=predicted.junctions[predicted.junction_confidences >= threshold],
        )
        curve[float(threshold)] = _vector_scores(prepare(truth, kept, tolerances))
    return curve


def score_masks(
    true_wires: np.ndarray,
    predicted_wires: np.ndarray,
    *,
    stroke_px: float,
    true_junctions: np.ndarray | None = None,
    predicted_junctions: np.ndarray | None = None,
) -> SheetScores:
    """Count the scores that masks (H, W) bool allow: wire (between skeletons), iou and cldice, and with both junction
    masks junction (between the blobs' centres) and junction_iou."""
    tolerances = Tolerances.of_stroke(stroke_px)
    shape = true_wires.shape
    true_wires, predicted_wires = _checked(true_wires, shape), _checked(predicted_wires, shape)
    true_line, predicted_line = _skeleton(true_wires), _skeleton(predicted_wires)
    scores: SheetScores = {
        "wire": _pixel_counts(true_line, predicted_line, tolerances.wire_px),
        "iou": _iou(true_wires, predicted_wires),
        "cldice": _cldice(true_line, true_wires, predicted_line, predicted_wires),
    }
    if true_junctions is not None and predicted_junctions is not None:
        true_junctions, predicted_junctions = _checked(true_junctions, shape), _checked(predicted_junctions, shape)
        scores["junction"] = _junction_counts(
            _blob_centres(true_junctions), _blob_centres(predicted_junctions), tolerances.junction_px
        )
        scores["junction_iou"] = _iou(true_junctions, predicted_junctions)
    return scores


def _vector_scores(sheet: ScoredSheet) -> SheetScores:
    return {
        "wire": _pixel_counts(sheet.true_line, sheet.predicted_line, sheet.tolerances.wire_px),
        "segment": _segment_counts(sheet),
        "junction": _junction_counts(sheet.true_junctions, sheet.predicted_junctions, sheet.tolerances.junction_px),
    }


def _pixel_counts(true_line: np.ndarray, predicted_line: np.ndarray, tolerance_px: float) -> Counts:
    return Counts(
        predicted_hits=int((predicted_line & within(true_line, tolerance_px)).sum()),
        predicted=int(predicted_line.sum()),
        true_hits=int((true_line & within(predicted_line, tolerance_px)).sum()),
        true=int(true_line.sum()),
    )


def _segment_counts(sheet: ScoredSheet) -> Counts:
    true, predicted = merged_for_scoring(sheet.true_wires, sheet.predicted_wires, sheet.tolerances.stroke_px)
    hits = len(match_segments(true, predicted, sheet.tolerances))
    return Counts(predicted_hits=hits, predicted=len(predicted), true_hits=hits, true=len(true))


def _junction_counts(true: np.ndarray, predicted: np.ndarray, tolerance_px: float) -> Counts:
    hits = len(match_junctions(true, predicted, tolerance_px))
    return Counts(predicted_hits=hits, predicted=len(predicted), true_hits=hits, true=len(true))


def _mask_scores(sheet: ScoredSheet, wire_mask: np.ndarray | None) -> SheetScores:
    true_mask = _ribbons(sheet.shape, sheet.true_wires, sheet.tolerances.stroke_px)
    if wire_mask is None:
        predicted_mask = _ribbons(sheet.shape, sheet.predicted_wires, sheet.tolerances.stroke_px)
    else:
        predicted_mask = _checked(wire_mask, sheet.shape)
    predicted_mask = predicted_mask & (true_mask | ~sheet.ignored)
    predicted_line = sheet.predicted_line if wire_mask is None else _skeleton(predicted_mask)
    return {
        "iou": _iou(true_mask, predicted_mask),
        "cldice": _cldice(sheet.true_line, true_mask, predicted_line, predicted_mask),
    }


def _checked(mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    if mask.shape != shape or mask.dtype != bool:
        raise ValueError(f"mask is {mask.dtype} of shape {mask.shape}, expected bool of shape {tuple(shape)}")
    return mask


def _ribbons(shape: tuple[int, int], segments: np.ndarray, stroke_px: float) -> np.ndarray:
    """Draw segments at stroke width as OpenCV's `line` does, the ink's soft rim included: (H, W) bool."""
    mask = np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in fixed_point(segments).tolist():
        cv2.line(mask, (x0, y0), (x1, y1), 1, max(1, round(stroke_px)), cv2.LINE_8, SUBPIXEL_BITS)
    return mask > 0


def _discs(shape: tuple[int, int], points: np.ndarray, radius_px: int) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    for x, y in np.rint(points).astype(int).tolist():
        cv2.circle(mask, (x, y), radius_px, 1, -1)
    return mask > 0


def _disc_radius(truth, stroke_px: float) -> int:
    return max(2, round(truth.metadata.get("junction_radius", 2 * stroke_px)))


def _skeleton(mask: np.ndarray) -> np.ndarray:
    from skimage.morphology import skeletonize

    return skeletonize(mask)


def _blob_centres(mask: np.ndarray) -> np.ndarray:
    """Find the centres (M, 2) float32 of the connected blobs of a mask."""
    _, _, _, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return as_points(centres[1:])


def _iou(true_mask: np.ndarray, predicted_mask: np.ndarray) -> Share:
    return Share(int((true_mask & predicted_mask).sum()), int((true_mask | predicted_mask).sum()))


def _cldice(
    true_line: np.ndarray, true_mask: np.ndarray, predicted_line: np.ndarray, predicted_mask: np.ndarray
) -> Counts:
    return Counts(
        predicted_hits=int((predicted_line & true_mask).sum()),
        predicted=int(predicted_line.sum()),
        true_hits=int((true_line & predicted_mask).sum()),
        true=int(true_line.sum()),
    )
