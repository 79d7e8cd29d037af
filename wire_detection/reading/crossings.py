"""Where wires pass each other unconnected: plain crossings, hops and gaps, and what these say of the strokes there.

A hop or a gap tells that the strokes on its four sides are wires, however short they are, and where two of them end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.blocks import blocks
from wire_detection.classic.contacts import find_contacts
from wire_detection.classic.detect import LEAST_CONFIDENCE, Candidates, marks_of
from wire_detection.classic.strokes import Bars, join_bars
from wire_detection.reading.hops import Hops, find_hops, stub_lengths
from wire_detection.reading.place_features import near, sampled
from wire_detection.sheets.geometry import as_points, compose_affine, transform_points

ASIDE = 1.2
"""In stroke widths, how far aside of one another the two halves of a wire may lie, drawn by hand or scanned."""

NEAR_FOOT = 2.0
"""In stroke widths from an arc's foot, where a bar that is its wire begins at the latest: its corner there is rounded.
Where the arc is small, the bar was taken to end on the other wire, and begins at that one's middle."""

SHORTEST_HALF = 1.5
"""In stroke widths; a bar that leads less far away from a foot is part of the arc."""

LEAST_HALF = 7.0
"""In stroke widths, of both halves at a gap: between dashes and letters is paper, too, where a wire runs through."""

FARTHEST_GAP = 4.5
"""In stroke widths, half of the widest gap: what faces each other further off has more between it than a wire."""

LEAST_THROUGH = 0.1
"""Confidence of the bar that runs straight on: with an arc across it, it need not look like a wire for itself."""

SHOWN = 0.5
"""Where the crossing map is higher, the ink need not be judged by the strokes around it."""

HOP_CONFIDENCE = 0.9
"""Of a hop or gap, and of its four strokes, that the ink alone shows."""

ARC_ROOM = 1.4
"""Over the distance of the feet: an arc is up to 1.1 times as high, and half a stroke wide beyond that."""

WIDEST_ARC = 4.5
"""In stroke widths between a foot and the middle, of arcs to believe where the crossing map shows none. Further apart
stand the parts of a transistor, which lead around a wire through its middle as an arc would."""

SAME_LINE_PX = 0.5
"""Pieces of one bar have its offset to the bit; those of a neighbour on the same line are as good."""

CLEAR = 1.5
"""In stroke widths, how far two wires run on beyond their crossing at least, or one of them ends on the other."""

SLANT = 0.3
"""Sine of the angle at which two wires cross at least; those that run along each other touch by chance."""

JUNCTION_REACH = 2.0
"""In stroke widths: a junction so near to a crossing or to the middle of a hop is the same place."""


@dataclass(frozen=True)
class Passings:
    """K places (K, 2) float32 x y on the sheet, where a wire hops over or breaks off at another one.

    reach_px: (K,) half the distance of its ends     is_arc: (K,) bool     confidences: (K,) float32
    """

    points: np.ndarray
    reach_px: np.ndarray
    is_arc: np.ndarray
    confidences: np.ndarray


def find_passings(
    whole: Candidates,
    candidates: Candidates,
    confidences: np.ndarray,
    dark: np.ndarray,
    crossing: np.ndarray,
    matrix: np.ndarray,
) -> tuple[Passings, Candidates, np.ndarray]:
    """Find the hops and gaps; give them, and the candidates and confidences with all that they tell of the strokes.

    Args:
        whole: the sheet's bars as they were found           candidates: the same, cut where the wire map says
        confidences: (N,) how surely each of the cut ones is a wire
        dark: (H, W) darkness of the sheet                   crossing: (h, w) crossing map
        matrix: (2, 3) from the sheet's pixels to those of the map
    """
    hops = find_hops(whole, dark)
    shown = sampled(crossing, hops.centres(whole.bars), compose_affine(candidates.back, matrix))
    halves = find_halves(hops, whole.bars, candidates)
    through = likely_through(hops, whole.bars, candidates.bars, confidences)
    kept = apart(hops, whole.bars, likely(hops, candidates, confidences, halves, through, shown))
    kept = kept[~near(hops.centres(whole.bars)[kept], marks_of(whole.dots, whole.squares)[0], whole.stroke_px)]
    shown, halves = shown[kept], halves[kept]
    hops = aligned(hops.take(kept), candidates.bars, halves)
    sure = np.maximum(shown, HOP_CONFIDENCE).astype(np.float32)
    bars, raised = ended_at_feet(candidates.bars, hops, halves), confidences.copy()
    for members, confidence in zip(halves, sure, strict=True):
        raised[members[members >= 0]] = np.maximum(raised[members[members >= 0]], confidence)
    for bar, along, reach, confidence in zip(hops.through, hops.along, hops.reach, sure, strict=True):
        members = pieces_at(candidates.bars, whole.bars, bar, along, ARC_ROOM * reach)
        raised[members] = np.maximum(raised[members], confidence)
    stubs, owner = missing_halves(hops, whole, halves, dark)
    kept = ~parts_of_arcs(bars, hops, whole.bars, halves)
    bars, raised = join_bars(bars.take(kept), stubs), np.append(raised[kept], sure[owner])
    contacts = find_contacts(bars, *marks_of(candidates.dots, candidates.squares), candidates.stroke_px)
    points = as_points(transform_points(hops.centres(whole.bars), candidates.back))
    return Passings(points, hops.reach, hops.is_arc, sure), replace(candidates, bars=bars, contacts=contacts), raised


def joined_wires(candidates: Candidates, confidences: np.ndarray) -> tuple[Candidates, np.ndarray]:
    """The candidates (N,) with touching pieces of one bar joined where all are wires, and confidences (M,) by length.

    A cut that is none would be an end, and an end at a crossing rests on the wire that is crossed.
    """
    bars = candidates.bars
    order = np.lexsort((bars.low, bars.offset, bars.vertical))
    bars, confidences = bars.take(order), confidences[order]
    alike = np.zeros(len(bars), bool)
    alike[1:] = (
        (bars.vertical[1:] == bars.vertical[:-1])
        & (np.abs(np.diff(bars.offset)) < SAME_LINE_PX)
        & (np.abs(bars.low[1:] - bars.high[:-1]) < SAME_LINE_PX)
        & (np.minimum(confidences[1:], confidences[:-1]) >= LEAST_CONFIDENCE)
    )
    first = np.flatnonzero(~alike)
    last = np.append(first[1:], len(bars))[: len(first)] - 1
    group, length = np.cumsum(~alike) - 1, np.maximum(bars.length, 1e-3)
    mean = (np.bincount(group, confidences * length) / np.bincount(group, length)) if len(bars) else confidences
    joined = bars.take(first).with_ends(bars.low[first], bars.high[last])
    contacts = find_contacts(joined, *marks_of(candidates.dots, candidates.squares), candidates.stroke_px)
    return replace(candidates, bars=joined, contacts=contacts), mean.astype(np.float32)


def find_halves(hops: Hops, whole: Bars, candidates: Candidates) -> np.ndarray:
    """(K, 2) int, the longest bar that leads away from either foot of K hops, -1 where there is none.

    Args:
        whole: the bars across which the hops were found.
    """
    bars, stroke_px = candidates.bars, candidates.stroke_px
    halves = np.full((len(hops), 2), -1)
    for hop in range(len(hops)):
        across = bars.vertical != whole.vertical[hops.through[hop]]
        for side, (sign, begin, end) in enumerate(((-1, bars.high, bars.low), (1, bars.low, bars.high))):
            foot = hops.feet[hop, side]
            aside = np.abs(bars.offset_at(np.full(len(bars), foot)) - hops.along[hop])
            on_line = across & (aside <= ASIDE * stroke_px)
            leads_away = sign * (end - foot) >= SHORTEST_HALF * stroke_px
            beyond = sign * (begin - foot)
            begins = (beyond <= NEAR_FOOT * stroke_px) & (beyond >= -hops.reach[hop] - stroke_px)
            chosen = np.flatnonzero(on_line & leads_away & begins)
            if len(chosen):
                halves[hop, side] = chosen[np.argmax(bars.length[chosen])]
    return halves


def pieces_at(pieces: Bars, whole: Bars, bar: int, along: float, reach_px: float) -> np.ndarray:
    """(M,) int, the pieces of one of the `whole` bars that lie within `reach_px` of a place along it."""
    on_line = (pieces.vertical == whole.vertical[bar]) & (np.abs(pieces.offset - whole.offset[bar]) < SAME_LINE_PX)
    return np.flatnonzero(on_line & (pieces.low <= along + reach_px) & (pieces.high >= along - reach_px))


def likely_through(hops: Hops, whole: Bars, pieces: Bars, confidences: np.ndarray) -> np.ndarray:
    """(K,) how surely the bar that runs straight on at each of K hops is a wire there."""
    members = [pieces_at(pieces, whole, bar, along, 0) for bar, along in zip(hops.through, hops.along, strict=True)]
    return np.array([confidences[some].max(initial=0) for some in members])


def likely(
    hops: Hops,
    candidates: Candidates,
    confidences: np.ndarray,
    halves: np.ndarray,
    through: np.ndarray,
    shown: np.ndarray,
) -> np.ndarray:
    """(K,) bool, the hops and gaps to believe: where the crossing map shows them, or the strokes around are wires.

    Args:
        halves: (K, 2) int, numbers of bars, -1 for none
        through, shown: (K,) confidence of the bar that runs straight on, and height of the crossing map
    """
    of = np.append(confidences, 0)  # number -1 is no bar
    lengths = np.append(candidates.bars.length, 0) / candidates.stroke_px
    is_wire = of[halves] >= LEAST_CONFIDENCE
    is_shape = (halves >= 0).all(1)  # two bars that face each other across a third with an arc between them
    is_hop = hops.is_arc & (is_shape | (is_wire.any(1) & (through >= LEAST_THROUGH)))
    is_hop &= hops.reach <= WIDEST_ARC * candidates.stroke_px
    is_gap = ~hops.is_arc & (is_wire & (lengths[halves] >= LEAST_HALF)).all(1) & (through >= LEAST_CONFIDENCE)
    is_gap &= hops.reach <= FARTHEST_GAP * candidates.stroke_px
    return is_hop | is_gap | (shown >= SHOWN)


def apart(hops: Hops, whole: Bars, believed: np.ndarray) -> np.ndarray:
    """(M,) int, those of the `believed` hops (K,) whose middle lies outside of every one before; arcs come first."""
    centres, reach, kept = hops.centres(whole), hops.reach, []
    for hop in sorted(np.flatnonzero(believed).tolist(), key=lambda hop: not hops.is_arc[hop]):
        away = np.hypot(*(centres[kept] - centres[hop]).T)
        if (away > np.maximum(reach[kept], reach[hop])).all():
            kept.append(hop)
    return np.array(kept, int)


def aligned(hops: Hops, bars: Bars, halves: np.ndarray) -> Hops:
    """The hops, moved along their bars to the line of the other wire, as its `halves` (K, 2) have it."""
    there = halves >= 0
    lines = [bars.take(side).offset_at(foot) for side, foot in zip(halves.T, hops.feet.T, strict=True)]
    offsets = np.where(there, np.stack(lines, 1), 0).sum(1)
    along = np.where(there.any(1), offsets / np.maximum(there.sum(1), 1), hops.along)
    return replace(hops, along=along.astype(np.float32))


def parts_of_arcs(bars: Bars, hops: Hops, whole: Bars, halves: np.ndarray) -> np.ndarray:
    """(N,) bool, the bars that are the flat top of an arc: within it, along the wire that hops, and neither half."""
    inside = np.zeros(len(bars), bool)
    centres, reach = hops.centres(whole), ARC_ROOM * hops.reach
    for hop in np.flatnonzero(hops.is_arc):
        along, across = bars.places_of(centres[hop][None])
        inside |= (
            (bars.vertical != whole.vertical[hops.through[hop]])
            & (np.abs(across[:, 0] - bars.offset) <= reach[hop])
            & (bars.low >= along[:, 0] - reach[hop])
            & (bars.high <= along[:, 0] + reach[hop])
        )
    inside[halves[halves >= 0]] = False
    return inside


def ended_at_feet(bars: Bars, hops: Hops, halves: np.ndarray) -> Bars:
    """The bars, of which the `halves` (K, 2) end at the feet of their hops."""
    low, high = bars.low.copy(), bars.high.copy()
    for end, (side, foot) in ((high, (halves[:, 0], hops.feet[:, 0])), (low, (halves[:, 1], hops.feet[:, 1]))):
        end[side[side >= 0]] = foot[side >= 0]
    return bars.with_ends(np.minimum(low, high), np.maximum(low, high))


def missing_halves(hops: Hops, whole: Candidates, halves: np.ndarray, dark: np.ndarray) -> tuple[Bars, np.ndarray]:
    """Bars along the ink that leads away from feet without a bar, and the hop (M,) that each belongs to."""
    hop, side = np.nonzero(halves < 0)
    lengths = stub_lengths(hops, whole, hop, side, dark)
    hop, side, lengths = hop[lengths > 0], side[lengths > 0], lengths[lengths > 0]
    foot = hops.feet[hop, side]
    tip = onto_bars(foot + (2 * side - 1) * lengths, hops.along[hop], hops.through[hop], whole)
    through = whole.bars.take(hops.through[hop])
    return replace(
        through,
        vertical=~through.vertical,
        slope=np.zeros_like(through.slope),
        low=np.minimum(foot, tip).astype(np.float32),
        high=np.maximum(foot, tip).astype(np.float32),
        offset=hops.along[hop],
    ), hop


def onto_bars(tip: np.ndarray, offset: np.ndarray, through: np.ndarray, whole: Candidates) -> np.ndarray:
    """(M,) the tips of stubs at this offset, moved to the middle of a bar, parallel to `through`, that they end at."""
    bars, stroke_px = whole.bars, whole.stroke_px
    moved = tip.copy()
    for stub in range(len(tip)):
        parallel = bars.vertical == bars.vertical[through[stub]]
        reached = parallel & (bars.low - stroke_px <= offset[stub]) & (bars.high + stroke_px >= offset[stub])
        away = np.where(reached, np.abs(bars.offset - tip[stub]), np.inf)
        if away.min() <= bars.width[away.argmin()] + stroke_px:
            moved[stub] = bars.offset[away.argmin()]
    return moved


def name_crossings(read: Annotation, passings: Passings, stroke_px: float) -> Annotation:
    """The reading with its hops, its gaps and its plain crossings, and without junctions at hops and gaps."""
    away = np.hypot(*(read.junctions[:, None] - passings.points[None]).transpose(2, 0, 1))
    real = (away > np.maximum(passings.reach_px, JUNCTION_REACH * stroke_px)).all(1)
    junctions = read.junctions[real]
    points, confidences = plain_crossings(read.wires, read.wire_confidences, stroke_px)
    taken = np.concatenate([junctions, passings.points])
    free = ~near(points, taken, JUNCTION_REACH * stroke_px)
    kinds = np.where(passings.is_arc, "hop", "gap").tolist()
    return replace(
        read,
        junctions=junctions,
        junction_types=tuple(t for t, keep in zip(read.junction_types, real, strict=True) if keep),
        junction_confidences=read.junction_confidences[real],
        crossings=as_points(np.concatenate([passings.points, points[free]])),
        crossing_types=(*kinds, *["crossing"] * int(free.sum())),
        crossing_confidences=np.append(passings.confidences, confidences[free]).astype(np.float32),
    )


def plain_crossings(wires: np.ndarray, confidences: np.ndarray, stroke_px: float) -> tuple[np.ndarray, np.ndarray]:
    """(M, 2) where two of the wires (N, 4) cross and run on by CLEAR, and (M,) how sure the less sure of the two is."""
    found, start, way = [], wires[:, :2].astype(float), (wires[:, 2:] - wires[:, :2]).astype(float)
    length = np.hypot(*way.T)
    way = way / np.maximum(length, 1e-9)[:, None]
    for rows in blocks(len(wires), len(wires)):
        turn = way[rows, None, 0] * way[None, :, 1] - way[rows, None, 1] * way[None, :, 0]
        between = start[None] - start[rows, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            along = (between[..., 0] * way[None, :, 1] - between[..., 1] * way[None, :, 0]) / turn
            other = (between[..., 0] * way[rows, None, 1] - between[..., 1] * way[rows, None, 0]) / turn
        inside = np.abs(turn) > SLANT
        for place, whole in ((along, length[rows, None]), (other, length[None])):
            inside &= (place > CLEAR * stroke_px) & (place < whole - CLEAR * stroke_px)
        one, two = np.nonzero(inside)
        once = one + rows.start < two
        one, two = one[once], two[once]
        points = start[rows][one] + along[one, two, None] * way[rows][one]
        found.append(np.column_stack([points, np.minimum(confidences[rows][one], confidences[two])]))
    found = np.concatenate([np.zeros((0, 3)), *found])
    return as_points(found[:, :2]), found[:, 2].astype(np.float32)
