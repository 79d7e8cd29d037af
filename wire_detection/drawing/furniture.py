"""What stands on a sheet beside its circuit: frames, title blocks, tables, notes, group boxes, pictures."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.words import TITLES

Box = tuple[float, float, float, float]


def frame(block: Block, width: float, height: float, kind: str) -> tuple[Box, list[Box]]:
    """A frame around a sheet of width x height grid units. Returns the free area inside and the boxes already used."""
    inset = block.rng.uniform(1.5, 4)
    strip = block.rng.uniform(1.4, 2.5) if kind == "zones" else 0.0
    outer = (inset, inset, width - inset, height - inset)
    inner = (outer[0] + strip, outer[1] + strip, outer[2] - strip, outer[3] - strip)
    _rectangle(block, outer)
    if strip:
        _rectangle(block, inner)
        _zones(block, outer, inner)
    return inner, [title_block(block, inner)]


def _rectangle(block: Block, box: Box, kind: str = "frame") -> None:
    x0, y0, x1, y1 = box
    block.stroke([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], kind, True)


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


def notes(block: Block, x: float, y: float) -> None:
    """Some lines of prose, a heading above them now and then."""
    step = block.style.text_height * 1.7
    size = block.rng.uniform(0.7, 1.3)
    if block.chance(0.5):
        large = block.rng.uniform(1.0, 3)
        title = block.words.pick(TITLES)
        block.label(title, x, y, -1, -1, size=large)
        if block.chance(0.5):
            underline(block, title, x, y, block.style.text_height * large)
        y += step * 1.4
    for _ in range(block.between(1, 7)):
        block.label(block.words.note(block.between(2, 8)), x, y, -1, -1, size=size)
        y += step * size


def underline(block: Block, text: str, x: float, y: float, height: float) -> None:
    """A line below a text of that height that stands at (x, y), as long as the text or longer."""
    length = block.width(text, height) * (1 if block.chance(0.5) else block.rng.uniform(1, 4))
    down = height * block.rng.uniform(0.2, 0.5)
    block.stroke([(x - 0.3, y + down), (x + length, y + down)], "graphic")


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


def table(block: Block, x: float, y: float) -> None:
    """A table of words and numbers."""
    columns, rows = block.between(2, 5), block.between(2, 8)
    row = block.style.text_height * block.rng.uniform(1.7, 2.6)
    edges = x + np.concatenate([[0], np.cumsum(block.rng.uniform(4, 10, columns))])
    for i in range(rows + 1):
        block.stroke([(edges[0], y + i * row), (edges[-1], y + i * row)], "graphic")
    for edge in edges:
        block.stroke([(edge, y), (edge, y + rows * row)], "graphic")
    for i in range(rows):
        for left, right in zip(edges, edges[1:], strict=False):
            words = block.words.pick(
                (block.words.net(), str(block.between(0, 99)), "-", "ON", "OFF", block.words.value("resistor"))
            )
            if block.width(words, block.style.text_height) < right - left - 0.6:
                block.label(words, left + 0.4, y + (i + 0.5) * row, -1, 0)


def page_icon(block: Block, x: float, y: float) -> None:
    """A drawn leaf of paper with lines on it, as simulators show a block of commands."""
    width, height = block.rng.uniform(6, 10), block.rng.uniform(7, 11)
    block.stroke(
        [(x + 1, y + 1), (x + width + 1, y + 1), (x + width + 1, y + height + 1), (x + 1, y + height + 1)],
        "graphic",
        True,
    )
    block.stroke([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], "graphic", True, "paper")
    for line in np.arange(1, height - 0.5, 1.0):
        block.stroke([(x + 1, y + line), (x + 1 + block.rng.uniform(0.2, 0.95) * (width - 2), y + line)], "symbol")
    block.label(block.words.pick(("MODELS", "STIMULI", "COMMANDS", "NETLIST")), x, y - 0.8, -1)


def logo(block: Block, x: float, y: float) -> None:
    """A filled picture: a gear, rings, stripes or a hatched patch."""
    kind, size = block.between(0, 3), block.rng.uniform(2, 5)
    angles = np.linspace(0, 2 * np.pi, 65)[:-1]
    if kind == 0:
        radius = size * (1 + 0.22 * (np.sin(angles * 8) > 0))
        block.stroke(np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], 1), "graphic", True, "ink")
        block.stroke(
            np.stack([x + size * 0.4 * np.cos(angles), y + size * 0.4 * np.sin(angles)], 1), "graphic", True, "paper"
        )
    elif kind == 1:
        for share in (1, 0.7, 0.4):
            block.stroke(
                np.stack([x + size * share * np.cos(angles), y + size * share * np.sin(angles)], 1), "graphic", True
            )
    elif kind == 2:
        for k in np.arange(-size, size, 0.8):
            block.stroke(
                [(x - size, y + k), (x + size, y + k), (x + size, y + k + 0.4), (x - size, y + k + 0.4)],
                "graphic",
                True,
                "ink",
            )
    else:
        for k in np.arange(-2 * size, 2 * size, block.rng.uniform(0.4, 1.2)):  # a hand leaves no two gaps alike
            k += block.rng.normal(0, 0.08)
            low, high = max(-size, k - size), min(size, k + size)
            block.stroke([(x + low, y + low - k), (x + high, y + high - k)], "graphic")
        _rectangle(block, (x - size, y - size, x + size, y + size), "graphic")


def group_box(block: Block, box: Box) -> Box:
    """A dashed or plain line around a part of the sheet, with a heading; returns the box."""
    _rectangle(block, box, "dashed" if block.chance(0.5) else "graphic")
    if block.chance(0.8):
        height = block.style.text_height * block.rng.uniform(1, 2.4)
        block.text(block.words.pick(TITLES), box[0] + 0.8, box[1] + 0.8 + height, height, -1, -1, kind="heading")
    return box


def heading(block: Block, box: Box) -> Box:
    """A title in large letters above what lies in `box`; returns the box with the title."""
    height = block.style.text_height * block.rng.uniform(1.3, 2.6)
    title = block.words.pick(TITLES)
    block.text(title, box[0] + 1, box[1] - 1.5, height, -1, -1, kind="heading")
    if block.chance(0.2):
        underline(block, title, box[0] + 1, box[1] - 1.5, height)
    return box[0], box[1] - 2 - height, max(box[2], box[0] + 12 * height), box[3]


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


FURNITURE = {"notes": notes, "table": table, "page_icon": page_icon, "logo": logo}
