"""The symbols that the sheets of a family use for each kind of component."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.drawing import Symbol
from wire_detection.drawing.symbols import devices, two_pins
from wire_detection.drawing.symbols.devices import GATES

SEVERAL_INPUTS = ("and", "nand", "or", "nor")
"""The gates that are drawn with more than two inputs as well."""


def symbol_set(
    rng: np.random.Generator, resistor: str, capacitor: str, simulator: bool = False
) -> dict[str, tuple[Symbol, ...]]:
    """The symbols of one sheet: those by kind of component that it picks from.

    resistor: "box" or "zigzag"; capacitor: "plates" (bold ones), "thin" or "curved".
    simulator: whether coils may be drawn in loops, as programs for circuit simulation do.
    """
    fill = "ink" if rng.random() < 0.5 else ""
    ring = rng.random() < 0.6
    line_through = rng.random() < 0.3
    bold = "medium" if rng.random() < 0.3 else "symbol"
    zigzag = two_pins.resistor_zigzag(teeth=int(rng.integers(3, 5)))
    capacitors = {
        "plates": two_pins.capacitor("thick", gap=rng.uniform(0.4, 0.55)),
        "thin": two_pins.capacitor("medium", gap=rng.uniform(0.3, 0.5)),
        "curved": two_pins.capacitor_curved(plus=False),
    }
    loops = simulator and rng.random() < 0.5
    coil = two_pins.inductor_loops() if loops else two_pins.inductor(filled=rng.random() < 0.1)
    inputs = int(rng.integers(2, 4))
    marks = ("", "", "zener", "schottky", "tvs", "varicap")  # a plain diode is as frequent as two of the others
    return {
        "resistor": (two_pins.resistor_box(bold) if resistor == "box" else zigzag,),
        "capacitor": (capacitors[capacitor],),
        "capacitor_polarised": (
            two_pins.capacitor_box() if rng.random() < 0.5 else two_pins.capacitor_curved(kind=bold),
        ),
        "inductor": (coil,),
        "diode": tuple(two_pins.diode(mark, fill, line_through) for mark in marks),
        "led": (two_pins.diode("led", fill, line_through),),
        "fuse": (two_pins.fuse(wave=rng.random() < 0.3),),
        "ferrite": (two_pins.ferrite(),),
        "crystal": (two_pins.crystal(),),
        "switch": (two_pins.switch(push=False), two_pins.switch(push=True)),
        "source": tuple(two_pins.source(kind) for kind in ("dc", "sine", "current", "pulse")),
        "battery": (two_pins.battery(cells=int(rng.integers(1, 4))),),
        "transistor": (devices.bipolar(False, ring), devices.bipolar(True, ring)),
        "mosfet": tuple(devices.mosfet(p, ring, body_diode=rng.random() < 0.4) for p in (False, True)),
        "opamp": tuple(devices.opamp(supply, plus_first) for supply in (False, True) for plus_first in (False, True)),
        "gate": tuple(devices.gate(kind, inputs if kind in SEVERAL_INPUTS else 2) for kind in GATES),
        "tube": (devices.triode(),),
        "transformer": (devices.transformer(core=rng.random() < 0.7), devices.transformer(tap=True)),
        "relay": (devices.relay(),),
        "potentiometer": (devices.potentiometer(zigzag=resistor == "zigzag"),),
    }
