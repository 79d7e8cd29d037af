"""Wires and junctions count as found within these distances."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tolerances:
    """Distances in pixels within which wires and junctions count as found."""

    stroke_px: float
    wire_px: float
    junction_px: float

    @classmethod
    def of_stroke(cls, stroke_px: float) -> Tolerances:
        return cls(stroke_px=stroke_px, wire_px=max(2.0, stroke_px), junction_px=max(3.0, 2 * stroke_px))
