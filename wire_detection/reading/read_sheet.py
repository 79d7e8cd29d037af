"""From a sheet to its annotation: maps by a network, then vectors in the image's own pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.detect import LEAST_CONFIDENCE
from wire_detection.reading.maps import Maps, map_sheet
from wire_detection.reading.trace import trace_maps


def predict_sheet(model, grey: np.ndarray, *, image_path: str | Path = "") -> Annotation:
    """The wires, junctions and nets of a sheet (H, W) uint8, in its own pixels."""
    return read_maps(grey, map_sheet(model, grey), image_path=image_path)


def read_maps(
    grey: np.ndarray,
    maps: Maps,
    *,
    image_path: str | Path = "",
    map_alone: bool = False,
    least_confidence: float = LEAST_CONFIDENCE,
) -> Annotation:
    """The annotation of a sheet (H, W) uint8 by its maps.

    Args:
        image_path: whose name the annotation states.
        map_alone: whether the maps alone say what is a wire, and not the look of the strokes too.
        least_confidence: of the wires; a low one adds doubtful wires and changes neither the others nor the junctions.
    """
    vectors = trace_maps(grey, maps.probabilities, maps.matrix, map_alone=map_alone, least_confidence=least_confidence)
    return Annotation.build(
        image_path=Path(image_path).name,
        image_shape=grey.shape,
        wires=vectors.wires,
        wire_confidences=vectors.wire_confidences,
        junctions=vectors.junctions,
        junction_types=vectors.junction_types,
        junction_confidences=vectors.junction_confidences,
        nets=vectors.nets,
        metadata={"source": "model", "stroke_width": round(maps.stroke_px, 2)},
    )
