"""Sheet symbols, each of which stands for a sheet of its own."""

from __future__ import annotations

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.buses import bus_link


def hierarchy(block: Block) -> None:
    """Sheet symbols with named ports, joined by wires and buses."""
    count = block.between(2, 4)
    x, y0 = 0, 0
    previous: list[tuple[float, float]] = []
    h = block.style.text_height
    for i in range(count):
        width, ports = block.between(14, 24), block.between(2, 7)
        height, y0 = 2 * ports + 2, y0 + (2 * block.between(-4, 4) if block.chance(0.5) else 0)
        block.stroke([(x, y0), (x + width, y0), (x + width, y0 + height), (x, y0 + height)], "outline", True, "shade")
        block.components.append(("sheet", (x, y0, x + width, y0 + height)))
        block.label(block.words.pick(("Power", "CPU", "IO", "Analog", "Memory", "Clock", "USB")), x, y0 - 0.4, -1)
        block.label("File: " + block.words.pick(("power", "cpu", "io", "ram")) + ".sch", x, y0 + height + 0.4, -1, 1)
        rights = []
        for p in range(ports):
            y = y0 + 2 * p + 2
            name = block.words.net()
            if previous and p < len(previous):
                block.stroke(_small_flag(x, y, 1, h), "label", True)
                block.label(name, x + 1.4, y, -1, 0, kind="label")
                start = previous[p]
                bend = x - 2 - 1.0 * p if block.chance(0.8) else x - 4
                path = [start, (x, y)] if start[1] == y else [start, (bend, start[1]), (bend, y), (x, y)]
                bus_link(block, path) if block.chance(0.2) else block.wire(*path)
            if i + 1 < count:
                block.stroke(_small_flag(x + width, y, -1, h), "label", True)
                block.label(name, x + width - 1.4, y, 1, 0, kind="label")
                rights.append((x + width, y))
        previous = [rights[k] for k in block.rng.permutation(len(rights))] if block.chance(0.3) else rights
        x += width + 12


def _small_flag(x: float, y: float, way: int, height: float) -> list[tuple[float, float]]:
    half = height * 0.6
    return [
        (x, y),
        (x + way * half, y - half),
        (x + way * 1.1, y - half),
        (x + way * 1.1, y + half),
        (x + way * half, y + half),
    ]
