"""How a sheet looks: its pens, greys, fonts, dots, symbols and habits."""

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
"""Kinds of strokes, each with a width and a tone of its own. Of a symbol: "symbol" and its bolder strokes "medium" and
"thick", the "ring" around a transistor, the "outline" of a box. Beside the circuit: "graphic", "dashed", "frame". The
"cross" marks a pin that is left open, the "square" a pin or an open end."""


@dataclass(frozen=True)
class Style:
    """The look of one sheet. What has a default is a habit that only some drawing programs have.

    name: the family it is of.
    stroke_px: width of its wires in pixels; supersample: how many times finer than pixels it is drawn; grid_px: one
        grid unit in pixels.
    widths, tones: by kind of stroke, in wire widths and as grey values 0 (black) to 255 (white).
    symbols: by kind of component, those that the sheet uses.
    text_height: of a capital of an ordinary text, in grid units; font: one of those of lettering.
    dots: whether junctions of three ends have dots; dot_radius: in wire widths; count_pins: whether leads count among
        the ends of a junction.
    ground, supply: the kinds of these symbols.
    paper, shade: grey values of the sheet and of shaded bodies; dark_theme: whether its file is bright on black.
    numbers: whether pins have numbers. frame: "zones", "plain" or "" for none.
    pin_squares, end_squares: sides of the squares at pins and at open ends, in wire widths, 0 for none.
    terminal: the mark at a wire's named end, "circle", "square" or "" for none; terminal_share: how many of the named
        ends are such terminals, the others being flags.
    label_squares: how many of the labels hang on a small square on their wire.
    named_grounds: the quarter turns of those grounds that mostly bear a name; 0 hangs down, 1 and 3 lie on their side.
    values_inside: how many of the vertical resistors have their value in their body.
    diagonal: how many of the wires that leave a chip side by side run on at a slant.
    library_share, footprints, struck_out: how many of the components come from the schemdraw library, show their
        footprint's name, are crossed out.
    dot_share: how many of the junctions of three ends have dots where `dots` allows any; cross_dots: whether those of
        four and more always have; square_dots: whether dots are square.
    passing: how often wires that pass each other unconnected do so as a "crossing", a "hop" or a "gap"; hop_vertical:
        how often it is the steeper wire that hops or breaks; hop_left: how often an arc bulges to the left, seen along
        +x or +y; hop_radius, gap_half: in grid units, from the crossing to the wire's end; hop_height: of arcs, in
        radii.
    page: what is drawn: a "sheet" of a drawing program, a "figure" or a "screen"; margin: free paper around a figure,
        as a share of its width; zoom: how many times larger than it was drawn a sheet is seen.
    stem: length of the leads of a figure's grounds and supplies.
    simple: how many of the circuits are those of exercises; thick_rails: whether a figure's rails are bold; rounding:
        radius of the corners of wires, in grid units.
    hand: how much a hand bends what it draws, 0 for a ruler; overshoot: how many of its wires run past their ends;
        pressure: how much fainter and thinner its strokes get in places.
    ruling: of the paper or screen: "lines", "squares", "dots", "crosses" or "" for none; ruling_pitch: in grid units;
        ruling_tone: its grey value; cross_hair: whether a cursor's two lines run across the sheet.
    plots: how many of the screens have plots or tables beside the circuits.
    flag_half: half the height of the flags around names of nets, in heights of their text.
    heading_weight: width of a title's strokes in those of other texts; heading_slant: x by which they lean per y.
    """

    name: str
    stroke_px: float
    supersample: int
    grid_px: float
    widths: dict[str, float]
    tones: dict[str, int]
    symbols: dict[str, tuple[Symbol, ...]]
    text_height: float
    font: str
    dot_radius: float
    ground: str
    supply: str
    dark_theme: bool
    dots: bool = True
    count_pins: bool = True
    paper: int = 255
    shade: int = 255
    numbers: bool = True
    frame: str = ""
    pin_squares: float = 0.0
    end_squares: float = 0.0
    terminal: str = ""
    terminal_share: float = 0.8
    label_squares: float = 0.0
    named_grounds: tuple[int, ...] = ()
    values_inside: float = 0.0
    diagonal: float = 0.0
    library_share: float = 0.06
    footprints: float = 0.0
    struck_out: float = 0.0
    dot_share: float = 1.0
    cross_dots: bool = True
    square_dots: bool = False
    passing: dict[str, float] = field(default_factory=lambda: {"crossing": 1.0})
    hop_vertical: float = 0.0
    hop_left: float = 1.0
    hop_radius: float = 0.5
    hop_height: float = 1.0
    gap_half: float = 0.3
    page: str = "sheet"
    margin: float = 0.0
    zoom: float = 1.0
    stem: float = 1.0
    simple: float = 0.0
    thick_rails: bool = False
    rounding: float = 0.0
    hand: float = 0.0
    overshoot: float = 0.0
    pressure: float = 0.0
    ruling: str = ""
    ruling_pitch: float = 1.0
    ruling_tone: int = 200
    cross_hair: bool = False
    plots: float = 0.0
    flag_half: float = 0.85
    heading_weight: float = 1.0
    heading_slant: float = 0.0


def pen(width_px: float) -> tuple[int, float]:
    """(supersample, width): OpenCV draws odd widths only, so the scale is chosen whose odd widths come nearest."""
    best = None
    for fine in (3, 4, 5) if width_px < 3 else (2, 3):
        odd = max(1, 2 * round((width_px * fine - 1) / 2) + 1)
        error = abs(odd / fine - width_px)
        if best is None or error < best[0] - 0.02:  # a finer scale costs time: it must be worth it
            best = (error, fine, odd / fine)
    return best[1], best[2]
