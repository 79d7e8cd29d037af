"""Features say in numbers what can be seen of a bar and of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.spatial import cKDTree

from wire_detection.classic.blocks import blocks
from wire_detection.classic.contacts import Contacts, count_on
from wire_detection.classic.strokes import Bars
from wire_detection.classic.symbols import THICK, find_boxes, frame_lines, lines_across, sides
from wire_detection.sheets.groups import connected_groups
from wire_detection.sheets.raster import pixels_at

STEM = 13.0
"""A bar that ends on another one is at least this long, in stroke widths, or it may be part of a letter on a wire."""

MARKED_ENDS = 0.04
"""Sheets whose longer bars have more pin marks than this, of two ends each, come from an editor that marks all ends."""


def features(
    bars: Bars,
    contacts: Contacts,
    dots: np.ndarray,
    squares: np.ndarray,
    ink: np.ndarray,
    stroke_px: float,
    wire_px: float,
    border_px: float,
) -> dict[str, np.ndarray]:
    """Measure what speaks for and against each bar being a wire: name -> (N,) float32.

    The fitted tables weigh the features by these names (confidence.py).

    Args:
        dots, squares: (M, 2) float32 x y of junction dots and of pin marks.
        ink: (H, W) uint8, all ink of the sheet, letters too.
        wire_px: usual width of the bars that run through dots.
        border_px: how near to the image's edge a line counts as cut off there.
    """
    on_dots, on_squares = (np.minimum(count_on(bars, p, 1.5 * stroke_px), 3) for p in (dots, squares))
    kinds, beyond, group = end_kinds(bars, contacts), ink_beyond(bars, ink, stroke_px), corner_groups(bars, contacts)
    nothing = ~kinds["corner"] & ~kinds["tee"] & ~kinds["dotted"]
    stems = stem_counts(bars, contacts, STEM * stroke_px).sum(1)
    boxes = find_boxes(bars, contacts, on_dots)
    box, frame = sides(boxes, len(bars)), frame_lines(bars, contacts, boxes, on_dots)
    length = np.maximum(bars.length, 1) / stroke_px
    ratio = bars.width / wire_px
    outline = (box | (stems >= 2) | (ratio > THICK)) & (on_dots == 0)

    def of_group(values: np.ndarray) -> np.ndarray:
        return np.bincount(group, values)[group] if len(group) else np.zeros(0)

    group_dots, group_squares = of_group(on_dots), of_group(on_squares)
    tees = contacts.plain_tee
    on_outline = np.bincount(contacts.bar[tees & outline[contacts.other]], minlength=len(bars))
    free = (nothing & (beyond == 0)).sum(1)
    marked, squared = (ends_at(bars, marks, 1.5 * stroke_px) for marks in (np.concatenate([dots, squares]), squares))
    marking = squared[length >= STEM].mean() > MARKED_ENDS if (length >= STEM).any() else False
    held = of_group((~nothing | (beyond > 0)).sum(1) - kinds["corner"].sum(1) + stems + on_dots + on_squares)
    columns = {
        "length": np.log(length),
        "wide": np.clip(ratio - 1, 0, 1),
        "thin": np.clip(1 - ratio, 0, 1),
        "dots": on_dots > 0,
        "squares": on_squares > 0,
        "corners": kinds["corner"].sum(1),
        "tees on outlines": np.minimum(on_outline, 2),
        "tees": kinds["tee"].sum(1),
        "dotted ends": kinds["dotted"].sum(1),
        "free ends": free,
        "other ends": (nothing & (beyond > 0)).sum(1),
        "isolated": (free == 2) & (on_dots + on_squares == 0),
        "marked ends": marked,
        "bare": marking & (marked == 0) & (kinds["corner"].sum(1) == 0),
        "stems": np.log1p(stems),
        "box": box,
        "frame": frame,
        "across": lines_across(bars, contacts, on_dots, ink.shape, border_px),
        "crossings": np.log1p(crossings(bars, stroke_px)),
        "twins": np.minimum(twins(bars, stroke_px), 3),
        "group dots": np.log1p(group_dots),
        "group squares": np.log1p(group_squares),
        "unmarked": marking & (group_squares + group_dots == 0),
        "group length": np.log(np.maximum(of_group(length), 1)),
        "group stems": np.log1p(of_group(stems)),
        "group thick": np.log1p(of_group(ratio > THICK)),
        "group box": np.log1p(of_group(box)),
        "inside box": inside_boxes(bars, boxes, 60 * stroke_px),
        "short": np.clip((STEM - length) / STEM, 0, 1),
        "clutter": np.log1p(clutter(bars, stroke_px)) * (length < STEM),
        "loose": held == 0,
        "open box": open_boxes(bars, contacts, nothing & (beyond > 0), on_dots),
    }
    return {name: np.asarray(column, np.float32) for name, column in columns.items()}


def stack_columns(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Stack F columns (N,) in their order: (N, F) float32."""
    return np.stack([np.asarray(column, np.float32) for column in columns.values()], 1)


def inside_boxes(bars: Bars, boxes: np.ndarray, largest_px: float) -> np.ndarray:
    """Tell which bars lie wholly inside a box whose shorter side is at most `largest_px`, as parts of a symbol do."""
    inside = np.zeros(len(bars), bool)
    segments = bars.segments()
    for top, left, right, bottom in boxes:
        x0, x1, y0, y1 = bars.offset[left], bars.offset[right], bars.offset[top], bars.offset[bottom]
        if min(x1 - x0, y1 - y0) <= largest_px:
            inside |= (
                (segments[:, [0, 2]] >= x0 - 1).all(1)
                & (segments[:, [0, 2]] <= x1 + 1).all(1)
                & (segments[:, [1, 3]] >= y0 - 1).all(1)
                & (segments[:, [1, 3]] <= y1 + 1).all(1)
            )
    inside[boxes.ravel()] = False
    return inside


def open_boxes(bars: Bars, contacts: Contacts, running_on: np.ndarray, on_dots: np.ndarray) -> np.ndarray:
    """Find two parallel bars and the one around whose corners they go on, when both run into slants or arcs: (N,) bool.

    That is a label's flag, a gate or a connector: wires bent back in a U end at something straight.
    """
    found = np.zeros(len(bars), bool)
    arms: dict[int, list[tuple[int, int]]] = {}
    for bar, end, other in zip(
        contacts.bar[contacts.corner], contacts.end[contacts.corner], contacts.other[contacts.corner], strict=True
    ):
        if running_on[bar, 1 - end]:
            arms.setdefault(int(other), []).append((int(bar), int(end)))
    for back, ends in arms.items():
        for i, (one, end) in enumerate(ends):
            for two, same in ends[i + 1 :]:
                alike = abs(bars.length[one] - bars.length[two]) <= 0.1 * bars.length[one]
                if end == same and one != two and alike and on_dots[[one, two, back]].sum() == 0:
                    found[[one, two, back]] = True
    return found


def clutter(bars: Bars, stroke_px: float) -> np.ndarray:
    """Count the short bars whose middle is within ten stroke widths of each bar's middle: letters, hatching."""
    segments = bars.segments()
    middle = (segments[:, :2] + segments[:, 2:]) / 2
    short = np.flatnonzero(bars.length < STEM * stroke_px)
    if not len(short):
        return np.zeros(len(bars), int)
    tree = cKDTree(middle[short])
    around = tree.query_ball_point(middle, 10 * stroke_px, return_length=True)
    return np.asarray(around) - (bars.length < STEM * stroke_px)


def ends_at(bars: Bars, points: np.ndarray, tolerance_px: float) -> np.ndarray:
    """Count the ends of each bar, of two, that lie at one of the points (M, 2): (N,) int."""
    return sum(
        (count_on(bars.with_ends(end, end), points, tolerance_px) > 0).astype(int) for end in (bars.low, bars.high)
    )


def stem_counts(bars: Bars, contacts: Contacts, shortest_px: float) -> np.ndarray:
    """Count the bars of at least `shortest_px` that end on each bar from either side with no dot there: (N, 2)."""
    stem = contacts.plain_tee & (bars.length[contacts.bar] >= shortest_px)
    return np.stack(
        [np.bincount(contacts.other[stem & (contacts.side == side)], minlength=len(bars)) for side in (-1, 1)], 1
    )


def corner_groups(bars: Bars, contacts: Contacts) -> np.ndarray:
    """Number the groups of bars that are drawn on into one another, by corners and through dots: (N,)."""
    return _linked(bars, contacts, contacts.corner | contacts.dotted)


def components(bars: Bars, contacts: Contacts) -> np.ndarray:
    """Number the groups of bars that are drawn in one, which meet in any way: (N,)."""
    return _linked(bars, contacts, np.ones(len(contacts.bar), bool))


def _linked(bars: Bars, contacts: Contacts, chosen: np.ndarray) -> np.ndarray:
    """Number the groups of bars that the `chosen` contacts link: (N,)."""
    return connected_groups(np.stack([contacts.bar[chosen], contacts.other[chosen]], 1), len(bars))


def end_kinds(bars: Bars, contacts: Contacts) -> dict[str, np.ndarray]:
    """Tell for each kind of contact which of the two ends of a bar have it: (N, 2) bool."""
    kinds = {}
    for name, chosen in (
        ("corner", contacts.plain_corner),
        ("tee", contacts.plain_tee),
        ("dotted", contacts.dotted),
    ):
        found = np.zeros((len(bars), 2), bool)
        found[contacts.bar[chosen], contacts.end[chosen]] = True
        kinds[name] = found
    return kinds


def ink_beyond(bars: Bars, ink: np.ndarray, stroke_px: float) -> np.ndarray:
    """Measure the share of ink on the half circle beyond each end: (N, 2), 0 where a bar ends freely on paper."""
    height, width = ink.shape
    angles = np.radians(np.linspace(-80, 80, 17))
    shares = np.zeros((len(bars), 2), np.float32)
    radius = 2.0 * stroke_px + 1.5
    for end, tip in enumerate((bars.low, bars.high)):
        sign = 1 if end else -1
        along = tip[:, None] + sign * radius * np.cos(angles)[None]
        across = bars.offset[:, None] + radius * np.sin(angles)[None]
        x, y = bars.xy(along, across)
        inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
        shares[:, end] = (pixels_at(ink, x, y) * inside).mean(1)
    return shares


def crossings(bars: Bars, stroke_px: float) -> np.ndarray:
    """Count the perpendicular bars that run across each bar and on at both sides: (N,)."""
    counts = np.zeros(len(bars), int)
    beyond = 2.5 * stroke_px
    horizontal, columns = np.flatnonzero(~bars.vertical), np.flatnonzero(bars.vertical)
    for block in blocks(len(horizontal), len(columns)):
        rows = horizontal[block]
        x, y = bars.take(rows).meetings(bars.take(columns))
        across = (
            (bars.low[rows][:, None] + beyond < x)
            & (bars.high[rows][:, None] - beyond > x)
            & (bars.low[columns][None] + beyond < y)
            & (bars.high[columns][None] - beyond > y)
        )
        counts[rows] = across.sum(1)
        counts[columns] += across.sum(0)
    return counts


def twins(bars: Bars, stroke_px: float) -> np.ndarray:
    """Count the parallel bars of the same extent within seven stroke widths: plates, letters, shadows."""
    counts = np.zeros(len(bars), int)
    for block in blocks(len(bars), len(bars)):
        near = np.abs(bars.offset[block, None] - bars.offset[None])
        same = (
            (bars.vertical[block, None] == bars.vertical[None])
            & (near > 0)
            & (near <= 7 * stroke_px)
            & (np.abs(bars.low[block, None] - bars.low[None]) <= 3 * stroke_px)
            & (np.abs(bars.high[block, None] - bars.high[None]) <= 3 * stroke_px)
        )
        counts[block] = same.sum(1)
    return counts
