"""An annotation holds what is known of one sheet: its wires, junctions, nets and components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from wire_detection.annotations.sources import PROPOSERS
from wire_detection.sheets.boxes import bounds_of_boxes, box_is_visible, corners_of_bounds
from wire_detection.sheets.geometry import (
    as_points,
    as_segments,
    clip_segments,
    scale_of,
    segment_angles,
    transform_points,
    transform_segments,
)
from wire_detection.sheets.raster import draw_points, draw_segments
from wire_detection.sheets.stroke_width import UNKNOWN_STROKE_WIDTH_PX

TILT_DEG = 5.0
"""A wire this near to an axis is called after it, for a sheet may lie askew by some degrees."""


@dataclass(frozen=True)
class Annotation:
    """What is known of one sheet; every array may be empty, none is ever None.

    image_shape: (height, width) in pixels
    wires: (N, 4) float32 x0 y0 x1 y1      wire_confidences: (N,) float32 in 0..1
    junctions: (M, 2) float32 x y          junction_types: M of "T", "cross", "dot", ...    junction_confidences: (M,)
    crossings: (C, 2) float32 x y, where wires pass each other unconnected      crossing_confidences: (C,)
    crossing_types: C of "crossing" (both run on), "hop" (one makes an arc over the other) or "gap" (one breaks off)
    components: dictionaries with "bbox" [x1, y1, x2, y2], "type" and "confidence"
    pins: (K, 4) float32 lead segments, the straight strokes between a symbol's body and its wires
    doubtful_wires: (K, 4) float32 segments that are rather no wires, and may be some
    doubtful_junctions: (L, 2) float32 x y of places that are rather no junctions, and may be some
    buses: (K, 4) float32 segments         texts: (K, 4) float32 boxes x1 y1 x2 y2
    words: K texts, what stands in these boxes; none where nobody has read them
    nets: groups of indices into wires     metadata: "source", "stroke_width" in pixels, and whatever else is known
    """

    image_path: str
    image_shape: tuple[int, int]
    wires: np.ndarray
    wire_confidences: np.ndarray
    junctions: np.ndarray
    junction_types: tuple[str, ...]
    junction_confidences: np.ndarray
    crossings: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    crossing_types: tuple[str, ...] = ()
    crossing_confidences: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    components: tuple[dict, ...] = ()
    pins: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    buses: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    doubtful_wires: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    doubtful_junctions: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    texts: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    words: tuple[str, ...] = ()
    nets: tuple[tuple[int, ...], ...] = ()
    metadata: dict = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        *,
        image_path: str,
        image_shape: tuple[int, int],
        wires=(),
        wire_confidences=None,
        junctions=(),
        junction_types: Sequence[str] | None = None,
        junction_confidences=None,
        crossings=(),
        crossing_types: Sequence[str] | None = None,
        crossing_confidences=None,
        components=(),
        pins=(),
        buses=(),
        doubtful_wires=(),
        doubtful_junctions=(),
        texts=(),
        words=(),
        nets=(),
        metadata: dict | None = None,
    ) -> Annotation:
        """Make an annotation from anything array-like; confidences default to 1, types to "T" and "crossing"."""
        wires, junctions, crossings = as_segments(wires), as_points(junctions), as_points(crossings)
        return cls(
            image_path=str(image_path),
            image_shape=(int(image_shape[0]), int(image_shape[1])),
            wires=wires,
            wire_confidences=_confidences(wire_confidences, len(wires)),
            junctions=junctions,
            junction_types=tuple(junction_types) if junction_types is not None else ("T",) * len(junctions),
            junction_confidences=_confidences(junction_confidences, len(junctions)),
            crossings=crossings,
            crossing_types=tuple(crossing_types) if crossing_types is not None else ("crossing",) * len(crossings),
            crossing_confidences=_confidences(crossing_confidences, len(crossings)),
            components=tuple(components),
            pins=as_segments(pins),
            buses=as_segments(buses),
            doubtful_wires=as_segments(doubtful_wires),
            doubtful_junctions=as_points(doubtful_junctions),
            texts=as_segments(texts),
            words=tuple(words),
            nets=tuple(tuple(int(i) for i in net) for net in nets),
            metadata=dict(metadata or {}),
        )

    @property
    def is_proposed(self) -> bool:
        """Whether a program made it and nobody looked at it since."""
        return self.metadata.get("source") in PROPOSERS

    @property
    def stroke_width(self) -> float | None:
        """The sheet's stroke width in pixels, where the annotation knows it."""
        return self.metadata.get("stroke_width")

    @property
    def passed(self) -> np.ndarray:
        """(K, 2) the crossings where one wire hops over the other or breaks off, and goes on behind it."""
        return self.crossings[[kind != "crossing" for kind in self.crossing_types]]

    @property
    def stroke_px(self) -> float:
        """The sheet's stroke width in pixels, UNKNOWN_STROKE_WIDTH_PX where the annotation does not know it."""
        return self.stroke_width or UNKNOWN_STROKE_WIDTH_PX


def _confidences(values, count: int) -> np.ndarray:
    return np.ones(count, np.float32) if values is None else np.asarray(values, np.float32).reshape(count)


def wire_types(wires: np.ndarray) -> list[str]:
    """Tell whether each of the (N, 4) wires is "horizontal", "vertical" or "diagonal"; a scan's tilt is no diagonal."""
    angles = segment_angles(wires)
    horizontal = np.minimum(angles, 180 - angles) <= TILT_DEG
    vertical = np.abs(angles - 90) <= TILT_DEG
    return np.select([horizontal, vertical], ["horizontal", "vertical"], "diagonal").tolist()


def transform_annotation(annotation: Annotation, matrix: np.ndarray, shape: tuple[int, int]) -> Annotation:
    """Annotate the same sheet after the map `matrix`, affine (2, 3) or projective (3, 3).

    The new image has the `shape` (height, width). Segments and text boxes are cut at the new image's
    edge; what falls outside is left out, and so are the nets, whose wire indices no longer hold.
    """
    height, width = shape
    wires = transform_segments(annotation.wires, matrix)
    pieces = [clip_segments(wire[None], width, height) for wire in wires]
    kept = np.array([len(piece) > 0 for piece in pieces], bool)
    points, inside = _moved_inside(annotation.junctions, matrix, shape)
    passes, visible = _moved_inside(annotation.crossings, matrix, shape)
    doubted, in_view = _moved_inside(annotation.doubtful_junctions, matrix, shape)
    scale = scale_of(matrix, annotation.image_shape)
    boxes = _transform_boxes([component["bbox"] for component in annotation.components], matrix)
    texts = _transform_boxes(annotation.texts, matrix)
    shown = [box_is_visible(box, shape) for box in texts]
    metadata = dict(annotation.metadata)
    if annotation.stroke_width is not None:
        metadata["stroke_width"] = float(annotation.stroke_width) * scale
    return replace(
        annotation,
        image_shape=(int(height), int(width)),
        wires=as_segments(np.concatenate(pieces) if pieces else ()),
        wire_confidences=annotation.wire_confidences[kept],
        junctions=as_points(points[inside]),
        junction_types=tuple(t for t, keep in zip(annotation.junction_types, inside, strict=True) if keep),
        junction_confidences=annotation.junction_confidences[inside],
        crossings=as_points(passes[visible]),
        crossing_types=tuple(t for t, keep in zip(annotation.crossing_types, visible, strict=True) if keep),
        crossing_confidences=annotation.crossing_confidences[visible],
        components=tuple(
            {**component, "bbox": box.tolist()}
            for component, box in zip(annotation.components, boxes, strict=True)
            if box_is_visible(box, shape)
        ),
        pins=clip_segments(transform_segments(annotation.pins, matrix), width, height),
        buses=clip_segments(transform_segments(annotation.buses, matrix), width, height),
        doubtful_wires=clip_segments(transform_segments(annotation.doubtful_wires, matrix), width, height),
        doubtful_junctions=as_points(doubted[in_view]),
        texts=as_segments(texts[shown]),
        words=tuple(word for word, keep in zip(annotation.words, shown, strict=False) if keep),
        nets=(),
        metadata=metadata,
    )


def _moved_inside(points: np.ndarray, matrix: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """(N, 2) points after the affine map, and (N,) which of them lie on the image of this shape."""
    moved = transform_points(points, matrix)
    return moved, ((moved > -0.5) & (moved < np.array(shape[::-1]) - 0.5)).all(1)


def _transform_boxes(boxes, matrix: np.ndarray) -> np.ndarray:
    """Give the upright boxes around the transformed corners of (K, 4) boxes."""
    corners = transform_points(corners_of_bounds(as_segments(boxes)).reshape(-1, 2), matrix)
    return bounds_of_boxes(corners).astype(np.float32)


def drawn_masks(annotation: Annotation) -> dict[str, np.ndarray]:
    """Draw the masks (H, W) bool "wire", as wide as the sheet's strokes, and "junction", discs of twice that radius."""
    stroke_px = max(1.0, annotation.stroke_px)
    return {
        "wire": draw_segments(annotation.image_shape, annotation.wires, round(stroke_px)),
        "junction": draw_points(annotation.image_shape, annotation.junctions, 2 * stroke_px),
    }
