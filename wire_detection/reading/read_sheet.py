"""From a sheet to its annotation: maps by a network, then vectors in the image's own pixels."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from wire_detection import defaults
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.on_picture import on_picture
from wire_detection.annotations.sources import MODEL_SOURCE
from wire_detection.classic.detect import LEAST_CONFIDENCE
from wire_detection.networks.runtimes import load_model, model_file
from wire_detection.reading.doubts import likely_reason
from wire_detection.reading.maps import Maps, map_sheet
from wire_detection.reading.trace import trace_maps
from wire_detection.sheets.image_files import picture_of_array
from wire_detection.sheets.listing import Page, find_pages
from wire_detection.sheets.picture import Picture
from wire_detection.sheets.prepare import NOTHING_KNOWN, Known


def read_sheet(sheet: str | Path | Page | np.ndarray, model=None) -> Annotation:
    """Read the wires, junctions and nets of one sheet.

    Args:
        sheet: path of an image file, or of a PDF, whose first page is read; one of the pages that `find_pages` gives;
            or pixels: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, uint8.
        model: what `load_model` gives; the shipped network when None, which stays loaded between calls.

    Returns:
        the annotation, in pixels of the image.

    Raises:
        SheetError: when the file cannot be read as an image, or the array is none.
    """
    model = model or _shipped_model()
    if isinstance(sheet, np.ndarray):
        return predict_sheet(model, picture_of_array(sheet))
    page = sheet if isinstance(sheet, Page) else find_pages(sheet).pages[0]
    return predict_sheet(model, page.picture(), image_path=page.name)


@cache
def _shipped_model():
    """The network that `--predict` uses too, loaded once."""
    return load_model(model_file(defaults.PRETRAINED, defaults.MODEL_TYPE, defaults.MODEL_SIZE))


def predict_sheet(model, picture: Picture, *, image_path: str = "", known: Known = NOTHING_KNOWN) -> Annotation:
    """The wires, junctions and nets of a picture of a sheet, in its own pixels."""
    return read_maps(map_sheet(model, picture, known), image_path=image_path)


def read_maps(
    maps: Maps,
    *,
    image_path: str = "",
    map_alone: bool = False,
    least_confidence: float = LEAST_CONFIDENCE,
) -> Annotation:
    """The annotation of the picture of a sheet by the sheet's maps.

    Args:
        image_path: the name of the page, which the annotation states.
        map_alone: whether the maps alone say what is a wire, and not the look of the strokes too.
        least_confidence: of the wires; a low one adds doubtful wires and changes neither the others nor the junctions.
    """
    sheet = maps.sheet
    read = trace_maps(
        sheet.grey,
        maps.probabilities,
        maps.matrix,
        stroke_px=sheet.stroke_px,
        map_alone=map_alone,
        least_confidence=least_confidence,
    )
    confidence = read.metadata["confidence"]
    metadata = {
        "source": MODEL_SOURCE,
        "stroke_width": round(sheet.stroke_px, 2),
        "confidence": round(confidence, 3),
        "doubt": likely_reason(sheet, len(read.wires), confidence),
        **sheet.found,
    }
    return replace(on_picture(read, sheet), image_path=image_path, metadata=metadata)
