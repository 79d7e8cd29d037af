"""Stems of small symbols at ends of wires: grounds, supplies and flags hang on a stem in line with the wire.

Wire and stem are one stroke, and no ink shows where the one ends. But the symbol is small and symmetric about the
stroke, nothing else is drawn on to it, the map is less sure of the stroke there, and a program that lays wires on a
grid ends them on it and lays its symbols on it, too: the shape begins on a line of the grid, and the wire ends at the
next one. Symbols of one shape are one symbol, so whether the map doubts their stems is asked of all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from scipy.spatial import cKDTree

from wire_detection.classic.contacts import find_contacts
from wire_detection.classic.detect import LEAST_CONFIDENCE, Candidates, marks_of
from wire_detection.classic.strokes import Bars, join_bars
from wire_detection.formats.grid import Grid, find_grid
from wire_detection.reading.pieces import clipped_logits
from wire_detection.sheets.geometry import compose_affine, transform_points
from wire_detection.sheets.groups import connected_groups
from wire_detection.sheets.raster import pixels_at

REACH = 13.0
"""In stroke widths, how far from the end of a stroke its symbol may reach: a ground is 9 high and 9 to either side."""

SYMMETRY = 1.5
"""In stroke widths, and a pixel more, by how much a symbol's two sides may differ: letters and parts of larger symbols
differ by more."""

LEAST_WIDTH = 3.5
"""In stroke widths: what is narrower is the stroke's own blunt or blurred end."""

LEAST_STEM, OF_DEPTH = 2.0, 0.6
"""In stroke widths, and as a share of how deep the shape is along the stroke: a line of the grid nearer to the shape is
the place where the shape itself begins, or lies between two of those on which this symbol was laid."""

MET = 2.0
"""In stroke widths, how near to its end a stroke meets another wire that it ends at."""

ALIKE = 1.0
"""In stroke widths, by how much the measures of one symbol differ between its places on a sheet."""

ON_GRID, NEAR = 1 / 6, 1.0
"""How far from a line of the grid a shape may begin: a share of the step and, in stroke widths, its outline's width, to
which half a pixel comes, for shapes are measured in whole ones."""

RECURS, MOST = 2, 0.75
"""So often a sheet must show a shape on its grid, and that share of all its places must be on it: on a sheet that was
not laid on a grid some of them are by chance."""

WITHIN, BEYOND = (0.25, 0.5), (1.1, 1.3)
"""Shares of a stem's length from the end: where the map doubts a stem but is no longer blurred by the symbol, and
where the wire has begun."""

DOUBT = 1.0
"""By how much the map's logit within is lower than beyond, on average over the symbols of one shape, where these hang
on stems: some 2 at grounds, supplies and flags that do, less than 1 where the wire goes on to the symbol."""

SAMPLES = 8
"""Places within a stem and beyond it where the map is read: some two in a stroke width."""

STEM_CONFIDENCE = 0.15
"""Of a stem being a wire: it is among the doubtful ones, and no slant makes a wire of it."""


@dataclass(frozen=True)
class SymbolEnds:
    """Ends of bars at which a small symbol hangs, K of them.

    bar, end: (K,) int, the bar and which of its ends (0 low, 1 high)
    shape: (K, 3) in pixels, how wide the symbol is, how far it reaches beyond the end, and how far back beside the bar
    clear: (K,) in pixels from the end, where the bar meets the first other wire, its own length at the most
    """

    bar: np.ndarray
    end: np.ndarray
    shape: np.ndarray
    clear: np.ndarray


def without_stems(
    candidates: Candidates, confidences: np.ndarray, wire: np.ndarray, matrix: np.ndarray
) -> tuple[Candidates, np.ndarray]:
    """The candidates with stems cut off the wires, and how surely each bar is a wire (N,) float32.

    Args:
        confidences: (B,) how surely each bar of `candidates` is a wire.
        wire: (h, w) wire map      matrix: (2, 3) from the sheet's pixels to those of the map
    """
    bars, stroke_px, is_wire = candidates.bars, candidates.stroke_px, confidences >= LEAST_CONFIDENCE
    grid = find_grid([bars.offset[is_wire & bars.vertical], bars.offset[is_wire & ~bars.vertical]], stroke_px)
    ends = symbol_ends(candidates, is_wire) if grid.measured else NO_ENDS
    if not len(ends.bar):
        return candidates, confidences
    stem_px = stem_lengths(bars, ends, grid, stroke_px)
    fits = stem_px <= ends.clear + stroke_px
    symbol = alike(ends.shape, ALIKE * stroke_px)
    doubt = stem_doubts(bars, ends, stem_px, wire, compose_affine(candidates.back, matrix))
    on_grid = off_grid(bars, ends, grid) <= min(ON_GRID * grid.step_px, NEAR * stroke_px + 0.5)
    tells = on_grid & (BEYOND[1] * stem_px <= ends.clear)
    count = np.bincount(symbol, tells)
    mean = np.bincount(symbol, np.where(tells, doubt, 0)) / np.maximum(count, 1)
    recurs = np.bincount(symbol, on_grid)
    is_stem = (mean >= DOUBT) & (recurs >= np.maximum(RECURS, MOST * np.bincount(symbol)))
    chosen = fits & on_grid & is_stem[symbol]
    bars, confidences = cut_off(bars, confidences, ends.bar[chosen], ends.end[chosen], stem_px[chosen], stroke_px)
    contacts = find_contacts(bars, *marks_of(candidates.dots, candidates.squares), stroke_px)
    return replace(candidates, bars=bars, contacts=contacts), confidences


def symbol_ends(candidates: Candidates, is_wire: np.ndarray) -> SymbolEnds:
    """The ends of the bars that are wires (B,) bool at which nothing but a small symmetric symbol is drawn on."""
    bars, stroke_px = candidates.bars, candidates.stroke_px
    clear = clear_lengths(candidates, is_wire)
    found = []
    for bar, end in np.argwhere(is_wire[:, None] & (clear >= MET * stroke_px)).tolist():
        shape = symbol_at(candidates.ink, bars, bar, end, float(clear[bar, end]), stroke_px)
        if shape is not None:
            found.append((bar, end, *shape))
    table = np.array(found, float).reshape(-1, 5)
    bar, end = table[:, :2].astype(int).T
    return SymbolEnds(bar, end, table[:, 2:], clear[bar, end])


NO_ENDS = SymbolEnds(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 3)), np.zeros(0))


def clear_lengths(candidates: Candidates, is_wire: np.ndarray) -> np.ndarray:
    """(B, 2) how far from each end of each bar it meets the first other wire, its own length at the most; in pixels."""
    bars, contacts = candidates.bars, candidates.contacts
    clear = np.repeat(bars.length[:, None], 2, 1)
    between = is_wire[contacts.bar] & is_wire[contacts.other]
    clear[contacts.bar[between], contacts.end[between]] = 0
    bar, place = contacts.other[between], contacts.place[between]
    along = np.where(bars.vertical[bar], place[:, 1], place[:, 0])
    for end, tip in enumerate((bars.low, bars.high)):
        np.minimum.at(clear[:, end], bar, np.abs(along - tip[bar]))
    return clear


def symbol_at(
    ink: np.ndarray, bars: Bars, bar: int, end: int, clear_px: float, stroke_px: float
) -> tuple[float, float, float] | None:
    """The shape of the symbol at an end of a bar, as in SymbolEnds; None where there is none, or more than that.

    Args:
        ink: (H, W) uint8        clear_px: how far from the end the bar meets the first other wire
    """
    reach = int(REACH * stroke_px)
    back = int(min(reach, clear_px - MET * stroke_px))
    steps, across = np.arange(-back, reach + 1), np.arange(-reach, reach + 1)
    along = (bars.high[bar] + steps) if end else (bars.low[bar] - steps)
    x, y = bars.take(np.array([bar])).xy(along[None, :, None], bars.offset[bar] + across[None, None])
    on_sheet = (x >= 0) & (x <= ink.shape[1] - 1) & (y >= 0) & (y <= ink.shape[0] - 1)
    patch = (pixels_at(ink, x, y) * on_sheet)[0].astype(np.uint8)
    _, parts = cv2.connectedComponents(patch)
    half = int(stroke_px / 2 + 0.5)
    tip = parts[max(0, back - int(stroke_px) - 1) : back + 1, reach - half : reach + half + 1]
    if not tip.any():
        return None
    own = parts == np.bincount(tip[tip > 0]).argmax()
    beside = own & (np.abs(across) > 1.5 * stroke_px)
    if own[-1].any() or own[:, 0].any() or own[:, -1].any() or beside[0].any():
        return None
    columns, rows = across[own.any(0)], steps[own.any(1)]
    if np.ptp(columns) < LEAST_WIDTH * stroke_px or abs(columns[0] + columns[-1]) > SYMMETRY * stroke_px + 1:
        return None
    return float(np.ptp(columns)), float(rows[-1]), float(max(0, -steps[beside.any(1)].min(initial=0)))


def stem_lengths(bars: Bars, ends: SymbolEnds, grid: Grid, stroke_px: float) -> np.ndarray:
    """(K,) pixels from each end to the first line of the grid that is clear enough of the symbol."""
    _, beyond, back = ends.shape.T
    least = back + np.maximum(LEAST_STEM * stroke_px, OF_DEPTH * (beyond + back))
    return least + (-_steps_in(bars, ends, grid, least)) % grid.step_px


def off_grid(bars: Bars, ends: SymbolEnds, grid: Grid) -> np.ndarray:
    """(K,) pixels from the place on each bar where the symbol's shape begins to the nearest line of the grid."""
    past = _steps_in(bars, ends, grid, ends.shape[:, 2]) % grid.step_px
    return np.minimum(past, grid.step_px - past)


def _steps_in(bars: Bars, ends: SymbolEnds, grid: Grid, inward_px: np.ndarray) -> np.ndarray:
    """(K,) how far along each bar the place `inward_px` (K,) from its end lies from the grid's origin, in pixels and
    counted away from the end."""
    tip = np.where(ends.end == 1, bars.high[ends.bar], bars.low[ends.bar])
    origin = grid.origin[bars.vertical[ends.bar].astype(int)]
    return (tip - origin) * np.where(ends.end == 1, -1, 1) + inward_px


def stem_doubts(bars: Bars, ends: SymbolEnds, stem_px: np.ndarray, wire: np.ndarray, to_map: np.ndarray) -> np.ndarray:
    """(K,) by how much the mean logit of the map `wire` (h, w) is lower WITHIN stems of `stem_px` (K,) than BEYOND.

    to_map: (2, 3) from the bars' pixels to those of the map
    """
    shares = np.concatenate([np.linspace(*WITHIN, SAMPLES), np.linspace(*BEYOND, SAMPLES)])
    at, inward = bars.take(ends.bar), np.where(ends.end == 1, -1, 1)
    along = np.where(ends.end == 1, at.high, at.low)[:, None] + (inward * stem_px)[:, None] * shares
    points = np.stack(at.xy(along, at.offset[:, None]), -1)
    highest = cv2.dilate(wire, np.ones((3, 3), np.uint8))  # as along pieces: the map is as coarse as its stride
    logits = clipped_logits(pixels_at(highest, *transform_points(points.reshape(-1, 2), to_map).T))
    within, beyond = logits.reshape(len(at), 2, SAMPLES).mean(2).T
    return beyond - within


def alike(shapes: np.ndarray, reach_px: float) -> np.ndarray:
    """(K,) the number of the symbol that each of the shapes (K, 3) is; those of one differ by `reach_px` at most."""
    return connected_groups(cKDTree(shapes).query_pairs(reach_px, p=np.inf, output_type="ndarray"), len(shapes))


def cut_off(
    bars: Bars, confidences: np.ndarray, bar: np.ndarray, end: np.ndarray, stem_px: np.ndarray, stroke_px: float
) -> tuple[Bars, np.ndarray]:
    """The bars and confidences with `stem_px` (K,) cut off at an `end` (K,) of each `bar` (K,); stems come last.

    A bar of which less than a stroke width is left is a stem as a whole.
    """
    cut = np.zeros((len(bars), 2), np.float32)
    cut[bar, end] = stem_px
    low, high = bars.low + cut[:, 0], bars.high - cut[:, 1]
    whole = (cut > 0).any(1) & (high - low < stroke_px)
    shortened = (cut > 0) & ~whole[:, None]
    kept = bars.with_ends(np.where(whole, bars.low, low), np.where(whole, bars.high, high))
    first, last = np.flatnonzero(shortened[:, 0]), np.flatnonzero(shortened[:, 1])
    stems = [
        bars.take(first).with_ends(bars.low[first], low[first]),
        bars.take(last).with_ends(high[last], bars.high[last]),
    ]
    confidences = np.where(whole, np.minimum(confidences, STEM_CONFIDENCE), confidences)
    sure = np.full(len(first) + len(last), STEM_CONFIDENCE)
    return join_bars(kept, *stems), np.append(confidences, sure).astype(np.float32)
