"""Draws schematic sheets whose wires, junctions, nets, pins and texts are known exactly.

image, annotation = draw_sheet(7, size=(1024, 768))
"""

from __future__ import annotations

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing import border
from wire_detection.drawing.block import Block
from wire_detection.drawing.by_hand import draw_by_hand
from wire_detection.drawing.connectivity import find_connections
from wire_detection.drawing.degradation import degrade_sheet
from wire_detection.drawing.drawing import Drawing
from wire_detection.drawing.figures import compose_figure
from wire_detection.drawing.meetings import show_wiring
from wire_detection.drawing.paper import lay_on_paper, resize_sheet
from wire_detection.drawing.placing import lay_out
from wire_detection.drawing.rasterise import Canvas
from wire_detection.drawing.screens import compose_screen
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style import Style
from wire_detection.drawing.style_families import draw_style
from wire_detection.drawing.truth import annotate
from wire_detection.drawing.words import Words

SMALLEST_SIDE, LARGEST_SIDE = 900, 2000
"""Sides of a sheet, in pixels, when no size is asked for."""
DEGRADED_SHARE = 0.35
"""So many of the sheets were scanned, copied or have aged."""
DEGRADATION = 0.6
"""The greatest strength of that when none is asked for; above it people begin to guess."""
LEAST_WHOLE, LARGE = 45, 90
"""Shorter sides, in grid units, of the smallest sheet that may be a whole one and of one that mostly is."""
LEAST_FRAMED, LEAST_PARTED = 60, 40
"""Sides, in grid units, below which a frame or title block, or dividers or a footer, would leave circuits no room."""
FOOTER_HEIGHT = 8
"""Grid units that a footer takes."""
OVERHANG = 24
"""Grid units beyond the edges that a cut from a larger sheet is drawn for: about one circuit."""


def draw_sheet(
    seed: int, *, size: tuple[int, int] | None = None, style: str | None = None, degradation: float = DEGRADATION
) -> tuple[np.ndarray, Annotation]:
    """Draw one sheet.

    Args:
        seed: the same seed gives the same sheet, byte for byte.
        size: (width, height) in pixels; by chance when None.
        style: one of style_families.FAMILIES; by chance when None.
        degradation: greatest strength, 0 to 1, with which a part of the sheets is scanned, copied or spoilt.

    Returns:
        image: (height, width) uint8, ink dark on light.
        annotation: the exact truth; metadata names the style, the seed and the stroke width, and "dark_theme" marks a
            sheet that is bright on black in its file.
    """
    streams = Streams.of(seed)
    look = draw_style(streams.style, style)
    look, drawing, origin, size = COMPOSERS[look.page](look, streams, size)
    degraded = streams.degradation.random() < DEGRADED_SHARE and degradation > 0
    marks = {"seed": int(seed), **({"dark_theme": True} if look.dark_theme and not degraded else {})}
    image, annotation = render(look, drawing, origin, size, streams, marks)
    if degraded:
        strength = float(streams.degradation.uniform(0, degradation))
        return degrade_sheet(image, annotation, streams.degradation, strength=strength)
    return image, annotation


def render(
    style: Style,
    drawing: Drawing,
    origin: tuple[float, float],
    size: tuple[int, int],
    streams: Streams,
    metadata: dict,
) -> tuple[np.ndarray, Annotation]:
    """The sheet of `size` (width, height) pixels that a composed drawing gives, and its truth.

    origin: of the grid, in pixels; metadata: for the annotation.
    """
    wiring = show_wiring(find_connections(drawing, style.count_pins), style, streams.meetings)
    inked = drawing
    if style.hand:
        drawing, inked, wiring = draw_by_hand(drawing, wiring, style, streams.hand)
    canvas = Canvas(style, tuple(round(side / style.zoom) for side in size), origin)
    image = lay_on_paper(canvas.draw(inked, wiring), style, origin, streams.paper)
    annotation = annotate(drawing, wiring, style, canvas, metadata)
    return (image, annotation) if style.zoom == 1 else resize_sheet(image, annotation, size, streams.paper)


def _random_size(rng: np.random.Generator) -> tuple[int, int]:
    """Width and height in pixels of a sheet that is no taller than wide."""
    width = int(rng.integers(SMALLEST_SIDE, LARGEST_SIDE))
    return width, int(width * rng.uniform(0.6, 1.0))


def compose_sheet(
    style: Style, streams: Streams, size: tuple[int, int] | None
) -> tuple[Style, Drawing, tuple[float, float], tuple[int, int]]:
    """The style, what stands on a sheet of `size` pixels, where grid point (0, 0) lies in pixels, and the size.

    Either a whole sheet with its border, or a cut from the midst of a larger one, where circuits run over the edge.
    """
    size = size or _random_size(streams.page)
    words = Words(streams.words)
    block = Block(style, words.apart(), streams.border)
    width, height = size[0] / style.grid_px, size[1] / style.grid_px
    short = min(width, height)
    whole = streams.page.random() < (0.45 if short < LARGE else 0.7) and short > LEAST_WHOLE
    over = 0 if whole else OVERHANG
    area, taken = _draw_border(block, width, height) if whole else ((0.0, 0.0, width, height), [])
    if block.chance(0.3) and short > LEAST_PARTED:
        taken += border.dividers(block, area)
    inside = tuple(int(v) for v in (np.ceil(area[0]) - over, np.ceil(area[1]) - over, area[2] + over, area[3] + over))
    sheet = lay_out(style, words, streams, inside, density=streams.page.uniform(0.55, 0.95), taken=taken)
    block.add(sheet, 0, 0)
    return style, block, tuple(streams.page.uniform(-0.5, 0.5, 2).tolist()), size


def _draw_border(block: Block, width: float, height: float) -> tuple[border.Box, list[border.Box]]:
    """Draw a frame, a title block, a footer or nothing; returns the free area and the boxes in it that are taken."""
    area, framed = (0.0, 0.0, width, height), min(width, height) > LEAST_FRAMED
    if block.style.frame and framed:
        return border.frame(block, width, height, block.style.frame)
    if block.chance(0.2) and framed:
        return area, [border.title_block(block, area)]
    if block.chance(0.2) and height > LEAST_PARTED:
        border.footer(block, area)
        return (*area[:3], height - FOOTER_HEIGHT), []
    return area, []


COMPOSERS = {"sheet": compose_sheet, "figure": compose_figure, "screen": compose_screen}
"""What composes each kind of page; each chooses a size where none is asked for."""
