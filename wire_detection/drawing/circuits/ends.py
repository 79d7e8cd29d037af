"""How the columns and wires of a cell end: at inputs, outputs, rails, grounds and loads."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell, Fet
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT


def kinds_of(cell: Cell) -> tuple[str, str]:
    """The transistors of a cell, ("nmos", "pmos") or, less often, ("npn", "pnp")."""
    return ("nmos", "pmos") if cell.chance(0.8) else ("npn", "pnp")


def gate_input(cell: Cell, fet: Fet, text: str | None = None) -> None:
    """A wire from a gate to a terminal, a name, or a coupling capacitor before it."""
    way = RIGHT if fet.way > 0 else LEFT
    x, y = fet.gate
    for length in range(cell.between(0, 3), 0, -1):
        if cell.link((x, y), (x + length * way[0], y)):
            x += length * way[0]
            break
    chance = cell.rng.random()
    if chance < 0.1 and cell.is_clear((min(x, x + 7 * way[0]) + 0.1, y - 2, max(x, x + 7 * way[0]) - 0.1, y + 2)):
        x, y = cell.passive(x, y, way, "capacitor")
        cell.terminal(x, y, way, text)
    elif chance < 0.65:
        cell.terminal(x, y, way, text)
    else:
        cell.label(text or cell.words.net(), x + 0.4 * way[0], y, -way[0], 0)


def output(cell: Cell, x: float, y: float, direction, length: int | None = None) -> None:
    """A wire to a named terminal, a current's arrow on it now and then."""
    length = cell.between(2, 5) if length is None else length
    if cell.chance(0.2) and length > 2:
        cell.arrow_on(x + direction[0] * length / 2, y + direction[1] * length / 2, direction, cell.words.current())
    cell.end_at(x, y, direction, length)


def to_ground(cell: Cell, x: float, y: float, length: float = 1) -> None:
    """The lower end of a column: ground, or a named lower supply."""
    if cell.chance(0.15):
        x, y = cell.run(x, y, DOWN, length)
        cell.supply(x, y, 2)
    else:
        cell.down_to_ground(x, y, length)


def close_below(cell: Cell, ends: list, gap: int) -> None:
    """Ends of columns at one level or another: on a common rail, or on grounds of their own."""
    if len(ends) > 1 and cell.chance(0.65):
        low = max(y for _, y in ends) + gap
        for x, y in ends:
            cell.wire((x, y), (x, low))
        xs = [x for x, _ in ends]
        left, right = min(xs) - cell.between(0, 3), max(xs) + cell.between(0, 3)
        if cell.chance(0.5):
            cell.rail(left, right, low, cell.words.low())
        else:
            middle = cell.pick(xs) if cell.chance(0.4) else (min(xs) + max(xs)) / 2
            cell.wire((min(xs), low), (max(xs), low))
            cell.down_to_ground(middle, low, cell.between(0, 2))
    else:
        for x, y in ends:
            to_ground(cell, x, y, cell.between(0, 2))


def close_above(cell: Cell, ends: list, gap: int) -> None:
    """The same for a supply above."""
    if len(ends) > 1 and cell.chance(0.7):
        high = min(y for _, y in ends) - gap
        for x, y in ends:
            cell.wire((x, y), (x, high))
        xs = [x for x, _ in ends]
        if cell.chance(0.6):
            cell.rail(min(xs) - cell.between(0, 3), max(xs) + cell.between(0, 3), high)
        else:
            cell.wire((min(xs), high), (max(xs), high))
            cell.up_to_supply((min(xs) + max(xs)) / 2, high, cell.between(0, 2))
    else:
        for x, y in ends:
            cell.up_to_supply(x, y, cell.between(0, 2))


def diode_connect(cell: Cell, fet: Fet, node_y: float) -> bool:
    """Join a gate with the column of its transistor at the level node_y, by way of the gate's side."""
    x = fet.gate[0]
    return cell.link(fet.gate, (x, node_y), (fet.top[0], node_y))


def tap(cell: Cell, point, way) -> None:
    """An output from a node: a terminal, behind a capacitor or with a load to ground."""
    x, y = point
    side = x + way[0] * cell.between(3, 6)
    if not cell.link((x, y), (side, y)):
        return
    x = side
    ahead = sorted((x, x + 7 * way[0]))
    if cell.chance(0.15) and cell.is_clear((ahead[0] + 0.1, y - 2, ahead[1] - 0.1, y + 2)):
        x, y = cell.passive(x, y, way, "capacitor")
    ahead = sorted((x, x + 5 * way[0]))
    if cell.chance(0.3) and cell.is_clear((ahead[0] + 0.1, y - 1, ahead[1], y + 10)):
        x = cell.run(x, y, way, 2)[0]
        to_ground(cell, *cell.passive(x, y, DOWN, cell.pick(("capacitor", "resistor"))))
        x = cell.run(x, y, way, cell.between(2, 4))[0]
    cell.terminal(x, y, way)


def join_loads(cell: Cell, load: str, pair: list[Fet], x: float, node_y: float) -> None:
    """The gates of two p-channel loads that face each other: a mirror, a bias, or each on the other's drain."""
    y = pair[0].gate[1]
    low = pair[0].bottom[1] + 1
    if load == "crossed":
        left, right = pair
        inner = (left.gate[0], right.gate[0])
        if inner[1] - inner[0] >= 2 and cell.link(left.gate, (right.bottom[0], low)):
            cell.link(right.gate, (left.bottom[0], low))
            return
    if cell.link(pair[0].gate, pair[1].gate):
        middle = ((pair[0].gate[0] + pair[1].gate[0]) / 2, y)
        if load == "mirror":
            at = cell.pick((pair[0].gate, middle))
            if cell.link(at, (at[0], low), (x, low)):
                return
        if cell.link(middle, (middle[0], y + 2)):
            cell.label(cell.words.net(), middle[0], y + 2.2, 0, 1)
