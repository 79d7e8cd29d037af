"""What is straight and no wire is a box, a frame, a table or a plate. Each rule is a function with its reason.

What the rules find are features of `wire_confidence`, which weighs them; only plates cut a wire by themselves.
"""

from __future__ import annotations

import numpy as np

from wire_detection.classic.contacts import Contacts
from wire_detection.classic.strokes import Bars

LONGEST_PLATE = 20.0
"""Plates and cathodes are up to this long, in stroke widths."""

PLATE_REACH = 5.0
"""Stroke widths on either side of a plate that belong to its symbol; the leads beyond are at least twice as long."""

PALEST_PLATE = 0.5
"""Share of the darkness of the line through it: symbols are drawn in another colour, but not in a pale one."""

THICK = 1.4
"""Buses, symbol bodies and headlines are drawn with lines at least this many times as wide as a wire."""


def find_boxes(bars: Bars, contacts: Contacts, dots_on: np.ndarray) -> np.ndarray:
    """Find the bars (top, left, right, bottom) of rectangles with plain corners whose sides carry no dot: (K, 4) int.

    Four wires never close a ring with nothing between them; symbol bodies, sheet frames and text boxes do. On the
    sides of a frame, as large as the drawing, nothing can be a dot: what looks like one is a letter.
    """
    links: dict[tuple[int, int], set[int]] = {}
    for bar, end, other in zip(
        contacts.bar[contacts.corner], contacts.end[contacts.corner], contacts.other[contacts.corner], strict=True
    ):
        links.setdefault((int(bar), int(end)), set()).add(int(other))
    large = spans_drawing(bars)
    rings = []
    for top in np.flatnonzero(~bars.vertical):
        for left in links.get((top, 0), ()):
            for right in links.get((top, 1), set()) - {left}:
                for bottom in (links.get((left, 1), set()) & links.get((right, 1), set())) - {top}:
                    ring = [top, left, right, bottom]
                    if dots_on[ring].sum() == 0 or large[ring].all():
                        rings.append(ring)
    return np.array(rings, int).reshape(-1, 4)


def spans_drawing(bars: Bars) -> np.ndarray:
    """Tell which bars take up more than half of the drawing's extent in their direction: (N,) bool."""
    if not len(bars):
        return np.zeros(0, bool)
    segments = bars.segments()
    extent = segments[:, 2:].max(0) - segments[:, :2].min(0)
    return bars.length > 0.5 * np.where(bars.vertical, extent[1], extent[0])


def sides(boxes: np.ndarray, count: int) -> np.ndarray:
    """Tell which bars are a side of any of the boxes (K, 4): (count,) bool."""
    found = np.zeros(count, bool)
    found[boxes.ravel()] = True
    return found


def frame_lines(bars: Bars, contacts: Contacts, boxes: np.ndarray, dots_on: np.ndarray) -> np.ndarray:
    """Find the sheet's frame and all that hangs between its lines: border ticks, title block, tables, dividers.

    A frame is a box over more than half of the drawing in both directions. A line, or a chain of lines around corners,
    that ends on the frame at both ends and carries no dot is part of it: a wire leads to a symbol somewhere.
    """
    frame = sides(boxes[spans_drawing(bars)[boxes].all(1)], len(bars))
    return held_by(frame, np.zeros((len(bars), 2), bool), bars, contacts, dots_on, corners=4)


def lines_across(
    bars: Bars, contacts: Contacts, dots_on: np.ndarray, shape: tuple[int, int], border_px: float
) -> np.ndarray:
    """Cut frames: chains of lines with few corners and no dot that run from an edge of the image to an edge.

    shape is (height, width) of the image; a line that ends within `border_px` of the edge is taken to go on beyond.
    """
    far = np.where(bars.vertical, shape[0], shape[1]) - 1
    off_sheet = np.stack([bars.low <= border_px, bars.high >= far - border_px], 1)
    return held_by(np.zeros(len(bars), bool), off_sheet, bars, contacts, dots_on, corners=1)


def held_by(
    frame: np.ndarray, anchored: np.ndarray, bars: Bars, contacts: Contacts, dots_on: np.ndarray, *, corners: int
) -> np.ndarray:
    """Find `frame` lines and the chains of bars without a dot both of whose outer ends are held: (N,) bool.

    An end is held when it is `anchored` (N, 2) or lies on a frame line or on one found so. From each held end the
    chain is followed around that many `corners`: a frame turns once between two edges, a staircase is a wire.
    """
    held = frame.copy()
    if not len(bars) or not (frame.any() or anchored.any()):
        return held
    while True:
        on_frame = anchored.copy()
        tee = held[contacts.other] & ~contacts.dotted
        on_frame[contacts.bar[tee], contacts.end[tee]] = True
        for _ in range(corners):
            around = contacts.plain_corner & ~held[contacts.bar] & ~held[contacts.other]
            far = _other_end_anchored(contacts, on_frame)
            found = around & far
            on_frame[contacts.bar[found], contacts.end[found]] = True
        new = on_frame.all(1) & ~held & (dots_on == 0)
        if not new.any():
            return held
        held |= new


def _other_end_anchored(contacts: Contacts, anchored: np.ndarray) -> np.ndarray:
    """Tell at each corner whether the end of `other` that lies away from it is anchored: (K,) bool."""
    key = {(int(b), int(o)): int(e) for b, o, e in zip(contacts.bar, contacts.other, contacts.end, strict=True)}
    away = np.array([1 - key.get((int(o), int(b)), -1) for b, o in zip(contacts.bar, contacts.other, strict=True)], int)
    known = away <= 1
    return known & anchored[contacts.other, np.where(known, away, 0)]


def cut_at_plates(wires: Bars, bars: Bars, is_wire: np.ndarray, stroke_px: float) -> tuple[Bars, np.ndarray]:
    """Cut out of wires the stretches that run through a symbol's plate; give the pieces and the wire each is of.

    A short bar that stands across a line, with the line at its middle, and is no wire is the cathode of a diode, a
    battery's plate or the like: what runs through is drawn as one line, but connects nothing. What is paler than half
    the line is none: it shines through from the other side of the paper, or belongs to a ruling.
    """
    plates = bars.take(~is_wire & (bars.length <= LONGEST_PLATE * stroke_px))
    along, position = wires.meetings(plates)
    across = (
        (wires.vertical[:, None] != plates.vertical[None])
        & (np.abs(position - plates.middle[None]) <= 1.5 * stroke_px + 0.5)
        & (wires.low[:, None] + PLATE_REACH * stroke_px < along)
        & (wires.high[:, None] - PLATE_REACH * stroke_px > along)
        & (plates.darkness[None] >= PALEST_PLATE * wires.darkness[:, None])
    )
    low, high, source = [], [], []
    for number in range(len(wires)):
        start = wires.low[number]
        for plate in np.sort(along[number, across[number]]):
            low.append(start)
            high.append(plate - PLATE_REACH * stroke_px)
            source.append(number)
            start = plate + PLATE_REACH * stroke_px
        low.append(start)
        high.append(wires.high[number])
        source.append(number)
    low, high, source = np.array(low, np.float32), np.array(high, np.float32), np.array(source, int)
    kept = high > low
    return wires.take(source[kept]).with_ends(low[kept], high[kept]), source[kept]
