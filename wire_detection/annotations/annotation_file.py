"""An annotation file holds the wires, junctions and components of a sheet in JSON, `STEM.json` beside `STEM.png`.

    {"version": 1, "image_path": "amp.png", "image_shape": [height, width],
     "wires":      [{"start": [x, y], "end": [x, y], "type": "horizontal", "confidence": 1.0, "length": 120.0}],
     "junctions":  [{"center": [x, y], "type": "dot", "confidence": 1.0}],
     "crossings":  [{"center": [x, y], "type": "hop", "confidence": 1.0}],
     "components": [{"bbox": [x1, y1, x2, y2], "type": "resistor", "confidence": 1.0}],
     "metadata":   {"source": "manual", "stroke_width": 2.0}}

`crossings`, which may be left out, are where wires pass each other unconnected: "crossing" where both run on, "hop"
where one makes an arc over the other, "gap" where one breaks off on both sides of the other. The wire that hops or
breaks is two wires of one net, which end at the arc or the gap.

Coordinates are (x, y) in float pixels of the image, pixel centres at integers, origin top left. Drawn sheets also
name what a score should not care about and what nothing but a drawing knows: `pins` (the lead segments of symbols) and
`buses` as [x1, y1, x2, y2], `texts` (boxes [x1, y1, x2, y2]) and `nets` (lists of wire indices). Where texts have been
read, `words` are what they say, one for each. What a program is not sure of stands under `doubtful_wires`
[x1, y1, x2, y2] and `doubtful_junctions` [x, y]: it is rather none, and no scorer or other program sees it.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation, wire_types
from wire_detection.annotations.json_checks import AnnotationError, as_list, finite_rows, json_objects, read_json
from wire_detection.sheets.geometry import segment_lengths
from wire_detection.sheets.listing import Page
from wire_detection.sheets.safe_files import write_text

FORMAT_VERSION = 1
"""Stated by every file, so that a later form can be told from this one."""

MAX_STROKE_PX = 200
"""A file that states wider strokes is damaged."""

SEGMENTS, POINTS = ("pins", "buses", "doubtful_wires"), ("doubtful_junctions",)
"""Keys of bare rows of numbers, [x1, y1, x2, y2] and [x, y], that may be left out."""

EDGE_PX = 1.0
"""Ends may lie this far outside the image, as on the rim of an edge pixel; boxes may stick out."""


def annotation_path(folder: str | Path, sheet: Page | Path) -> Path:
    """Tell where the annotation of a page, or of an image file of one, lies in a folder of annotations."""
    return Path(folder) / f"{sheet.stem}.json"


def write_annotation(annotation: Annotation, path: str | Path) -> None:
    """Write `annotation` as JSON, whole or not at all."""
    write_text(path, json.dumps(_to_json(annotation), allow_nan=False, ensure_ascii=False) + "\n")


def _to_json(annotation: Annotation) -> dict:
    wires = [
        {"start": wire[:2], "end": wire[2:], "type": kind, "confidence": confidence, "length": length}
        for wire, kind, confidence, length in zip(
            _rounded(annotation.wires),
            wire_types(annotation.wires),
            _rounded(annotation.wire_confidences, 3),
            _rounded(segment_lengths(annotation.wires), 1),
            strict=True,
        )
    ]
    junctions = _points(annotation.junctions, annotation.junction_types, annotation.junction_confidences)
    crossings = _points(annotation.crossings, annotation.crossing_types, annotation.crossing_confidences)
    content = {
        "version": FORMAT_VERSION,
        "image_path": annotation.image_path,
        "image_shape": list(annotation.image_shape),
        "wires": wires,
        "junctions": junctions,
        **({"crossings": crossings} if crossings else {}),
        "components": list(annotation.components),
    }
    for name in (*SEGMENTS, *POINTS, "texts"):
        if len(getattr(annotation, name)):
            content[name] = _rounded(getattr(annotation, name))
    if annotation.words:
        content["words"] = list(annotation.words)
    if annotation.nets:
        content["nets"] = [list(net) for net in annotation.nets]
    counts = {"num_wires": len(wires), "num_junctions": len(junctions), "num_components": len(annotation.components)}
    return {**content, "metadata": {**annotation.metadata, **counts}}


def _points(centers: np.ndarray, types: tuple[str, ...], confidences: np.ndarray) -> list[dict]:
    """(N, 2) junctions or crossings as JSON objects."""
    rows = zip(_rounded(centers), types, _rounded(confidences, 3), strict=True)
    return [{"center": center, "type": kind, "confidence": confidence} for center, kind, confidence in rows]


def _rounded(values: np.ndarray, digits: int = 2) -> list:
    return np.round(np.asarray(values, np.float64), digits).tolist()


def read_annotation(path: str | Path, image_shape: tuple[int, int] | None = None) -> Annotation:
    """Read and check an annotation file.

    Args:
        path: the JSON file.
        image_shape: (height, width) of the sheet that it should belong to, if known.

    Raises:
        AnnotationError: when the file is missing, no annotation, for another image size, or holds a number that is
            not finite or lies outside the image.
    """
    path = Path(path)
    content = read_json(path)
    if not isinstance(content, dict):
        raise AnnotationError(f"{path}: holds a JSON {type(content).__name__}, not an annotation object")
    try:
        return annotation_from_json(content, image_shape)
    except AnnotationError as error:
        raise AnnotationError(f"{path}: {error}") from None


def annotation_from_json(content: dict, expected_shape: tuple[int, int] | None) -> Annotation:
    """Check a JSON object of the form above and make it an annotation; AnnotationError where it is none."""
    shape = _shape(content.get("image_shape"))
    if expected_shape is not None and shape != tuple(expected_shape):
        raise AnnotationError(
            f"is for an image of {shape[1]}x{shape[0]} pixels, but the image has "
            f"{expected_shape[1]}x{expected_shape[0]}; annotate it again"
        )
    wires, junctions = json_objects(content, "wires"), json_objects(content, "junctions")
    crossings, components = json_objects(content, "crossings"), json_objects(content, "components")
    metadata = content.get("metadata", {})
    if not isinstance(metadata, dict):
        raise AnnotationError("metadata must be an object")
    if "stroke_width" in metadata:
        stroke_px = float(finite_rows([metadata["stroke_width"]], 1, "metadata stroke_width")[0, 0])
        if not 0 <= stroke_px <= MAX_STROKE_PX:
            raise AnnotationError(f"metadata stroke_width must lie in 0..{MAX_STROKE_PX} pixels, got {stroke_px:g}")
    ends = [as_list(w.get("start")) + as_list(w.get("end")) for w in wires]
    boxes = _rounded(finite_rows([c.get("bbox") for c in components], 4, "component"), 4)
    shares = _rounded(_shares(components, "component"), 4)
    return Annotation.build(
        image_path=str(content.get("image_path", "")),
        image_shape=shape,
        wires=_inside(finite_rows(ends, 4, "wire"), shape, "wire"),
        wire_confidences=_shares(wires, "wire"),
        junctions=_inside(finite_rows([j.get("center") for j in junctions], 2, "junction"), shape, "junction"),
        junction_types=[str(j.get("type", "T")) for j in junctions],
        junction_confidences=_shares(junctions, "junction"),
        crossings=_inside(finite_rows([c.get("center") for c in crossings], 2, "crossing"), shape, "crossing"),
        crossing_types=[str(c.get("type", "crossing")) for c in crossings],
        crossing_confidences=_shares(crossings, "crossing"),
        components=[
            {**component, "bbox": box, "type": str(component.get("type", "")), "confidence": share}
            for component, box, share in zip(components, boxes, shares, strict=True)
        ],
        nets=_nets(content.get("nets", []), len(wires)),
        metadata=metadata,
        texts=finite_rows(content.get("texts", []), 4, "texts"),
        words=_words(content.get("words", []), len(as_list(content.get("texts", [])))),
        **{name: _inside(finite_rows(content.get(name, []), 4, name), shape, name) for name in SEGMENTS},
        **{name: _inside(finite_rows(content.get(name, []), 2, name), shape, name) for name in POINTS},
    )


def _shape(value: object) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or not all(type(v) is int and 0 < v <= 1_000_000 for v in value):
        raise AnnotationError(f"image_shape must be [height, width] in pixels, got {str(value)[:60]}")
    return value[0], value[1]


def _inside(values: np.ndarray, shape: tuple[int, int], name: str) -> np.ndarray:
    height, width = shape
    points = values.reshape(len(values), values.shape[1] // 2, 2)
    outside = ((points < -EDGE_PX) | (points > np.array([width, height]) - 1 + EDGE_PX)).any((1, 2))
    if outside.any():
        raise AnnotationError(f"{name} {int(np.argmax(outside))} lies outside the {width}x{height} image")
    return values


def _shares(items: list[dict], name: str) -> np.ndarray:
    """Read the confidences (N,) of annotation objects, 1 where none is stated."""
    values = finite_rows([item.get("confidence", 1.0) for item in items], 1, f"{name} confidence")[:, 0]
    if ((values < 0) | (values > 1)).any():
        raise AnnotationError(f"{name} {int(np.argmax((values < 0) | (values > 1)))}: confidence must lie in 0..1")
    return values


def _words(value: object, num_texts: int) -> list[str]:
    if not isinstance(value, list) or len(value) not in (0, num_texts) or not all(type(word) is str for word in value):
        raise AnnotationError(f"words must be a list of {num_texts} texts, one for each of texts, or left out")
    return value


def _nets(value: object, num_wires: int) -> list[list[int]]:
    if not isinstance(value, list):
        raise AnnotationError("nets must be a list of lists of wire numbers")
    for index, net in enumerate(value):
        if not isinstance(net, list) or not all(type(i) is int and 0 <= i < num_wires for i in net):
            raise AnnotationError(f"net {index} must list wires by numbers from 0 to {num_wires - 1}")
    return value
