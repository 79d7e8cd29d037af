"""How a sheet looks: its pens, greys, fonts, dots and symbols."""

from __future__ import annotations

from dataclasses import dataclass, field

from wire_detection.drawing.drawing import Symbol

KINDS = (
    "wire",
    "pin",
    "symbol",
    "medium",
    "thick",
    "ring",
    "outline",
    "bus",
    "graphic",
    "dashed",
    "frame",
    "label",
    "text",
    "cross",
    "dot",
    "square",
)


@dataclass(frozen=True)
class Style:
    """The look of one sheet.

    stroke_px: width of its wires; supersample: how many times finer than pixels it is drawn; grid_px: one grid unit.
    widths, tones: by kind of stroke, in wire widths and as grey values 0 (black) to 255 (white).
    dots: whether junctions have dots; dot_radius in wire widths; count_pins: leads count among the ends of a junction.
    pin_squares, end_squares: sides of the squares at pins and at open ends, in wire widths, 0 for none.
    terminal: the mark at a wire's named end, "circle", "square" or none.
    library_share, footprints, struck_out: shares of components that come from the schemdraw library, show their
    footprint's name, are crossed out. heading_weight, heading_slant: how bold and how oblique titles are.
    """

    name: str
    stroke_px: float
    supersample: int
    grid_px: float
    widths: dict[str, float]
    tones: dict[str, int]
    paper: int
    shade: int
    font: str
    text_height: float
    dots: bool
    dot_radius: float
    count_pins: bool
    pin_squares: float
    end_squares: float
    numbers: bool
    diagonal: float
    frame: str
    dark_theme: bool
    library: dict[str, tuple[Symbol, ...]] = field(default_factory=dict)
    ground: str = "triangle"
    supply: str = "arrow"
    library_share: float = 0.06
    footprints: float = 0.0
    struck_out: float = 0.0
    heading_weight: float = 1.0
    heading_slant: float = 0.0
    terminal: str = ""


def pen(width_px: float) -> tuple[int, float]:
    """(supersample, width): OpenCV draws odd widths only, so the scale is chosen whose odd widths come nearest."""
    best = None
    for fine in (3, 4, 5) if width_px < 3 else (2, 3):
        odd = max(1, 2 * round((width_px * fine - 1) / 2) + 1)
        error = abs(odd / fine - width_px)
        if best is None or error < best[0] - 0.02:
            best = (error, fine, odd / fine)
    return best[1], best[2]
