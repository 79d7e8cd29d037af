"""Smaller symbols of figures: sources in circles and diamonds, amplifiers, inverters, switches, blocks."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.drawing import Stroke, Symbol
from wire_detection.drawing.symbols.shapes import arrow_head, circle, line, pin, rect
from wire_detection.drawing.symbols.two_pins import REACH, two_pins


def source(mark: str, radius: float = 1.3, diamond: bool = False) -> Symbol:
    """A source in a circle or, where another voltage or current controls it, in a diamond.

    mark: "current" (an arrow to the second pin), "through" (one as long as the circle is wide), "volts" (plus at the
    first pin), "sine", "rings" (two circles that overlap, a current source) or "" for none.
    """
    r = radius
    outline = (
        line((-r, 0), (0, -r), (r, 0), (0, r), closed=True, fill="shade") if diamond else circle(0, 0, r, fill="shade")
    )
    t = np.linspace(-np.pi, np.pi, 24)
    arm = 0.22 * r
    marks = {
        "current": (line((-0.65 * r, 0), (0.5 * r, 0)), arrow_head((0, 0), (r, 0), 0.4, False, 0.55 * r)),
        "through": (line((-r, 0), (r, 0)), arrow_head((-r, 0), (r, 0), 0.62, False, 0.55 * r)),
        "volts": (
            line((-0.5 * r - arm, 0), (-0.5 * r + arm, 0)),
            line((-0.5 * r, -arm), (-0.5 * r, arm)),
            line((0.5 * r, -arm), (0.5 * r, arm)),
        ),
        "sine": (Stroke(np.stack([0.3 * r * np.sin(t), 0.6 * r * t / np.pi], 1)),),
        "": (),
    }
    if mark == "rings":
        return Symbol(
            "source",
            (circle(-0.4 * r, 0, 0.75 * r), circle(0.4 * r, 0, 0.75 * r)),
            two_pins(REACH, 1.15 * r),
            (-1.15 * r, -0.75 * r, 1.15 * r, 0.75 * r),
        )
    return Symbol("source", (outline, *marks[mark]), two_pins(REACH, r), (-r, -r, r, r))


def amplifier(plus_first: bool, half: float = 2.5, signs: bool = True) -> Symbol:
    """An operational amplifier half as large as those of chips: inputs at (-3, -1) and (-3, 1), output at (3, 0)."""
    tip = 2.2
    strokes = [line((-2, -half), (tip, 0), (-2, half), closed=True, fill="shade")]
    plus = -1 if plus_first else 1
    if signs:
        strokes += [
            line((-1.7, plus), (-1.0, plus)),
            line((-1.35, plus - 0.35), (-1.35, plus + 0.35)),
            line((-1.7, -plus), (-1.0, -plus)),
        ]
    pins = (
        pin(-3, plus, -2, plus, "+", "3"),
        pin(-3, -plus, -2, -plus, "-", "2"),
        pin(3, 0, tip, 0, "", "1"),
    )
    return Symbol("opamp", tuple(strokes), pins, (-2, -half, tip, half))


def inverter(bubble: bool = True) -> Symbol:
    """A triangle with a ring at its tip, or a buffer without; input at (-3, 0), output at (3, 0)."""
    strokes, front = [line((-1.5, -1.5), (1.2, 0), (-1.5, 1.5), closed=True, fill="shade")], 1.2
    if bubble:
        strokes.append(circle(front + 0.35, 0, 0.35, fill="paper"))
        front += 0.7
    return Symbol("gate", tuple(strokes), (pin(-3, 0, -1.5, 0), pin(3, 0, front, 0)), (-1.5, -1.5, front, 1.5))


def on_lead(symbol: Symbol, stem: float) -> Symbol:
    """A ground or supply whose stem, the first of its strokes, is a lead of this length: it looks like a wire.

    Marks that lie beside the stem, as the legs of an arrow do, lengthen one that is shorter than they.
    """
    line_, *marks = symbol.strokes
    (_, y0), (_, y1) = line_.points
    way = np.sign(y1 - y0)
    beside = max(float((way * (y1 - s.points[:, 1])).max()) for s in marks)
    end = way * max(stem, beside)
    moved = tuple(Stroke(s.points + (0, end - y1), s.kind, s.closed, s.fill) for s in marks)
    points = np.concatenate([s.points for s in moved])
    box = (*points.min(0).tolist(), *points.max(0).tolist())
    return Symbol(symbol.kind, moved, (pin(0, 0, 0, end, way=(0, -way)),), box)


def switch(rings: bool, closed: bool = False) -> Symbol:
    """A short switch: two contacts, rings or bare ends, and a lever."""
    strokes = [line((-1, 0), (1.0, -0.15) if closed else (0.8, -1.0))]
    inner = 1.0
    if rings:
        strokes += [circle(x, 0, 0.22, fill="paper") for x in (-1, 1)]
        inner = 1.22
    return Symbol("switch", tuple(strokes), two_pins(REACH - 1, inner), (-1.2, -1.0, 1.2, 0.25))


def box(width: float, height: float) -> Symbol:
    """A block of a block diagram, its input at the middle of the left edge and its output at that of the right one."""
    edge = width / 2
    stroke = rect(-edge, -height / 2, edge, height / 2, "outline", "shade")
    return Symbol("block", (stroke,), two_pins(np.ceil(edge) + 1, edge), (-edge, -height / 2, edge, height / 2))


def summer() -> Symbol:
    """A circle where signals are added, or a product with a cross in it; pins left, below and right."""
    r = 1.0
    strokes = (circle(0, 0, r, fill="shade"), line((-0.5, 0), (0.5, 0)), line((0, -0.5), (0, 0.5)))
    pins = tuple(pin(2 * dx, 2 * dy, dx * r, dy * r) for dx, dy in ((-1, 0), (0, 1), (1, 0)))
    return Symbol("summer", strokes, pins, (-r, -r, r, r))
