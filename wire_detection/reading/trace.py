"""From probability maps to vectors: the ink says where lines run, the maps say what they mean.

Straight strokes, dots and contacts are measured in the ink by the classic detector, on the sheet in its own pixels and
to a fraction of one, however thin a line is. They are cut where the map says that a wire ends, and what the map says
along a piece, how the stroke looks and what it touches are weighed together (piece_classifier), and so is what is known
of every place where strokes meet (junction_classifier).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
from wire_detection.reading.bridges import MEETING, RESTING, find_bridges
from wire_detection.reading.crossings import Passings, find_passings, joined_wires, name_crossings
from wire_detection.reading.doubts import sheet_confidence, unread_length
from wire_detection.reading.junctions import classify_places
from wire_detection.reading.overshoots import without_overshoots
from wire_detection.reading.piece_classifier import load_classifier
from wire_detection.reading.pieces import cut_bars, join_alike
from wire_detection.reading.rails import raise_rails
from wire_detection.reading.ridges import Ridges, find_ridges
from wire_detection.reading.slants import shown_slants
from wire_detection.reading.stems import without_stems
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
    strokes = find_strokes(grey, probabilities, matrix, stroke_px, map_alone)
    candidates, confidences, ridges = strokes.candidates, strokes.confidences, strokes.ridges
    unread_px = unread_length(candidates, ridges, probabilities["wire"], matrix)
    may_be_wires = shown_slants(candidates, probabilities["wire"], matrix)
    joined = joined_wires(candidates, confidences)
    read = read_candidates(*joined, grey.shape, least_confidence, may_be_wires)
    read = with_wires(read, transform_segments(ridges.segments, candidates.back), ridges.confidences)
    bridges = find_bridges(read.wires, strokes.dark, probabilities["wire"], matrix, candidates.stroke_px)
    read = with_wires(read, *bridges)
    junctions = classify_places(strokes.dark, candidates, confidences, ridges, probabilities, matrix, map_alone)
    lengths, sure = np.append(candidates.bars.length, ridges.lengths), np.append(confidences, ridges.confidences)
    reach_px = MEETING * candidates.stroke_px
    read = replace(
        read,
        wires=without_overshoots(read.wires, junctions.points, strokes.dark, candidates.stroke_px),
        junctions=junctions.points,
        junction_types=junctions.types,
        junction_confidences=junctions.confidences,
        doubtful_junctions=junctions.doubtful,
    )
    read = name_crossings(read, strokes.passings, candidates.stroke_px)
    labels = connect_nets(
        read.wires,
        read.junctions,
        end_px=reach_px,
        junction_px=reach_px,
        body_px=RESTING * candidates.stroke_px,
        passed=read.passed,
    )
    return replace(
        read,
        nets=wires_of_nets(labels),
        metadata={**read.metadata, "confidence": sheet_confidence(lengths, sure, unread_px)},
    )


@dataclass(frozen=True)
class Strokes:
    """All that is known of a sheet's strokes before it is asked where they connect.

    candidates: the bars, cut where a wire ends by the map, at the stem of a symbol or at a hop
    confidences: (N,) how surely each of the cut ones is a wire      passings: the hops and gaps
    ridges: what the wire map shows beside the bars      dark: (H, W) darkness of the sheet
    """

    candidates: Candidates
    confidences: np.ndarray
    passings: Passings
    ridges: Ridges
    dark: np.ndarray


def find_strokes(
    grey: np.ndarray,
    probabilities: Mapping[str, np.ndarray],
    matrix: np.ndarray,
    stroke_px: float | None = None,
    map_alone: bool = False,
) -> Strokes:
    """The strokes of a sheet; the arguments are those of `trace_maps`."""
    whole = find_candidates(grey, stroke_px=stroke_px)
    candidates, confidences = classify_pieces(whole, probabilities["wire"], matrix, map_alone)
    if not map_alone:
        candidates, confidences = without_stems(candidates, confidences, probabilities["wire"], matrix)
    dark = darkness(grey)
    passings, candidates, confidences = find_passings(
        whole, candidates, confidences, dark, probabilities["crossing"], matrix
    )
    confidences = raise_rails(candidates, confidences)
    ridges = find_ridges(candidates, confidences, probabilities["wire"], matrix)
    return Strokes(candidates, confidences, passings, ridges, dark)


def classify_pieces(
    candidates: Candidates, wire: np.ndarray, matrix: np.ndarray, map_alone: bool
) -> tuple[Candidates, np.ndarray]:
    """The candidates with their bars cut as the map `wire` says, and how surely each piece is a wire (N,) float32."""
    pieces = cut_bars(candidates.bars, wire, compose_affine(candidates.back, matrix), candidates.stroke_px)
    logits = pieces.logits if map_alone else load_classifier().logits(candidates, pieces, classic_features(candidates))
    bars, logits = join_alike(pieces, logits)
    contacts = find_contacts(bars, *marks_of(candidates.dots, candidates.squares), candidates.stroke_px)
    return replace(candidates, bars=bars, contacts=contacts), (1 / (1 + np.exp(-logits))).astype(np.float32)


def with_wires(read: Annotation, segments: np.ndarray, confidences: np.ndarray) -> Annotation:
    """The annotation with `segments` (M, 4) in its own pixels, and how sure each is (M,), among its wires."""
    limits = np.tile(read.image_shape[::-1], 2).astype(np.float32) - 1
    return replace(
        read,
        wires=np.concatenate([read.wires, np.clip(segments, 0, limits)]),
        wire_confidences=np.append(read.wire_confidences, confidences),
    )
