"""From probability maps to vectors: the ink says where lines run, the maps say what they mean.

Straight strokes, dots and contacts are measured in the ink by the classic detector, on the sheet in its own pixels and
to a fraction of one, however thin a line is. They are cut where the map says that a wire ends, and what the map says
along a piece, how the stroke looks and what it touches are weighed together (piece_classifier).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import cv2
import numpy as np
from scipy.spatial import cKDTree

from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.contacts import find_contacts
from wire_detection.classic.detect import (
    LEAST_CONFIDENCE,
    Candidates,
    classic_features,
    find_candidates,
    marks_of,
    read_candidates,
)
from wire_detection.classic.dots import JUNCTION_CONFIDENCES
from wire_detection.reading.doubts import sheet_confidence, unread_length
from wire_detection.reading.piece_classifier import load_classifier
from wire_detection.reading.pieces import cut_bars, join_alike
from wire_detection.sheets.geometry import (
    as_points,
    as_segments,
    compose_affine,
    points_near_segments,
    transform_points,
)
from wire_detection.sheets.nets import connect_nets, wires_of_nets

JUNCTION_PROBABILITY = 0.5


def trace_maps(
    grey: np.ndarray,
    probabilities: Mapping[str, np.ndarray],
    matrix: np.ndarray | None = None,
    *,
    stroke_px: float | None = None,
    map_alone: bool = False,
    least_confidence: float = LEAST_CONFIDENCE,
) -> Annotation:
    """Trace the wires, junctions and nets of a sheet.

    Args:
        grey: (H, W) uint8 sheet.
        probabilities: (h, w) float32 of the tasks "wire" and "junction".
        matrix: (2, 3) from the sheet's pixels to those of the maps; the same pixels when None.
        stroke_px: the sheet's stroke width, measured when not given.
        map_alone: whether the map alone says what is a wire, and not the look and the neighbours of a stroke too.
        least_confidence: of the wires; junctions are those of the wires of LEAST_CONFIDENCE in any case.
    """
    matrix = np.eye(2, 3) if matrix is None else matrix
    candidates = find_candidates(grey, stroke_px=stroke_px)
    candidates, confidences = classify_pieces(candidates, probabilities["wire"], matrix, map_alone)
    unread_px = unread_length(candidates, probabilities["wire"], matrix)
    read = read_candidates(candidates, confidences, grey.shape, least_confidence)
    peaks, heights = find_peaks(probabilities["junction"])
    peaks = transform_points(peaks, cv2.invertAffineTransform(matrix))
    junctions, types, junction_confidences = join_junctions(read, peaks, heights)
    reach_px = 2 * candidates.stroke_px
    labels = connect_nets(
        read.wires, junctions, end_px=reach_px, junction_px=reach_px, body_px=1.5 * candidates.stroke_px
    )
    return replace(
        read,
        junctions=junctions,
        junction_types=types,
        junction_confidences=junction_confidences,
        nets=wires_of_nets(labels),
        metadata={**read.metadata, "confidence": sheet_confidence(candidates.bars.length, confidences, unread_px)},
    )


def classify_pieces(
    candidates: Candidates, wire: np.ndarray, matrix: np.ndarray, map_alone: bool
) -> tuple[Candidates, np.ndarray]:
    """The candidates with their bars cut as the map `wire` says, and how surely each piece is a wire (N,) float32."""
    pieces = cut_bars(candidates.bars, wire, compose_affine(candidates.back, matrix), candidates.stroke_px)
    logits = pieces.logits if map_alone else load_classifier().logits(candidates, pieces, classic_features(candidates))
    bars, logits = join_alike(pieces, logits)
    contacts = find_contacts(bars, *marks_of(candidates.dots, candidates.squares), candidates.stroke_px)
    return replace(candidates, bars=bars, contacts=contacts), (1 / (1 + np.exp(-logits))).astype(np.float32)


def join_junctions(read: Annotation, peaks: np.ndarray, heights: np.ndarray) -> tuple[np.ndarray, tuple, np.ndarray]:
    """Dots of the ink, and peaks (K, 2) of the map where three wires or more lead away: (M, 2), types, confidences.

    A sheet that marks its junctions with dots marks all of them: peaks count only on sheets without sure dots.
    """
    sure = read.junction_confidences >= JUNCTION_CONFIDENCES[0]
    if sure.any() or not len(peaks):
        return read.junctions, read.junction_types, read.junction_confidences
    if len(read.junctions):
        apart = cKDTree(read.junctions).query(peaks)[0] > 3 * read.stroke_px
        peaks, heights = peaks[apart], heights[apart]
    arms = arm_counts(peaks, read.wires[read.wire_confidences >= LEAST_CONFIDENCE], 2 * read.stroke_px)
    peaks, heights, arms = peaks[arms >= 3], heights[arms >= 3], arms[arms >= 3]
    return (
        np.concatenate([read.junctions, peaks]),
        (*read.junction_types, *("cross" if count > 3 else "T" for count in arms)),
        np.concatenate([read.junction_confidences, heights]).astype(np.float32),
    )


def find_peaks(junction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres (M, 2) float32 x y of the spots above JUNCTION_PROBABILITY, and the highest probability in each (M,)."""
    count, labels, _, _ = cv2.connectedComponentsWithStats((junction > JUNCTION_PROBABILITY).astype(np.uint8))
    if count == 1:
        return as_points(()), np.zeros(0, np.float32)
    rows, columns = np.nonzero(labels)
    spot, weight = labels[rows, columns] - 1, junction[rows, columns].astype(np.float64)
    total = np.bincount(spot, weight)
    centres = np.stack([np.bincount(spot, weight * columns) / total, np.bincount(spot, weight * rows) / total], 1)
    highest = np.zeros(count - 1, np.float32)
    np.maximum.at(highest, spot, junction[rows, columns])
    return as_points(centres), highest


def arm_counts(points: np.ndarray, segments: np.ndarray, reach_px: float) -> np.ndarray:
    """(M,) how many wire ends leave each point: one for a segment that ends there, two for one that runs through."""
    counts = np.zeros(len(points), int)
    for point, segment in points_near_segments(points, as_segments(segments), reach_px):
        ends = segments[segment].reshape(2, 2)
        at_end = np.hypot(*(ends - points[point]).T).min() <= 2 * reach_px
        counts[point] += 1 if at_end else 2
    return counts
