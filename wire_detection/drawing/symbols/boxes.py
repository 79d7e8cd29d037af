"""Symbols that are boxes with rows of pins: chips and connectors."""

from __future__ import annotations

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


def connector(count: int, *, contacts: str, lead: float, two_rows: bool = False) -> Symbol:
    """A connector with its pins to the left (and right when it has two rows), pin 1 at the top, first row at y = 0.

    contacts: "bars" (short and filled), "rings" (circles on the outline), "arrows" or "plain" for none.
    """
    rows = (count + 1) // 2 if two_rows else count
    width, bottom = 4.0 if two_rows else 2.0, (rows - 1) * PITCH + 1
    strokes, pins = [rect(0, -1, width, bottom, "outline", "shade")], []
    for i in range(count):
        row, side = (i // 2, i % 2) if two_rows else (i, 0)
        y, edge, way = row * PITCH, width * side, 1 if side else -1
        strokes += _contact(contacts, edge, y, way)
        inner = edge + way if contacts == "rings" else edge
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
