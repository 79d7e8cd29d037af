"""LabelMe files hold one JSON per image, wires as lines and junctions as points, to be corrected in `labelme`.

LabelMe counts from the image's corner, so half a pixel is added to every coordinate. Shapes are told by their label:

    line, linestrip     wire, pin, bus                group_id of a wire: its net
    point, circle       junction:TYPE                 TYPE is T, cross, dot, ...; T where it is left out
                        crossing:TYPE                 crossing, hop or gap; crossing where it is left out
    rectangle, polygon  text, component:TYPE          any other label is taken for a component's type; a wire, pin or
                                                      bus is the long axis of its outline, a point the middle

Other shapes are left out and counted. The description of a shape holds its confidence, as `confidence 0.93`; without
it, it is 1. Labelme keeps the key "metadata", which it does not know, when it saves.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import AnnotationError, finite_rows, json_objects, read_json
from wire_detection.formats.contract import CORNER_PX, Source, by_hand, in_file, rounded
from wire_detection.formats.objects import (
    COMPONENT,
    LINES,
    OUTLINED,
    POINTS,
    WITHOUT_CONFIDENCE,
    ShapeLists,
    net_number,
    nets_by_wire,
    object_name,
    typed_points,
)
from wire_detection.sheets.boxes import corners_of_bounds
from wire_detection.sheets.safe_files import write_json
from wire_detection.sheets.sheet_folder import SheetFolder

LABELME_VERSION = "5.5.0"
"""The labelme whose file format is written; newer ones read it."""


class Writer:
    """Writes STEM.json files into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        height, width = annotation.image_shape
        write_json(
            self.folder / f"{image.stem}.json",
            {
                "version": LABELME_VERSION,
                "flags": {},
                "shapes": _shapes(annotation),
                "imagePath": path_from(self.folder, image),
                "imageData": None,
                "imageHeight": height,
                "imageWidth": width,
                "metadata": annotation.metadata,
            },
        )

    def finish(self) -> None:
        """Every file is written already."""


def path_from(folder: Path, image: Path) -> str:
    """Tell how `image` is reached from `folder`, with forward slashes; its bare name where there is no such way."""
    try:
        return Path(os.path.relpath(image, folder)).as_posix()
    except ValueError:  # another drive of Windows
        return image.name


def _shapes(annotation: Annotation) -> list[dict]:
    nets = nets_by_wire(annotation)
    shapes = [
        _shape("wire", "line", wire, confidence, nets.get(number))
        for number, (wire, confidence) in enumerate(zip(annotation.wires, annotation.wire_confidences, strict=True))
    ]
    shapes += [
        _shape(f"{name}:{kind}", "point", point, confidence)
        for name, _, point, kind, confidence in typed_points(annotation)
    ]
    shapes += [
        _shape(f"{COMPONENT}{c['type']}", "rectangle", c["bbox"], c["confidence"]) for c in annotation.components
    ]
    shapes += [_shape("text", "rectangle", box) for box in annotation.texts]
    return shapes + [
        _shape(label, "line", segment) for label in ("pin", "bus") for segment in getattr(annotation, LINES[label])
    ]


def _shape(label: str, kind: str, coordinates, confidence: float | None = None, group: int | None = None) -> dict:
    points = rounded(np.asarray(coordinates, np.float64).reshape(-1, 2) + CORNER_PX)
    description = "" if confidence is None else f"confidence {round(float(confidence), 3)}"
    return {
        "label": label,
        "points": points,
        "group_id": group,
        "description": description,
        "shape_type": kind,
        "flags": {},
        "mask": None,
    }


def find_sources(folder: Path) -> Iterator[Source]:
    """List the LabelMe files of a folder."""
    for path in sorted(folder.glob("*.json")):
        yield Source(path.name, lambda sheets, path=path: read_labelme(path, sheets))


def read_labelme(path: Path, sheets: SheetFolder) -> Annotation:
    """Read the annotation of the sheet that a LabelMe file names.

    Raises:
        AnnotationError: when the file cannot be used.
        SheetError: when its image is not among `sheets`, or cannot be read.
    """
    content = read_json(path)
    with in_file(path):
        if not isinstance(content, dict) or "shapes" not in content:
            raise AnnotationError("is no LabelMe file: it has no list of shapes")
        image = sheets.find(str(content.get("imagePath", path.name)))
        objects = _objects_of(json_objects(content, "shapes"))
        shape = (content.get("imageHeight"), content.get("imageWidth"))
        return objects.annotation(image, shape, by_hand(content.get("metadata", {})))


def _objects_of(shapes: list[dict]) -> ShapeLists:
    """Collect what LabelMe's shapes say."""
    objects = ShapeLists()
    for number, shape in enumerate(shapes):
        label, form, points = object_name(str(shape.get("label") or "")), _form(shape), _points(shape, number)
        name, _, kind = label.partition(":")
        confidence = 1.0 if name in WITHOUT_CONFIDENCE else _confidence(shape)
        net = net_number(shape.get("group_id"), f"shape {number}: group_id") if name == "wire" else None
        match form:
            case "line" | "linestrip" if name in LINES and len(points) > 1:
                objects.add_path(name, points, confidence, net)
            case "point" | "circle" if name in POINTS and len(points):
                objects.add_point(name, rounded(points[0]), confidence, kind)
            case "rectangle" if label and len(points) > 1:
                corners = corners_of_bounds([*np.min(points, 0), *np.max(points, 0)])[0]
                objects.add_outline(name if name in OUTLINED else label, corners, confidence, net, kind)
            case "polygon" if label and len(points) > 2:
                objects.add_outline(name if name in OUTLINED else label, points, confidence, net, kind)
            case _:
                objects.leave_out(f"{form[:20]} of {len(points)} points labelled {label[:40]!r}")
    return objects


def _form(shape: dict) -> str:
    """Read the type of a shape; files without one are from the time when all were polygons."""
    return str(shape.get("shape_type") or "polygon")


def _points(shape: dict, number: int) -> np.ndarray:
    """Read the points (N, 2) float64 of a shape in our coordinates."""
    values = finite_rows(shape.get("points"), 2, f"shape {number} point")
    return values.astype(np.float64) - CORNER_PX


def _confidence(shape: dict) -> float:
    """Read the number after the word confidence, 1 where a description only happens to hold the word."""
    found = re.search(r"\bconfidence\s*[:=]?\s*(\d*\.?\d+(?:e-?\d+)?)\b", str(shape.get("description") or "")[:1000])
    return float(found[1]) if found else 1.0
