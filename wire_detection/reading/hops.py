"""Where one wire makes an arc over another (a hop) or breaks off beside it (a gap), told by the ink around a bar.

Seen from the wire that runs straight on, a hop and a gap look alike at first: across it lies paper on both sides, then,
equally far, the two halves of the other wire. Between these an arc of ink leads around on one side, or nothing does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wire_detection.classic.detect import Candidates
from wire_detection.classic.strokes import Bars
from wire_detection.reading.place_features import sampled
from wire_detection.sheets.geometry import as_points

STEP = 0.5
"""In stroke widths, how finely the ink across a bar is looked at: a stroke is not missed between two steps."""

FARTHEST_FOOT = 9.0
"""In stroke widths; the arcs of printed figures reach 2 to 7, and what faces each other further off is two wires."""

INK = 0.5
"""As dark as this share of the bar is ink; half the height of its edge is where a blurred stroke ends."""

LEAST_STUB = 1.0
"""In stroke widths, how far a half leads away from its foot at least: between two arcs in a row is little more."""

LONGEST_STUB = 12.0
"""In stroke widths; where ink leads further away from a foot, it is found as a bar."""

UNEVEN = (0.75, 0.15)
"""In stroke widths, and as a share of the distance: what the distances of the two feet may differ by."""

ARC_ANGLES = np.radians([30, 40, 50, 60, 70, 78])
"""From the straight wire, where rays from the middle must meet the arc; nearer to it they run in its own ink, nearer to
the other one in that wire's."""

ARC_RADII = np.arange(0.4, 1.31, 0.05)
"""Over the distance of the feet, where the arc is looked for: a flat one comes nearest, and the highest are a little
higher than wide."""

LEAST_ARC, MOST_OPPOSITE = 0.8, 0.35
"""Share of the rays of each quarter that meet an arc, and that may meet ink on its other side, where there is none."""

FEWEST_RAYS = 3
"""Fewer of a quarter tell nothing."""

CLEAR_OF_BAR = 0.5
"""In stroke widths beyond the rim of the straight wire: nearer to it, its blurred edge is no arc."""

FAINTEST = 0.15
"""What is paler than this is no bar, however pale the bar was measured: nothing is divided by less."""

RUNS_ON = 2.0
"""In stroke widths, how far a bar runs on behind the wire that passes it at least, or it would end at that wire."""

LEAST_REACH = 0.65
"""In stroke widths from the middle of the bar to the rim of either half, or what is between them is no paper."""

THIN = 2.0
"""In stroke widths from the middle of a half: there is paper, or it is no line but a letter, a plate or a fill."""

AT_ONCE = 20_000
"""Places looked at together; the ink across them takes some hundred bytes each."""


@dataclass(frozen=True)
class Hops:
    """K places on the upright sheet where a wire hops over a straight one or breaks off beside it.

    through: (K,) int, the bar that runs straight on     along: (K,) float32, where on it
    feet: (K, 2) float32 x or y, where the other wire, across the bar, ends and goes on     is_arc: (K,) bool
    """

    through: np.ndarray
    along: np.ndarray
    feet: np.ndarray
    is_arc: np.ndarray

    def __len__(self) -> int:
        return len(self.along)

    @property
    def reach(self) -> np.ndarray:
        """(K,) half the distance of the feet, in pixels."""
        return (self.feet[:, 1] - self.feet[:, 0]) / 2

    def take(self, index: np.ndarray) -> Hops:
        """Choose the places of `index`, a mask or numbers."""
        return Hops(*(getattr(self, name)[index] for name in self.__dataclass_fields__))

    def centres(self, bars: Bars) -> np.ndarray:
        """(K, 2) x y where the line of the other wire crosses the bar."""
        through = bars.take(self.through)
        return as_points(np.stack(through.xy(self.along, through.offset), 1))


def find_hops(candidates: Candidates, dark: np.ndarray) -> Hops:
    """Find the hops and gaps across all bars; dark: (H, W) darkness of the sheet."""
    bars, stroke_px = candidates.bars, candidates.stroke_px
    counts = np.maximum((bars.length / stroke_px - 2 * RUNS_ON) / STEP, 0).astype(int)
    bar = np.repeat(np.arange(len(bars)), counts)
    step = np.arange(len(bar)) - np.repeat(np.cumsum(counts) - counts, counts)
    along = bars.low[bar] + (RUNS_ON + step * STEP) * stroke_px
    parts = [
        _judged(bar[i : i + AT_ONCE], along[i : i + AT_ONCE], candidates, dark) for i in range(0, len(bar), AT_ONCE)
    ]
    if not parts:
        return NO_HOPS
    bar, along, feet, is_arc, score = (np.concatenate(part) for part in zip(*parts, strict=True))
    found = clearest(bar, along, score, 2 * stroke_px)
    return Hops(bar[found], along[found].astype(np.float32), feet[found].astype(np.float32), is_arc[found])


def clearest(bar: np.ndarray, along: np.ndarray, score: np.ndarray, reach_px: float) -> np.ndarray:
    """(M,) int, of N places on bars, in rising order, the best one of each run of neighbours within `reach_px`."""
    begins = np.ones(len(bar), bool)
    begins[1:] = (bar[1:] != bar[:-1]) | (along[1:] - along[:-1] > reach_px)
    group = np.cumsum(begins) - 1
    order = np.lexsort((-score, group))
    first = np.ones(len(bar), bool)
    first[1:] = group[order][1:] != group[order][:-1]
    return order[first]


def _judged(bar: np.ndarray, along: np.ndarray, candidates: Candidates, dark: np.ndarray) -> tuple[np.ndarray, ...]:
    """Those of N places `along` bars at which another wire hops or breaks off: bar, along, feet (K, 2), is_arc, score.

    The score, 0 to 1, says how clear the arc or the gap is.
    """
    stroke_px = candidates.stroke_px
    distance = np.arange(STEP, FARTHEST_FOOT + LEAST_STUB + STEP, STEP)
    rim, is_there = first_ink(_across(bar, along, distance * stroke_px, candidates, dark), distance)
    is_even = np.abs(rim[:, 0] - rim[:, 1]) <= UNEVEN[0] + UNEVEN[1] * rim.min(1)
    chosen = np.flatnonzero(is_there.all(1) & is_even & (rim.min(1) >= LEAST_REACH))
    bar, along, rim = bar[chosen], along[chosen], rim[chosen] * stroke_px
    thin = are_thin(bar, along, rim, candidates, dark)
    bar, along, rim = bar[thin], along[thin], rim[thin]
    arc = arc_shares(bar, along, rim + 0.5 * stroke_px, candidates, dark)
    arc_score = (arc.min(2) - arc.max(2)[:, ::-1]).max(1)
    is_arc = (arc_score >= LEAST_ARC - MOST_OPPOSITE) & (arc.min(2).max(1) >= LEAST_ARC)
    score = np.where(is_arc, arc_score, 1 - arc.max((1, 2)))
    found = is_arc | (score >= 1 - MOST_OPPOSITE)
    reach = rim + np.where(is_arc, 0.5 * stroke_px, 0)[:, None]  # an arc's foot, and the wire, are half a stroke wide
    feet = candidates.bars.take(bar).offset_at(along)[:, None] + reach * (-1, 1)
    return bar[found], along[found], feet[found], is_arc[found], score[found]


def _across(
    bar: np.ndarray, along: np.ndarray, distance_px: np.ndarray, candidates: Candidates, dark: np.ndarray
) -> np.ndarray:
    """(N, 2, D) ink at each distance to both sides of places along bars, 1 as dark as the bar."""
    across = np.array([-1, 1])[:, None] * distance_px
    return _ink(bar, np.broadcast_to(along[:, None, None], (len(bar), *across.shape)), across[None], candidates, dark)


def _ink(
    bar: np.ndarray, along: np.ndarray, across: np.ndarray, candidates: Candidates, dark: np.ndarray
) -> np.ndarray:
    """(N, ...) ink at places `along` N bars and `across` from their middles, in pixels; 1 as dark as the bar."""
    bars = candidates.bars.take(bar)
    own = (slice(None), *[None] * (along.ndim - 1))
    points = np.stack(bars.xy(along, bars.offset[own] + across), -1)
    return sampled(dark, points, candidates.back) / np.maximum(bars.darkness, FAINTEST)[own]


def first_ink(values: np.ndarray, distance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where ink begins again beyond the first paper along each row (..., D): its distance (...,), and whether it does.

    It must begin before FARTHEST_FOOT and go on for LEAST_STUB.
    """
    is_ink = values >= INK
    again = is_ink & (np.cumsum(~is_ink, -1) > 0)
    index = again.argmax(-1)
    goes_on = np.ones(index.shape, bool)
    for more in range(round(LEAST_STUB / STEP) + 1):
        place = np.minimum(index + more, values.shape[-1] - 1)
        goes_on &= np.take_along_axis(is_ink, place[..., None], -1)[..., 0]
    inked, pale = (np.take_along_axis(values, np.maximum(i, 0)[..., None], -1)[..., 0] for i in (index, index - 1))
    rim = distance[index] - (inked - INK) / np.maximum(inked - pale, 1e-6) * STEP
    return rim, again.any(-1) & goes_on & (rim <= FARTHEST_FOOT)


def are_thin(
    bar: np.ndarray, along: np.ndarray, rim: np.ndarray, candidates: Candidates, dark: np.ndarray
) -> np.ndarray:
    """(N,) bool, whether on both sides of bars a thin line begins at the rims (N, 2), given in pixels."""
    stroke_px = candidates.stroke_px
    out = along[:, None, None, None] + THIN * stroke_px * np.array([-1, 1])[:, None]
    up = (rim[:, :, None, None] + np.array([1.0, 1.5, 2.0]) * stroke_px) * np.array([-1, 1])[:, None, None]
    out, up = np.broadcast_arrays(out, up)
    return (_ink(bar, out, up, candidates, dark) < INK).all(2).any(2).all(1)


def arc_shares(
    bar: np.ndarray, along: np.ndarray, reach: np.ndarray, candidates: Candidates, dark: np.ndarray
) -> np.ndarray:
    """(N, 2, 2) share of the rays of each quarter around N places that meet ink where an arc would be.

    The second axis is the side along the bar, towards its low and its high end, the third the side across it.

    Args:
        reach: (N, 2) distance of the feet from the bar, in pixels.
    """
    side, aside, turn = np.array([-1, 1])[:, None, None, None], np.array([-1, 1])[:, None, None], ARC_ANGLES[:, None]
    out = along[:, None, None, None, None] + reach.mean(1)[:, None, None, None, None] * (
        side * np.cos(turn) * ARC_RADII
    )
    up = reach[:, None, :, None, None] * (aside * np.sin(turn) * ARC_RADII)
    out, up = np.broadcast_arrays(out, up)
    clear_px = candidates.bars.width[bar] / 2 + CLEAR_OF_BAR * candidates.stroke_px
    is_clear = np.abs(up) >= clear_px[:, None, None, None, None]
    met = ((_ink(bar, out, up, candidates, dark) >= INK) & is_clear).any(-1).sum(-1)
    asked = is_clear.any(-1).sum(-1)
    return np.where(asked >= FEWEST_RAYS, met / np.maximum(asked, 1), 0)


NO_HOPS = Hops(np.zeros(0, int), np.zeros(0, np.float32), np.zeros((0, 2), np.float32), np.zeros(0, bool))


def stub_lengths(hops: Hops, candidates: Candidates, hop: np.ndarray, side: np.ndarray, dark: np.ndarray) -> np.ndarray:
    """(M,) how far, in pixels, ink leads straight away from the foot at `side` (M,) of each `hop` (M,), 0 if nowhere.

    Up to LONGEST_STUB: where it leads further there is a bar.
    """
    stroke_px, bar = candidates.stroke_px, hops.through[hop]
    steps = np.arange(STEP, LONGEST_STUB + STEP, STEP) * stroke_px
    foot = hops.feet[hop, side] - candidates.bars.take(bar).offset_at(hops.along[hop])
    across = foot[:, None] + (2 * side - 1)[:, None] * steps
    is_ink = _ink(bar, np.broadcast_to(hops.along[hop][:, None], across.shape), across, candidates, dark) >= INK
    length = np.cumprod(is_ink, 1).sum(1) * STEP * stroke_px
    return np.where((length >= LEAST_STUB * stroke_px) & ~is_ink.all(1), length, 0)
