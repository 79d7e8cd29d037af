"""Draws schematic sheets whose wires, junctions, nets, pins and texts are known exactly.

image, annotation = draw_sheet(7, size=(1024, 768))
"""

from __future__ import annotations

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing import border
from wire_detection.drawing.block import Block
from wire_detection.drawing.connectivity import Connectivity, connectivity
from wire_detection.drawing.degradation import degrade_sheet
from wire_detection.drawing.drawing import Drawing, ink_box
from wire_detection.drawing.lettering import text_width
from wire_detection.drawing.placing import lay_out
from wire_detection.drawing.rasterise import Canvas
from wire_detection.drawing.style import Style
from wire_detection.drawing.styles import draw_style
from wire_detection.drawing.words import Words
from wire_detection.sheets.boxes import box_is_visible
from wire_detection.sheets.geometry import clip_segments
from wire_detection.sheets.nets import connect_nets, wires_of_nets

SMALLEST_SIDE, LARGEST_SIDE = 900, 2000
"""Sides of a sheet, in pixels, when no size is asked for."""

DEGRADED_SHARE = 0.35
"""So many of the sheets were scanned, copied or have aged."""

DEGRADATION = 0.6
"""The greatest strength of that when none is asked for; above it people begin to guess."""

MEET_PX = 0.75
"""Wire ends closer than this are one point: far more than rounding, far less than a stroke."""


def draw_sheet(
    seed: int, *, size: tuple[int, int] | None = None, style: str | None = None, degradation: float = DEGRADATION
) -> tuple[np.ndarray, Annotation]:
    """Draw one sheet.

    Args:
        seed: the same seed gives the same sheet, byte for byte.
        size: (width, height) in pixels; by chance when None.
        style: one of styles.FAMILIES; by chance when None.
        degradation: greatest strength, 0 to 1, with which a part of the sheets is scanned, copied or spoilt.

    Returns:
        image: (height, width) uint8, ink dark on light.
        annotation: the exact truth; metadata names the style, the seed and the stroke width, and "dark_theme" marks a
            sheet that is bright on black in its file.
    """
    rng = np.random.default_rng(seed)
    look = draw_style(rng, style)
    if size is None:
        width = int(rng.integers(SMALLEST_SIDE, LARGEST_SIDE))
        size = width, int(width * rng.uniform(0.6, 1.0))
    drawing, origin = compose(look, Words(rng), size)
    net = connectivity(drawing, look.count_pins)
    canvas = Canvas(look, size, origin)
    image = canvas.draw(drawing, net)
    annotation = annotate(drawing, net, look, canvas)
    annotation.metadata["seed"] = int(seed)
    if rng.random() < DEGRADED_SHARE and degradation > 0:
        image, annotation = degrade_sheet(image, annotation, rng, strength=float(rng.uniform(0, degradation)))
    elif look.dark_theme:
        annotation.metadata["dark_theme"] = True
    return image, annotation


def compose(style: Style, words: Words, size: tuple[int, int]) -> tuple[Drawing, tuple[float, float]]:
    """What stands on a sheet of `size` pixels, and where grid point (0, 0) lies in pixels.

    Either a whole sheet with its frame, or a cut from the midst of a larger one, where circuits run over the edge.
    """
    rng = words.rng
    width, height = size[0] / style.grid_px, size[1] / style.grid_px
    whole = min(width, height) > 45 and rng.random() < (0.45 if min(width, height) < 90 else 0.7)
    over = 0 if whole else 24
    block = Block(style, words)
    area, taken = (0.0, 0.0, width, height), []
    if whole and style.frame and min(width, height) > 60:
        area, taken = border.frame(block, width, height, style.frame)
    elif whole and rng.random() < 0.2 and min(width, height) > 60:
        taken = [border.title_block(block, area)]
    elif whole and rng.random() < 0.2 and height > 40:
        border.footer(block, area)
        area = (*area[:3], area[3] - 8)
    if rng.random() < 0.3 and min(width, height) > 20:
        taken += border.dividers(block, area)
    inside = tuple(int(v) for v in (np.ceil(area[0]) - over, np.ceil(area[1]) - over, area[2] + over, area[3] + over))
    sheet = lay_out(style, words, inside, density=rng.uniform(0.55, 0.95), taken=taken)
    block.add(sheet, 0, 0)
    return block, (rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5))


def annotate(drawing: Drawing, net: Connectivity, style: Style, canvas: Canvas) -> Annotation:
    """The truth of a drawn sheet in its pixels, cut at the sheet's edges."""
    width, height = canvas.size

    def segments(values) -> np.ndarray:
        values = canvas.to_pixels(np.asarray(values, float).reshape(-1, 2, 2)).reshape(-1, 4)
        return clip_segments(values.astype(np.float32), width, height)

    points = canvas.to_pixels(net.junctions).astype(np.float32)
    inside = ((points >= -0.5) & (points <= (width - 0.5, height - 0.5))).all(1)  # the rim of the edge pixels
    wires = segments(net.wires)
    junctions = points[inside]
    boxes = canvas.to_pixels(np.array([box for _, box in drawing.components]).reshape(-1, 2, 2)).reshape(-1, 4)
    texts = np.array([ink_box(t, text_width(t.text, style.font)) for t in drawing.texts]).reshape(-1, 2, 2)
    return Annotation.build(
        image_path="",
        image_shape=(height, width),
        wires=wires,
        junctions=junctions,
        junction_types=[junction_type(ends, style.dots) for ends in net.ends[inside]],
        components=[
            {"bbox": np.round(box, 2).tolist(), "type": kind, "confidence": 1.0}
            for (kind, _), box in zip(drawing.components, boxes, strict=True)
            if box_is_visible(box, (height, width))
        ],
        pins=segments([(p.x, p.y, p.ix, p.iy) for p in drawing.pins if (p.x, p.y) != (p.ix, p.iy)]),
        buses=segments(drawing.buses),
        texts=[box for box in canvas.to_pixels(texts).reshape(-1, 4) if box_is_visible(box, (height, width))],
        nets=wires_of_nets(connect_nets(wires, junctions, end_px=MEET_PX, junction_px=MEET_PX)),
        metadata={"source": "drawn", "stroke_width": round(style.stroke_px, 4), "style": style.name},
    )


def junction_type(ends: int, dots: bool) -> str:
    """ "cross" for four and more ends, "dot" for three ends with a dot, "T" for three without."""
    return "cross" if ends > 3 else "dot" if dots else "T"
