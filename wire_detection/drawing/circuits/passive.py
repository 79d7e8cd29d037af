"""Circuits of components with two pins: lattices, rows of capacitors, rails, matrices."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import DIRECTIONS, DOWN, LEFT, RIGHT, UP, overlap, wire_box


def lattice(block: Block) -> None:
    """Nodes on a raster; components, plain wires or nothing between neighbours, like the figures of any textbook."""
    columns, rows = block.between(2, 6), block.between(2, 4)
    step_x, step_y = block.between(9, 13), block.between(8, 11)
    horizontal = block.rng.choice(3, size=(rows, columns), p=(0.45, 0.35, 0.2))
    vertical = block.rng.choice(3, size=(rows, columns), p=(0.2, 0.5, 0.3))
    for row in range(rows):
        for column in range(columns):
            x, y = column * step_x, row * step_y
            if column + 1 < columns and horizontal[row, column] < 2:
                _edge(block, x, y, RIGHT, step_x, bool(horizontal[row, column]))
            if row + 1 < rows and vertical[row, column] < 2:
                _edge(block, x, y, DOWN, step_y, bool(vertical[row, column]))
    for column in range(columns):
        if block.chance(0.3):
            block.down_to_ground(column * step_x, (rows - 1) * step_y, block.between(0, 2))
        if block.chance(0.2):
            block.up_to_supply(column * step_x, 0, block.between(0, 2))
    for row in range(rows):
        if block.chance(0.5):
            block.port((columns - 1) * step_x, row * step_y, RIGHT, block.between(1, 5))
        if block.chance(0.4):
            block.port(0, row * step_y, LEFT, block.between(1, 5))
    for _ in range(block.between(0, 2)):
        _crossing_wire(block, columns * step_x, rows * step_y)


def _edge(block: Block, x: float, y: float, direction, length: int, component: bool) -> None:
    dx, dy = direction
    stop = (x + dx * length, y + dy * length)
    if not component:
        block.wire((x, y), stop)
        if block.chance(0.12):
            block.net_name(x, y, *stop)
        return
    kind = block.passive_kind()
    symbol = block.symbol(kind)
    size = int(2 * symbol.pins[1].x)
    if size > length:
        block.wire((x, y), stop)
        return
    before = (length - size) // 2 if block.chance(0.6) else block.between(0, length - size)
    start = (x + dx * before, y + dy * before)
    block.wire((x, y), start)
    half = size / 2
    block.part(
        symbol,
        start[0] + dx * half,
        start[1] + dy * half,
        DIRECTIONS.index(direction) + (2 if block.chance(0.2) else 0),
    )
    block.wire((start[0] + dx * size, start[1] + dy * size), stop)


def _crossing_wire(block: Block, width: int, height: int) -> None:
    """A wire that passes over wires of the circuit without connecting, and between its components."""
    horizontal = block.chance(0.5)
    across = block.rng.permutation(np.arange(1, max(2, height if horizontal else width))) + 0.5
    for at in across.tolist():
        wire = ((-2, at), (width, at)) if horizontal else ((at, -2), (at, height))
        over = sum(b < at < d if horizontal else a < at < c for a, b, c, d in map(wire_box, block.wires))
        if over > 1 and not any(overlap((*wire[0], *wire[1]), box) for _, box in block.components):
            block.wire(*wire)
            return


def decoupling(block: Block) -> None:
    """A row of capacitors between two rails."""
    count, step = block.between(2, 9), block.pick((6, 7, 8, 9, 10, 11, 12))
    kind = block.pick(("capacitor", "capacitor", "capacitor_polarised", "resistor"))
    stub = block.between(0, 2)
    ends = []
    for i in range(count):
        x = i * step
        block.wire((x, 0), (x, stub))
        _, y = block.passive(x, stub, DOWN, kind if block.chance(0.9) else None)
        ends.append(y)
    bottom = max(ends) + stub
    for i, y in enumerate(ends):
        block.wire((i * step, y), (i * step, bottom))
    block.wire((0, 0), ((count - 1) * step, 0))
    block.wire((0, bottom), ((count - 1) * step, bottom))
    block.up_to_supply(block.between(0, count - 2) * step, 0, block.between(0, 2))
    if block.chance(0.3):
        block.power_flag((count - 1) * step, 0)
    block.down_to_ground(block.between(0, count - 1) * step, bottom, block.between(0, 2))
    if block.chance(0.4):
        block.port((count - 1) * step, 0, RIGHT, 2)


def shunt_rail(block: Block) -> None:
    """A rail with components in series, and at its nodes components that hang down to a ground of their own."""
    x, nodes = 0.0, block.between(2, 7)
    mixed = block.chance(0.5)
    kind = block.pick(("capacitor", "capacitor", "resistor", "diode", "capacitor_polarised"))
    start = (x, 0)
    for node in range(nodes):
        step = block.between(5, 9)
        if node and block.chance(0.35):
            gap = block.between(1, 3)
            block.wire((x, 0), (x + gap, 0))
            x, _ = block.passive(x + gap, 0, RIGHT, block.pick(("resistor", "inductor", "diode", "ferrite", "fuse")))
        block.wire((x, 0), (x + step, 0))
        x += step
        if block.chance(0.85):
            spot = (x, 0)
            for _ in range(1 + block.chance(0.25)):
                spot = block.passive(
                    *block.run(*spot, DOWN, block.between(0, 3)), DOWN, block.passive_kind() if mixed else kind
                )
                if block.chance(0.1):
                    block.port(*spot, RIGHT, block.between(2, 5))
            block.down_to_ground(*spot, block.between(0, 3))
        elif block.chance(0.5):
            block.up_to_supply(x, 0, block.between(1, 2))
        else:
            block.port(x, 0, UP, block.between(2, 6))
    block.name_end(*start, LEFT) if block.chance(0.4) else block.port(*start, LEFT, block.between(1, 4))
    block.finish(x, 0, RIGHT) if block.chance(0.6) else block.port(x, 0, RIGHT, block.between(1, 5))


def matrix(block: Block) -> None:
    """Switches or lamps between vertical column wires and horizontal row wires, which cross without touching."""
    columns, rows = block.between(2, 5), block.between(2, 4)
    step_x, step_y = block.between(14, 17), block.between(13, 16)
    kind = block.pick(("switch", "led", "resistor", "diode"))
    second = block.pick(("diode", "resistor", "led"))
    for column in range(columns):
        x = column * step_x
        block.wire((x, -2), (x, (rows - 1) * step_y))
        block.name_end(x, -2, UP) if block.chance(0.7) else block.port(x, -2, UP)
        for row in range(rows):
            if block.chance(0.08):
                continue
            y = row * step_y
            spot = block.passive(*block.run(x, y, RIGHT, 1), RIGHT, kind)
            spot = block.run(*spot, RIGHT, 1)
            block.run(*block.passive(*spot, DOWN, second), DOWN, 3)
    for row in range(rows):
        y = row * step_y + 9
        right = (columns - 1) * step_x + 2 + 2 * block.symbol(kind).pins[1].x
        block.wire((-3, y), (right, y))
        block.name_end(-3, y, LEFT) if block.chance(0.7) else block.port(-3, y, LEFT)
