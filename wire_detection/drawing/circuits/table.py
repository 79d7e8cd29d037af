"""All circuits, and how often each is drawn."""

from __future__ import annotations

from wire_detection.drawing.circuits.analog import opamp_stage, transistor_stage, tube_stage
from wire_detection.drawing.circuits.chips import chain, chip, regulator
from wire_detection.drawing.circuits.connectors import connector, nested
from wire_detection.drawing.circuits.hierarchy import hierarchy
from wire_detection.drawing.circuits.logic import gates, latch
from wire_detection.drawing.circuits.passive import decoupling, lattice, matrix, shunt_rail
from wire_detection.drawing.circuits.single_parts import library_part, odd_part, small_things

CIRCUITS = {
    "lattice": (1.6, lattice),
    "chip": (2.6, chip),
    "decoupling": (1.2, decoupling),
    "regulator": (0.8, regulator),
    "transistor": (1.4, transistor_stage),
    "opamp": (1.1, opamp_stage),
    "gates": (0.7, gates),
    "latch": (0.15, latch),
    "connector": (1.3, connector),
    "hierarchy": (0.35, hierarchy),
    "tube": (0.3, tube_stage),
    "odd_part": (0.6, odd_part),
    "small": (0.5, small_things),
    "library": (0.9, library_part),
    "shunt_rail": (1.6, shunt_rail),
    "matrix": (0.35, matrix),
    "chain": (0.5, chain),
    "nested": (0.4, nested),
}
"""Each circuit: how often it is drawn, and its maker."""
