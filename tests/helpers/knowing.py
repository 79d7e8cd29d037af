"""A model that knows the truth."""

from __future__ import annotations

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.sheets.raster import draw_points, draw_segments


class Knowing:
    """A model that knows the truth of one sheet, whole as it is."""

    def __init__(self, truth: Annotation):
        self.maps = {
            "wire": draw_segments(truth.image_shape, truth.wires, 3),
            "junction": draw_points(truth.image_shape, truth.junctions, 4),
        }

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        padded = {}
        for task, values in self.maps.items():
            pad = np.array(images.shape[1:3]) - values.shape
            above = pad // 2 + pad % 2
            padded[task] = np.pad(values, [(a, p - a) for a, p in zip(above, pad, strict=True)])[None, ..., None]
        return {task: np.clip(values.astype(np.float32), 0.02, 0.98) for task, values in padded.items()}
