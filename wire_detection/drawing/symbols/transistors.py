"""Transistors as figures of books and papers draw them, drain and source (collector and emitter) in one column.

The origin lies in that column, halfway between the tips of the two pins at (0, -2) and (0, 2); the gate or base comes
from the left, its tip at (-3, 0) or, in the manner of circuit simulators, level with the source.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wire_detection.drawing.drawing import Stroke, Symbol
from wire_detection.drawing.symbols.shapes import arrow_head, circle, line, pin

REACH = 2
"""From a transistor's middle to the tips of the pins in its column."""

GATE_REACH = 3
"""From the column to the tip of the gate or base."""


@dataclass(frozen=True)
class MosLook:
    """How a sheet draws its MOS transistors.

    arm: half the distance of the horizontal strokes to drain and source; channel, gate: x of these bars, to the left.
    arrow: "source" on the source's stroke, "bulk" on one from the middle of the channel, "lead" on the vertical piece
        at the source, or "" for none; arrow_size: in grid units; open_arrow: whether it is of two strokes.
    bubble: whether the gate of a p-channel transistor has a ring.
    bulk: "" for none, "source" where the bulk is tied to the source, "pin" for a pin of its own to the right.
    broken: whether the channel is of three pieces; bars: kind of stroke of channel and gate.
    full_gate: whether the gate's bar is as long as the channel; low_gate: whether its lead is level with the source.
    """

    arm: float = 1.0
    channel: float = 1.0
    gate: float = 1.45
    arrow: str = "source"
    arrow_size: float = 0.7
    open_arrow: bool = False
    bubble: bool = False
    bulk: str = ""
    broken: bool = False
    bars: str = "symbol"
    full_gate: bool = False
    low_gate: bool = False


def mos(look: MosLook, p_channel: bool) -> Symbol:
    """A MOS transistor, the source below, or above where it is a p-channel one."""
    flip = np.array([1.0, -1.0 if p_channel else 1.0])
    strokes = [*_channel(look), *_gate(look, p_channel)]
    strokes += [line((-look.channel, y), (0, y)) for y in (-look.arm, look.arm)]
    strokes += _arrow(look, p_channel)
    pins = [
        pin(-GATE_REACH, look.arm if look.low_gate else 0, *_gate_end(look, p_channel), "G", "1", way=(-1, 0)),
        pin(0, -REACH, 0, -look.arm, "D", "3"),
        pin(0, REACH, 0, look.arm, "S", "2"),
    ]
    right = 0.0
    if look.bulk == "source":
        strokes.append(line((-look.channel, 0), (0, 0), (0, look.arm)))
    elif look.bulk == "pin":
        pins.append(pin(REACH, 0, -look.channel, 0, "B", "4"))
    strokes = [Stroke(s.points * flip, s.kind, s.closed, s.fill) for s in strokes]
    pins = [pin(p.x, p.y * flip[1], p.ix, p.iy * flip[1], p.name, p.number, way=_way(p, flip[1])) for p in pins]
    high = look.arm + 0.3
    return Symbol("mosfet", tuple(strokes), tuple(pins), (-look.gate, -high, right, high))


def _way(p, flip: float) -> tuple[float, float]:
    return p.dx, p.dy * flip


def _channel(look: MosLook) -> list[Stroke]:
    half = look.arm + 0.3
    if not look.broken:
        return [line((-look.channel, -half), (-look.channel, half), kind=look.bars)]
    piece = 0.3 * half
    return [
        line((-look.channel, y - piece), (-look.channel, y + piece), kind=look.bars) for y in (-look.arm, 0, look.arm)
    ]


def _gate(look: MosLook, p_channel: bool) -> list[Stroke]:
    half = look.arm + 0.3 if look.full_gate or look.low_gate else 0.8 * look.arm
    bar = line((-look.gate, -half), (-look.gate, half), kind=look.bars)
    if look.bubble and p_channel:
        return [bar, circle(-look.gate - 0.3, look.arm if look.low_gate else 0, 0.3, fill="paper")]
    return [bar]


def _gate_end(look: MosLook, p_channel: bool) -> tuple[float, float]:
    return -look.gate - 0.6 * (look.bubble and p_channel), look.arm if look.low_gate else 0


def _arrow(look: MosLook, p_channel: bool) -> list[Stroke]:
    """Away from the channel at an n-channel source, towards it at a p-channel one; the bulk's the other way round."""
    start, stop = {
        "source": ((-look.channel, look.arm), (0, look.arm)),
        "bulk": ((-look.channel, 0), (0, 0)),
        "lead": ((0, look.arm), (0, REACH)),
        "": ((0, 0), (0, 0)),
    }[look.arrow]
    if not look.arrow or (look.arrow == "bulk" and not look.bulk):
        return []
    inwards = p_channel != (look.arrow == "bulk")
    return head(start, stop, inwards, min(look.arrow_size, np.hypot(*np.subtract(stop, start))), look.open_arrow)


def head(start, stop, back: bool, size: float, hollow: bool) -> list[Stroke]:
    """An arrow's head in the middle of the way from start to stop, filled or of two strokes."""
    filled = arrow_head(start, stop, 0.55, back, size)
    if not hollow:
        return [filled]
    tip, *feet = filled.points
    return [line(feet[0], tip, feet[1])]


@dataclass(frozen=True)
class BipolarLook:
    """How a sheet draws its bipolar transistors.

    bar: x of the base's bar, to the left; half: half its length; bend: y where the slanted strokes meet the column.
    ring: whether there is one; bars: kind of stroke of the base; arrow_at: place of the arrow along the emitter.
    """

    bar: float = 1.2
    half: float = 1.1
    bend: float = 1.3
    ring: bool = False
    bars: str = "symbol"
    arrow_at: float = 0.6
    arrow_size: float = 0.7
    open_arrow: bool = False


def bipolar(look: BipolarLook, pnp: bool) -> Symbol:
    """A bipolar transistor, the emitter below, or above where it is a PNP."""
    sign = -1.0 if pnp else 1.0
    start, stop = (-look.bar, 0.4 * look.half * sign), (0.0, look.bend * sign)
    strokes = [
        line((-look.bar, -look.half), (-look.bar, look.half), kind=look.bars),
        line(start, stop),
        line((start[0], -start[1]), (stop[0], -stop[1])),
    ]
    reach = np.subtract(stop, start)
    middle = np.add(start, look.arrow_at * reach)
    strokes += head(middle - 0.3 * reach, middle + 0.3 * reach, pnp, look.arrow_size, look.open_arrow)
    left = -look.bar
    if look.ring:
        strokes.append(circle(-0.5 * look.bar, 0, 1.7, "ring"))
        left = -0.5 * look.bar - 1.7
    pins = (
        pin(-GATE_REACH, 0, -look.bar, 0, "B", "1"),
        pin(0, -REACH * sign, 0, -look.bend * sign, "C", "3"),
        pin(0, REACH * sign, 0, look.bend * sign, "E", "2"),
    )
    high = max(look.half, look.bend)
    return Symbol("transistor", tuple(strokes), pins, (left, -high, 1.1 if look.ring else 0.0, high))
