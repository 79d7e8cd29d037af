"""Symbols that mark a net or a place on the sheet: grounds, supplies, power flags, test points, holes."""

from __future__ import annotations

from wire_detection.drawing.drawing import Symbol
from wire_detection.drawing.symbols.shapes import circle, line, pin


def ground(kind: str) -> Symbol:
    """A ground that hangs down from its pin at the origin; kind: triangle, filled, bars, chassis or thick."""
    marks = {
        "triangle": (line((-1, 1), (1, 1), (0, 2), closed=True),),
        "filled": (line((-1, 1), (1, 1), (0, 2.2), closed=True, fill="ink"),),
        "bars": (line((-1.2, 1), (1.2, 1)), line((-0.75, 1.45), (0.75, 1.45)), line((-0.3, 1.9), (0.3, 1.9))),
        "chassis": (line((-1, 1), (1, 1)), *(line((x, 1), (x - 0.5, 1.9)) for x in (-1, 0, 1))),
        "thick": (line((-1, 1), (1, 1), kind="thick"),),
    }
    return Symbol("ground", (line((0, 0), (0, 1)), *marks[kind]), (pin(0, 0, 0, 0, way=(0, -1)),), (-1.2, 0, 1.2, 2.2))


def supply(kind: str) -> Symbol:
    """A supply that stands on its pin at the origin; kind: arrow, bar, circle or triangle."""
    marks = {
        "arrow": (line((0, 0), (0, -2)), line((-0.6, -1), (0, -2), (0.6, -1))),
        "bar": (line((0, 0), (0, -1.5)), line((-1, -1.5), (1, -1.5))),
        "circle": (line((0, 0), (0, -0.9)), circle(0, -1.3, 0.4)),
        "triangle": (line((0, 0), (0, -1.1)), line((-0.7, -1.1), (0, -2.1), (0.7, -1.1), closed=True)),
    }
    return Symbol("supply", marks[kind], (pin(0, 0, 0, 0, way=(0, 1)),), (-1, -2, 1, 0))


def power_flag() -> Symbol:
    """A lozenge on a stem, which says that a net is supplied from elsewhere."""
    return Symbol(
        "power_flag",
        (line((0, 0), (0, -1)), line((0, -1), (-0.8, -1.5), (0, -2), (0.8, -1.5), closed=True)),
        (pin(0, 0, 0, 0, way=(0, 1)),),
        (-1, -2, 1, 0),
    )


def test_point() -> Symbol:
    """A ring at the end of a lead from the origin to the right."""
    pins = (pin(0, 0, 2, 0, "", "1", way=(-1, 0)),)
    return Symbol("test_point", (circle(2.6, 0, 0.6),), pins, (0, -0.6, 3.2, 0.6))


def mounting_hole() -> Symbol:
    return Symbol("hole", (circle(0, 0, 1.0), circle(0, 0, 0.5)), (), (-1, -1, 1, 1))
