"""From probability maps to vectors: the ink says where lines run, the maps say what they mean.

Straight strokes, dots and contacts are measured in the ink by the classic detector, on the sheet in its own pixels and
to a fraction of one, however thin a line is. They are cut where the map says that a wire ends, and what the map says
along a piece, how the stroke looks and what it touches are weighed together (piece_classifier), and so is what is known
of every place where strokes meet (junction_classifier).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

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
from wire_detection.reading.crossings import find_passings, joined_wires, name_crossings, raised_where_crossed
from wire_detection.reading.doubts import sheet_confidence, unread_length
from wire_detection.reading.junctions import classify_places
from wire_detection.reading.piece_classifier import load_classifier
from wire_detection.reading.pieces import cut_bars, join_alike
from wire_detection.reading.ridges import Ridges, find_ridges
from wire_detection.sheets.geometry import compose_affine, transform_segments
from wire_detection.sheets.ink import darkness
from wire_detection.sheets.nets import connect_nets, wires_of_nets


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
        probabilities: (h, w) float32 of the tasks "wire", "junction" and "crossing".
        matrix: (2, 3) from the sheet's pixels to those of the maps; the same pixels when None.
        stroke_px: the sheet's stroke width, measured when not given.
        map_alone: whether the maps alone say what is a wire and a junction, and not the look of strokes and places too.
        least_confidence: of the wires; junctions are those of the wires of LEAST_CONFIDENCE in any case.
    """
    matrix = np.eye(2, 3) if matrix is None else matrix
    whole = find_candidates(grey, stroke_px=stroke_px)
    candidates, confidences = classify_pieces(whole, probabilities["wire"], matrix, map_alone)
    passings, candidates, confidences = find_passings(
        whole, candidates, confidences, darkness(grey), probabilities["crossing"], matrix
    )
    ridges = find_ridges(candidates, confidences, probabilities["wire"], matrix)
    unread_px = unread_length(candidates, ridges, probabilities["wire"], matrix)
    crossed = raised_where_crossed(whole, candidates.bars, confidences, probabilities["crossing"], matrix)
    read = read_candidates(*joined_wires(candidates, crossed), grey.shape, least_confidence)
    read = with_ridges(read, ridges, candidates.back)
    junctions = classify_places(grey, candidates, confidences, ridges, probabilities, matrix, map_alone)
    lengths, strokes = np.append(candidates.bars.length, ridges.lengths), np.append(confidences, ridges.confidences)
    reach_px = 2 * candidates.stroke_px
    read = replace(
        read,
        junctions=junctions.points,
        junction_types=junctions.types,
        junction_confidences=junctions.confidences,
    )
    read = name_crossings(read, passings, candidates.stroke_px)
    labels = connect_nets(
        read.wires,
        read.junctions,
        end_px=reach_px,
        junction_px=reach_px,
        body_px=1.5 * candidates.stroke_px,
        passed=read.passed,
    )
    return replace(
        read,
        nets=wires_of_nets(labels),
        metadata={**read.metadata, "confidence": sheet_confidence(lengths, strokes, unread_px)},
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


def with_ridges(read: Annotation, ridges: Ridges, back: np.ndarray) -> Annotation:
    """The annotation with `ridges` among its wires; `back` (2, 3) leads from the upright sheet to the image."""
    limits = np.tile(read.image_shape[::-1], 2).astype(np.float32) - 1
    wires = np.clip(transform_segments(ridges.segments, back), 0, limits)
    return replace(
        read,
        wires=np.concatenate([read.wires, wires]),
        wire_confidences=np.append(read.wire_confidences, ridges.confidences),
    )
