"""What stands around the circuits of a sheet: its frame with zones, title block or footer, and lines that part it."""

from __future__ import annotations

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import Box
from wire_detection.drawing.words import TITLES


def frame(block: Block, width: float, height: float, kind: str) -> tuple[Box, list[Box]]:
    """A frame around a sheet of width x height grid units. Returns the free area inside and the boxes already used."""
    inset = block.rng.uniform(1.5, 4)
    strip = block.rng.uniform(1.4, 2.5) if kind == "zones" else 0.0
    outer = (inset, inset, width - inset, height - inset)
    inner = (outer[0] + strip, outer[1] + strip, outer[2] - strip, outer[3] - strip)
    block.rectangle(outer, "frame")
    if strip:
        block.rectangle(inner, "frame")
        _zones(block, outer, inner)
    return inner, [title_block(block, inner)]


def _zones(block: Block, outer: Box, inner: Box) -> None:
    columns, rows = block.between(4, 9), block.between(3, 7)
    for i in range(columns + 1):
        x = outer[0] + (outer[2] - outer[0]) * i / columns
        for y0, y1 in ((outer[1], inner[1]), (inner[3], outer[3])):
            if 0 < i < columns:
                block.stroke([(x, y0), (x, y1)], "frame")
            if i < columns:
                block.label(str(i + 1), x + (outer[2] - outer[0]) / columns / 2, (y0 + y1) / 2, 0, 0)
    for i in range(rows + 1):
        y = outer[1] + (outer[3] - outer[1]) * i / rows
        for x0, x1 in ((outer[0], inner[0]), (inner[2], outer[2])):
            if 0 < i < rows:
                block.stroke([(x0, y), (x1, y)], "frame")
            if i < rows:
                block.label("ABCDEFGH"[i], (x0 + x1) / 2, y + (outer[3] - outer[1]) / rows / 2, 0, 0)


def title_block(block: Block, area: Box) -> Box:
    """A title block in the lower right corner of `area`."""
    words = block.words
    width = min(block.rng.uniform(32, 62), (area[2] - area[0]) * 0.75)
    row = block.rng.uniform(1.9, 2.8)
    rows = block.between(3, 6)
    x0, y0, x1, y1 = area[2] - width, area[3] - rows * row, area[2], area[3]
    lines = [
        f"Title: {words.pick(TITLES)}",
        f"File: {words.pick(('main', 'power', 'amp', 'io'))}.sch",
        words.firm(),
        f"Sheet {block.between(1, 9)} of 9",
        f"Drawn: {words.person()}",
        "Licence: none",
        f"Date: {words.date()}",
    ]
    block.rng.shuffle(lines)
    for i in range(rows):
        y = y0 + i * row
        block.stroke([(x0, y), (x1, y)], "frame")
        if i == 0 and block.chance(0.5):
            block.label(words.pick(TITLES), x0 + 1, y + row / 2, -1, 0, size=1.5)
            continue
        block.label(lines[i], x0 + 0.6, y + row / 2, -1, 0)
        if block.chance(0.7):
            cut = x0 + width * block.rng.uniform(0.55, 0.85)
            block.stroke([(cut, y), (cut, y + row)], "frame")
            block.label(
                words.pick(("Rev: 1.2", "Rev: A", words.date(), "Id: 1/4", "Size: A3", "1:1")),
                cut + 0.4,
                y + row / 2,
                -1,
                0,
            )
    block.stroke([(x0, y0), (x0, y1)], "frame")
    return x0, y0, x1, y1


def footer(block: Block, area: Box) -> None:
    """A line along the foot of a sheet without a title block: a mark, the title above the line, the author below."""
    y = area[3] - block.rng.uniform(2.5, 5)
    left, right = area[0] + block.rng.uniform(1, 6), area[2] - block.rng.uniform(1, 6)
    start = left + block.rng.uniform(0.1, 0.4) * (right - left)
    if block.chance(0.5):
        block.stroke([(left, y), (left + 0.6 * (start - left), y)], "graphic")
    block.stroke([(start, y), (right, y)], "graphic")
    height = block.style.text_height * block.rng.uniform(0.9, 1.6)
    block.text(block.words.pick(TITLES), start + 1, y - 0.5, height, -1, -1)
    block.text(block.words.person(), start + 1, y + 0.5, height, -1, 1)
    block.text(block.words.date(), right, y - 0.5, height, 1, -1)


def dividers(block: Block, area: Box) -> list[Box]:
    """Plain or dashed lines that part the sheet into regions; no wires. Returns the boxes that they take."""
    kind = "dashed" if block.chance(0.3) else "graphic"
    gap = block.rng.uniform(0, 4)
    taken = []
    for _ in range(block.between(1, 3)):
        x, y = block.rng.uniform(area[0] + 5, area[2] - 5), block.rng.uniform(area[1] + 5, area[3] - 5)
        if block.chance(0.6):
            taken.append((x, area[1] + gap, x, area[3] - gap if block.chance(0.5) else y))
        if block.chance(0.6):
            taken.append((area[0] + gap, y, area[2] - gap if block.chance(0.5) else x, y))
    for x0, y0, x1, y1 in taken:
        block.stroke([(x0, y0), (x1, y1)], kind)
    return [(x0 - 1, y0 - 1, x1 + 1, y1 + 1) for x0, y0, x1, y1 in taken]
