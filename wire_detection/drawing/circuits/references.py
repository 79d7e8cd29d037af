"""Regulators and voltage references."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.amplifiers import amplifier
from wire_detection.drawing.circuits.ends import (
    close_above,
    close_below,
    diode_connect,
    gate_input,
    kinds_of,
    output,
    tap,
    to_ground,
)
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT


def regulator_loop(cell: Cell) -> None:
    """A low-dropout regulator: an amplifier, a pass transistor, a divider and the load."""
    n, p = kinds_of(cell)
    x = cell.between(6, 8)
    upper, lower, out = amplifier(cell, 0, 0)
    drive = cell.fet(p if cell.chance(0.75) else n, x, 0)
    cell.link(out.tip, drive.gate)
    cell.up_to_supply(*drive.top, cell.between(0, 2))
    node = drive.bottom[1] + cell.between(1, 3)
    cell.wire(drive.bottom, (x, node))
    y = cell.run(x, node, DOWN, cell.between(0, 2))[1]
    first = cell.passive(x, y, DOWN, "resistor")
    middle = cell.run(*first, DOWN, cell.between(1, 2))
    second = cell.passive(*middle, DOWN, "resistor")
    to_ground(cell, *second)
    lane = min(upper.x, lower.x) - cell.between(1, 2)
    divided = (x, first[1] + (middle[1] - first[1]) / 2)
    back, reference = (lower, upper) if cell.chance(0.7) else (upper, lower)
    if not cell.link(divided, (lane, divided[1]), (lane, back.y), back.tip):
        cell.end_at(*back.tip, LEFT, 2)
    cell.end_at(*reference.tip, LEFT, cell.between(1, 3))
    side = x
    for _ in range(cell.between(0, 2)):
        start, side = side, side + cell.between(5, 7)
        cell.wire((start, node), (side, node))
        to_ground(cell, *cell.passive(side, node, DOWN, cell.pick(("capacitor", "resistor", "current_source"))))
    output(cell, side, node, RIGHT)


def bandgap(cell: Cell) -> None:
    """A reference: mirrored currents into a diode-connected transistor and into several with a resistor."""
    spacing = cell.between(8, 10)
    count = cell.between(2, 3)
    sources = [cell.fet("pmos", k * spacing, 2, False) for k in range(count)]
    y = sources[0].gate[1]
    line = sources[0].bottom[1] + 1
    for one, other in zip(sources, sources[1:], strict=False):
        x0, x1 = one.gate[0], other.gate[0]
        if not cell.link((x0, y), (x0, line), (x1, line), (x1, y)):
            gate_input(cell, other)
    if cell.chance(0.5):
        output(cell, sources[0].gate[0], y, LEFT)  # to the amplifier that holds the two nodes equal
    elif not diode_connect(cell, sources[0], line):
        cell.link((sources[0].gate[0], line), (0, line))
    low = []
    for k in range(count):
        x = k * spacing
        at = cell.run(*sources[k].bottom, DOWN, cell.between(3, 5))
        if k == count - 1 and cell.chance(0.8):
            tap(cell, (x, (sources[k].bottom[1] + at[1]) / 2 + 0.5), RIGHT)
        if k:
            at = cell.passive(*at, DOWN, "resistor")
        q = cell.fet("pnp", x, at[1] + 3, cell.chance(0.3))
        cell.wire(at, q.top)
        if not cell.link(q.gate, (q.gate[0], q.bottom[1] + 1), (x, q.bottom[1] + 1)):
            gate_input(cell, q)
        low.append(cell.run(*q.bottom, DOWN, 1))
    close_above(cell, [fet.top for fet in sources], 1)
    close_below(cell, low, 1)
