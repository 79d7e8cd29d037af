"""A sheet is annotated by classic detection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.on_picture import on_picture
from wire_detection.annotations.sources import CLASSIC_SOURCE
from wire_detection.sheets.geometry import as_segments
from wire_detection.sheets.prepare import NOTHING_KNOWN, Known, clean_sheet


def annotate_sheet(
    grey: np.ndarray,
    path: str | Path,
    *,
    text_cache: Path | None = None,
    known: Known = NOTHING_KNOWN,
    **settings,
) -> Annotation:
    """Annotate the picture of one sheet (H, W) uint8; `known` and `settings` as for `create_annotation_batch`."""
    from wire_detection.classic.detect import detect_wires
    from wire_detection.classic.ocr import NO_TEXT, cached_text

    sheet = clean_sheet(grey, known)
    text = NO_TEXT if text_cache is None else cached_text(sheet.grey, text_cache)
    found = detect_wires(sheet.grey, stroke_px=sheet.stroke_px, text_boxes=text.boxes[:, :4], **settings)
    stroke_px = round(found.stroke_px, 3)
    return replace(
        on_picture(replace(found, texts=as_segments(text.boxes[:, :4]), words=text.words), sheet),
        image_path=str(path),
        metadata={"source": CLASSIC_SOURCE, "stroke_width": stroke_px, **sheet.found, **settings},
    )
