"""All circuits, and how often each is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.analog import opamp_stage, transistor_stage, tube_stage
from wire_detection.drawing.circuits.chips import chain, chip, regulator
from wire_detection.drawing.circuits.connectors import nested, wired_connector
from wire_detection.drawing.circuits.hierarchy import hierarchy
from wire_detection.drawing.circuits.logic import gates, latch
from wire_detection.drawing.circuits.passive import decoupling, lattice, matrix, shunt_rail
from wire_detection.drawing.circuits.single_parts import library_part, odd_part, small_things


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
    "hierarchy": Circuit(0.35, hierarchy),
    "tube": Circuit(0.3, tube_stage),
    "odd_part": Circuit(0.6, odd_part, small=True),
    "small": Circuit(0.5, small_things, small=True),
    "library": Circuit(0.9, library_part, small=True),
    "shunt_rail": Circuit(1.6, shunt_rail, small=True),
    "matrix": Circuit(0.35, matrix),
    "chain": Circuit(0.5, chain),
    "nested": Circuit(0.4, nested),
}
"""Sheets pick from them in this order."""
