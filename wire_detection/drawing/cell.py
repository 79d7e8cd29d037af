"""A piece of a figure: transistors in columns, wires that avoid what stands there, names in free places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT, Box, Pin, Stroke, Symbol, Text, overlap, wire_box
from wire_detection.drawing.figure_words import FigureWords
from wire_detection.drawing.style import Style
from wire_detection.drawing.symbols import marks
from wire_detection.drawing.symbols.figures import on_lead
from wire_detection.drawing.symbols.shapes import arrow_head
from wire_detection.drawing.symbols.transistors import REACH

Point = tuple[float, float]

TOUCH = 1e-6
"""Grid units below which two points are one."""

NAME_GAP = 0.4
"""Grid units between a component and its name."""


@dataclass(frozen=True)
class Fet:
    """The tips of a transistor's pins; way: the direction, -1 or 1 along x, that its gate or base looks to."""

    gate: Point
    top: Point
    bottom: Point
    way: int
    drain: Point
    source: Point


class Cell(Block):
    """A block of a figure. Its components are named last, by `settle`, where wires and symbols leave room."""

    def __init__(self, style: Style, words: FigureWords, rng: np.random.Generator):
        super().__init__(style, words, rng)
        self._unnamed: list[tuple[list[str], Box, bool]] = []

    def fet(self, kind: str, x: float, y: float, gate_right: bool = False, name: bool = True) -> Fet:
        """A transistor whose column stands at x; kind: "nmos", "pmos", "npn" or "pnp"."""
        symbol = self.symbol(kind)
        pins = self.place(symbol, x, y, 0, gate_right)
        if self.style.pin_squares:
            self.square_pins(pins)
        if name:
            self.name_part(symbol, pins)
        gate, drain, source = (pin.tip for pin in pins[:3])
        if len(pins) > 3:  # the bulk goes to its rail, or stays a short end
            self.rail_end(*pins[3].tip, RIGHT if pins[3].dx > 0 else LEFT)
        top, bottom = (drain, source) if drain[1] < source[1] else (source, drain)
        return Fet(gate, top, bottom, 1 if gate_right else -1, drain, source)

    def pass_fet(self, x: float, y: float, kind: str) -> tuple[Point, Point]:
        """A transistor that lies on its side from (x, y) on to the right, its gate above; its far end and its gate."""
        symbol = self.symbol(kind)
        pins = self.place(symbol, x + REACH, y, 1, self.chance(0.5))
        self.name_part(symbol, pins)
        if len(pins) > 3:
            self.rail_end(*pins[3].tip, pins[3].direction)
        return (x + 2 * REACH, y), pins[0].tip

    def rail_end(self, x: float, y: float, direction) -> None:
        """The end of a bulk's lead: nothing, or a short wire with its name."""
        if self.chance(0.3):
            x, y = self.run(x, y, direction, 1)
            self.text(self.words.net(), x + 0.3 * direction[0], y, 0.7 * self.style.text_height, -direction[0], 0)

    def name_part(self, symbol: Symbol, pins: list[Pin]) -> None:
        words = [word for word in (self.words.designator(symbol.kind), self.words.value(symbol.kind)) if word]
        self._unnamed.append((words, self.components[-1][1], symbol.kind in ("mosfet", "transistor")))

    def rename(self, words: list[str]) -> None:
        """Give the component that was placed last other lines for a name."""
        self._unnamed[-1] = (words, *self._unnamed[-1][1:])

    def name_last(self, words: list[str], box: Box) -> None:
        """Write these lines beside a box once everything is drawn."""
        self._unnamed.append((words, box, False))

    def settle(self) -> None:
        """Write the names of all components, each where it is freest."""
        thick = 0.5 * self.style.stroke_px / self.style.grid_px
        lines = [wire_box(w) for w in self.wires] + [wire_box((p.x, p.y, p.ix, p.iy)) for p in self.pins]
        lines = [(a - thick, b - thick, c + thick, d + thick) for a, b, c, d in lines]
        bodies = [box for _, box in self.components] + [self._box_of(text) for text in self.texts]
        for words, box, transistor in self._unnamed:
            places = self._places(words, box, transistor)
            taken = np.array(lines + bodies).reshape(-1, 4)
            hits = [self._hits(texts, taken) for texts in places]
            best = places[int(np.argmin(hits))]
            self.texts += best
            bodies += [self._box_of(text) for text in best]
        self._unnamed = []

    def _hits(self, texts: list[Text], taken: np.ndarray) -> int:
        boxes = np.array([self._box_of(text) for text in texts]).reshape(-1, 1, 4)
        apart = (boxes[..., :2] >= taken[:, 2:]) | (boxes[..., 2:] <= taken[:, :2])
        return int((~apart.any(-1)).sum())

    def _places(self, words: list[str], box: Box, transistor: bool) -> list[list[Text]]:
        """Where the words may stand: right, left, above, below; transistors are named at a shoulder as well."""
        x0, y0, x1, y1 = box
        height, gap = self.style.text_height, NAME_GAP
        step, last = 1.5 * height, len(words) - 1
        middle = (y0 + y1 - last * step) / 2

        def column(x: float, y: float, align_x: int, align_y: int) -> list[Text]:
            return [Text(word, x, y + i * step, height, align_x, align_y) for i, word in enumerate(words)]

        sides = [column(x1 + gap, middle, -1, 0), column(x0 - gap, middle, 1, 0)]
        centre = (x0 + x1) / 2
        ends = [column(centre, y0 - gap - last * step, 0, -1), column(centre, y1 + gap, 0, 1)]
        corners = [
            column(x, y, align_x, align_y)
            for x, align_x in ((x1 + gap, -1), (x0 - gap, 1))
            for y, align_y in ((y0, 1), (y1, -1))
        ]
        if transistor:
            corners += [column(x, y, a, b) for x, a in ((x0, 1), (x1, -1)) for y, b in ((y0 - 0.1, -1), (y1 + 0.1, 1))]
            return sides + corners + ends
        wide = x1 - x0 > y1 - y0
        return ends + sides + corners if wide else sides + ends + corners

    def link(self, *points: Point) -> bool:
        """Draw a wire through the points unless it would touch what it should not connect with; returns if it did.

        It may begin and end on anything; between, it may cross other wires but neither run along them nor through
        their ends, through leads or through components.
        """
        path = [p for i, p in enumerate(points) if i == 0 or np.abs(np.subtract(p, points[i - 1])).max() > TOUCH]
        if len(path) < 2:
            return True
        if not self.is_free_way(*path):
            return False
        self.wire(*path)
        return True

    def has_wire(self, x: float, y: float) -> bool:
        """Whether a wire or a lead runs through a point, so that another one can end there."""
        lines = self.wires + [(pin.x, pin.y, pin.ix, pin.iy) for pin in self.pins]
        return bool(_on_any(np.array([(x, y)], float), np.array(lines, float).reshape(-1, 4))[0])

    def first_link(self, *paths) -> bool:
        """The first of these paths that is free, drawn."""
        return any(self.link(*path) for path in paths)

    def is_free_way(self, *points: Point) -> bool:
        """Whether `link` would draw a wire through these points."""
        path = np.array(points, float)
        pieces = np.concatenate([path[:-1], path[1:]], 1)
        leads = np.array([(p.x, p.y, p.ix, p.iy) for p in self.pins], float).reshape(-1, 4)
        wires = np.array(self.wires, float).reshape(-1, 4)
        every = np.concatenate([wires, leads])
        inner = path[1:-1]
        allowed = path[[0, -1]]
        spots = np.concatenate([every[:, :2], every[:, 2:]])
        spots = spots[~_same(spots, allowed)]
        if _on_any(spots, pieces).any() or _on_any(inner, every).any():
            return False
        if any(_run_along(piece, every).any() for piece in pieces):
            return False
        if any(_cross(piece, leads).any() for piece in pieces):
            return False
        boxes = np.array([box for _, box in self.components]).reshape(-1, 4)
        inset = np.array([0.05, 0.05, -0.05, -0.05])
        return not any(_enters(piece, boxes + inset).any() for piece in pieces)

    def column(self, x: float, y: float, kinds, gaps, gate_right=None) -> list:
        """Components one below the other from (x, y) down, with wires of these lengths between them.

        kinds: of transistors or of two-pin components; gate_right: for each, which way a gate looks.
        Returns the Fets, and for the others their two ends; the last entry is the lower end of the column.
        """
        made = []
        for index, kind in enumerate(kinds):
            if index:
                x, y = self.run(x, y, DOWN, gaps[index - 1])
            if kind in ("nmos", "pmos", "npn", "pnp"):
                fet = self.fet(kind, x, y + 2, bool(gate_right and gate_right[index]))
                made.append(fet)
                x, y = fet.bottom
            else:
                start = (x, y)
                x, y = self.passive(x, y, DOWN, kind)
                made.append((start, (x, y)))
        return [*made, (x, y)]

    def rail(self, x0: float, x1: float, y: float, name: str | None = None) -> None:
        """A horizontal rail, its name above its end or beside it, an open ring at its end now and then."""
        self.wire((x0, y), (x1, y))
        if self.style.thick_rails:
            self.stroke([(x0, y), (x1, y)], "thick")
        right = self.chance(0.5)
        x, way = (x1, 1) if right else (x0, -1)
        name = name or self.words.supply()
        chance = self.rng.random()
        if chance < 0.3:
            self.terminal(x, y, (way, 0), name)
        elif chance < 0.6:
            self.label(name, x + 0.4 * way, y, -way, 0)
        else:
            self.label(name, (x0 + x1) / 2 if chance < 0.8 else x, y - 0.5, 0 if chance < 0.8 else way, -1)

    def supply(self, x: float, y: float, turns: int = 0, name: str | None = None) -> None:
        """As every block's, but named after what figures call it, clear of a lowered name."""
        self.place(on_lead(marks.supply(self.style.supply), self.style.stem), x, y, turns)
        name = name or (self.words.low() if turns % 4 == 2 else self.words.supply())
        dx, dy = {0: (0, -1), 1: (1, 0), 2: (0, 1), 3: (-1, 0)}[turns % 4]
        reach = self.style.stem + 0.6 + 0.35 * self.style.text_height
        reach += 0.6 * (self.style.supply in ("circle", "triangle"))
        self.label(name, x + dx * reach, y + dy * reach, -dx, dy)

    def ground(self, x: float, y: float, turns: int = 0) -> None:
        """As every block's, on a lead."""
        self.place(on_lead(marks.ground(self.style.ground), self.style.stem), x, y, turns)

    def flag(self, x: float, y: float, direction, boxed: bool | None = None, text: str | None = None) -> None:
        self.terminal(x, y, direction, text)

    def end_at(self, x: float, y: float, direction, length: float = 1) -> None:
        """A wire of this length to a named terminal."""
        self.terminal(*self.run(x, y, direction, length), direction)

    def slanted_part(self, kind: str, start: Point, stop: Point) -> None:
        """A two-pin component in the middle of a slanted wire from start to stop."""
        symbol = self.symbol(kind)
        start, stop = np.array(start, float), np.array(stop, float)
        way = (stop - start) / np.hypot(*(stop - start))
        matrix = np.array([[way[0], -way[1]], [way[1], way[0]]])
        middle = (start + stop) / 2
        for stroke in symbol.strokes:
            points = stroke.points @ matrix.T + middle
            self.strokes.append(Stroke(points, stroke.kind, stroke.closed, stroke.fill))
        tips = []
        for pin in symbol.pins:
            (x, y), (ix, iy), (dx, dy) = (matrix @ v for v in ((pin.x, pin.y), (pin.ix, pin.iy), (pin.dx, pin.dy)))
            self.pins.append(Pin(x + middle[0], y + middle[1], ix + middle[0], iy + middle[1], dx, dy))
            tips.append((x + middle[0], y + middle[1]))
        self.wire(tuple(start), tips[0])
        self.wire(tips[1], tuple(stop))
        corners = np.array([symbol.box[:2], symbol.box[2:]])
        corners = np.array([(x, y) for x in corners[:, 0] for y in corners[:, 1]]) @ matrix.T + middle
        self.components.append((symbol.kind, (*corners.min(0).tolist(), *corners.max(0).tolist())))
        self.name_part(symbol, self.pins[-2:])

    def arrow_on(self, x: float, y: float, direction, text: str | None = None) -> None:
        """The head of a current's arrow on a wire at (x, y), its name beside it."""
        dx, dy = direction
        self.strokes.append(arrow_head((x - dx, y - dy), (x + dx, y + dy), 0.5, False, 0.8))
        if text:
            self.name_last([text], (x - 0.4, y - 0.4, x + 0.4, y + 0.4))

    def arrow_beside(self, x: float, y: float, direction, text: str | None = None) -> None:
        """A current's arrow beside a wire through (x, y), its name at its other side."""
        dx, dy = direction
        x, y = x + abs(dy) * 0.9, y - abs(dx) * 0.9
        half = 1.0
        start, stop = (x - half * dx, y - half * dy), (x + half * dx, y + half * dy)
        self.stroke([start, (x + 0.5 * half * dx, y + 0.5 * half * dy)], "symbol")
        self.strokes.append(arrow_head((x, y), stop, 0.6, False, 0.7))
        if text:
            self.name_last([text], wire_box((*start, *stop)))

    def polarity(self, x: float, y: float, length: float, text: str) -> None:
        """Plus, the name of a voltage, and minus, from (x, y) down."""
        for sign, at in (("+", 0.0), (text, length / 2), ("-", length)):
            self.label(sign, x, y + at, 0, 0, size=1.0 if sign == text else 1.1)

    def decorate(self) -> None:
        """Arrows of currents on or beside some straight wires, and the marks of some voltages."""
        shares = self.rng.uniform(0, 0.15), self.rng.uniform(0, 0.1)
        for x0, y0, x1, y1 in list(self.wires):
            length = abs(x1 - x0) + abs(y1 - y0)
            if length < 2.5 or (x0 != x1 and y0 != y1):
                continue
            direction = DOWN if x0 == x1 else RIGHT if self.chance(0.6) else LEFT
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            if self.chance(shares[0]):
                self.arrow_on(x, y, direction, self.words.current() if self.chance(0.8) else None)
            elif self.chance(shares[1]):
                self.arrow_beside(x, y, direction, self.words.current())

    def brace(self, x0: float, x1: float, y: float, text: str) -> None:
        """A curly brace that opens downwards from x0 to x1, its tip at y, with a text above it."""
        middle, r = (x0 + x1) / 2, min(0.7, (x1 - x0) / 6)
        t = np.linspace(0, np.pi / 2, 8)
        low = np.stack([x0 + r - r * np.cos(t), y + 2 * r - r * np.sin(t)], 1)
        high = np.stack([middle - r + r * np.sin(t), y + r * np.cos(t)], 1)
        left = np.concatenate([low, high])
        right = np.stack([2 * middle - left[::-1, 0], left[::-1, 1]], 1)
        self.stroke(np.concatenate([left, right]), "symbol")
        self.label(text, middle, y - 0.4)

    def dashed_box(self, box: Box, title: str = "") -> None:
        self.rectangle(box, "dashed")
        if title:
            self.label(title, (box[0] + box[2]) / 2, box[1] - 0.3)

    def is_clear(self, box: Box) -> bool:
        """Whether nothing is drawn in a box."""
        boxes = [b for _, b in self.components] + [wire_box(w) for w in self.wires]
        boxes += [wire_box((p.x, p.y, p.ix, p.iy)) for p in self.pins] + [self._box_of(t) for t in self.texts]
        return not any(overlap(box, other) for other in boxes)


def _same(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(N,) which points (N, 2) coincide with one of the others (M, 2)."""
    return (np.abs(points[:, None] - others[None]).max(2) < TOUCH * 10).any(1)


def _on_any(points: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """(N,) which points lie on one of the segments (M, 4)."""
    start, vector = segments[:, :2], segments[:, 2:] - segments[:, :2]
    square = np.maximum((vector**2).sum(1), 1e-12)
    share = np.clip(((points[:, None] - start) * vector).sum(2) / square, 0, 1)
    rest = points[:, None] - start - share[..., None] * vector
    return (np.abs(rest).max(2) < 1e-3).any(1)


def _run_along(piece: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """(M,) which segments have more than a point in common with a piece that is parallel to them."""
    way = piece[2:] - piece[:2]
    way = way / np.hypot(*way)
    ends = segments.reshape(-1, 2, 2) - piece[:2]
    off = np.abs(ends[..., 0] * way[1] - ends[..., 1] * way[0]).max(1)
    along = np.sort((ends * way).sum(2), 1)
    length = np.hypot(*(piece[2:] - piece[:2]))
    return (off < 0.05) & (np.minimum(along[:, 1], length) - np.maximum(along[:, 0], 0) > 0.01)


def _cross(piece: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """(M,) which segments the piece crosses on the inside of both."""
    way, other = piece[2:] - piece[:2], segments[:, 2:] - segments[:, :2]
    turn = way[0] * other[:, 1] - way[1] * other[:, 0]
    between = segments[:, :2] - piece[:2]
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (between[:, 0] * other[:, 1] - between[:, 1] * other[:, 0]) / turn
        across = (between[:, 0] * way[1] - between[:, 1] * way[0]) / turn
    inside = (along > 1e-3) & (along < 1 - 1e-3) & (across > 1e-3) & (across < 1 - 1e-3)
    return (np.abs(turn) > 1e-9) & inside


def _enters(piece: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """(M,) which boxes the piece runs through (Liang and Barsky 1984)."""
    way = piece[2:] - piece[:2]
    low, high = np.zeros(len(boxes)), np.ones(len(boxes))
    for axis in (0, 1):
        if abs(way[axis]) < 1e-9:
            outside = (piece[axis] <= boxes[:, axis]) | (piece[axis] >= boxes[:, axis + 2])
            high = np.where(outside, -1.0, high)
            continue
        a, b = (boxes[:, axis] - piece[axis]) / way[axis], (boxes[:, axis + 2] - piece[axis]) / way[axis]
        low, high = np.maximum(low, np.minimum(a, b)), np.minimum(high, np.maximum(a, b))
    return high - low > 1e-6
