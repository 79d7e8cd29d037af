"""Symbols of components with two pins, lying along x around the origin, in several national styles."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.drawing import Pin, Stroke, Symbol
from wire_detection.drawing.symbols.shapes import arc, circle, line, pin, rect

REACH = 3
"""From the middle of most components to the tips of their pins."""
LONG_REACH = 4
"""The same for switches and sources, which are larger."""


def two_pins(reach: float, body: float, numbers: tuple[str, str] = ("1", "2")) -> tuple[Pin, Pin]:
    """Pins from the edges of the body at -body and body to their tips at -reach and reach."""
    return pin(-reach, 0, -body, 0, "", numbers[0]), pin(reach, 0, body, 0, "", numbers[1])


def _component(kind: str, body: float, height: float, *strokes: Stroke) -> Symbol:
    return Symbol(kind, strokes, two_pins(REACH, body), (-body, -height, body, height))


def resistor_box(kind: str = "symbol") -> Symbol:
    """A box, as IEC 60617 has it; kind: of its stroke."""
    return _component("resistor", 2, 0.8, rect(-2, -0.8, 2, 0.8, kind, "shade"))


def resistor_zigzag(teeth: int = 3) -> Symbol:
    """A zigzag of so many teeth on either side, as IEEE 315 has it."""
    count = 2 * teeth
    x = -2 + (np.arange(count) + 0.5) * 4 / count
    y = np.where(np.arange(count) % 2, 0.8, -0.8)
    return _component("resistor", 2, 0.8, line((-2, 0), *zip(x, y, strict=True), (2, 0)))


def capacitor(kind: str, gap: float) -> Symbol:
    """Two plates, each `gap` from the middle; kind: of their strokes."""
    plates = (line((x, -1.6), (x, 1.6), kind=kind) for x in (-gap, gap))
    return _component("capacitor", gap, 1.6, *plates)


def capacitor_curved(kind: str = "symbol", plus: bool = True) -> Symbol:
    """A straight and a bowed plate, a plus beside the straight one where it is polarised."""
    gap = 0.4
    bow = arc(gap + 2.2, 0, 2.2, 180 - 38, 180 + 38)
    strokes = [line((-gap, -1.4), (-gap, 1.4), kind=kind), Stroke(bow, kind)]
    if plus:
        strokes += [line((-1.5, -1.0), (-0.8, -1.0)), line((-1.15, -1.35), (-1.15, -0.65))]
    return _component("capacitor_polarised" if plus else "capacitor", gap, 1.4, *strokes)


def capacitor_box() -> Symbol:
    """An electrolytic capacitor: a hollow and a filled plate with a plus."""
    return _component(
        "capacitor_polarised",
        0.75,
        1.7,
        rect(-0.75, -1.7, -0.3, 1.7, fill="paper"),
        rect(0.3, -1.7, 0.75, 1.7, fill="ink"),
        line((-1.8, -1.2), (-1.0, -1.2)),
        line((-1.4, -1.6), (-1.4, -0.8)),
    )


def inductor(filled: bool) -> Symbol:
    """Four bows, or a filled box."""
    if filled:
        return _component("inductor", 2, 0.6, rect(-2, -0.6, 2, 0.6, fill="ink"))
    bows = np.concatenate([arc(-1.5 + i, 0, 0.5, 180, 360, 16) for i in range(4)])
    return _component("inductor", 2, 0.5, Stroke(bows, "symbol"))


def inductor_loops() -> Symbol:
    """Four loops of a coil, as circuit simulators draw it."""
    turns, body = 4, 2.2
    t = np.linspace(0, 1, 16 * turns)
    x = -body * 0.85 + 1.7 * body * t - 0.35 * np.sin(2 * np.pi * turns * t)
    y = -0.8 * np.cos(2 * np.pi * turns * t) + 0.1
    points = np.concatenate([[(-body, 0)], np.stack([x, y], 1), [(body, 0)]])
    return _component("inductor", body, 0.9, Stroke(points, "symbol"))


_BARS = {
    "zener": ((0.5, -1), (1, -1), (1, 1)),
    "schottky": ((1.5, -0.6), (1.5, -1), (1, -1), (1, 1), (0.5, 1), (0.5, 0.6)),
    "tvs": ((-0.4, -1), (0, -1), (0, 1), (0.4, 1)),
}
"""The cathode of the kinds of diodes that have no plain bar."""


def diode(mark: str, fill: str, line_through: bool) -> Symbol:
    """A diode, its anode to the left.

    mark: "", "zener", "schottky", "led", "tvs" or "varicap"; fill: of its triangle; line_through: whether a line runs
    through the triangle.
    """
    reach = {"tvs": 2.0, "varicap": 1.5}.get(mark, 1.0)
    triangles = ((-2, 0), (2, 0)) if mark == "tvs" else ((-1, 1),)
    strokes = [line((back, -1), (tip, 0), (back, 1), closed=True, fill=fill) for back, tip in triangles]
    strokes.append(line(*_BARS.get(mark, ((1, -1), (1, 1))), kind="medium"))
    if mark == "led":
        for shift in (0.0, 0.8):
            strokes += [
                line((-0.2 + shift, -1.4), (0.8 + shift, -2.4)),
                line((0.8 + shift, -2.4), (0.35 + shift, -2.2), (0.6 + shift, -1.95), closed=True, fill="ink"),
            ]
    if mark == "varicap":
        strokes.append(line((1.5, -1), (1.5, 1)))
    if line_through:
        strokes.append(line((-1, 0), (1, 0)))
    kind, pins = "led" if mark == "led" else "diode", two_pins(REACH, reach, ("A", "K") if mark else ("1", "2"))
    return Symbol(kind, tuple(strokes), pins, (-reach, -1, reach, 1))


def fuse(wave: bool) -> Symbol:
    """A wave, or a box with a line through it."""
    if wave:
        t = np.linspace(0, 2 * np.pi, 24)
        return _component("fuse", 1.8, 0.8, Stroke(np.stack([(t / np.pi - 1) * 1.8, -0.8 * np.sin(t)], 1)))
    return _component("fuse", 1.8, 0.7, rect(-1.8, -0.7, 1.8, 0.7), line((-1.8, 0), (1.8, 0)))


def ferrite() -> Symbol:
    """A slanted slab."""
    slab = np.array([(-1.6, -0.3), (0.9, -1.3), (1.6, 0.3), (-0.9, 1.3)])
    return _component("ferrite", 1.2, 1.2, Stroke(slab, "symbol", True))


def crystal() -> Symbol:
    """A slab between two plates."""
    plates = (line((x, -1), (x, 1), kind="medium") for x in (-1, 1))
    return _component("crystal", 1.0, 1.5, rect(-0.5, -1.5, 0.5, 1.5), *plates)


def battery(cells: int) -> Symbol:
    """Long thin and short thick plates in turn, a pair to each cell."""
    strokes = []
    for i in range(2 * cells):
        x, short = (i - cells + 0.5) * 0.6, i % 2
        half = 0.7 if short else 1.5
        strokes.append(line((x, -half), (x, half), kind="thick" if short else "symbol"))
    return _component("battery", (cells - 0.5) * 0.6, 1.5, *strokes)


def switch(push: bool, knob: bool = True) -> Symbol:
    """Two contacts with an open lever, or with a button above them, which may have a knob."""
    strokes = [circle(-1.6, 0, 0.35), circle(1.6, 0, 0.35)]
    if push:
        strokes += [line((-1.8, -1.0), (1.8, -1.0)), line((0, -1.0), (0, -2.2))]
        strokes += [line((-0.6, -2.2), (0.6, -2.2))] * knob
    else:
        strokes.append(line((-1.3, -0.2), (1.5, -1.4)))
    return Symbol("switch", tuple(strokes), two_pins(LONG_REACH, 1.95), (-2, -1.6, 2, 0.6))


def source(kind: str) -> Symbol:
    """A source in a circle; kind: "dc", "sine", "current" or "pulse"."""
    t = np.linspace(-np.pi, np.pi, 24)
    marks = {
        "dc": (line((-1.2, -0.4), (-1.2, 0.4)), line((1.2, -0.4), (1.2, 0.4)), line((0.8, 0), (1.6, 0))),
        "sine": (Stroke(np.stack([0.55 * np.sin(t), t / np.pi], 1)),),
        "current": (line((-1.2, 0), (0.6, 0)), line((1.3, 0), (0.5, -0.4), (0.5, 0.4), closed=True, fill="ink")),
        "pulse": (line((0.5, -1.1), (0.5, -0.5), (-0.5, -0.5), (-0.5, 0.5), (0.5, 0.5), (0.5, 1.1)),),
    }
    return Symbol("source", (circle(0, 0, 2), *marks[kind]), two_pins(LONG_REACH, 2), (-2, -2, 2, 2))
