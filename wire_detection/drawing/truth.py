"""The exact truth of a drawn sheet, in its pixels."""

from __future__ import annotations

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.connectivity import nets_of
from wire_detection.drawing.drawing import Drawing, ink_box
from wire_detection.drawing.lettering import text_width
from wire_detection.drawing.meetings import Wiring
from wire_detection.drawing.rasterise import Canvas
from wire_detection.drawing.style import Style
from wire_detection.sheets.boxes import box_is_visible
from wire_detection.sheets.geometry import clip_segments


def annotate(drawing: Drawing, wiring: Wiring, style: Style, canvas: Canvas, metadata: dict) -> Annotation:
    """The truth of a drawing on this canvas, cut at the sheet's edges; `metadata` is added to its own."""
    width, height = canvas.size

    def segments(values) -> np.ndarray:
        values = canvas.to_pixels(np.asarray(values, float).reshape(-1, 2, 2)).reshape(-1, 4)
        return clip_segments(values.astype(np.float32), width, height)

    def points(values) -> tuple[np.ndarray, np.ndarray]:
        values = canvas.to_pixels(values).astype(np.float32)
        inside = ((values >= -0.5) & (values <= (width - 0.5, height - 0.5))).all(1)  # the rim of the edge pixels
        return values[inside], inside

    wires = segments(wiring.wires)
    junctions, inside = points(wiring.junctions)
    crossings, visible = points(wiring.crossings)
    types = [kind for kind, kept in zip(wiring.crossing_types, visible, strict=True) if kept]
    boxes = canvas.to_pixels(np.array([box for _, box in drawing.components]).reshape(-1, 2, 2)).reshape(-1, 4)
    texts = np.array([ink_box(t, text_width(t.text, style.font)) for t in drawing.texts]).reshape(-1, 2, 2)
    return Annotation.build(
        image_path="",
        image_shape=(height, width),
        wires=wires,
        junctions=junctions,
        junction_types=[
            junction_type(ends, dot) for ends, dot in zip(wiring.ends[inside], wiring.dotted[inside], strict=True)
        ],
        crossings=crossings,
        crossing_types=types,
        components=[
            {"bbox": np.round(box, 2).tolist(), "type": kind, "confidence": 1.0}
            for (kind, _), box in zip(drawing.components, boxes, strict=True)
            if box_is_visible(box, (height, width))
        ],
        pins=segments([(p.x, p.y, p.ix, p.iy) for p in drawing.pins if (p.x, p.y) != (p.ix, p.iy)]),
        buses=segments(drawing.buses),
        texts=[box for box in canvas.to_pixels(texts).reshape(-1, 4) if box_is_visible(box, (height, width))],
        nets=nets_of(wires, junctions, crossings, types),
        metadata={"source": "drawn", "stroke_width": round(style.stroke_px, 4), "style": style.name, **metadata},
    )


def junction_type(ends: int, dotted: bool) -> str:
    """ "cross" for four and more ends, "dot" for three ends with a dot, "T" for three without."""
    return "cross" if ends > 3 else "dot" if dotted else "T"
