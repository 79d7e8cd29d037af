"""The annotation of a sheet by classic detection."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation


def annotate_sheet(grey: np.ndarray, path: str | Path, *, text_cache: Path | None = None, **settings) -> Annotation:
    """The annotation of one sheet `grey` (H, W) uint8; `settings` as for `create_annotation_batch`."""
    from wire_detection.classic.detect import detect_wires
    from wire_detection.classic.ocr import cached_text

    texts = np.zeros((0, 4), np.float32) if text_cache is None else cached_text(grey, text_cache)[:, :4]
    found = detect_wires(grey, text_boxes=texts, **settings)
    return Annotation.build(
        image_path=Path(path).name,
        image_shape=grey.shape,
        wires=found.wires,
        wire_confidences=found.wire_confidences,
        junctions=found.junctions,
        junction_types=found.junction_types,
        junction_confidences=found.junction_confidences,
        texts=texts,
        metadata={"source": "hough", "stroke_width": round(found.stroke_width, 3), **settings},
    )
