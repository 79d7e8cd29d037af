"""Symbols that are boxes with rows of pins: chips and connectors."""

from __future__ import annotations

from collections.abc import Sequence

from wire_detection.drawing.drawing import Pin, Stroke, Symbol, Text
from wire_detection.drawing.symbols.shapes import arc, circle, line, rect

PITCH = 2
"""From one pin of a connector to the next."""


def integrated_circuit(
    left,
    right,
    top=(),
    bottom=(),
    *,
    width: float,
    height: float,
    name_height: float,
    lead: float = 2,
    bubbles: bool = True,
) -> Symbol:
    """A box with pins, its upper left corner at the origin.

    left, right, top, bottom: (offset, name, number) of the pins along that side.
    name_height: of the names, which stand inside beside their pins; "~NAME" gets a bar above it.
    lead: length of the leads; bubbles: whether those of negated pins have a bubble, where they are long enough.
    """
    strokes = [rect(0, 0, width, height, "outline", "shade")]
    texts: list[Text] = []
    pins: list[Pin] = []
    for entries, (dx, dy) in ((left, (-1, 0)), (right, (1, 0)), (top, (0, -1)), (bottom, (0, 1))):
        for offset, name, number in entries:
            x = 0 if dx < 0 else width if dx > 0 else offset
            y = 0 if dy < 0 else height if dy > 0 else offset
            bubble = bubbles and name.startswith("~") and lead >= 2
            inner = 0.8 if bubble else 0.0
            pins.append(Pin(x + dx * lead, y + dy * lead, x + dx * inner, y + dy * inner, dx, dy, name, number))
            if bubble:
                strokes.append(circle(x + 0.4 * dx, y + 0.4 * dy, 0.4, fill="paper"))
            texts.append(Text(name, x - 0.5 * dx, y - 0.5 * dy, name_height, dx or -dy, 0, dx == 0, "pin_name"))
    return Symbol("ic", tuple(strokes), tuple(pins), (0, 0, width, height), tuple(texts))


def protection_array(left: int, right: int, fill: str, clamp: bool = False, names: Sequence[str] = ()) -> Symbol:
    """A box that shows what is in the chip: for each of its lines a diode from the lower rail and one to the upper.

    left, right: how many lines end at a pin on that side; the rails end at the pins above and below. fill: of the
    diodes. clamp: whether a Zener diode lies between the rails and the upper one ends inside. names: of the lines and
    of four more pins, which carry the upper and lower edge on; they stand over the leads, which are long then. All
    that is inside belongs to the symbol, dots and all, and is no wire.
    """
    step, top = 3, 2
    bottom, width = top + 4 * max(left, right) + 2, step * (left + right + clamp) + 2
    first = 2 if clamp else 2.5  # the pin below the middle lies on the grid
    last = first + step * (left + right + clamp - 1)
    strokes, pins, lines = [rect(0, 0, width, bottom + 2, "outline", "shade")], [], []
    for column in range(left + right):
        x = first + step * (column + (clamp and column >= left))
        row = column if column < left else left + right - 1 - column
        y, edge, way = top + 3 + 4 * row, *((0, -1) if column < left else (width, 1))
        lines.append((y, edge, way))
        strokes += [line((edge, y), (x, y)), line((x, top), (x, bottom)), circle(x, y, 0.2, fill="ink")]
        strokes += [stroke for tip in (y - 1.8, y + 0.9) for stroke in _upward_diode(x, tip, fill)]
    middle = first + step * left if clamp else width // 2
    if clamp:
        y = (top + bottom) / 2
        strokes += [line((middle, top), (middle, bottom)), *_upward_diode(middle, y - 0.5, fill)]
        strokes += [line((middle - 0.6, y - 0.5), (middle - 0.9, y - 0.2))]
        strokes += [circle(middle, rail, 0.2, fill="ink") for rail in (top, bottom)]
    for end, rail, way, number in ((0, top, -1, left + right + 1), (bottom + 2, bottom, 1, left + right + 2)):
        strokes.append(line((first, rail), (last, rail)))
        if way < 0 and clamp:
            continue
        strokes.append(line((middle, end), (middle, rail)))
        pins.append(Pin(middle, end + 2 * way, middle, end, 0, way, "", str(number)))
    texts: list[Text] = []
    if names:
        lines += [(y, edge, way) for y in (0, bottom + 2) for edge, way in ((0, -1), (width, 1))]
        places = zip(names, lines, strict=True)
        texts += [Text(name, edge + 2 * way, y - 0.3, 0.8, kind="pin_name") for name, (y, edge, way) in places]
    lead = 4 if names else 2
    for number, (y, edge, way) in enumerate(lines, 1):
        pins.append(Pin(edge + lead * way, y, edge, y, way, 0, "", "" if names else str(number)))
    return Symbol("ic", tuple(strokes), tuple(pins), (0, 0, width, bottom + 2), tuple(texts))


def _upward_diode(x: float, tip: float, fill: str) -> list[Stroke]:
    """A small diode whose cathode lies at `tip`, above its triangle."""
    triangle = line((x - 0.6, tip + 0.9), (x, tip), (x + 0.6, tip + 0.9), closed=True, fill=fill)
    return [triangle, line((x - 0.6, tip), (x + 0.6, tip))]


def connector(count: int, *, contacts: str, lead: float, two_rows: bool = False) -> Symbol:
    """A connector with its pins to the left (and right when it has two rows), pin 1 at the top, first row at y = 0.

    contacts: "bars" (short and filled), "rings" (circles on the outline), "sockets" (circles deep inside, one near and
    one far, to which the leads run through the outline), "arrows" or "plain" for none.
    """
    rows = (count + 1) // 2 if two_rows else count
    width, bottom = 2.0 * (1 + two_rows) * (1 + (contacts == "sockets")), (rows - 1) * PITCH + 1
    strokes, pins = [rect(0, -1, width, bottom, "outline", "shade")], []
    for i in range(count):
        row, side = (i // 2, i % 2) if two_rows else (i, 0)
        y, edge, way = row * PITCH, width * side, 1 if side else -1
        deep = 1.2 + 1.6 * (row % 2)
        strokes += [circle(edge - way * deep, y, 0.5)] if contacts == "sockets" else _contact(contacts, edge, y, way)
        inner = edge + way * {"rings": 1.0, "sockets": 0.5 - deep}.get(contacts, 0.0)
        pins.append(Pin(edge + way * lead, y, inner, y, way, 0, "", str(i + 1)))
    return Symbol("connector", tuple(strokes), tuple(pins), (0, -1, width, bottom))


def _contact(contacts: str, edge: float, y: float, way: int) -> list[Stroke]:
    """The contact at the box's edge, whose pin looks along `way`."""
    if contacts == "bars":
        return [rect(min(edge, edge - way * 1.1), y - 0.12, max(edge, edge - way * 1.1), y + 0.12, fill="ink")]
    if contacts == "rings":
        return [circle(edge + way * 0.5, y, 0.5)]
    if contacts == "arrows":
        shaft = line((edge - way * 0.2, y), (edge - way * 1.2, y))
        return [shaft, Stroke(arc(edge - way * 1.2, y, 0.35, 0, 360), "symbol")]
    return []
