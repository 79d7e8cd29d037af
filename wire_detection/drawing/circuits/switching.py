"""Circuits that switch: filters of switched capacitors, converters, rectifiers."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.amplifiers import amplifier
from wire_detection.drawing.circuits.ends import gate_input, output, to_ground
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT, UP


def switched_capacitor(cell: Cell) -> None:
    """Switches, a capacitor that they toggle, and an amplifier with a capacitor in its feedback."""
    x, y = 0.0, 0.0
    cell.terminal(x, y, LEFT)
    stages = cell.between(1, 2)
    for _ in range(stages):
        for _ in range(2):
            x = cell.run(x, y, RIGHT, cell.between(0, 2))[0]
            x, y = _switch(cell, x, y)
            x = cell.run(x, y, RIGHT, cell.between(1, 3))[0]
            what = cell.pick(("capacitor", "short_switch", "none"))
            if what != "none":
                to_ground(cell, *cell.passive(x, y, DOWN, what))
            x = cell.run(x, y, RIGHT, cell.between(1, 3))[0]
        if cell.chance(0.5):
            x, y = cell.passive(x, y, RIGHT, "capacitor")
            x = cell.run(x, y, RIGHT, cell.between(1, 2))[0]
    if cell.chance(0.8):
        x = cell.run(x, y, RIGHT, 3)[0]
        upper, lower, out = amplifier(cell, x + 3, cell.pick((1, 1, -1)))
        used, free = (upper, lower) if abs(upper.y) < 1e-6 else (lower, upper)
        if free is lower:
            to_ground(cell, *cell.run(*free.tip, LEFT, 1), cell.between(1, 2))
        else:
            cell.end_at(*free.tip, LEFT, 1)
        right = out.x + cell.between(1, 3)
        cell.wire(out.tip, (right, out.y))
        level = y - cell.between(5, 6)
        if used is upper and right - x >= 6:
            before = (right - x - 6) / 2
            cell.wire((x, y), (x, level), (x + before, level))
            cell.wire(cell.passive(x + before, level, RIGHT, "capacitor"), (right, level), (right, out.y))
            if cell.chance(0.4):
                above = level - 4
                cell.wire((x, level), (x, above), ((x + right) / 2 - 2, above))
                cell.wire(
                    cell.passive((x + right) / 2 - 2, above, RIGHT, "short_switch"), (right, above), (right, level)
                )
        output(cell, right, out.y, RIGHT)
    else:
        cell.terminal(x, y, RIGHT)


def _switch(cell: Cell, x: float, y: float) -> tuple[float, float]:
    """A switch from (x, y) to the right, or a transistor that serves as one; its far end."""
    if cell.chance(0.65):
        return cell.passive(x, y, RIGHT, "short_switch")
    end, gate = cell.pass_fet(x, y, cell.pick(("nmos", "nmos", "pmos")))
    way = DOWN if gate[1] > y else UP
    cell.end_at(*gate, way, cell.between(0, 1))
    return end


def converter(cell: Cell) -> None:
    """A buck, boost or inverting converter: a source, a switch, a coil, a diode, a capacitor and the load."""
    height = 6 + cell.between(1, 4)
    rest = (height - 6) / 2
    kind = cell.pick(("buck", "boost", "inverting"))

    def branch(x: float, what: str) -> None:
        cell.wire((x, 0), (x, rest))
        if what == "switch_fet":
            fet = cell.fet("nmos", x, height / 2)
            cell.wire((x, rest), fet.top)
            cell.wire(fet.bottom, (x, height))
            gate_input(cell, fet)
            return
        if what == "up_diode":
            cell.wire((x, rest + 6), (x, height))
            cell.passive(x, rest + 6, UP, "diode")
            return
        cell.wire(cell.passive(x, rest, DOWN, what), (x, height))

    def series(x: float, what: str) -> float:
        x = cell.run(x, 0, RIGHT, cell.between(1, 3))[0]
        x = _switch(cell, x, 0)[0] if what == "short_switch" else cell.passive(x, 0, RIGHT, what)[0]
        return cell.run(x, 0, RIGHT, cell.between(1, 3))[0]

    branch(0, cell.pick(("voltage_source", "battery", "voltage_source")))
    order = {
        "buck": ("short_switch", "up_diode", "inductor"),
        "boost": ("inductor", "switch_fet", "diode"),
        "inverting": ("short_switch", "inductor", "diode"),
    }[kind]
    x = series(0, order[0])
    branch(x, order[1])
    x = series(x, order[2])
    if cell.chance(0.3):
        cell.arrow_on(x - 0.5, 0, RIGHT, cell.words.current())
    ends = [x]
    for what in ("capacitor", "resistor"):
        branch(x, what)
        ends.append(x)
        if what == "capacitor":
            step = cell.between(5, 7)
            cell.wire((x, 0), (x + step, 0))
            x += step
    cell.wire((0, height), (x, height))
    if cell.chance(0.5):
        cell.polarity(x + 2.2, 1, height - 2, cell.words.name("V", "o"))
    elif cell.chance(0.5):
        for y in (0, height):
            cell.terminal(*cell.run(x, y, RIGHT, 3), RIGHT)
    if cell.chance(0.4):
        cell.down_to_ground(x / 2, height)


def bridge(cell: Cell) -> None:
    """Four diodes or resistors in a lozenge of slanted wires, a source across it and a load beside it."""
    r = cell.between(5, 7)
    kind = cell.pick(("diode", "diode", "resistor"))
    upwards = (((-r, 0), (0, -r)), ((r, 0), (0, -r)), ((0, r), (-r, 0)), ((0, r), (r, 0)))
    for start, stop in upwards:
        cell.slanted_part(kind, start, stop)
    x = r + cell.between(3, 6)
    level = r + cell.between(1, 2)
    cell.wire((0, -r), (0, -level), (x, -level))
    cell.wire((0, r), (0, level), (x, level))
    middle = cell.pick(("capacitor", "resistor"))
    xs = [x]
    if cell.chance(0.6):
        xs.append(x + cell.between(5, 6))
        cell.wire((x, -level), (xs[1], -level))
        cell.wire((x, level), (xs[1], level))
    for at, what in zip(xs, (middle, "resistor"), strict=False):
        cell.wire((at, -level), (at, -3))
        cell.wire(cell.passive(at, -3, DOWN, what), (at, level))
    if cell.chance(0.5):
        cell.end_at(-r, 0, LEFT, cell.between(2, 4))
        cell.end_at(r, 0, RIGHT, 1)
    else:
        left = -r - cell.between(3, 5)
        low = level + cell.between(1, 2)
        if cell.link((-r, 0), (left, 0)):
            cell.terminal(left, 0, LEFT)
        if not cell.link((r, 0), (r + 1, 0), (r + 1, low), (left, low)):
            cell.end_at(r, 0, RIGHT, 1)
        else:
            cell.terminal(left, low, LEFT)
    if cell.chance(0.6):
        cell.down_to_ground(xs[-1], level)
