"""The drawing of a sheet: strokes, texts, wires and pins in grid units, x to the right, y downwards.

One grid unit is the raster on which wires run; a sheet's scale in pixels comes only with rasterising.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

RIGHT, DOWN, LEFT, UP = (1, 0), (0, 1), (-1, 0), (0, -1)

DIRECTIONS = (RIGHT, DOWN, LEFT, UP)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Stroke:
    """A polyline (N, 2). kind names its width and tone; fill is "", "ink", "paper" or "shade"."""

    points: np.ndarray
    kind: str = "symbol"
    closed: bool = False
    fill: str = ""


@dataclass(frozen=True)
class Text:
    """A line of text at anchor (x, y): align_x -1 left, 0 centre, 1 right; align_y -1 stands on y, 0 centre, 1 hangs.

    height is that of a capital. A vertical text reads upwards, its anchor and alignments turned with it.
    """

    text: str
    x: float
    y: float
    height: float
    align_x: int = 0
    align_y: int = -1
    vertical: bool = False
    kind: str = "text"


@dataclass(frozen=True)
class Pin:
    """A lead from its inner end (ix, iy) to the tip (x, y) where wires connect, pointing along direction (dx, dy)."""

    x: float
    y: float
    ix: float
    iy: float
    dx: float
    dy: float
    name: str = ""
    number: str = ""

    @property
    def tip(self) -> tuple[float, float]:
        return self.x, self.y

    @property
    def direction(self) -> tuple[int, int]:
        return (round(self.dx), 0) if abs(self.dx) >= abs(self.dy) else (0, round(self.dy))


@dataclass(frozen=True)
class Symbol:
    """A component: strokes and texts in its own coordinates, pins, and the box (4,) of its body."""

    kind: str
    strokes: tuple[Stroke, ...]
    pins: tuple[Pin, ...]
    box: tuple[float, float, float, float]
    texts: tuple[Text, ...] = ()


def orientation(turns: int, mirror: bool) -> np.ndarray:
    """(2, 2) matrix of `turns` quarter turns, clockwise on the sheet, after a left-right mirror if there is one."""
    c, s = ((1, 0), (0, 1), (-1, 0), (0, -1))[turns % 4]
    matrix = np.array([[c, -s], [s, c]], float)
    return matrix @ np.diag([-1.0, 1.0]) if mirror else matrix


@dataclass
class Drawing:
    """All that is drawn of a sheet or of a part of it; wires, pins and buses are segments (x0, y0, x1, y1).

    bus_knots: points where three ends of buses meet; ports: open ends (x, y, dx, dy) of wires that look along (dx, dy)
    and wait to be connected.
    """

    strokes: list[Stroke] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    wires: list[tuple[float, float, float, float]] = field(default_factory=list)
    pins: list[Pin] = field(default_factory=list)
    buses: list[tuple[float, float, float, float]] = field(default_factory=list)
    components: list[tuple[str, tuple[float, float, float, float]]] = field(default_factory=list)
    bus_knots: list[tuple[float, float]] = field(default_factory=list)
    ports: list[tuple[float, float, int, int]] = field(default_factory=list)

    def wire(self, *points: tuple[float, float]) -> None:
        """A wire through the points."""
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            if (x0, y0) != (x1, y1):
                self.wires.append((float(x0), float(y0), float(x1), float(y1)))

    def bus(self, *points: tuple[float, float]) -> None:
        """A bus through the points."""
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            self.buses.append((float(x0), float(y0), float(x1), float(y1)))

    def stroke(self, points, kind: str, closed: bool = False, fill: str = "") -> None:
        self.strokes.append(Stroke(np.asarray(points, float).reshape(-1, 2), kind, closed, fill))

    def rectangle(self, box: Box, kind: str) -> None:
        x0, y0, x1, y1 = box
        self.stroke([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], kind, True)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        height: float,
        align_x: int = 0,
        align_y: int = -1,
        vertical: bool = False,
        kind: str = "text",
    ) -> None:
        if text:
            self.texts.append(Text(text, x, y, height, align_x, align_y, vertical, kind))

    def place(self, symbol: Symbol, x: float, y: float, turns: int = 0, mirror: bool = False) -> list[Pin]:
        """Draw a symbol with its origin at (x, y); returns its pins on the sheet, in the symbol's order."""
        matrix = orientation(turns, mirror)
        origin = np.array([x, y], float)
        for stroke in symbol.strokes:
            self.strokes.append(Stroke(stroke.points @ matrix.T + origin, stroke.kind, stroke.closed, stroke.fill))
        for text in symbol.texts:
            tx, ty = matrix @ (text.x, text.y) + origin
            align_x, align_y, vertical = _turned_text(text, turns, mirror)
            self.texts.append(Text(text.text, tx, ty, text.height, align_x, align_y, vertical, text.kind))
        pins = [self._turned_pin(pin, matrix, origin) for pin in symbol.pins]
        self.pins.extend(pins)
        corners = np.array([symbol.box[:2], symbol.box[2:]]) @ matrix.T + origin
        self.components.append((symbol.kind, (*corners.min(0), *corners.max(0))))
        return pins

    @staticmethod
    def _turned_pin(pin: Pin, matrix: np.ndarray, origin: np.ndarray) -> Pin:
        (x, y), (ix, iy), (dx, dy) = (matrix @ v for v in ((pin.x, pin.y), (pin.ix, pin.iy), (pin.dx, pin.dy)))
        return Pin(x + origin[0], y + origin[1], ix + origin[0], iy + origin[1], dx, dy, pin.name, pin.number)

    def add(self, other: Drawing, dx: float, dy: float) -> None:
        """Put another drawing into this one, moved by (dx, dy)."""
        move = np.array([dx, dy], float)
        self.strokes += [Stroke(s.points + move, s.kind, s.closed, s.fill) for s in other.strokes]
        self.texts += [
            Text(t.text, t.x + dx, t.y + dy, t.height, t.align_x, t.align_y, t.vertical, t.kind) for t in other.texts
        ]
        self.wires += [(a + dx, b + dy, c + dx, d + dy) for a, b, c, d in other.wires]
        self.buses += [(a + dx, b + dy, c + dx, d + dy) for a, b, c, d in other.buses]
        self.pins += [Pin(p.x + dx, p.y + dy, p.ix + dx, p.iy + dy, p.dx, p.dy, p.name, p.number) for p in other.pins]
        self.components += [(k, (a + dx, b + dy, c + dx, d + dy)) for k, (a, b, c, d) in other.components]
        self.bus_knots += [(x + dx, y + dy) for x, y in other.bus_knots]
        self.ports += [(x + dx, y + dy, u, v) for x, y, u, v in other.ports]

    def bounds(self, text_width) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1) around everything drawn; `text_width(text)` is the width of a text of height 1."""
        boxes = [
            np.array([(*s.points.min(0), *s.points.max(0)) for s in self.strokes if len(s.points)]).reshape(-1, 4),
            _ordered(np.array(self.wires + self.buses + [(p.x, p.y, p.ix, p.iy) for p in self.pins]).reshape(-1, 4)),
            np.array([text_box(t, text_width(t.text)) for t in self.texts]).reshape(-1, 4),
        ]
        every = np.concatenate(boxes)
        if not len(every):
            return 0.0, 0.0, 0.0, 0.0
        return (*every[:, :2].min(0), *every[:, 2:].max(0))


def _ordered(segments: np.ndarray) -> np.ndarray:
    return np.concatenate(
        [np.minimum(segments[:, :2], segments[:, 2:]), np.maximum(segments[:, :2], segments[:, 2:])], 1
    )


def _turned_text(text: Text, turns: int, mirror: bool) -> tuple[int, int, bool]:
    """The alignments of a symbol's text after turning: it always reads to the right or upwards."""
    align_x = -text.align_x if mirror and not text.vertical else text.align_x
    align_y = -text.align_y if mirror and text.vertical else text.align_y
    turns %= 4
    if turns >= 2:
        align_x, align_y = -align_x, -align_y
    vertical = text.vertical
    if turns % 2:
        # a quarter turn clockwise of a horizontal text reads downwards: flip it so that it reads upwards
        if not text.vertical:
            align_x, align_y, vertical = -align_x, -align_y, True
        else:
            vertical = False
    return align_x, align_y, vertical


def wire_box(wire: Box) -> Box:
    """The box (x0, y0, x1, y1) of a segment, whichever way it runs."""
    x0, y0, x1, y1 = wire
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have more than an edge in common; that of a horizontal or vertical segment counts as a box."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def text_box(text: Text, width: float) -> tuple[float, float, float, float]:
    """The box of a text whose width at height 1 is `width`."""
    length, height = width * text.height, text.height
    along0 = -length * (text.align_x + 1) / 2
    across0 = -height * (1 - text.align_y) / 2
    if text.vertical:
        return text.x + across0, text.y - along0 - length, text.x + across0 + height, text.y - along0
    return text.x + along0, text.y + across0, text.x + along0 + length, text.y + across0 + height


DESCENDING = frozenset("gjpqyQ,;()[]{}_@$|/")


def ink_box(text: Text, width: float) -> tuple[float, float, float, float]:
    """text_box with what rises above a capital (the bar of a leading ~) and hangs below the line."""
    x0, y0, x1, y1 = text_box(text, width)
    above = 0.35 * text.height * text.text.startswith("~")
    below = 0.3 * text.height * bool(DESCENDING & set(text.text))
    return (x0 - above, y0, x1 + below, y1) if text.vertical else (x0, y0 - above, x1, y1 + below)
