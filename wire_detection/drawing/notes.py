"""What stands between the circuits of a sheet: notes, tables, pictures, and the headings and boxes of groups."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import Box
from wire_detection.drawing.words import TITLES


def prose(block: Block, x: float, y: float) -> None:
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
        block.rectangle((x - size, y - size, x + size, y + size), "graphic")


def group_box(block: Block, box: Box) -> Box:
    """A dashed or plain line around a part of the sheet, with a heading; returns the box."""
    block.rectangle(box, "dashed" if block.chance(0.5) else "graphic")
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


FILLERS = (prose, prose, prose, table, page_icon, page_icon, logo)
"""What fills free places of a sheet, each as often as it stands here."""
