"""Drawings of ideal parts: small-signal equivalents, exercises, block diagrams."""

from __future__ import annotations

from wire_detection.drawing.cell import Cell
from wire_detection.drawing.circuits.ends import to_ground
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT
from wire_detection.drawing.symbols.figures import box, summer


def equivalent(cell: Cell) -> None:
    """A small-signal equivalent: branches between two lines, among them controlled sources in diamonds or circles."""
    height = 6 + cell.between(1, 3)
    x, break_at = 0.0, cell.between(1, 2)
    count = cell.between(3, 6)
    kinds = ("resistor", "resistor", "capacitor", "controlled_current", "controlled_voltage", "current_source")
    start = cell.chance(0.6)
    polarity = None
    if start:
        cell.terminal(x, 0, LEFT)
        cell.terminal(x, height, LEFT)
    left = x
    for k in range(count):
        step = cell.between(5, 7)
        if k == break_at and cell.chance(0.5):
            x += step  # the upper line stops here and begins anew
        elif cell.chance(0.35):
            at = cell.passive(x, 0, RIGHT, cell.pick(("resistor", "capacitor", "inductor")))
            x = cell.run(*at, RIGHT, cell.between(1, 3))[0]
        else:
            cell.wire((x, 0), (x + step, 0))
            x += step
        kind = "voltage_source" if k == 0 and cell.chance(0.4) else cell.pick(kinds)
        rest = height - 6
        cell.wire((x, 0), (x, rest / 2))
        cell.wire(cell.passive(x, rest / 2, DOWN, kind), (x, height))
        if kind.startswith("controlled"):
            cell.rename([cell.words.gain()])
        elif polarity is None and cell.chance(0.4):
            polarity = x
    cell.wire((left, height), (x, height))
    if cell.chance(0.7):
        end = cell.between(2, 4)
        cell.terminal(*cell.run(x, 0, RIGHT, end), RIGHT)
        cell.terminal(*cell.run(x, height, RIGHT, end), RIGHT)
    if cell.chance(0.6):
        cell.down_to_ground((left + x) / 2, height, cell.between(0, 1))
    if polarity is not None:
        cell.polarity(polarity - 1.8, 1.2, height - 2.4, cell.words.name("v", "1"))


def meshes(cell: Cell) -> None:
    """Loops of components as exercises have them: a source at the left, branches between an upper and a lower wire."""
    count, step, height = cell.between(1, 3), 6 + cell.between(1, 4), 6 + cell.between(1, 5)
    kinds = ("resistor", "resistor", "capacitor", "inductor", "wire", "diode", "switch")

    def part(x: float, y: float, way, length: float, kind: str):
        if kind == "wire":
            return cell.run(x, y, way, length)
        reach = 2 * cell.symbol(kind).pins[1].x
        if reach > length:
            return cell.run(x, y, way, length)
        before = (length - reach) // 2
        at = cell.passive(*cell.run(x, y, way, before), way, kind)
        return cell.run(*at, way, length - reach - before)

    part(0, 0, DOWN, height, cell.pick(("voltage_source", "battery", "current_source", "voltage_source")))
    for k in range(count):
        part(k * step, 0, RIGHT, step, cell.pick(kinds))
        part(k * step, height, RIGHT, step, cell.pick(("wire", "wire", "resistor")))
        part((k + 1) * step, 0, DOWN, height, cell.pick(kinds))
    if cell.chance(0.3):
        cell.down_to_ground(cell.between(0, count) * step, height, cell.between(0, 1))


def block_diagram(cell: Cell) -> None:
    """Blocks in a row, summing points, and feedback that leads back below; heads of arrows where signals enter."""
    x = 0.0
    cell.terminal(x, 0, LEFT)
    nodes, low = [], cell.between(5, 7)
    arrows = cell.chance(0.6)

    def onward(length: float) -> None:
        nonlocal x
        stop = cell.run(x, 0, RIGHT, length)[0]
        if arrows:
            cell.arrow_on(stop - 0.4, 0, RIGHT)
        x = stop

    summed = None
    if cell.chance(0.6):
        onward(cell.between(2, 4))
        pins = cell.place(summer(), x + 2, 0)
        summed, x = pins[1], x + 4
    for _ in range(cell.between(1, 4)):
        start = x
        onward(cell.between(3, 5))
        nodes.append((start + x) / 2)
        word = cell.words.block() if cell.chance(0.7) else cell.words.name("G", "m")
        width = max(4, 2 * round(cell.width(word, cell.style.text_height) / 2 + 1))
        symbol = box(width, cell.between(3, 4))
        half = symbol.pins[1].x
        cell.place(symbol, x + half, 0)
        cell.label(word, x + half, 0, 0, 0)
        if cell.chance(0.25):
            to_ground(cell, *cell.passive(nodes[-1], 0, DOWN, cell.pick(("capacitor", "resistor"))))
        x += 2 * half
    end = x + cell.between(3, 5)
    cell.wire((x, 0), (end, 0))
    cell.terminal(end, 0, RIGHT)
    if summed is not None:
        back = (x + end) / 2
        if not cell.link((back, 0), (back, low), (summed.x, low), summed.tip):
            cell.end_at(*summed.tip, DOWN)
    elif nodes and cell.chance(0.6):
        cell.link((nodes[0], 0), (nodes[0], -low), ((x + end) / 2, -low), ((x + end) / 2, 0))
