"""Names as figures of books and papers have them: M1, R_D, V_{DD}, g_m v_{gs}."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.markup import UPRIGHT
from wire_detection.drawing.words import Words, own_kind

_LETTERS = {
    "mosfet": "M",
    "transistor": "Q",
    "resistor": "R",
    "capacitor": "C",
    "capacitor_polarised": "C",
    "inductor": "L",
    "diode": "D",
    "led": "D",
    "source": "V",
    "battery": "V",
    "switch": "S",
    "opamp": "A",
    "gate": "G",
    "transformer": "T",
    "crystal": "X",
}
_SUBSCRIPTS = {
    "R": ("D", "S", "L", "1", "2", "f", "in", "out", "B", "C", "E", "z", "ref", "G"),
    "C": ("L", "C", "c", "1", "2", "in", "gs", "gd", "db", "out", "B", "p", "F", "m"),
    "L": ("1", "2", "D", "S", "G", "s", "g", "f"),
    "M": ("P", "N", "A", "B", "C", "S", "K"),
}
"""What stands below a component's letter where it is no number; transistors get a number behind it."""

_SUPPLIES = (("V", "DD"), ("V", "DD"), ("V", "CC"), ("V", "in"), ("V", "SUP"), ("V", "BAT"), ("V", "S"), ("AV", "DD"))
_LOWS = (("V", "SS"), ("V", "SS"), ("V", "EE"), ("GND", ""), ("AGND", ""), ("gnd", ""), ("-V", "SS"))
_SIGNALS = (
    *(
        ("V", sub)
        for sub in ("in", "out", "o", "i", "REF", "b1", "b2", "b3", "B", "BP", "BN", "bias", "X", "Y", "C", "1")
    ),
    *(("v", sub) for sub in ("in", "out", "o", "i", "gs", "be", "1", "2", "id", "x", "IN+", "IN-", "o1", "o2")),
    *((word, "") for word in ("IN", "OUT", "VIN", "VOUT", "CLK", "EN", "A", "B", "X", "Y", "Q", "D", "S", "LO", "RF")),
    *(("Φ", "1"), ("Φ", "2"), ("Vin", ""), ("Vout", ""), ("VB1", ""), ("VREF", ""), ("CK", "1"), ("V", "LO")),
)
_CURRENTS = (
    ("I", "REF"),
    ("I", "1"),
    ("I", "2"),
    ("I", "out"),
    ("I", "B"),
    ("I", "D"),
    ("i", "x"),
    ("i", "1"),
    ("I", "SS"),
)
_GAINS = (
    ("g", "m1", "v", "gs"),
    ("g", "m", "v", "1"),
    ("g", "m2", "v", "2"),
    ("A", "v", "v", "i"),
    ("β", "", "i", "b"),
)
_BLOCKS = ("LPF", "VCO", "PFD", "ADC", "DAC", "LNA", "Mixer", "Filter", "Bias", "H(s)", "Control", "Encoder", "Driver")
_TITLES = (
    "Proposed circuit",
    "Schematic of the amplifier",
    "Simplified schematic",
    "Small-signal equivalent",
    "Bias circuit",
    "Output stage",
    "Core of the converter",
    "Startup circuit",
)
_PROSE = (
    "the circuit of a stage with its bias and load in which two nodes are held at equal voltages by feedback".split()
)


class FigureWords(Words):
    """Words of one figure: letters with numbers or names below them, few values.

    subscripts: whether numbers and names are lowered; upright: whether letters stand upright all the same.
    """

    def __init__(self, rng: np.random.Generator):
        super().__init__(rng)
        self.subscripts = rng.random() < 0.7
        self.upright = rng.random() < 0.4
        self.values = float(rng.choice([0.0, 0.1, 0.8], p=[0.5, 0.3, 0.2]))
        self._barred = 0.0

    def name(self, letter: str, below: str) -> str:
        """A letter with a subscript, in the figure's manner."""
        if not below or not self.subscripts:
            return letter + below
        return f"${UPRIGHT if self.upright else ''}{letter}_{{{below}}}$"

    def designator(self, kind: str) -> str:
        letter = _LETTERS.get(own_kind(kind))
        if letter is None:
            return super().designator(kind)
        if kind == "source" and self.rng.random() < 0.3:
            letter = "I"
        extra = ""
        if letter in _SUBSCRIPTS and self.rng.random() < (0.15 if letter == "M" else 0.4):
            extra = self.pick(_SUBSCRIPTS[letter])
            if letter != "M":
                return self.name(letter, extra)
        number = self._next.get(letter, 1)
        self._next[letter] = number + 1
        return self.name(letter, f"{extra}{number}")

    def value(self, kind: str) -> str:
        """A value now and then: most figures give none."""
        if self.rng.random() >= self.values or own_kind(kind) in ("mosfet", "transistor", "opamp", "gate"):
            return ""
        return super().value(kind)

    def net(self) -> str:
        return self.name(*self.pick(_SIGNALS))

    def supply(self) -> str:
        return self.name(*self.pick(_SUPPLIES))

    def low(self) -> str:
        """The name of the lower rail."""
        return self.name(*self.pick(_LOWS))

    def current(self) -> str:
        return self.name(*self.pick(_CURRENTS))

    def gain(self) -> str:
        """What controls a source: g_m v_{gs}."""
        first, low, second, below = self.pick(_GAINS)
        if not self.subscripts:
            return first + low + second + below
        return "$" + "".join(a + (f"_{{{b}}}" if b else "") for a, b in ((first, low), (second, below))) + "$"

    def block(self) -> str:
        """The inscription of a block."""
        return self.pick(_BLOCKS)

    def ratio(self) -> str:
        """The sizes of two transistors, "1 : 4"."""
        return f"{self.rng.integers(1, 3)} : {self.pick(('K', 'N', '2', '4', '8'))}"

    def caption(self) -> str:
        """The line below a figure."""
        number = str(self.rng.integers(1, 40))
        number = number if self.rng.random() < 0.7 else f"{self.rng.integers(2, 9)}.{number}"
        prose = " ".join(self.pick(_PROSE) for _ in range(self.rng.integers(2, 8)))
        start = self.pick(("Fig. ", "Figure ", "FIGURE ")) + number + self.pick((".", ":", ""))
        return f"{start} {self.pick(_TITLES)} {prose}."
