"""Operational amplifiers, of transistors and as triangles."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.ends import (
    close_above,
    close_below,
    gate_input,
    join_loads,
    kinds_of,
    output,
    tap,
    to_ground,
)
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT, Pin


def telescopic(cell: Cell) -> None:
    """Two columns of four or five transistors with common gates: a telescopic or folded stack."""
    n, p = kinds_of(cell)
    half, gap = cell.between(4, 6), cell.between(1, 3)
    kinds = cell.pick(((p, p, n, n), (p, p, n, n), (p, n, n), (p, p, n, n, n), (p, n)))
    outer = cell.chance(0.5)  # gates look outwards, or at each other
    columns = [
        cell.column(x, 0, kinds, [gap] * (len(kinds) - 1), [(x > 0) == outer] * len(kinds)) for x in (-half, half)
    ]
    mirror = cell.between(0, len(kinds) - 1) if cell.chance(0.5) else -1
    for row in range(len(kinds)):
        left, right = columns[0][row], columns[1][row]
        if outer:
            gate_input(cell, left)
            gate_input(cell, right)
        elif not cell.link(left.gate, right.gate):
            continue
        elif row == mirror:
            level = left.bottom[1] + gap / 2 if kinds[row] == p else left.top[1] - gap / 2
            cell.link((left.gate[0] + 0.5, left.gate[1]), (left.gate[0] + 0.5, level), (-half, level))
        elif cell.chance(0.7):
            x, y = 0, left.gate[1]
            if cell.link((x, y), (x, y + 1.5)):
                cell.label(cell.words.net(), x, y + 1.8, 0, 1)
    split = sum(kind == p for kind in kinds)
    level = columns[1][split].top[1] - gap / 2
    tap(cell, (half, level), RIGHT)
    if cell.chance(0.4):
        tap(cell, (-half, level), LEFT)
    close_above(cell, [(-half, 0), (half, 0)], cell.between(1, 2))
    ends = [column[-1] for column in columns]
    if cell.chance(0.5):
        low = ends[0][1] + 1
        cell.wire(ends[0], (-half, low), (half, low), ends[1])
        cell.wire((0, low), (0, low + 1))
        sink = cell.fet(n, 0, low + 3)
        gate_input(cell, sink)
        to_ground(cell, *sink.bottom)
    else:
        close_below(cell, ends, cell.between(1, 2))


def two_stage(cell: Cell) -> None:
    """A two-stage operational amplifier: a pair, its mirror, a second stage, and the capacitor between the stages."""
    n, p = kinds_of(cell)
    compensated = cell.pick(((), ("capacitor",), ("capacitor",), ("resistor", "capacitor")))
    half, rise = cell.between(4, 5), cell.between(3, 5) + 2 * bool(compensated)
    left, right = cell.fet(n, -half, 2), cell.fet(n, half, 2, True)
    loads = [cell.fet(p, x, -rise - 2, x < 0) for x in (-half, half)]
    for fet, load in zip((left, right), loads, strict=True):
        cell.wire(fet.top, load.bottom)
    tail = 4 + cell.between(1, 2)
    cell.wire(left.bottom, (-half, tail), (half, tail), right.bottom)
    cell.wire((0, tail), (0, tail + 1))
    sink = cell.fet(n, 0, tail + 3)
    x = half + 2 + 6 * len(compensated) + cell.between(2, 4) if compensated else half + cell.between(8, 10)
    driver, bias = cell.fet(p, x, -rise - 2), cell.fet(n, x, tail + 3)
    cell.wire(driver.bottom, bias.top)
    close_above(cell, [loads[0].top, loads[1].top, driver.top], cell.between(1, 2))
    close_below(cell, [cell.run(*fet.bottom, DOWN, 1) for fet in (sink, bias)], cell.between(0, 1))
    level = loads[1].bottom[1] + 1
    if not cell.link((half, level), (driver.gate[0], level), driver.gate):
        gate_input(cell, driver)
    join_loads(cell, "mirror", loads, -half, level)
    if compensated:
        between = level + 2
        at = (half, between)
        rest = (x - half - 6 * len(compensated)) / (len(compensated) + 1)
        for kind in compensated:
            at = cell.passive(*cell.run(*at, RIGHT, rest), RIGHT, kind)
        cell.wire(at, (x, between))
    gate_input(cell, left)
    gate_input(cell, right)
    x0, x1, y = sink.gate[0], bias.gate[0], sink.gate[1]
    below = sink.bottom[1] + 0.5
    if cell.link((x0, y), (x0, below), (x1, below), (x1, y)):
        gate_input(cell, sink)
    else:
        gate_input(cell, sink)
        gate_input(cell, bias)
    tap(cell, (x, (level + bias.top[1]) / 2 + 1), RIGHT)


def folded_cascode(cell: Cell) -> None:
    """An input pair whose currents are folded into two columns of cascodes beside it."""
    n, p = kinds_of(cell)
    half, gap, aside = cell.between(4, 5), cell.between(1, 2), cell.between(8, 10)
    left, right = cell.fet(p, -half, 8), cell.fet(p, half, 8, True)
    tail = 8 - 2 - cell.between(1, 2)
    cell.wire(left.top, (-half, tail), (half, tail), right.top)
    cell.wire((0, tail), (0, tail - 1))
    source = cell.fet(p, 0, tail - 3)
    kinds, x0 = (p, p, n, n), half + aside
    columns = [cell.column(x, 0, kinds, [gap, gap + 1, gap], [x == x0] * 4) for x in (x0, x0 + 2 * half)]
    for row in range(4):
        one, other = columns[0][row], columns[1][row]
        if cell.link(one.gate, other.gate):
            if row in (0, 1) and cell.chance(0.3):
                level = one.bottom[1] + gap / 2
                cell.link((one.gate[0] + 0.5, one.gate[1]), (one.gate[0] + 0.5, level), (x0, level))
            elif cell.chance(0.6):
                x = (one.gate[0] + other.gate[0]) / 2
                if cell.link((x, one.gate[1]), (x, one.gate[1] + 1.5)):
                    cell.label(cell.words.net(), x, one.gate[1] + 1.8, 0, 1)
    for fet in (source, left, right):
        gate_input(cell, fet)
    fold = columns[0][3].top[1] - gap / 2
    lane = x0 - cell.between(1, 2)
    cell.link(right.bottom, (half, fold), (x0, fold))
    second = x0 + 2 * half
    if not cell.link(left.bottom, (-half, fold + 0.5), (lane, fold + 0.5), (second, fold + 0.5)):
        side = cell.run(*left.bottom, DOWN, 1)
        cell.terminal(*side, DOWN)
    tap(cell, (second, columns[1][2].top[1] - (gap + 1) / 2), RIGHT)
    close_above(cell, [source.top, (x0, 0), (second, 0)], cell.between(1, 2))
    close_below(cell, [columns[0][-1], columns[1][-1]], cell.between(1, 2))


def amplifier(cell: Cell, x: float, y: float) -> tuple[Pin, Pin, Pin]:
    """An operational amplifier: its upper and lower input and its output."""
    *inputs, out = cell.part(cell.symbol("amplifier"), x, y)
    return (*sorted(inputs, key=lambda pin: pin.y), out)


def amplifier_loop(cell: Cell) -> None:
    """An amplifier with resistors or capacitors around it, inverting or not."""
    upper, lower, out = amplifier(cell, 0, 0)
    minus = upper if upper.name == "-" else lower
    side = -1 if minus is upper else 1
    right, left = out.x + cell.between(1, 3), minus.x - cell.between(2, 3)
    level = side * cell.between(5, 6)
    cell.wire(out.tip, (right, 0))
    cell.wire(minus.tip, (left, minus.y))
    rest = (right - left - 6) / 2
    if cell.chance(0.85) and rest >= 0:
        cell.wire((left, minus.y), (left, level), (left + rest, level))
        kind = cell.pick(("resistor", "capacitor", "resistor", "short_switch"))
        at = cell.passive(left + rest, level, RIGHT, kind)
        cell.wire(at, (right, level), (right, 0))
    else:
        cell.wire((left, minus.y), (left, level), (right, level), (right, 0))
    at = cell.passive(left, minus.y, LEFT, cell.pick(("resistor", "resistor", "capacitor")))
    if cell.chance(0.3):
        at = cell.run(*at, LEFT, cell.between(1, 2))
        to_ground(cell, *cell.passive(*at, DOWN, "voltage_source"))
    else:
        cell.terminal(*at, LEFT)
    plus = lower if minus is upper else upper
    if plus is lower:
        to_ground(cell, *cell.run(*plus.tip, LEFT, 1), cell.between(1, 3))
    else:
        cell.end_at(*plus.tip, LEFT, cell.between(1, 2))
    output(cell, right, 0, RIGHT)
