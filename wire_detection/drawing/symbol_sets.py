"""The symbols that the sheets of a family use for each kind of component."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.drawing import Symbol
from wire_detection.drawing.symbols import devices, figures, transistors, two_pins
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
    base_inside, knob = rng.random() < 0.6, rng.random() < 0.4
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
        "switch": (two_pins.switch(push=False), two_pins.switch(push=True, knob=knob)),
        "source": tuple(two_pins.source(kind) for kind in ("dc", "sine", "current", "pulse")),
        "battery": (two_pins.battery(cells=int(rng.integers(1, 4))),),
        "transistor": tuple(devices.bipolar(pnp, ring, base_inside) for pnp in (False, True)),
        "mosfet": tuple(devices.mosfet(p, ring, body_diode=rng.random() < 0.4) for p in (False, True)),
        "opamp": tuple(devices.opamp(supply, plus_first) for supply in (False, True) for plus_first in (False, True)),
        "gate": tuple(devices.gate(kind, inputs if kind in SEVERAL_INPUTS else 2) for kind in GATES),
        "tube": (devices.triode(),),
        "transformer": (devices.transformer(core=rng.random() < 0.7), devices.transformer(tap=True)),
        "relay": (devices.relay(),),
        "potentiometer": (devices.potentiometer(zigzag=resistor == "zigzag"),),
    }


def figure_symbols(rng: np.random.Generator) -> dict[str, tuple[Symbol, ...]]:
    """The symbols of one figure: those of symbol_set, and transistors, sources and amplifiers in its manner."""
    mos = mos_look(rng)
    ring = rng.random() < 0.3
    bipolar = transistors.BipolarLook(
        bar=float(rng.uniform(0.9, 1.3)),
        half=float(rng.uniform(0.9, 1.3)),
        bend=float(rng.uniform(1.0, 1.5)),
        ring=ring,
        bars="medium",
        arrow_at=float(rng.uniform(0.55, 0.8)),
        arrow_size=float(rng.uniform(0.5, 0.9)),
        open_arrow=bool(rng.random() < 0.15),
    )
    radius = float(rng.uniform(1.1, 1.7))
    current = str(rng.choice(["current", "through", "rings"], p=[0.63, 0.25, 0.12]))
    arrow = "current" if current == "rings" else current
    diamond = rng.random() < 0.75
    controlled = 1.25 * radius if diamond else radius
    plus_first, half = bool(rng.random() < 0.5), float(rng.uniform(2.0, 2.8))
    capacitor = str(rng.choice(["thin", "thin", "thin", "plates", "curved"]))
    return {
        **symbol_set(rng, "zigzag" if rng.random() < 0.75 else "box", capacitor, simulator=True),
        "nmos": (transistors.mos(mos, False),),
        "pmos": (transistors.mos(mos, True),),
        "npn": (transistors.bipolar(bipolar, False),),
        "pnp": (transistors.bipolar(bipolar, True),),
        "current_source": (figures.source(current, radius),),
        "voltage_source": (figures.source("sine" if rng.random() < 0.3 else "volts", radius),),
        "controlled_current": (figures.source(arrow, controlled, diamond),),
        "controlled_voltage": (figures.source("volts", controlled, diamond),),
        "amplifier": (figures.amplifier(plus_first, half, signs=bool(rng.random() < 0.9)),),
        "inverter": (figures.inverter(bubble=bool(rng.random() < 0.9)),),
        "short_switch": (figures.switch(rings=bool(rng.random() < 0.5), closed=bool(rng.random() < 0.2)),),
    }


def mos_look(rng: np.random.Generator) -> transistors.MosLook:
    """How one figure draws its MOS transistors."""
    arm = float(rng.uniform(0.8, 1.3))
    channel = float(rng.uniform(0.7, 1.3))
    arrow = str(rng.choice(["source", "bulk", "lead", ""], p=[0.6, 0.15, 0.05, 0.2]))
    bulk = "source" if arrow == "bulk" and rng.random() < 0.6 else "pin" if arrow == "bulk" else ""
    low_gate = bool(rng.random() < 0.07)
    return transistors.MosLook(
        arm=1.0 if low_gate else arm,
        channel=channel,
        gate=channel + float(rng.uniform(0.3, 0.6)),
        arrow=arrow,
        arrow_size=float(rng.uniform(0.5, 0.9)),
        open_arrow=bool(rng.random() < 0.1),
        bubble=bool(rng.random() < (0.75 if not arrow else 0.08)),
        bulk=bulk or str(rng.choice(["", "", "", "", "source", "pin"])),
        broken=bool(rng.random() < 0.07),
        bars=str(rng.choice(["symbol", "symbol", "medium", "thick"])),
        full_gate=bool(rng.random() < 0.4),
        low_gate=low_gate,
    )
