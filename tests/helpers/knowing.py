"""A model that knows the truth."""

from __future__ import annotations

import numpy as np

from wire_detection.annotations.annotation import Annotation, transform_annotation
from wire_detection.sheets.raster import draw_points, draw_segments

HALVE = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]])


class Knowing:
    """A model that knows the truth of one sheet, whole as it is, and is asked for it at its own scale and at half."""

    def __init__(self, truth: Annotation):
        half = transform_annotation(truth, HALVE, tuple(-(-side // 2) for side in truth.image_shape))
        self.maps = [
            {
                "wire": draw_segments(scaled.image_shape, scaled.wires, 3),
                "junction": draw_points(scaled.image_shape, scaled.junctions, 4),
            }
            for scaled in (truth, half)
        ]
        self.asked = 0

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        padded = {}
        maps = self.maps[self.asked % 2]
        self.asked += 1
        for task, values in maps.items():
            pad = np.array(images.shape[1:3]) - values.shape
            above = pad // 2 + pad % 2
            padded[task] = np.pad(values, [(a, p - a) for a, p in zip(above, pad, strict=True)])[None, ..., None]
        return {task: np.clip(values.astype(np.float32), 0.02, 0.98) for task, values in padded.items()}
