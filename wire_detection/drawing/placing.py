"""Places blocks of circuits on a sheet, and notes where they leave room."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.table import CIRCUITS, Circuit
from wire_detection.drawing.drawing import Box, wire_box
from wire_detection.drawing.lettering import text_width
from wire_detection.drawing.notes import FILLERS, group_box, heading
from wire_detection.drawing.routing import Router
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style import Style
from wire_detection.drawing.words import Words

MARGIN = 2
"""Free grid units kept around every block."""
MISSES = 22
"""So many blocks in a row, the later half small, may find no room before a sheet counts as full."""
SMALLEST_AREA = 8
"""Sides in grid units of the smallest area that circuits are tried on; hardly any is smaller."""
NOTES, NOTES_PER_CELL = 0.7, 0.0002
"""Notes, tables and pictures that are tried on a sheet on average, and how many more for each cell of its area."""


class Cells:
    """The cells of an area (x0, y0, x1, y1 in grid units), each free or in use."""

    def __init__(self, area: tuple[int, int, int, int]):
        self.x0, self.y0 = area[:2]
        self.used = np.zeros((max(0, area[3] - area[1]), max(0, area[2] - area[0])), np.uint8)

    def use(self, box: Box) -> None:
        """Use every cell that the box touches."""
        x0, y0, x1, y1 = box[0] - self.x0, box[1] - self.y0, box[2] - self.x0, box[3] - self.y0
        rows = slice(max(0, int(np.floor(y0))), max(0, int(np.ceil(y1))))
        self.used[rows, max(0, int(np.floor(x0))) : max(0, int(np.ceil(x1)))] = 1

    def take(self, box: Box, margin: int, rng: np.random.Generator) -> tuple[float, float] | None:
        """Find free cells for a box with a margin around it, and use them.

        Returns how far the box has to be moved to lie there, by whole units; None if there is no room.
        """
        left, top = np.floor(box[0]), np.floor(box[1])
        width, height = int(np.ceil(box[2] - left)) + 2 * margin, int(np.ceil(box[3] - top)) + 2 * margin
        spot = self._free_spot(width, height, rng)
        if spot is None:
            return None
        x, y = spot[0] + self.x0, spot[1] + self.y0
        self.use((x, y, x + width, y + height))
        return x + margin - left, y + margin - top

    def _free_spot(self, width: int, height: int, rng: np.random.Generator) -> tuple[int, int] | None:
        """Row and column, as (x, y), of a free rectangle's upper left cell; of three by chance the one most up left."""
        if width > self.used.shape[1] or height > self.used.shape[0]:
            return None
        total = np.zeros((self.used.shape[0] + 1, self.used.shape[1] + 1), np.int32)
        total[1:, 1:] = self.used.cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32)
        covered = total[height:, width:] - total[:-height, width:] - total[height:, :-width] + total[:-height, :-width]
        ys, xs = np.nonzero(covered == 0)
        if not len(xs):
            return None
        picks = rng.integers(len(xs), size=3)
        best = picks[np.argmin(xs[picks] + ys[picks])]
        return int(xs[best]), int(ys[best])


def lay_out(
    style: Style,
    words: Words,
    streams: Streams,
    area: tuple[int, int, int, int],
    *,
    density: float = 0.8,
    taken: list[Box] = (),
) -> Block:
    """Fill `area` (x0, y0, x1, y1 in grid units) with circuits, leaving the boxes `taken` free, and join them by wires.

    density: share of the area after which no further block is tried.
    """
    sheet, cells = Block(style, words.apart(), streams.routing), Cells(area)
    if min(cells.used.shape) < SMALLEST_AREA:
        return sheet
    for box in taken:
        cells.use(box)
    _place_circuits(sheet, cells, density, words, streams)
    Router(sheet, area).connect_ports()
    for x0, y0, x1, y1 in map(wire_box, sheet.wires):
        cells.use((x0, y0, x1 + 1, y1 + 1))
    _place_notes(sheet, cells, words, streams.notes)
    return sheet


def _place_circuits(sheet: Block, cells: Cells, density: float, words: Words, streams: Streams) -> None:
    """Put circuits on the sheet until it is full; on some sheets a part of them in boxes or below headings."""
    rng, misses = streams.placing, 0
    boxed, headed = rng.random() < 0.25, rng.random() < 0.3
    small = {name: circuit for name, circuit in CIRCUITS.items() if circuit.small}
    while misses < MISSES and cells.used.mean() < density:
        block = Block(sheet.style, words.apart(), streams.circuits.spawn(1)[0])
        pick_circuit(CIRCUITS if misses < MISSES // 2 else small, block.rng).draw(block)
        x0, y0, x1, y1 = bounds_of(block)
        if boxed and rng.random() < 0.7:
            x0, y0, x1, y1 = group_box(block, (x0 - 2, y0 - 3, x1 + 2, y1 + 2))
        elif headed and rng.random() < 0.5:
            x0, y0, x1, y1 = heading(block, (x0, y0, x1, y1))
        move = cells.take((x0, y0, x1, y1), MARGIN, rng)
        if move is None:
            misses += 1
        else:
            sheet.add(block, *move)


def pick_circuit(circuits: dict[str, Circuit], rng: np.random.Generator) -> Circuit:
    """One of the circuits, each as often as its share says."""
    shares = np.array([circuit.share for circuit in circuits.values()])
    return circuits[str(rng.choice(list(circuits), p=shares / shares.sum()))]


def _place_notes(sheet: Block, cells: Cells, words: Words, rng: np.random.Generator) -> None:
    """Put notes, tables and pictures where there is room."""
    for _ in range(rng.poisson(NOTES + NOTES_PER_CELL * cells.used.size)):
        block = Block(sheet.style, words.apart(), rng.spawn(1)[0])
        block.pick(FILLERS)(block, 0, 0)
        move = cells.take(bounds_of(block), 1, rng)
        if move is not None:
            sheet.add(block, *move)


def bounds_of(block: Block) -> Box:
    """The box around all that is drawn on a block."""
    return block.bounds(lambda text: text_width(text, block.style.font))
