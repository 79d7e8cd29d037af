"""Amplifier stages of figures, one column of transistors each."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.ends import diode_connect, gate_input, kinds_of, output, tap, to_ground
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT, UP


def stage(cell: Cell) -> None:
    """A transistor with a load above and a source branch below: common source, cascode, follower, common gate."""
    n, p = kinds_of(cell)
    if cell.chance(0.3):
        n, p = p, n
    x, y = 0.0, 0.0
    load = cell.pick(("resistor", "resistor", "current_source", "inductor", "fet", "diode_fet", "none"))
    low_load = cell.pick(("none", "none", "resistor", "current_source", "inductor", "fet"))
    cascodes = cell.pick((0, 0, 1, 1, 2))
    fets = []
    for index in range(1 + cascodes):
        if index:
            y = cell.run(x, y, DOWN, cell.between(1, 3))[1]
        fets.append(cell.fet(n, x, y + 2, index < cascodes and cell.chance(0.2)))
        y = fets[-1].bottom[1]
    nodes = [fet.bottom for fet in fets]
    for fet in fets:
        gate_input(cell, fet)
    top = cell.run(*fets[0].top, UP, cell.between(1, 4))
    out = (fets[0].top[0], (fets[0].top[1] + top[1]) / 2)
    other = p if n in ("nmos", "npn") else n
    _load_above(cell, load, top, other)
    end = cell.run(x, y, DOWN, cell.between(1, 4))
    _load_below(cell, low_load, end, "nmos" if n in ("nmos", "pmos") else "npn")
    if cell.chance(0.8):
        tap(cell, out, RIGHT)
    if low_load != "none" and cell.chance(0.5):
        tap(cell, (x, (y + end[1]) / 2), RIGHT if cell.chance(0.7) else LEFT)
    for node in nodes[:-1]:
        if cell.chance(0.3):
            cell.label(cell.pick(("X", "Y", "A", "B", "P")), node[0] + 0.4, node[1] + 0.8, -1, 0)


def _load_above(cell: Cell, load: str, top, kind: str) -> None:
    x, y = top
    if load in ("fet", "diode_fet"):
        fet = cell.fet(kind, x, y - 2, cell.chance(0.3))
        if load == "fet" or not diode_connect(cell, fet, y + 0.5):
            gate_input(cell, fet)
        cell.up_to_supply(*fet.top, cell.between(0, 2))
    elif load == "none":
        cell.up_to_supply(x, y, 0) if cell.chance(0.6) else cell.terminal(x, y, UP)
    else:
        cell.up_to_supply(*cell.passive(x, y, UP, load), cell.between(0, 2))


def _load_below(cell: Cell, load: str, end, kind: str) -> None:
    x, y = end
    if load == "fet":
        fet = cell.fet(kind, x, y + 2)
        gate_input(cell, fet)
        to_ground(cell, *fet.bottom, cell.between(0, 2))
    elif load == "none":
        to_ground(cell, x, y, 0)
    else:
        to_ground(cell, *cell.passive(x, y, DOWN, load), cell.between(0, 1))


def low_noise_amplifier(cell: Cell) -> None:
    """A cascode with coils at gate, source and drain."""
    n, _ = kinds_of(cell)
    low, high = cell.fet(n, 0, 2), cell.fet(n, 0, -2 - cell.between(1, 2))
    cell.wire(high.bottom, low.top)
    top = cell.run(*high.top, UP, cell.between(2, 4))
    out = (0, (high.top[1] + top[1]) / 2)
    end = cell.passive(*top, UP, cell.pick(("inductor", "inductor", "resistor")))
    if cell.chance(0.4):
        side = cell.between(4, 6)
        cell.wire(top, (-side, top[1]))
        cell.wire(
            cell.passive(-side, top[1], UP, cell.pick(("capacitor", "resistor"))),
            (-side, end[1] - 1),
            (0, end[1] - 1),
        )
        end = cell.run(*end, UP, 1)
    cell.up_to_supply(*end, cell.between(0, 1))
    to_ground(cell, *cell.passive(*cell.run(*low.bottom, DOWN, cell.between(1, 2)), DOWN, "inductor"))
    x, y = cell.run(*low.gate, LEFT, cell.between(1, 2))
    for kind in cell.pick((("inductor",), ("inductor", "capacitor"), ("capacitor", "inductor"))):
        x, y = cell.run(*cell.passive(x, y, LEFT, kind), LEFT, cell.between(0, 1))
    cell.terminal(x, y, LEFT)
    gate_input(cell, high)
    side = cell.between(3, 5)
    if cell.link(out, (side, out[1])):
        if cell.chance(0.6):
            cell.terminal(*cell.passive(side, out[1], RIGHT, "capacitor"), RIGHT)
        else:
            cell.terminal(side, out[1], RIGHT)


def output_stage(cell: Cell) -> None:
    """Two complementary transistors with a common output: push-pull, an inverter, a follower with two diodes."""
    n, p = kinds_of(cell)
    follower = cell.chance(0.4)
    upper, lower = (n, p) if follower else (p, n)
    gap = cell.between(2, 4)
    top, bottom = cell.fet(upper, 0, 2), cell.fet(lower, 0, 6 + gap)
    cell.wire(top.bottom, bottom.top)
    tap(cell, (0, 4 + gap / 2), RIGHT)
    x = top.gate[0] - cell.between(0, 2)
    if follower or cell.chance(0.4):
        for fet in (top, bottom):
            cell.wire(fet.gate, (x, fet.gate[1]))
        span = bottom.gate[1] - top.gate[1]
        if span >= 6 and cell.chance(0.6):
            middle = cell.run(x, top.gate[1], DOWN, (span - 6) / 2)
            cell.wire(cell.passive(*middle, DOWN, cell.pick(("diode", "resistor", "battery"))), (x, bottom.gate[1]))
            at = (x, top.gate[1] if cell.chance(0.5) else bottom.gate[1])
        else:
            cell.wire((x, top.gate[1]), (x, bottom.gate[1]))
            at = (x, (top.gate[1] + bottom.gate[1]) / 2)
        output(cell, *at, LEFT)
    else:
        gate_input(cell, top)
        gate_input(cell, bottom)
    cell.up_to_supply(*top.top, cell.between(0, 2))
    to_ground(cell, *bottom.bottom, cell.between(0, 2))
