"""Routes wires between the open ends of the blocks of a sheet."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import Box, text_box, wire_box
from wire_detection.drawing.lettering import text_width

NEAREST = 6
"""So many of the nearest open ends are tried for each; those beyond would make wires across the whole sheet."""
LONGEST_TAP = 40
"""An end meets no wire farther away than this, in grid units, for the same reason."""
OVER_TEXT = 0.2
"""So many of the texts do not stand in a wire's way: now and then a wire runs across one."""


class Router:
    """Draws wires of at most two bends between open ends, around what stands there and across other wires.

    Cells of the grid: `solid` ones are closed to all wires, `horizontal` and `vertical` ones hold a wire of that
    direction and are closed to others of it.
    """

    def __init__(self, sheet: Block, area: tuple[int, int, int, int]):
        self.sheet, self.rng = sheet, sheet.rng
        self.x0, self.y0 = area[0], area[1]
        shape = (area[3] - area[1] + 1, area[2] - area[0] + 1)
        self.solid = np.zeros(shape, bool)
        self.horizontal = np.zeros(shape, bool)
        self.vertical = np.zeros(shape, bool)
        for _, box in sheet.components:
            self._close(self.solid, box)
        for pin in sheet.pins:
            self._close(self.solid, wire_box((pin.x, pin.y, pin.ix, pin.iy)))
        for text in sheet.texts:
            if self.rng.random() < 1 - OVER_TEXT:
                self._close(self.solid, text_box(text, text_width(text.text, sheet.style.font)))
        for wire in sheet.wires + sheet.buses:
            self._mark(wire)

    def _close(self, cells: np.ndarray, box: Box) -> None:
        """Close the cells whose grid points lie in the box or up to half a unit beside it."""
        x0, y0, x1, y1 = box[0] - self.x0, box[1] - self.y0, box[2] - self.x0, box[3] - self.y0
        cells[
            max(0, int(np.ceil(y0 - 0.5))) : max(0, int(np.floor(y1 + 0.5)) + 1),
            max(0, int(np.ceil(x0 - 0.5))) : max(0, int(np.floor(x1 + 0.5)) + 1),
        ] = True

    def _mark(self, wire: Box) -> None:
        """Close a wire's cells to wires of its direction, and its ends to all, so that none seems to join it there."""
        x0, y0, x1, y1 = wire
        own, other = (self.horizontal, self.vertical) if y0 == y1 else (self.vertical, self.horizontal)
        self._close(own, wire_box(wire))
        if y0 == y1 or x0 == x1:
            for x, y in ((x0, y0), (x1, y1)):
                self._close(other, (x, y, x, y))

    def connect_ports(self) -> None:
        """Join each open end to the nearest others that can be reached, to a wire nearby, or end it in a label."""
        ports, self.sheet.ports = list(self.sheet.ports), []
        self.rng.shuffle(ports)
        while ports:
            port = ports.pop()
            rest = sorted(ports, key=lambda q: abs(q[0] - port[0]) + abs(q[1] - port[1]))[:NEAREST]
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
        """Draw a wire from one open end to another, if there is a way."""
        (x0, y0, dx, dy), (x1, y1, ex, ey) = port, other
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
            if dx and a == c and min(b, d) + 1 <= y <= max(b, d) - 1 and 1 < (a - x) * dx < LONGEST_TAP:
                path = [[(x, y), (a, y)]]
            elif dy and b == d and min(a, c) + 1 <= x <= max(a, c) - 1 and 1 < (b - y) * dy < LONGEST_TAP:
                path = [[(x, y), (x, b)]]
            else:
                continue
            if self._draw_first(path, (dx, dy), None):
                return True
        return False

    def _draw_first(self, paths, leave, arrive) -> bool:
        """Draw the first of the paths that is free and leaves along `leave`, and arrives against `arrive` if given."""
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
        """Whether a wire through the corners runs within the area over open cells; those of its ends may be closed."""
        height, width = self.solid.shape
        for k, (a, b) in enumerate(zip(corners, corners[1:], strict=False)):
            x0, x1 = sorted((int(round(a[0] - self.x0)), int(round(b[0] - self.x0))))
            y0, y1 = sorted((int(round(a[1] - self.y0)), int(round(b[1] - self.y0))))
            if x0 < 0 or y0 < 0 or x1 >= width or y1 >= height:
                return False
            rows, columns = slice(y0, y1 + 1), slice(x0, x1 + 1)
            closed = self.solid[rows, columns] | (self.horizontal if y0 == y1 else self.vertical)[rows, columns]
            closed = closed.ravel().copy()
            forwards = (b[0] - a[0]) + (b[1] - a[1]) > 0
            if k == 0:
                closed[0 if forwards else -1] = False
            if k == len(corners) - 2:
                closed[-1 if forwards else 0] = False
            if closed.any():
                return False
        return True
