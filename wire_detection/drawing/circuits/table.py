"""All circuits, and how often each is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.amplifiers import amplifier_loop, folded_cascode, telescopic, two_stage
from wire_detection.drawing.circuits.analog import opamp_stage, transistor_stage, tube_stage
from wire_detection.drawing.circuits.chips import chain, chip, regulator
from wire_detection.drawing.circuits.columns import columns
from wire_detection.drawing.circuits.connectors import nested, wired_connector
from wire_detection.drawing.circuits.hierarchy import hierarchy
from wire_detection.drawing.circuits.inverters import cmos_gate, inverters
from wire_detection.drawing.circuits.logic import gates, latch
from wire_detection.drawing.circuits.mirrors import current_mirror
from wire_detection.drawing.circuits.models import block_diagram, equivalent, meshes
from wire_detection.drawing.circuits.pairs import crossed_pair, differential_pair, gilbert
from wire_detection.drawing.circuits.passive import decoupling, lattice, matrix, shunt_rail
from wire_detection.drawing.circuits.references import bandgap, regulator_loop
from wire_detection.drawing.circuits.single_parts import library_part, odd_part, small_things
from wire_detection.drawing.circuits.stages import low_noise_amplifier, output_stage, stage
from wire_detection.drawing.circuits.switching import bridge, converter, switched_capacitor


@dataclass(frozen=True)
class Circuit:
    """share: how often it is drawn, beside the shares of the others; draw: puts it onto an empty block.

    small: whether it is tried where there is little room left.
    """

    share: float
    draw: Callable[[Block], None]
    small: bool = False


CIRCUITS = {
    "lattice": Circuit(1.6, lattice),
    "chip": Circuit(2.6, chip),
    "decoupling": Circuit(1.2, decoupling, small=True),
    "regulator": Circuit(0.8, regulator, small=True),
    "transistor": Circuit(1.4, transistor_stage, small=True),
    "opamp": Circuit(1.1, opamp_stage, small=True),
    "gates": Circuit(0.7, gates),
    "latch": Circuit(0.15, latch),
    "connector": Circuit(1.3, wired_connector, small=True),
    "hierarchy": Circuit(0.7, hierarchy),
    "tube": Circuit(0.3, tube_stage),
    "odd_part": Circuit(1.0, odd_part, small=True),
    "small": Circuit(0.5, small_things, small=True),
    "library": Circuit(0.9, library_part, small=True),
    "shunt_rail": Circuit(1.6, shunt_rail, small=True),
    "matrix": Circuit(0.35, matrix),
    "chain": Circuit(0.5, chain),
    "nested": Circuit(0.4, nested),
}
"""Sheets pick from them in this order."""

CELLS = {
    "columns": Circuit(8.0, columns),
    "current_mirror": Circuit(1.2, current_mirror),
    "differential_pair": Circuit(1.6, differential_pair),
    "stage": Circuit(1.6, stage),
    "telescopic": Circuit(1.2, telescopic),
    "two_stage": Circuit(1.2, two_stage),
    "folded_cascode": Circuit(0.8, folded_cascode),
    "crossed_pair": Circuit(1.0, crossed_pair),
    "gilbert": Circuit(0.5, gilbert),
    "output_stage": Circuit(0.6, output_stage),
    "cmos_gate": Circuit(0.7, cmos_gate),
    "inverters": Circuit(0.5, inverters),
    "regulator_loop": Circuit(0.8, regulator_loop),
    "bandgap": Circuit(0.7, bandgap),
    "low_noise_amplifier": Circuit(0.7, low_noise_amplifier),
    "switched_capacitor": Circuit(0.8, switched_capacitor),
    "equivalent": Circuit(1.2, equivalent),
    "converter": Circuit(1.0, converter),
    "bridge": Circuit(0.4, bridge),
    "block_diagram": Circuit(0.5, block_diagram),
    "amplifier_loop": Circuit(0.8, amplifier_loop),
    "meshes": Circuit(1.0, meshes),
}
"""The circuits of figures, which are drawn on cells."""
