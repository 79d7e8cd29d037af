"""Current mirrors."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell, Fet
from wire_detection.drawing.circuits.ends import close_above, close_below, gate_input, kinds_of, to_ground
from wire_detection.drawing.drawing import DOWN, UP


def current_mirror(cell: Cell) -> None:
    """A reference and one to three copies, of n or p kind, a cascode beside them now and then."""
    n, p = kinds_of(cell)
    kind, away = (p, 1) if cell.chance(0.4) else (n, -1)  # p kind hangs down from a supply, n kind stands on ground
    copies, spacing = cell.between(1, 3), cell.between(7, 9)
    rows = 2 if cell.chance(0.3) else 1
    gap, pitch = cell.between(1, 2), 4 + cell.between(2, 3)
    columns = [k * spacing for k in range(copies + 1)]
    fets = [
        [cell.fet(kind, x, away * (gap + 2 + r * pitch), k == 0) for k, x in enumerate(columns)] for r in range(rows)
    ]
    for near, far in zip(fets, fets[1:], strict=False):
        for one, other in zip(near, far, strict=True):
            cell.wire(one.drain, other.source)
    for row in fets:
        _join_gates(cell, row, away, single=rows == 1)
    length = cell.between(2, 4) + 2 * (copies > 1)
    for k, fet in enumerate(fets[-1]):
        _feed(cell, fet, away, length, reference=k == 0)
    if cell.chance(0.3):
        cell.label(cell.words.ratio(), spacing / 2, away * (gap - 0.6))
    ends = [fet.source for fet in fets[0]]
    if away > 0:
        close_above(cell, ends, gap)
    else:
        close_below(cell, ends, gap)


def _join_gates(cell: Cell, row: list[Fet], away: int, single: bool) -> None:
    """Join the gates of a row, around the columns between them, and the first with its own drain.

    away: the direction along y from the rail to the drains; single: whether there is no other row.
    """
    y, level = row[0].gate[1], row[0].drain[1] + away
    cell.link(row[0].gate, row[1].gate)
    x = cell.pick((row[0].gate[0], (row[0].gate[0] + row[1].gate[0]) / 2))
    diode = cell.link((x, y), (x, level), (row[0].drain[0], level))
    for one, other in zip(row[1:], row[2:], strict=False):
        beyond = level + away * (diode and single)
        if not cell.link(one.gate, (one.gate[0], beyond), (other.gate[0], beyond), other.gate):
            gate_input(cell, other)


def _feed(cell: Cell, fet: Fet, away: int, length: int, reference: bool) -> None:
    """What a mirror's current comes from or goes to: a source at the reference, terminals at the copies."""
    x, y = fet.drain
    end = cell.run(x, y, (0, away), length)
    if reference and cell.chance(0.75):
        end = cell.passive(*end, DOWN if away > 0 else UP, cell.pick(("current_source", "current_source", "resistor")))
        if away > 0:
            to_ground(cell, *end)
        else:
            cell.up_to_supply(*end)
        return
    if cell.chance(0.5):
        cell.arrow_on(x, (y + end[1]) / 2, DOWN, cell.words.current())
    cell.terminal(*end, DOWN if away > 0 else UP)
