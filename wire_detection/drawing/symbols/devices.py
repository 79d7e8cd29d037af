"""Symbols of components with three and more pins: transistors, tubes, amplifiers, gates, coils with a core."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wire_detection.drawing.drawing import Stroke, Symbol
from wire_detection.drawing.symbols.shapes import arc, arrow_head, circle, line, pin, rect
from wire_detection.drawing.symbols.two_pins import resistor_box, resistor_zigzag


def potentiometer(zigzag: bool) -> Symbol:
    """A resistor of this look with a wiper from below."""
    base = resistor_zigzag() if zigzag else resistor_box()
    head = line((0, 0.8), (-0.4, 1.6), (0.4, 1.6), closed=True, fill="ink")
    return Symbol("potentiometer", (*base.strokes, head), (*base.pins, pin(0, 3, 0, 1.6, "", "3")), (-2, -0.8, 2, 1.6))


def bipolar(pnp: bool, ring: bool, base_inside: bool = False) -> Symbol:
    """Base left at (-4, 0), collector above at (2, -4), emitter below; a PNP's arrow points to the base.

    base_inside: whether the stroke from the ring to the bar belongs to the symbol, so that the lead ends at the ring.
    """
    bar, collector, emitter = -0.5, (2, -2), (2, 2)
    strokes = [
        line((bar, -1.5), (bar, 1.5), kind="medium"),
        line((bar, -0.6), collector),
        line((bar, 0.6), emitter),
        arrow_head((bar, 0.6), emitter, 0.35 if pnp else 0.55, pnp),
    ]
    if ring:
        strokes.append(circle(0.7, 0, 2.3, "ring"))
    base = bar
    if base_inside:
        base = -1.6
        strokes.append(line((base, 0), (bar, 0)))
    pins = (pin(-4, 0, base, 0, "B", "1"), pin(2, -4, *collector, "C", "3"), pin(2, 4, *emitter, "E", "2"))
    return Symbol("transistor", tuple(strokes), pins, (bar - 1, -2.3, 3.0, 2.3))


def mosfet(p_channel: bool, ring: bool, body_diode: bool) -> Symbol:
    """Gate left at (-4, 0), drain above at (2, -4), source below."""
    y = (-1.5, 0.0, 1.5)
    strokes = [line((-1.0, -1.5), (-1.0, 1.5), kind="medium")]
    strokes += [line((-0.4, v - 0.5), (-0.4, v + 0.5), kind="medium") for v in y]
    strokes += [
        line((-0.4, y[0]), (2, y[0]), (2, -2)),
        line((-0.4, y[2]), (2, y[2]), (2, 2)),
        line((-0.4, 0), (2, 0), (2, y[2])),
        arrow_head((-0.4, 0), (2, 0), 0.3, not p_channel, 0.8),
    ]
    if body_diode:
        strokes += [
            line((2, y[0]), (2.9, y[0]), (2.9, y[2]), (2, y[2])),
            line((2.5, 0.35), (3.3, 0.35), (2.9, -0.35), closed=True, fill="ink"),
            line((2.5, -0.35), (3.3, -0.35)),
        ]
    gate = -1.0
    if ring:
        gate = -1.6 + 0.3 * body_diode
        strokes += [circle(0.8 + 0.3 * body_diode, 0, 2.4, "ring"), line((gate, 0), (-1.0, 0))]
    if ring or body_diode:
        strokes += [circle(2, 1.5, 0.22, fill="ink")]
    pins = (pin(-4, 0, gate, 0, "G", "1"), pin(2, -4, 2, -2, "D", "3"), pin(2, 4, 2, 2, "S", "2"))
    return Symbol("mosfet", tuple(strokes), pins, (-1.8, -2.4, 3.2, 2.4))


def triode() -> Symbol:
    """Anode above, grid left, cathode below, in an oblong bulb, where the leads end."""
    bulb = np.concatenate([arc(0, -1.2, 2.4, 180, 360), arc(0, 1.2, 2.4, 0, 180)])
    strokes = [
        Stroke(bulb, "symbol", True),
        line((-1.2, -2), (1.2, -2), kind="medium"),
        line((0, -3.6), (0, -2)),
        Stroke(arc(0, 2.2, 1.2, 200, 340), "symbol"),
        line((-1, 3.4), (-1, 1.9)),
    ]
    strokes += [line((x, 0), (x + 0.7, 0)) for x in (-2.4, -1.0, 0.4, 1.5)]
    pins = (pin(0, -5, 0, -3.6, "A", "6"), pin(-5, 0, -2.4, 0, "G", "7"), pin(-1, 5, -1, 3.4, "K", "8"))
    return Symbol("tube", tuple(strokes), pins, (-2.4, -3.6, 2.4, 3.6))


def opamp(supply: bool, plus_first: bool) -> Symbol:
    """Inputs left at (-6, -2) and (-6, 2), the upper one "+" if plus_first, output right, supplies above and below."""
    plus = -2 if plus_first else 2
    strokes = [
        line((-4, -4), (4, 0), (-4, 4), closed=True, kind="medium", fill="shade"),
        line((-3.4, plus), (-2.4, plus)),
        line((-2.9, plus - 0.5), (-2.9, plus + 0.5)),
        line((-3.4, -plus), (-2.4, -plus)),
    ]
    pins = [pin(-6, plus, -4, plus, "+", "3"), pin(-6, -plus, -4, -plus, "-", "2"), pin(6, 0, 4, 0, "", "1")]
    if supply:
        pins += [pin(-2, -5, -2, -3, "V+", "8"), pin(-2, 5, -2, 3, "V-", "4")]
    return Symbol("opamp", tuple(strokes), tuple(pins), (-4, -4, 4, 4))


@dataclass(frozen=True)
class _Body:
    """A gate's body: strokes; where its back, its input leads' inner ends and its front lie; half its height."""

    strokes: tuple[Stroke, ...]
    back: float
    entry: float
    front: float
    height: float = 2.5


def _height(inputs: int) -> float:
    """Half the height of a body with so many inputs."""
    return max(2.5, inputs * 1.1)


def _triangle_body(inputs: int) -> _Body:
    return _Body((line((-2.5, -2.2), (2.0, 0), (-2.5, 2.2), closed=True, fill="shade"),), -2.5, -2.5, 2.0)


def _schmitt_body(inputs: int) -> _Body:
    triangle = _triangle_body(inputs)
    hysteresis = line((-1.9, 0.5), (-1.0, 0.5), (-1.0, -0.5), (-0.1, -0.5))
    return replace(triangle, strokes=(*triangle.strokes, hysteresis))


def _and_body(inputs: int) -> _Body:
    height = _height(inputs)
    front = np.array([1.0, height / 2.5]) * arc(0, 0, 2.5, -90, 90)
    outline = np.concatenate([[(-3, -height), (0, -height)], front, [(0, height), (-3, height)]])
    return _Body((Stroke(outline, "symbol", True, "shade"),), -3, -3, 2.5, height)


def _hollow_back(height: float) -> np.ndarray:
    """(12, 2) points of the bow at the back of an OR, from below upwards."""
    return np.stack([-3 + 0.9 * (1 - np.linspace(1, -1, 12) ** 2), np.linspace(height, -height, 12)], 1)


def _or_body(inputs: int) -> _Body:
    height = _height(inputs)
    t = np.linspace(0, 1, 12)
    upper = np.stack([-2 + 5 * t**0.8, -height * (1 - t**2)], 1)
    outline = np.concatenate([[(-3, -height)], upper, upper[::-1] * (1, -1), _hollow_back(height)])
    return _Body((Stroke(outline, "symbol", True, "shade"),), -3, -2.6, 3.0, height)


def _xor_body(inputs: int) -> _Body:
    """An OR with a second bow behind it."""
    body = _or_body(inputs)
    return replace(body, strokes=(*body.strokes, Stroke(_hollow_back(body.height) - (0.7, 0), "symbol")))


GATES = {
    "and": (_and_body, False),
    "nand": (_and_body, True),
    "or": (_or_body, False),
    "nor": (_or_body, True),
    "xor": (_xor_body, False),
    "not": (_triangle_body, True),
    "schmitt": (_schmitt_body, True),
    "buffer": (_triangle_body, False),
    "tristate": (_triangle_body, False),
}
"""Each kind of gate: its body, and whether its output is negated. Sheets pick from them in this order."""
ONE_INPUT = ("not", "schmitt", "buffer", "tristate")


def gate(kind: str, inputs: int = 2) -> Symbol:
    """A logic gate of a distinctive shape, a bubble on its output where that is negated."""
    make, negated = GATES[kind]
    body = make(inputs)
    strokes, front = list(body.strokes), body.front
    if negated:
        strokes.append(circle(front + 0.5, 0, 0.5, fill="paper"))
        front += 1
    ys = [0] if kind in ONE_INPUT else [-2, 2] if inputs == 2 else np.linspace(-2, 2, inputs).round().tolist()
    pins = [pin(-6, y, body.entry, y, "", str(i + 1)) for i, y in enumerate(ys)]
    pins.append(pin(6, 0, front, 0, "", str(len(ys) + 1)))
    if kind == "tristate":
        strokes.append(circle(0, 1.7, 0.45, fill="paper"))
        pins.append(pin(0, 4, 0, 2.15, "", "4"))
    return Symbol("gate", tuple(strokes), tuple(pins), (body.back, -body.height, front, body.height))


def transformer(core: bool = True, tap: bool = False) -> Symbol:
    """Two windings beside one another, lines for a core between them, a tap in the middle of the right one."""
    strokes = []
    for side in (-1, 1):
        bows = np.concatenate([arc(side * 1.6, y, 1.0, -90, 90 if side < 0 else -270, 16) for y in (-3, -1, 1, 3)])
        strokes.append(Stroke(bows, "symbol"))
    if core:
        strokes += [line((x, -3.8), (x, 3.8), kind="medium") for x in (-0.2, 0.2)]
    ends = ((-1, -4), (-1, 4), (1, -4), (1, 4))
    pins = [pin(side * 5, y, side * 1.6, y, "", str(n)) for n, (side, y) in enumerate(ends, 1)]
    if tap:
        pins.append(pin(5, 0, 1.6, 0, "", "5"))
    return Symbol("transformer", tuple(strokes), tuple(pins), (-1.8, -4, 1.8, 4))


def relay() -> Symbol:
    """A coil and, joined to it by a dashed line, a contact that changes over."""
    strokes = (
        rect(-4.5, -1.2, -1.5, 1.2),
        line((-4.0, 1.2), (-2.0, -1.2)),
        line((2, 1.4), (3.2, -1.6)),
        circle(2, 1.5, 0.25, fill="ink"),
        line((-1.5, 0), (2.4, 0), kind="dashed"),
        line((1.2, -2), (1.2, -1.6)),
        line((3.4, -2), (3.4, -1.4)),
    )
    pins = (
        pin(-3, -4, -3, -1.2, "", "1"),
        pin(-3, 4, -3, 1.2, "", "2"),
        pin(2, 4, 2, 1.5, "", "3"),
        pin(1, -4, 1, -2, "", "4"),
        pin(3, -4, 3, -2, "", "5"),
    )
    return Symbol("relay", strokes, pins, (-4.5, -2, 3.6, 2))
