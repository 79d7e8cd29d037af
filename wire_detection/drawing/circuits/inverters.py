"""Rings of inverters, and logic gates of transistors."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.ends import close_above, close_below, gate_input, to_ground
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT


def inverters(cell: Cell) -> None:
    """A ring of inverters drawn as triangles, or a chain, with the wire that leads back below or above."""
    count = cell.pick((2, 3, 3, 4, 5))
    step = 6 + cell.between(1, 3)
    symbols = [cell.symbol("inverter") for _ in range(count)]
    for k, symbol in enumerate(symbols):
        cell.part(symbol, k * step, 0, name=cell.chance(0.3))
        if k:
            cell.wire(((k - 1) * step + 3, 0), (k * step - 3, 0))
            if cell.chance(0.3):
                middle = (k - 0.5) * step
                cell.run(middle, 0, DOWN, 1)
                to_ground(cell, *cell.passive(middle, 1, DOWN, "capacitor"))
    start, stop = -3 - cell.between(1, 2), (count - 1) * step + 3 + cell.between(1, 3)
    cell.wire((start, 0), (-3, 0))
    cell.wire(((count - 1) * step + 3, 0), (stop, 0))
    if cell.chance(0.75):
        level = cell.between(4, 6) * (-1 if cell.chance(0.6) else 1)
        if not cell.link((start, 0), (start, level), (stop, level), (stop, 0)):
            cell.terminal(start, 0, LEFT)
        cell.end_at(stop, 0, RIGHT, cell.between(2, 4))
    else:
        cell.terminal(start, 0, LEFT)
        cell.terminal(stop, 0, RIGHT)


def cmos_gate(cell: Cell) -> None:
    """An inverter, NAND or NOR of transistors: some in series below or above the output, as many side by side."""
    inputs, spacing = cell.pick((1, 1, 2, 2, 3)), cell.between(6, 8)
    sign, series, parallel = (1, "nmos", "pmos") if cell.chance(0.5) else (-1, "pmos", "nmos")
    y, gates, far = 0.0, [], []
    for _ in range(inputs):
        start, y = y, y + sign * cell.between(1, 2)
        cell.wire((0, start), (0, y))
        gates.append(cell.fet(series, 0, y + 2 * sign))
        y += 4 * sign
    for k in range(inputs):
        fet = cell.fet(parallel, k * spacing, -4 * sign)
        cell.wire((k * spacing, 0), (k * spacing, -2 * sign))
        far.append((k * spacing, -6 * sign))
        gates.append(fet)
    right = (inputs - 1) * spacing
    cell.wire((0, 0), (right, 0))
    cell.end_at(right, 0, RIGHT, cell.between(3, 5))
    if inputs == 1 and cell.chance(0.7):
        x = gates[0].gate[0] - cell.between(0, 1)
        cell.wire(gates[0].gate, (x, gates[0].gate[1]), (x, gates[1].gate[1]), gates[1].gate)
        cell.end_at(x, (gates[0].gate[1] + gates[1].gate[1]) / 2, LEFT, cell.between(1, 3))
    else:
        for fet in gates:
            gate_input(cell, fet)
    (close_above if sign > 0 else close_below)(cell, far, 1)
    (close_below if sign > 0 else close_above)(cell, [(0, y)], 1)
