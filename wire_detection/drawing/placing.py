"""Places blocks of circuits on a sheet and routes wires between their open ends."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.table import CIRCUITS
from wire_detection.drawing.drawing import Drawing, text_box, wire_box
from wire_detection.drawing.furniture import FURNITURE, group_box, heading
from wire_detection.drawing.lettering import text_width
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


class Router:
    """Draws wires of at most two bends between open ends, around what stands there and across other wires."""

    def __init__(self, sheet: Block, area: tuple[int, int, int, int]):
        self.sheet, self.rng = sheet, sheet.rng
        self.x0, self.y0 = area[0], area[1]
        shape = (area[3] - area[1] + 1, area[2] - area[0] + 1)
        self.solid = np.zeros(shape, bool)
        self.level = np.zeros(shape, bool)
        self.upright = np.zeros(shape, bool)
        for _, box in sheet.components:
            self._block(*box)
        for pin in sheet.pins:
            self._block(*sorted((pin.x, pin.ix)), *sorted((pin.y, pin.iy)), order="xxyy")
        for text in sheet.texts:
            if self.rng.random() < 0.8:  # now and then a wire runs across a text
                self._block(*text_box(text, text_width(text.text, sheet.style.font)))
        for wire in sheet.wires + sheet.buses:
            self._mark(wire)

    def _block(self, a: float, b: float, c: float, d: float, order: str = "xyxy") -> None:
        x0, y0, x1, y1 = (a, b, c, d) if order == "xyxy" else (a, c, b, d)
        _fill_bool(self.solid, x0 - self.x0, y0 - self.y0, x1 - self.x0, y1 - self.y0)

    def _mark(self, wire) -> None:
        x0, y0, x1, y1 = wire
        grid = self.level if y0 == y1 else self.upright
        low_x, low_y, high_x, high_y = wire_box(wire)
        _fill_bool(grid, low_x - self.x0, low_y - self.y0, high_x - self.x0, high_y - self.y0)
        if y0 == y1 or x0 == x1:  # a wire's ends are closed to both directions
            other = self.upright if y0 == y1 else self.level
            for x, y in ((x0, y0), (x1, y1)):
                _fill_bool(other, x - self.x0, y - self.y0, x - self.x0, y - self.y0)

    def connect_ports(self) -> None:
        """Join each open end to the nearest others that can be reached, to a wire nearby, or end it in a label."""
        ports, self.sheet.ports = list(self.sheet.ports), []
        self.rng.shuffle(ports)
        while ports:
            port = ports.pop()
            rest = sorted(ports, key=lambda q: abs(q[0] - port[0]) + abs(q[1] - port[1]))[:6]
            partner = next((q for q in rest if self._join(port, q)), None)
            if partner is not None:
                ports.remove(partner)
            elif not (self.rng.random() < 0.5 and self._tap(port)):
                self._label_end(port)

    def _label_end(self, port) -> None:
        x, y, dx, dy = port
        chance = self.rng.random()
        if chance < 0.5:
            self.sheet.name_end(x, y, (int(dx), int(dy)))
        elif chance < 0.75:
            self.sheet.finish(x, y, (int(dx), int(dy)))
        else:
            self.sheet.end_mark(x, y)

    def _join(self, port, other) -> bool:
        (x0, y0, dx, dy), (x1, y1, ex, ey) = port, other
        paths = []
        if dx and ex:
            middles = {round((x0 + x1) / 2), x0 + dx * 2, x1 + ex * 2, x0 + dx * int(self.rng.integers(1, 12))}
            paths = [[(x0, y0), (m, y0), (m, y1), (x1, y1)] for m in middles]
        elif dy and ey:
            middles = {round((y0 + y1) / 2), y0 + dy * 2, y1 + ey * 2, y0 + dy * int(self.rng.integers(1, 12))}
            paths = [[(x0, y0), (x0, m), (x1, m), (x1, y1)] for m in middles]
        elif dx:
            paths = [[(x0, y0), (x1, y0), (x1, y1)]]
        else:
            paths = [[(x0, y0), (x0, y1), (x1, y1)]]
        return self._draw_first(paths, (dx, dy), (ex, ey))

    def _tap(self, port) -> bool:
        """End the port's wire on the inside of a wire that lies across its way."""
        x, y, dx, dy = port
        for wire in self.sheet.wires:
            a, b, c, d = wire
            if dx and a == c and min(b, d) + 1 <= y <= max(b, d) - 1 and 1 < (a - x) * dx < 40:
                path = [[(x, y), (a, y)]]
            elif dy and b == d and min(a, c) + 1 <= x <= max(a, c) - 1 and 1 < (b - y) * dy < 40:
                path = [[(x, y), (x, b)]]
            else:
                continue
            if self._draw_first(path, (dx, dy), None):
                return True
        return False

    def _draw_first(self, paths, leave, arrive) -> bool:
        for path in paths:
            corners = [p for i, p in enumerate(path) if i == 0 or p != path[i - 1]]
            if len(corners) < 2 or not self._heads(corners[0], corners[1], leave):
                continue
            if arrive is not None and not self._heads(corners[-1], corners[-2], arrive):
                continue
            if self._is_free(corners):
                self.sheet.wire(*corners)
                for a, b in zip(corners, corners[1:], strict=False):
                    self._mark((*a, *b))
                return True
        return False

    @staticmethod
    def _heads(start, stop, way) -> bool:
        return (stop[0] - start[0]) * way[0] + (stop[1] - start[1]) * way[1] > 0

    def _is_free(self, corners) -> bool:
        height, width = self.solid.shape
        for k, (a, b) in enumerate(zip(corners, corners[1:], strict=False)):
            x0, x1 = sorted((int(round(a[0] - self.x0)), int(round(b[0] - self.x0))))
            y0, y1 = sorted((int(round(a[1] - self.y0)), int(round(b[1] - self.y0))))
            if x0 < 0 or y0 < 0 or x1 >= width or y1 >= height:
                return False
            rows, columns = slice(y0, y1 + 1), slice(x0, x1 + 1)
            blocked = self.solid[rows, columns] | (self.level if y0 == y1 else self.upright)[rows, columns]
            blocked = blocked.ravel().copy()
            forwards = (b[0] - a[0]) + (b[1] - a[1]) > 0
            if k == 0:
                blocked[0 if forwards else -1] = False
            if k == len(corners) - 2:
                blocked[-1 if forwards else 0] = False
            if blocked.any():
                return False
        return True


def _fill_bool(grid: np.ndarray, x0: float, y0: float, x1: float, y1: float) -> None:
    grid[
        max(0, int(np.ceil(y0 - 0.5))) : max(0, int(np.floor(y1 + 0.5)) + 1),
        max(0, int(np.ceil(x0 - 0.5))) : max(0, int(np.floor(x1 + 0.5)) + 1),
    ] = True


def bounds_of(drawing: Drawing, style: Style) -> tuple[float, float, float, float]:
    return drawing.bounds(lambda text: text_width(text, style.font))
