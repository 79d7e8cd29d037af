"""A piece of a drawing with its style and words at hand: named parts, labels, flags, supplies, ends of wires."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.drawing import (
    DIRECTIONS,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Drawing,
    Pin,
    Symbol,
    Text,
    overlap,
    text_box,
)
from wire_detection.drawing.lettering import text_width
from wire_detection.drawing.schemdraw_symbols import library_symbol, two_pin_names
from wire_detection.drawing.streams import Draws
from wire_detection.drawing.style import Style
from wire_detection.drawing.symbols import marks
from wire_detection.drawing.symbols.shapes import circle
from wire_detection.drawing.words import GROUNDS, PACKAGES, SUPPLIES, Words

PASSIVES = (
    "resistor",
    "resistor",
    "resistor",
    "resistor",
    "capacitor",
    "capacitor",
    "capacitor",
    "capacitor_polarised",
    "inductor",
    "diode",
    "diode",
    "led",
    "fuse",
    "ferrite",
    "switch",
    "source",
    "battery",
    "crystal",
)
"""Components with two pins, each as often as it stands here."""
UNNUMBERED = ("resistor", "capacitor", "inductor", "ferrite", "fuse", "potentiometer")
"""Components whose pins bear no numbers where those of others do: they may be turned round."""


class Block(Drawing, Draws):
    """A drawing with the sheet's style and words at hand, and the small things that every circuit is full of."""

    def __init__(self, style: Style, words: Words, rng: np.random.Generator):
        """rng: of what is drawn; the words draw what is written, and where, from a stream of their own."""
        super().__init__()
        self.style, self.words, self.rng = style, words, rng

    def width(self, text: str, height: float) -> float:
        return text_width(text, self.style.font) * height

    def symbol(self, kind: str) -> Symbol:
        """A symbol of this kind; kinds of the schemdraw library are the names of its classes."""
        own = self.style.symbols.get(kind)
        return self.pick(own) if own else library_symbol(kind)

    def passive_kind(self) -> str:
        """A component with two pins, by chance: the common ones mostly, now and then any of the schemdraw library."""
        if self.chance(self.style.library_share):
            return self.pick(two_pin_names())
        return self.pick(PASSIVES)

    def label(
        self,
        text: str,
        x: float,
        y: float,
        align_x: int = 0,
        align_y: int = -1,
        vertical: bool = False,
        size: float = 1.0,
        kind: str = "text",
    ) -> None:
        self.text(text, x, y, self.style.text_height * size, align_x, align_y, vertical, kind)

    def part(
        self, symbol: Symbol, x: float, y: float, turns: int = 0, mirror: bool = False, name: bool = True
    ) -> list[Pin]:
        """Place a symbol with its designator, value and pin numbers."""
        pins = self.place(symbol, x, y, turns, mirror)
        if self.style.numbers and symbol.kind not in UNNUMBERED:
            self.number_pins(pins)
        if self.style.pin_squares:
            self.square_pins(pins)
        if name:
            self.name_part(symbol, pins)
        return pins

    def number_pins(self, pins: list[Pin]) -> None:
        for pin in pins:
            if abs(pin.x - pin.ix) + abs(pin.y - pin.iy) < 1.0 or not pin.number:
                continue
            x, y = (pin.x + pin.ix) / 2, (pin.y + pin.iy) / 2
            gap = 0.25
            if pin.direction[0]:
                self.label(pin.number, x, y - gap, kind="pin_number")
            else:
                self.label(pin.number, x - gap, y, vertical=True, kind="pin_number")

    def square_pins(self, pins: list[Pin]) -> None:
        for pin in pins:
            self.square(pin.x, pin.y, self.style.pin_squares)

    def square(self, x: float, y: float, side_strokes: float) -> None:
        half = side_strokes * self.style.stroke_px / self.style.grid_px / 2
        self.stroke(
            [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)],
            "square",
            True,
            "ink",
        )

    def name_part(self, symbol: Symbol, pins: list[Pin]) -> None:
        kind, (x0, y0, x1, y1) = symbol.kind, self.components[-1][1]
        words = [self.words.designator(kind), self.words.value(kind)]
        if self.words.chance(0.08):
            words.append(self.words.pick(("DNP", "1%", "NF", "m=1", "X7R", "50V")))
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
        vertical = len(pins) == 2 and pins[0].direction[1] != 0
        if (
            kind == "resistor"
            and vertical
            and self.words.chance(self.style.values_inside)
            and min(x1 - x0, y1 - y0) > 1.4  # room for a line of text
        ):
            self.label(words[1], cx, cy, 0, 0, True, 0.9)
            self.label(words[0], x0 - 0.5, cy, 1, 0)
        elif kind == "gate" and self.words.chance(0.5):
            size = self.words.between(5, 9) / 10
            self.label(words[0], cx, cy - 0.2, 0, -1, size=size)
            if self.words.chance(0.6):
                self.label(words[1], cx, cy + 0.2, 0, 1, size=size)
        else:
            places = self._name_places(words, (x0, y0, x1, y1), vertical, len(pins) == 2)
            self.texts += next((texts for texts in places if self._is_free(texts)), places[0])
        if self.chance(self.style.struck_out):
            self.strike_out(x0, y0, x1, y1)
        if self.words.chance(self.style.footprints):
            self.label(self.words.pick(PACKAGES), x1 + 0.3, cy, 0, 1, vertical, self.words.pick((0.2, 0.35, 0.5, 1.0)))

    def _name_places(self, words: list[str], box, vertical: bool, two_pins: bool) -> list[list[Text]]:
        """The places where the words about a part may stand, each a list of texts, the likeliest first."""
        x0, y0, x1, y1 = box
        cx, cy, height = (x0 + x1) / 2, (y0 + y1) / 2, self.style.text_height
        step, last = height * 1.6, len(words) - 1

        def column(x: float, y: float, align_x: int, align_y: int) -> list[Text]:
            return [Text(w, x, y + i * step, height, align_x, align_y) for i, w in enumerate(words)]

        right, left = column(x1 + 0.6, cy - last / 2 * step, -1, 0), column(x0 - 0.6, cy - last / 2 * step, 1, 0)
        above, below = column(cx, y0 - 0.5 - last * step, 0, -1), column(cx, y1 + 0.5, 0, 1)
        habit = self.words.rng.random()
        if vertical:
            sides = ((words[0], x0 - 0.4, -1), (words[1], x1 + 0.4, 1))
            along = [Text(word, x, cy, height, 0, align, True) for word, x, align in sides]
            if habit < 0.25:
                return [along, right, left]
            return [left, right, along] if habit < 0.4 else [right, left, along]
        if two_pins:
            around = [Text(words[0], cx, y0 - 0.5, height, 0, -1), Text(words[1], cx, y1 + 0.5, height, 0, 1)]
            return [around, above, below] if habit < 0.7 else [above, around, below]
        return [column(x1 + 0.8, y0 - 0.2, -1, 0), column(x0 - 0.8, y0 - 0.2, 1, 0), above, below]

    def _is_free(self, texts: list[Text]) -> bool:
        """Whether these texts would stand on no text and no component of the block."""
        taken = [box for _, box in self.components] + [self._box_of(text) for text in self.texts]
        return not any(overlap(self._box_of(text), box) for text in texts for box in taken)

    def _box_of(self, text: Text) -> tuple[float, float, float, float]:
        return text_box(text, self.width(text.text, 1))

    def strike_out(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """The bold cross over a component that is not to be fitted."""
        x0, y0, x1, y1 = x0 - 0.5, y0 - 0.5, x1 + 0.5, y1 + 0.5
        self.stroke([(x0, y0), (x1, y1)], "thick")
        self.stroke([(x0, y1), (x1, y0)], "thick")

    def passive(self, x: float, y: float, direction=DOWN, kind: str | None = None) -> tuple[float, float]:
        """A component with two pins that starts at (x, y) and runs in `direction`; returns its far pin."""
        symbol = self.symbol(kind or self.passive_kind())
        half = symbol.pins[1].x
        dx, dy = direction
        turns = DIRECTIONS.index(direction)
        self.part(symbol, x + dx * half, y + dy * half, turns)
        return x + 2 * half * dx, y + 2 * half * dy

    def ground(self, x: float, y: float, turns: int = 0) -> None:
        symbol = marks.ground(self.style.ground)
        pins = self.place(symbol, x, y, turns)
        if self.style.pin_squares:
            self.square_pins(pins)
        name = self.words.pick(GROUNDS)
        if turns not in self.style.named_grounds or not self.words.chance(0.6):
            return
        if turns == 0:
            self.label(name, x, y + 2.4, 0, 1)
        else:
            way = -1 if turns == 1 else 1
            self.label(name, x + way * 2.5, y, -way, 0)

    def supply(self, x: float, y: float, turns: int = 0, name: str | None = None) -> None:
        symbol = marks.supply(self.style.supply)
        pins = self.place(symbol, x, y, turns)
        if self.style.pin_squares:
            self.square_pins(pins)
        name = name or self.words.pick(SUPPLIES)
        way = {0: (0, -1), 1: (1, 0), 2: (0, 1), 3: (-1, 0)}[turns % 4]
        self.label(name, x + way[0] * 2.0, y + way[1] * 2.0, -way[0], way[1] or 0)

    def power_flag(self, x: float, y: float, down: bool = False) -> None:
        self.place(marks.power_flag(), x, y, 2 if down else 0)
        self.label("PWR_FLAG", x, y + (2.6 if down else -2.6), 0, 1 if down else -1)

    def cross(self, x: float, y: float) -> None:
        """The mark of a pin that is left open on purpose."""
        r = 0.45
        self.stroke([(x - r, y - r), (x + r, y + r)], "cross")
        self.stroke([(x - r, y + r), (x + r, y - r)], "cross")

    def net_name(self, x0: float, y0: float, x1: float, y1: float, text: str | None = None) -> None:
        """A label on the wire from (x0, y0) to (x1, y1), above it or to its left."""
        text = text or self.words.net()
        gap = 0.2
        if self.chance(self.style.label_squares):
            share = self.rng.uniform(0.3, 0.7)
            self.end_mark(round(x0 + share * (x1 - x0)), round(y0 + share * (y1 - y0)))
        if y0 == y1:
            low, high = sorted((x0, x1))
            align = -1 if self.words.chance(0.7) else 1
            self.label(text, low + 0.2 if align < 0 else high - 0.2, y0 - gap, align, -1, kind="label")
        else:
            low, high = sorted((y0, y1))
            self.label(text, x0 - gap, high - 0.2, -1, -1, True, kind="label")

    def flag(self, x: float, y: float, direction, boxed: bool | None = None, text: str | None = None) -> None:
        """A global label (text in a flag) or a hierarchical one (a small flag, then text) whose tip is at (x, y)."""
        text = text or self.words.net()
        dx, dy = direction
        height = self.style.text_height
        boxed = self.chance(0.6) if boxed is None else boxed
        half = min(height * self.style.flag_half, 0.96)  # neighbours in a row are two units apart
        tip = half if self.chance(0.7) else 0.0
        length = self.width(text, height) + 2 * half + 0.2 if boxed else 1.0
        tail = half if self.chance(0.3) else 0.0
        shape = (
            [(0, 0), (tip, -half), (length, -half), (length + tail, 0), (length, half), (tip, half)]
            if tip or tail
            else [(0, -half), (length, -half), (length, half), (0, half)]
        )
        points = [(x + a * dx - b * dy, y + a * dy + b * dx) for a, b in shape]
        self.stroke(points, "label", True)
        where = tip + (length - tip) / 2 if boxed else length + tail + 0.3
        align = 0 if boxed else -1
        if dx:
            self.label(text, x + dx * where, y, align * dx, 0, kind="label")
        else:
            self.label(text, x, y + dy * where, align * -dy, 0, True, kind="label")

    def terminal(self, x: float, y: float, direction, text: str | None = None) -> None:
        """A named end of a wire: a small ring, a square or nothing, and the name beyond it."""
        text = text or self.words.net()
        dx, dy = direction
        gap = 0.5
        if self.style.terminal == "circle":
            radius = 0.3
            self.strokes.append(circle(x + dx * radius, y + dy * radius, radius, fill="paper"))
            gap += 2 * radius
        elif self.style.terminal == "square":
            self.square(x, y, self.style.end_squares or 4.0)
        if dx:
            self.label(text, x + dx * gap, y, -dx, 0, kind="label")
        else:
            self.label(text, x, y + dy * gap, 0, dy, kind="label")

    def end_mark(self, x: float, y: float) -> None:
        if self.style.end_squares:
            self.square(x, y, self.style.end_squares)

    def finish(self, x: float, y: float, direction, length: int | None = None) -> None:
        """Do with an open pin at (x, y) what engineers do: a wire to a label, a flag, a supply, ground, or a cross."""
        dx, dy = direction
        chance = self.rng.random()
        if chance < 0.08:
            self.cross(x, y)
            return
        if chance < 0.12:
            return
        name = self.words.net()
        wanted = int(np.ceil(self.width(name, self.style.text_height))) + 1
        length = length if length is not None else int(self.rng.choice([0, 1, 2, 2, 3, 4, 6]))
        if chance < 0.55:
            length = max(length, wanted) if self.chance(0.85) else max(2, length)
            self.wire((x, y), (x + dx * length, y + dy * length))
            self.net_name(x, y, x + dx * length, y + dy * length, name)
            if self.chance(0.3):
                self.end_mark(x + dx * length, y + dy * length)
            return
        x, y = self.run(x, y, direction, length)
        if chance < 0.74:
            self.name_end(x, y, direction, name)
        elif chance < 0.82:
            self.ground(x, y, {DOWN: 0, LEFT: 1, UP: 2, RIGHT: 3}[direction])
        elif chance < 0.9:
            self.supply(x, y, {UP: 0, RIGHT: 1, DOWN: 2, LEFT: 3}[direction])
        else:
            self.ports.append((x, y, dx, dy))

    def name_end(self, x: float, y: float, direction, text: str | None = None) -> None:
        """A flag where the drawing program has flags, else a terminal."""
        if self.chance(self.style.terminal_share):
            self.terminal(x, y, direction, text)
        else:
            self.flag(x, y, direction, text=text)

    def run(self, x: float, y: float, direction, length: float) -> tuple[float, float]:
        """A wire of this length; returns its far end."""
        dx, dy = direction
        self.wire((x, y), (x + dx * length, y + dy * length))
        return x + dx * length, y + dy * length

    def port(self, x: float, y: float, direction, length: float = 1) -> None:
        """Leave a wire's end for a connection to another block."""
        x, y = self.run(x, y, direction, length)
        self.ports.append((x, y, *direction))

    def up_to_supply(self, x: float, y: float, length: float = 1) -> None:
        x, y = self.run(x, y, UP, length)
        self.supply(x, y)

    def down_to_ground(self, x: float, y: float, length: float = 1) -> None:
        x, y = self.run(x, y, DOWN, length)
        self.ground(x, y)
