"""Rails: the long strokes, often bold, on which all wires to a supply or to ground end.

A map knows them badly, for they are drawn like plates, borders and edges of boxes and of amplifiers. But those are
short, or they go on around corners, or nothing ends on them: a long stroke from paper to paper that carries wires
connects them.
"""

from __future__ import annotations

import numpy as np

from wire_detection.classic.detect import LEAST_CONFIDENCE, Candidates
from wire_detection.classic.letters import without_letters
from wire_detection.classic.strokes import Bars
from wire_detection.classic.symbols import LONGEST_PLATE
from wire_detection.reading.crossings import SAME_LINE_PX
from wire_detection.sheets.raster import pixels_at

SHORTEST = 3 * LONGEST_PLATE
"""In stroke widths: channels of transistors carry wires, too, and end on paper, but are hardly longer than plates."""

FEWEST = 3
"""Wires that end on a rail: two end on a long edge of a symbol, one of either side of it."""

CONFIDENCE = 0.9
"""Of a rail, which its shape alone shows."""

AROUND = np.radians(np.arange(-150, 151, 10))
"""From the way of a stroke at its end, where paper tells that nothing leads on. An amplifier's edge is free ahead,
too, but its other edges lead back at 120 degrees and less."""

RADIUS = 3.0
"""In widths of the stroke, how far from its end there must be paper; at 150 degrees that is beside the stroke, too."""


def raise_rails(candidates: Candidates, confidences: np.ndarray) -> np.ndarray:
    """How surely each bar is a wire (N,) float32, by CONFIDENCE where it is a rail, or goes on as one that is known.

    Args:
        confidences: (N,) the same before it is known what ends on what.
    """
    bars, contacts, is_wire = candidates.bars, candidates.contacts, confidences >= LEAST_CONFIDENCE
    resting = ~contacts.corner & is_wire[contacts.bar]
    carried = np.bincount(contacts.other[resting], minlength=len(bars))
    likely = np.flatnonzero(~is_wire & (carried > 0) & (bars.length >= SHORTEST * candidates.stroke_px))
    if not len(likely):
        return confidences
    drawing = without_letters(candidates.ink, candidates.stroke_px)  # rails are named beside their ends
    ends_free = on_paper(bars.take(likely), drawing, candidates.stroke_px)
    raised = confidences.copy()
    for rail, free in zip(likely.tolist(), ends_free, strict=True):
        on_line = (bars.vertical == bars.vertical[rail]) & (np.abs(bars.offset - bars.offset[rail]) < SAME_LINE_PX)
        before = is_wire & on_line & (np.abs(bars.high - bars.low[rail]) < SAME_LINE_PX)
        after = is_wire & on_line & (np.abs(bars.low - bars.high[rail]) < SAME_LINE_PX)
        ends = free | (before.any(), after.any())
        if ends.all() and carried[rail] + carried[before | after].sum() >= FEWEST:
            raised[rail] = CONFIDENCE
    return raised


def on_paper(bars: Bars, ink: np.ndarray, stroke_px: float) -> np.ndarray:
    """(N, 2) bool, the ends (low, high) of bars around which there is no ink (H, W) but the bar's own."""
    radius = RADIUS * np.maximum(bars.width, stroke_px)[:, None]
    free = np.zeros((len(bars), 2), bool)
    for end, (tip, outward) in enumerate(((bars.low, -1), (bars.high, 1))):
        along = tip[:, None] + outward * radius * np.cos(AROUND)
        across = bars.offset_at(tip)[:, None] + radius * np.sin(AROUND)
        free[:, end] = ~(pixels_at(ink, *bars.xy(along, across)) > 0).any(1)
    return free
