"""What is found on a clean sheet is moved to where it lies in the picture that was given."""

from __future__ import annotations

from dataclasses import replace

from wire_detection.annotations.annotation import Annotation
from wire_detection.sheets.boxes import bounds_of_boxes, corners_of_bounds
from wire_detection.sheets.geometry import as_segments
from wire_detection.sheets.prepare import CleanSheet


def on_picture(annotation: Annotation, sheet: CleanSheet) -> Annotation:
    """Move what is found on a clean sheet to where it lies in its picture, none of it outside."""
    corners = corners_of_bounds(annotation.texts).reshape(-1, 2)
    return replace(
        annotation,
        image_shape=sheet.given_shape,
        wires=sheet.segments_on_given(annotation.wires),
        junctions=sheet.points_on_given(annotation.junctions),
        crossings=sheet.points_on_given(annotation.crossings),
        doubtful_wires=sheet.segments_on_given(annotation.doubtful_wires),
        doubtful_junctions=sheet.points_on_given(annotation.doubtful_junctions),
        texts=as_segments(bounds_of_boxes(sheet.points_on_given(corners))),
    )
