"""The symbols that the sheets of a family use for each kind of component."""

from __future__ import annotations

from wire_detection.drawing import symbols
from wire_detection.drawing.drawing import Symbol


def symbol_set(rng, resistor: str, capacitor: str, spice: bool = False) -> dict[str, tuple[Symbol, ...]]:
    """The symbols that a sheet uses for each kind of component."""
    fill = "ink" if rng.random() < 0.5 else ""
    ring = rng.random() < 0.6
    through = rng.random() < 0.3
    bold = "medium" if rng.random() < 0.3 else "symbol"
    box = symbols.resistor_box(kind=bold)
    zigzag = symbols.resistor_zigzag(teeth=int(rng.integers(3, 5)))
    caps = {
        "plates": symbols.capacitor(kind="thick", gap=rng.uniform(0.4, 0.55)),
        "thin": symbols.capacitor(kind="medium", gap=rng.uniform(0.3, 0.5)),
        "curved": symbols.capacitor_curved(plus=False),
    }
    coil = (
        symbols.inductor_loops(3, 2.2) if spice and rng.random() < 0.5 else symbols.inductor(filled=rng.random() < 0.1)
    )
    spice_gate = int(rng.integers(2, 4))
    return {
        "resistor": (box if resistor == "box" else zigzag,),
        "capacitor": (caps[capacitor],),
        "capacitor_polarised": (
            symbols.capacitor_box() if rng.random() < 0.5 else symbols.capacitor_curved(kind=bold),
        ),
        "inductor": (coil,),
        "diode": tuple(
            symbols.diode(fill=fill, mark=m, line_through=through)
            for m in ("", "", "zener", "schottky", "tvs", "varicap")
        ),
        "led": (symbols.diode(fill=fill, mark="led", line_through=through),),
        "fuse": (symbols.fuse(wave=rng.random() < 0.3),),
        "ferrite": (symbols.ferrite(),),
        "crystal": (symbols.crystal(),),
        "switch": (symbols.switch(4), symbols.switch(4, "push")),
        "source": tuple(symbols.source(4, k) for k in ("dc", "sine", "current", "pulse")),
        "battery": (symbols.battery(3, int(rng.integers(1, 4))),),
        "transistor": (symbols.bipolar(False, ring), symbols.bipolar(True, ring)),
        "mosfet": tuple(symbols.mosfet(p, ring, body_diode=rng.random() < 0.4) for p in (False, True)),
        "opamp": tuple(symbols.opamp(6, s, f) for s in (False, True) for f in (False, True)),
        "gate": tuple(
            symbols.gate(k, inputs=spice_gate if k in ("and", "nand", "or", "nor") else 2)
            for k in ("and", "nand", "or", "nor", "xor", "not", "schmitt", "buffer", "tristate")
        ),
        "tube": (symbols.triode(),),
        "transformer": (symbols.transformer(core=rng.random() < 0.7), symbols.transformer(tap=True)),
        "relay": (symbols.relay(),),
        "potentiometer": (symbols.potentiometer(zigzag=resistor == "zigzag"),),
    }
