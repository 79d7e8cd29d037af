"""Two transistors that face each other: differential and cross-coupled pairs, and mixers made of them."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.ends import close_above, gate_input, join_loads, kinds_of, tap, to_ground
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT, UP


def differential_pair(cell: Cell) -> None:
    """A pair with loads (resistors, a mirror, sources) and a tail (a transistor, a source, a resistor)."""
    n, p = kinds_of(cell)
    half = cell.between(4, 6)
    y = 0.0
    left, right = cell.fet(n, -half, y + 2, False), cell.fet(n, half, y + 2, True)
    load = cell.pick(("mirror", "mirror", "resistor", "resistor", "biased", "current_source", "crossed"))
    rise = cell.between(2, 4)
    for fet in (left, right):
        cell.run(*fet.top, UP, rise)
    tops = []
    if load in ("mirror", "biased", "crossed"):
        pair = [cell.fet(p, x, y - rise - 2, x < 0) for x in (-half, half)]
        tops = [fet.top for fet in pair]
        join_loads(cell, load, pair, -half, y - 1)
    else:
        tops = [cell.passive(x, y - rise, UP, load) for x in (-half, half)]
    close_above(cell, tops, cell.between(1, 2))
    tail = y + 4 + cell.between(1, 2)
    cell.wire(left.bottom, (-half, tail), (half, tail), right.bottom)
    drop = tail + cell.between(1, 3)
    cell.wire((0, tail), (0, drop))
    what = cell.pick(("fet", "fet", "current_source", "resistor"))
    if what == "fet":
        sink = cell.fet(n, 0, drop + 2, cell.chance(0.3))
        gate_input(cell, sink)
        to_ground(cell, *sink.bottom, cell.between(0, 2))
    else:
        to_ground(cell, *cell.passive(0, drop, DOWN, what), cell.between(0, 1))
    gate_input(cell, left)
    gate_input(cell, right)
    for fet, way in ((right, RIGHT), (left, LEFT)):
        if cell.chance(0.7 if way == RIGHT else 0.35):
            level = fet.top[1] - (1 if rise < 3 else 2)
            side = fet.top[0] + way[0] * cell.between(3, 5)
            if cell.link((fet.top[0], level), (side, level)):
                cell.terminal(side, level, way)


def crossed_pair(cell: Cell) -> None:
    """Two transistors, each gate on the other's drain by slanted or stepped wires: latches, oscillators."""
    n, p = kinds_of(cell)
    half = cell.between(5, 7)
    left, right = cell.fet(n, -half, 2, True), cell.fet(n, half, 2, False)
    level = -cell.between(2, 3)
    slanted = cell.chance(0.7)
    for fet in (left, right):
        cell.wire(fet.top, (fet.top[0], level - 2))
    if slanted:
        inner = cell.between(0, 1)
        for fet, other in ((left, right), (right, left)):
            turn = (other.top[0] + (1 if other.top[0] < 0 else -1) * inner, level)
            if not cell.link(fet.gate, turn, (other.top[0], level)):
                gate_input(cell, fet)
    else:
        cell.link(left.gate, (left.gate[0] + 1, 2), (left.gate[0] + 1, level), (right.top[0], level))
        cell.link(right.gate, (right.gate[0] - 1, 2), (right.gate[0] - 1, level + 1), (left.top[0], level + 1))
    bottom = 4 + cell.between(1, 2)
    if cell.chance(0.7):
        cell.wire(left.bottom, (-half, bottom), (half, bottom), right.bottom)
        end = cell.run(0, bottom, DOWN, 1)
        if cell.chance(0.5):
            end = cell.passive(*end, DOWN, "current_source")
        to_ground(cell, *end)
    else:
        to_ground(cell, *left.bottom)
        to_ground(cell, *right.bottom)
    top = level - 2
    what = cell.pick(("inductor", "resistor", "fet", "tank", "none"))
    tops = [(-half, top), (half, top)]
    if what == "tank":
        middle = (2 * half - 6) / 2
        for kind, rise in (("capacitor", 0), ("inductor", 3 + round(cell.style.text_height))):
            start = cell.run(-half, top - rise, RIGHT, middle)
            cell.wire(cell.passive(*start, RIGHT, kind), (half, top - rise))
            if rise:
                cell.wire((-half, top), (-half, top - rise))
                cell.wire((half, top), (half, top - rise))
    elif what in ("inductor", "resistor"):
        close_above(cell, [cell.passive(*end, UP, what) for end in tops], 1)
    elif what == "fet":
        loads = [cell.fet(p, x, top - 2, x < 0) for x in (-half, half)]
        if cell.chance(0.5):
            for load, other in (loads, loads[::-1]):
                cell.link(load.gate, (other.bottom[0], other.bottom[1] + 0.5))
        else:
            cell.link(loads[0].gate, loads[1].gate)
        close_above(cell, [load.top for load in loads], 1)
    tap(cell, (half, top), RIGHT)
    tap(cell, (-half, top), LEFT)


def gilbert(cell: Cell) -> None:
    """A double-balanced mixer: two pairs whose outputs are crossed, above a pair that steers their currents."""
    n, _ = kinds_of(cell)
    far, near = cell.between(9, 11), 3
    xs = (-far, -near, near, far)
    upper = [cell.fet(n, x, 0, right, name=cell.chance(0.9)) for x, right in zip(xs, (0, 1, 0, 1), strict=True)]
    lower = [cell.fet(n, x, 9, x > 0) for x in (-(far + near) / 2, (far + near) / 2)]
    for pair, fet in zip((upper[:2], upper[2:]), lower, strict=True):
        y = 3
        cell.wire(pair[0].bottom, (pair[0].bottom[0], y), (pair[1].bottom[0], y), pair[1].bottom)
        cell.wire((fet.top[0], y), fet.top)
    high = -2 - cell.between(2, 3)
    outs = [(-far, high - 2), (far, high - 2)]
    cell.wire(upper[0].top, outs[0])
    cell.wire(upper[3].top, outs[1])
    if cell.chance(0.6):
        cell.wire(upper[2].top, (near, -3), (-far, high))
        cell.wire(upper[1].top, (-near, -3), (far, high))
    else:
        cell.link(upper[1].top, (-near, high), (far, high))
        cell.link(upper[2].top, (near, high + 1), (-far, high + 1))
    kind = cell.pick(("resistor", "inductor", "resistor"))
    close_above(cell, [cell.passive(*end, UP, kind) for end in outs], cell.between(1, 2))
    gate_input(cell, upper[0])
    gate_input(cell, upper[3])
    if near == 3:
        cell.link(upper[1].gate, upper[2].gate)
    for fet in lower:
        gate_input(cell, fet)
    tail = 12
    cell.wire(lower[0].bottom, (lower[0].bottom[0], tail), (lower[1].bottom[0], tail), lower[1].bottom)
    to_ground(cell, *cell.passive(0, tail, DOWN, "current_source"))
    tap(cell, (far, high - 1), RIGHT)
    if cell.chance(0.5):
        tap(cell, (-far, high - 1), LEFT)
