"""Wires and junctions are detected without a trained network: straight strokes, minus everything that is no wire.

ink -> upright sheet -> letters out -> bars -> dots and pin marks -> what touches what -> confidences
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wire_detection import defaults
from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.confidence import bar_confidences
from wire_detection.classic.contacts import Contacts, count_on, end_at_marks, find_contacts, snap_to_contacts
from wire_detection.classic.dots import Blobs, dots_and_squares, find_blobs, find_junctions
from wire_detection.classic.features import features
from wire_detection.classic.letters import strokes_of_text, without_letters
from wire_detection.classic.skew import rotate_upright, skew_angle_deg
from wire_detection.classic.slanted import find_slanted, held_slants, propose_slanted
from wire_detection.classic.strokes import Bars, find_bars
from wire_detection.classic.symbols import LONGEST_PLATE, cut_at_plates
from wire_detection.sheets.geometry import as_segments, points_near_segments, transform_points, transform_segments
from wire_detection.sheets.ink import darkness as sheet_darkness
from wire_detection.sheets.stroke_width import stroke_width_of

SHORTEST_WIRE = 7.0
"""In stroke widths: shorter runs of ink are letters and parts of symbols more often than wires."""

MOST_BARS = 10_000
"""Of more bars the longest are looked at: a sheet has some hundreds, and only noise and textures have so many, whose
contacts with one another would fill the memory."""

LEAST_CONFIDENCE = 0.5
"""Bars that are more likely something else than a wire are left out."""

LEAST_DOUBT = 0.1
"""Of a bar that is left out: below this not one in twenty is a wire after all, by classic detection or by a network."""

SLANT_CONFIDENCE = 0.9
"""A slanted stroke between two ends of wires is rarely anything else; the drawn sheets hold too few to fit a table."""

LEAST_SLANT_END = 0.2
"""A slant that joins two bars speaks for both: they need not look like wires without it."""


@dataclass(frozen=True)
class Candidates:
    """Everything straight on an upright sheet, before it is known what is a wire.

    ink: (H, W) uint8 of the upright sheet          back: (2, 3) matrix from the upright sheet to the image
    stroke_px, wire_px: usual stroke width of the sheet, and of the bars that run through dots
    slants: (S, 4) float32 slanted strokes that may be wires
    """

    bars: Bars
    contacts: Contacts
    dots: Blobs
    squares: Blobs
    ink: np.ndarray
    back: np.ndarray
    stroke_px: float
    wire_px: float
    slants: np.ndarray


def detect_wires(
    grey: np.ndarray,
    *,
    stroke_px: float | None = None,
    text_boxes=(),
    min_wire_length: float = defaults.MIN_WIRE_LENGTH_PX,
    border_size: float = defaults.BORDER_SIZE_PX,
    threshold: float = defaults.INK_THRESHOLD,
) -> Annotation:
    """Find the wires and junctions of a sheet.

    Args:
        grey: (H, W) uint8, ink dark on light paper.
        stroke_px: the sheet's stroke width, measured when not given.
        text_boxes: (K, 4) x1 y1 x2 y2 of text; strokes of letters in them are left out.
        min_wire_length: shortest wire in pixels; at least SHORTEST_WIRE stroke widths are asked for in any case.
        border_size: how near to the image's edge, in pixels, a line counts as cut off there.
        threshold: a pixel is ink when it is darker than the paper around it by this share of the paper's brightness.
    """
    candidates = find_candidates(
        grey, stroke_px=stroke_px, text_boxes=text_boxes, min_wire_length=min_wire_length, threshold=threshold
    )
    return read_candidates(candidates, classic_confidences(candidates, border_size), grey.shape)


def classic_confidences(candidates: Candidates, border_size: float = defaults.BORDER_SIZE_PX) -> np.ndarray:
    """Say how surely each bar is a wire, (N,) float32 in 0..1, by shape and neighbours; `border_size` in pixels."""
    return bar_confidences(
        classic_features(candidates, border_size), candidates.bars, candidates.contacts, candidates.stroke_px
    )


def classic_features(candidates: Candidates, border_size: float = defaults.BORDER_SIZE_PX) -> dict[str, np.ndarray]:
    """Give the `features` of the bars: name -> (N,) float32."""
    return features(
        candidates.bars,
        candidates.contacts,
        candidates.dots.centre,
        candidates.squares.centre,
        candidates.ink,
        candidates.stroke_px,
        candidates.wire_px,
        border_size,
    )


def read_candidates(
    candidates: Candidates,
    confidences: np.ndarray,
    shape: tuple[int, int],
    least_confidence: float = LEAST_CONFIDENCE,
    may_be_wires: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Annotation:
    """Give the wires and junctions of a sheet of `shape` (height, width), by how surely each bar is a wire (N,).

    Bars of at least `least_confidence` are given as wires. Those below LEAST_CONFIDENCE come beside the others and
    change nothing about them: they still cut as plates what runs through them, and make no junction. From LEAST_DOUBT
    on they are doubtful wires. `may_be_wires` is that of `slanted_wires`.
    """
    slanted, joined = slanted_wires(candidates, confidences, may_be_wires)
    confidences = confidences.copy()
    confidences[joined.ravel()] = np.maximum(confidences[joined.ravel()], LEAST_CONFIDENCE)
    doubtful = candidates.bars.take((LEAST_DOUBT <= confidences) & (confidences < LEAST_CONFIDENCE))
    chosen = confidences >= least_confidence
    wires, source = cut_at_plates(
        candidates.bars.take(chosen), candidates.bars, confidences >= LEAST_CONFIDENCE, candidates.stroke_px
    )
    confidences = confidences[chosen][source]
    sure = wires.take(confidences >= LEAST_CONFIDENCE)
    junctions, types, junction_confidences = find_junctions(candidates.dots, sure, candidates.stroke_px)
    segments = transform_segments(np.concatenate([wires.segments(), slanted]), candidates.back)
    confidences = np.append(confidences, np.full(len(slanted), SLANT_CONFIDENCE, np.float32))
    limits = np.tile(shape[::-1], 2).astype(np.float32) - 1
    return Annotation.build(
        image_path="",
        image_shape=shape,
        wires=np.clip(segments, 0, limits),
        wire_confidences=confidences,
        junctions=transform_points(junctions, candidates.back),
        junction_types=types,
        junction_confidences=junction_confidences,
        doubtful_wires=np.clip(transform_segments(doubtful.segments(), candidates.back), 0, limits),
        metadata={"stroke_width": candidates.stroke_px},
    )


def slanted_wires(
    candidates: Candidates, confidences: np.ndarray, may_be_wires: Callable[[np.ndarray], np.ndarray] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Find slanted wires (M, 4), and the numbers (K, 2) of the bars that are wires because slants join their ends.

    Args:
        may_be_wires: tells of slanted segments (N, 4) which are to be believed (N,) bool; all when None.
    """
    met = np.zeros((len(candidates.bars), 2), bool)
    met[candidates.contacts.bar, candidates.contacts.end] = True
    likely = (confidences >= LEAST_SLANT_END)[:, None]
    between, joined = find_slanted(candidates.bars, ~met & likely, candidates.ink, candidates.stroke_px)
    if may_be_wires is not None:
        believed = may_be_wires(between)
        between, joined = between[believed], joined[believed]
    bars = candidates.bars.segments()
    wires = bars[confidences >= LEAST_CONFIDENCE]
    held = held_slants(candidates.slants, wires, bars, candidates.ink, candidates.stroke_px)
    if may_be_wires is not None:
        held = held[may_be_wires(held)]
    middles = (held[:, :2] + held[:, 2:]) / 2
    known = points_near_segments(middles, between, 2 * candidates.stroke_px)[:, 0]
    return np.concatenate([between, np.delete(held, known, 0)]), joined


def find_candidates(
    grey: np.ndarray,
    *,
    stroke_px: float | None = None,
    text_boxes=(),
    min_wire_length: float = defaults.MIN_WIRE_LENGTH_PX,
    threshold: float = defaults.INK_THRESHOLD,
) -> Candidates:
    """Find all bars of the sheet `grey`, the dots and pin marks on them, and where they meet."""
    dark = sheet_darkness(grey)
    stroke_px = stroke_width_of(dark) if stroke_px is None else stroke_px
    dark, ink, back = upright_sheet(dark, stroke_px, threshold)
    text_boxes = as_segments(text_boxes)
    candidates = _measure(dark, ink, back, text_boxes, stroke_px, min_wire_length)
    if not 0.7 < candidates.wire_px / stroke_px < 1.4:  # symbols or frames are drawn with most of this sheet's lines
        candidates = _measure(dark, ink, back, text_boxes, candidates.wire_px, min_wire_length)
    return candidates


def upright_sheet(dark: np.ndarray, stroke_px: float, threshold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Darkness (H, W) float32 and ink (H, W) uint8 of the sheet turned upright, and the (2, 3) matrix back."""
    angle = skew_angle_deg((dark > threshold).astype(np.uint8), stroke_px)
    back = np.eye(2, 3)
    if angle:
        dark, back = rotate_upright(dark, angle)
    return dark, (dark > threshold).astype(np.uint8), back


def _measure(
    dark: np.ndarray,
    ink: np.ndarray,
    back: np.ndarray,
    text_boxes: np.ndarray,
    stroke_px: float,
    min_wire_length: float,
) -> Candidates:
    drawing = without_letters(ink, stroke_px)
    bars = _longest(find_bars(dark, drawing, stroke_px, max(min_wire_length, SHORTEST_WIRE * stroke_px)))
    bars = bars.take(~strokes_of_text(transform_segments(bars.segments(), back), text_boxes))
    dots, squares = dots_and_squares(find_blobs(dark, drawing, stroke_px), bars, stroke_px)
    marks, radii = marks_of(dots, squares)
    bars = end_at_marks(bars, marks, 2 * radii, stroke_px)
    bars = bars.take(bars.length >= max(min_wire_length, 5 * stroke_px))
    contacts = find_contacts(bars, marks, radii, stroke_px)
    bars = snap_to_contacts(bars, contacts)
    wire_px = wire_width(bars, dots, stroke_px)
    slants = propose_slanted(bars, drawing, stroke_px)
    return Candidates(bars, contacts, dots, squares, ink, back, stroke_px, wire_px, slants)


def _longest(bars: Bars) -> Bars:
    """Keep the MOST_BARS longest bars, in their order."""
    kept = np.zeros(len(bars), bool)
    kept[np.argsort(-bars.length, kind="stable")[:MOST_BARS]] = True
    return bars.take(kept)


def marks_of(dots: Blobs, squares: Blobs) -> tuple[np.ndarray, np.ndarray]:
    """Give the centres (M, 2) x y and radii (M,) of dots and pin marks together, in pixels."""
    return (np.concatenate([dots.centre, squares.centre]), np.concatenate([dots.diameter, squares.diameter]) / 2)


def wire_width(bars: Bars, dots: Blobs, stroke_px: float) -> float:
    """Measure the strokes that carry dots, for those are wires; the usual stroke width where fewer than three do.

    Where none of them is longer than the plates of symbols the dots are arrow heads.
    """
    on_dots = np.flatnonzero(count_on(bars, dots.centre, 1.5 * stroke_px))
    if len(on_dots) < 3 or bars.length[on_dots].max() <= LONGEST_PLATE * stroke_px:
        return stroke_px
    order = on_dots[np.argsort(bars.width[on_dots])]
    reached = np.cumsum(bars.length[order])
    return float(bars.width[order[np.searchsorted(reached, reached[-1] / 2)]])
