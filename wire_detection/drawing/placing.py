"""Places blocks of circuits on a sheet."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.table import CIRCUITS
from wire_detection.drawing.drawing import Drawing, wire_box
from wire_detection.drawing.lettering import text_width
from wire_detection.drawing.notes import FURNITURE, group_box, heading
from wire_detection.drawing.routing import Router
from wire_detection.drawing.style import Style
from wire_detection.drawing.words import Words

MARGIN = 2
"""Free grid units kept around every block."""

MISSES = 22
"""So many blocks in a row, the later ones small, may find no room before a sheet counts as full."""

SMALL_CIRCUITS = (
    "regulator",
    "transistor",
    "connector",
    "odd_part",
    "small",
    "decoupling",
    "opamp",
    "library",
    "shunt_rail",
)


def lay_out(
    style: Style,
    words: Words,
    area: tuple[int, int, int, int],
    *,
    kinds=None,
    density: float = 0.8,
    taken: list[tuple[float, float, float, float]] = (),
) -> Block:
    """Fill `area` (x0, y0, x1, y1 in grid units) with circuits, leaving the boxes `taken` free, and join them by wires.

    density: share of the area after which no further block is tried.
    """
    sheet = Block(style, words)
    width, height = area[2] - area[0], area[3] - area[1]
    if width < 8 or height < 8:
        return sheet
    full = np.zeros((height, width), np.uint8)
    for x0, y0, x1, y1 in taken:
        _fill(full, x0 - area[0], y0 - area[1], x1 - area[0], y1 - area[1])
    misses, boxed, headed = 0, words.rng.random() < 0.25, words.rng.random() < 0.3
    while misses < MISSES and full.mean() < density:
        block = _make_block(style, words, kinds if misses < MISSES // 2 else SMALL_CIRCUITS)
        x0, y0, x1, y1 = bounds_of(block, style)
        if boxed and words.rng.random() < 0.7:
            x0, y0, x1, y1 = group_box(block, (x0 - 2, y0 - 3, x1 + 2, y1 + 2))
        elif headed and words.rng.random() < 0.5:
            x0, y0, x1, y1 = heading(block, (x0, y0, x1, y1))
        size = int(np.ceil(x1 - np.floor(x0))) + 2 * MARGIN, int(np.ceil(y1 - np.floor(y0))) + 2 * MARGIN
        spot = _free_spot(full, size, words.rng)
        if spot is None:
            misses += 1
            continue
        _fill(full, spot[0], spot[1], spot[0] + size[0], spot[1] + size[1])
        sheet.add(block, area[0] + spot[0] + MARGIN - np.floor(x0), area[1] + spot[1] + MARGIN - np.floor(y0))
    Router(sheet, area).connect_ports()
    for x0, y0, x1, y1 in map(wire_box, sheet.wires):
        _fill(full, x0 - area[0], y0 - area[1], x1 + 1 - area[0], y1 + 1 - area[1])
    furnish(sheet, full, area)
    return sheet


def furnish(sheet: Block, full: np.ndarray, area: tuple[int, int, int, int]) -> None:
    """Put notes, tables and pictures where `full` (the area's cells in use) leaves room for them."""
    rng = sheet.rng
    for _ in range(rng.poisson(0.7 + 0.0002 * full.size)):
        piece = Block(sheet.style, sheet.words)
        FURNITURE[sheet.words.pick(("notes", "notes", "notes", "table", "page_icon", "page_icon", "logo"))](piece, 0, 0)
        x0, y0, x1, y1 = bounds_of(piece, sheet.style)
        size = int(np.ceil(x1 - x0)) + 2, int(np.ceil(y1 - y0)) + 2
        spot = _free_spot(full, size, rng)
        if spot is not None:
            _fill(full, spot[0], spot[1], spot[0] + size[0], spot[1] + size[1])
            sheet.add(piece, area[0] + spot[0] + 1 - x0, area[1] + spot[1] + 1 - y0)


def _make_block(style: Style, words: Words, kinds) -> Block:
    names = list(kinds or CIRCUITS)
    weights = np.array([CIRCUITS[name][0] for name in names])
    block = Block(style, words)
    CIRCUITS[str(words.rng.choice(names, p=weights / weights.sum()))][1](block)
    return block


def _fill(full: np.ndarray, x0: float, y0: float, x1: float, y1: float) -> None:
    full[max(0, int(np.floor(y0))) : max(0, int(np.ceil(y1))), max(0, int(np.floor(x0))) : max(0, int(np.ceil(x1)))] = 1


def _free_spot(full: np.ndarray, size: tuple[int, int], rng: np.random.Generator) -> tuple[int, int] | None:
    """A random upper left corner where a block of `size` (width, height) covers nothing, None if there is no room."""
    width, height = size
    if width > full.shape[1] or height > full.shape[0]:
        return None
    total = np.zeros((full.shape[0] + 1, full.shape[1] + 1), np.int32)
    total[1:, 1:] = full.cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32)
    covered = total[height:, width:] - total[:-height, width:] - total[height:, :-width] + total[:-height, :-width]
    ys, xs = np.nonzero(covered == 0)
    if not len(xs):
        return None
    picks = rng.integers(len(xs), size=3)
    best = picks[np.argmin(xs[picks] + ys[picks])]
    return int(xs[best]), int(ys[best])


def bounds_of(drawing: Drawing, style: Style) -> tuple[float, float, float, float]:
    return drawing.bounds(lambda text: text_width(text, style.font))
