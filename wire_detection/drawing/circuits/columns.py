"""Columns of transistors between rails, their gates tied to neighbours, nodes and biases."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.cell import Cell, Fet
from wire_detection.drawing.circuits.ends import close_above, close_below, gate_input, kinds_of
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT

PITCH = 8
"""Grid units from one row of devices to the next: a resistor between two wires of one unit."""


def columns(cell: Cell) -> None:
    """Two to six columns of two to four devices each; what one column's node drives, gates of others hang on."""
    n, p = kinds_of(cell)
    count, rows = cell.pick((2, 3, 3, 4, 4, 5, 6)), cell.between(2, 4)
    spacing, split = cell.between(7, 10), cell.between(1, max(1, rows - 1))
    grid: list[list[Fet | None]] = []
    tops, bottoms = [], []
    for k in range(count):
        kinds = [_device(cell, p if row < split else n) for row in range(rows)]
        first = 0
        while first < rows - 1 and cell.chance(0.12):
            first += 1
        rights = [cell.chance(0.35) if row else k % 2 == 0 and cell.chance(0.6) for row in range(rows)]
        grid.append(_column(cell, k * spacing, kinds, first, rights))
        tops.append((k * spacing, first * PITCH))
        bottoms.append((k * spacing, rows * PITCH))
    rail = [end for end in tops if end[1] == 0]
    for end in (end for end in tops if end[1] > 0):
        cell.up_to_supply(*end, 0)
    if rail:
        close_above(cell, rail, cell.between(0, 2))
    close_below(cell, bottoms, cell.between(0, 2))
    for row in range(rows):
        for k in range(count):
            if grid[k][row] is not None:
                _drive(cell, grid, k, row, spacing)
    for _ in range(cell.between(1, count + 1)):
        _cross(cell, count, spacing, rows)
    for k in (0, count - 1):
        way = RIGHT if k else LEFT
        if cell.chance(0.7):
            y = cell.between(1, rows - 1) * PITCH if rows > 1 else PITCH
            side = k * spacing + way[0] * cell.between(3, 5)
            if y > tops[k][1] and cell.link((k * spacing, y), (side, y)):
                cell.terminal(side, y, way)


def _cross(cell: Cell, count: int, spacing: int, rows: int) -> None:
    """A wire from a node of one column to a node of another, across the columns between them."""
    first, last = sorted(cell.rng.choice(count, 2, replace=False).tolist())
    low, high = 1, rows * PITCH - 1
    y0, y1 = (int(np.clip(cell.between(1, rows) * PITCH + cell.between(-1, 1), low, high)) for _ in range(2))
    lane = (first + cell.between(0, last - first - 1)) * spacing + cell.between(2, spacing - 4)
    x0, x1 = first * spacing, last * spacing
    paths = (((x0, y0), (x1, y0)), ((x0, y0), (lane, y0), (lane, y1), (x1, y1)))
    cell.first_link(*(path for path in paths if cell.has_wire(*path[0]) and cell.has_wire(*path[-1])))


def _device(cell: Cell, kind: str) -> str:
    chance = cell.rng.random()
    if chance < 0.74:
        return kind
    if chance < 0.8:
        return "wire"
    return cell.pick(("resistor", "current_source", "resistor", "capacitor", "inductor", "diode"))


def _column(cell: Cell, x: float, kinds, first: int, rights) -> list[Fet | None]:
    """The devices of a column from its row `first` on, each in the middle of its row, joined by wires."""
    made: list[Fet | None] = [None] * first
    for row in range(first, len(kinds)):
        y, stop = row * PITCH, (row + 1) * PITCH
        if kinds[row] == "wire":
            cell.wire((x, y), (x, stop))
            made.append(None)
        elif kinds[row] in ("nmos", "pmos", "npn", "pnp"):
            fet = cell.fet(kinds[row], x, y + PITCH / 2, bool(rights[row]))
            cell.wire((x, y), fet.top)
            cell.wire(fet.bottom, (x, stop))
            made.append(fet)
        else:
            cell.wire((x, y), (x, y + 1))
            cell.wire(cell.passive(x, y + 1, DOWN, kinds[row]), (x, stop))
            made.append(None)
    return made


def _drive(cell: Cell, grid, k: int, row: int, spacing: int) -> None:
    """Give a gate what drives it: its own drain, a gate that faces it, another column's node, or a name."""
    fet = grid[k][row]
    x, y = fet.gate
    across = k + fet.way
    facing = grid[across][row] if 0 <= across < len(grid) else None
    joined = facing is not None and facing.way == -fet.way and cell.link(fet.gate, facing.gate)
    lowest = len(grid[k]) * PITCH - 1
    for way in cell.rng.permutation(4):
        path = []
        if way == 0 and cell.chance(0.5):  # its own upper or lower node
            level = cell.pick((row, row + 1)) * PITCH
            path = [(x, y), (x, level), (fet.top[0], level)]
        elif way == 1 and cell.chance(0.7):  # a node of any column
            level = cell.between(max(0, row - 1), row + 2) * PITCH + cell.between(-1, 1)
            path = [(x, y), (x, level), (cell.between(0, len(grid) - 1) * spacing, level)]
        elif way == 2 and not joined and 0 <= across < len(grid):  # the next column, level with the gate
            level, path = y, [(x, y), (across * spacing, y)]
        if path and 1 <= level <= lowest and cell.has_wire(*path[-1]) and cell.link(*path):
            return
        if joined and cell.chance(0.5):
            return
    if not joined:
        gate_input(cell, fet)
