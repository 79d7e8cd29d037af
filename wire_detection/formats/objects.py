"""Formats of named shapes share how an object becomes ours: it has a name and is a line, a point or a box.

Names are wire, pin and bus for lines, junction and crossing for points, text and component:TYPE for boxes, in upper or
lower case and singular or plural; any other name of a box is taken for a component's type.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import annotation_from_json
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.contract import rounded
from wire_detection.sheets.boxes import axis_of_outline, boxes_of_points, boxes_of_segments, corners_of_bounds
from wire_detection.sheets.listing import Page

log = logging.getLogger(__name__)

LINES = {"wire": "wires", "pin": "pins", "bus": "buses"}
"""Name of a line -> the annotation's list of such lines."""

COMPONENT = "component:"
"""The name of a component begins so; its type follows."""

SPELLINGS = {
    "wires": "wire",
    "junctions": "junction",
    "crossings": "crossing",
    "pins": "pin",
    "buses": "bus",
    "busses": "bus",
    "texts": "text",
    "components": "component",
}
"""What people write for the names of this file, in lower case."""

POINTS = {"junction": "junctions", "crossing": "crossings"}
"""Name of a point -> the annotation's list of such points."""

USUAL_KINDS = {"junction": "T", "crossing": "crossing"}
"""Name of a point -> its type where none is stated."""

OUTLINED = (*LINES, *POINTS)
"""Objects that an outline may surround and that are no boxes themselves."""

WITHOUT_CONFIDENCE = ("pin", "bus", "text")
"""Objects whose confidence the annotation does not hold."""

MAX_ENTRIES = 2_000_000
"""More objects than this in one file of many sheets are refused."""

POINT_SIDE = 4
"""Side of the square that stands for a junction or a crossing, in stroke widths: twice the diameter of a small dot."""


class ShapeLists:
    """The lists of our annotation file, filled with one foreign shape after the other.

    Coordinates are lists of float pixels, pixel centres at integers; they are checked when all are put together.
    """

    def __init__(self):
        self._lists: dict[str, list] = {name: [] for name in (*LINES.values(), *POINTS.values(), "components", "texts")}
        self._nets: dict[int, list[int]] = {}
        self._left_out: Counter[str] = Counter()

    def add_line(self, name: str, segment: list[float], confidence: object = 1.0, net: int | None = None) -> None:
        """Take a wire, pin or bus [x0, y0, x1, y1]; wires of one number `net` are one net."""
        lines = self._lists[LINES[name]]
        if name != "wire":
            lines.append(segment)
            return
        if net is not None:
            self._nets.setdefault(net, []).append(len(lines))
        lines.append({"start": segment[:2], "end": segment[2:], "confidence": confidence})

    def add_path(self, name: str, points: np.ndarray, confidence: object = 1.0, net: int | None = None) -> None:
        """Take a wire, pin or bus through all of the points (N, 2)."""
        for start, end in pairwise(rounded(points)):
            self.add_line(name, start + end, confidence, net)

    def add_outline(
        self, name: str, points: np.ndarray, confidence: object = 1.0, net: int | None = None, kind: object = ""
    ) -> None:
        """Take what the outline (N, 2) surrounds: a line is its long axis, a point its middle, all else a box."""
        if name in LINES:
            self.add_line(name, rounded(axis_of_outline(points)), confidence, net)
            return
        low, high = np.min(points, 0), np.max(points, 0)
        if name in POINTS:
            self.add_point(name, rounded((low + high) / 2), confidence, kind)
        else:
            self.add_box(name, rounded([*low, *high]), confidence)

    def leave_out(self, description: str) -> None:
        """Count a shape that says nothing about a schematic."""
        self._left_out[description] += 1

    def add_point(self, name: str, centre: list[float], confidence: object = 1.0, kind: object = "") -> None:
        """Take a junction or crossing [x, y] of the type `kind`, by default the usual one."""
        self._lists[POINTS[name]].append(
            {"center": centre, "type": kind or USUAL_KINDS[name], "confidence": confidence}
        )

    def add_box(self, name: str, bounds: list[float], confidence: object = 1.0) -> None:
        """Take a text or a component [x1, y1, x2, y2]."""
        if name == "text":
            self._lists["texts"].append(bounds)
            return
        self._lists["components"].append(
            {"bbox": bounds, "type": name.removeprefix(COMPONENT), "confidence": confidence}
        )

    def annotation(self, page: Page, shape: Sequence, metadata: object) -> Annotation:
        """The annotation of a page, of which the foreign file says that it has `shape` (height, width), or None of it.

        What was left out is told in one line.

        Raises:
            AnnotationError: when a value cannot be used, or the sheet has another shape.
            SheetError: when the sheet cannot be read.
        """
        if self._left_out:
            most = ", ".join(f"{count} {what}" for what, count in self._left_out.most_common(3))
            log.warning("%s: left out %d shapes that are no object here (%s)", page.name, self._left_out.total(), most)
        content = {
            "image_path": page.name,
            "image_shape": [own if stated is None else stated for stated, own in zip(shape, page.shape(), strict=True)],
            "metadata": metadata,
            "nets": [self._nets[net] for net in sorted(self._nets)],
            **self._lists,
        }
        return annotation_from_json(content, page.shape())


def object_name(stated: str) -> str:
    """Name an object as this file writes it, of whatever somebody called it: `wire` of `Wires`."""
    head, colon, kind = stated.strip().partition(":")
    plain = SPELLINGS.get(head.strip().lower(), head.strip().lower())
    known = plain in (*LINES, *POINTS, "text", "component")
    return f"{plain}{colon}{kind.strip()}" if known else stated.strip()


def net_number(value: object, place: str) -> int | None:
    """Check a wire's number of its net, None where it states none; AnnotationError, begun by `place`, for all else."""
    if value is not None and type(value) is not int:
        raise AnnotationError(f"{place} must be a whole number, that of the net, got {str(value)[:40]!r}")
    return value


def typed_points(annotation: Annotation) -> Iterator[tuple[str, int, np.ndarray, str, float]]:
    """Give name, number in its list, place (2,), type and confidence of every junction and crossing."""
    for name, kinds, confidences in (
        ("junction", annotation.junction_types, annotation.junction_confidences),
        ("crossing", annotation.crossing_types, annotation.crossing_confidences),
    ):
        points = getattr(annotation, POINTS[name])
        for number, (point, kind, confidence) in enumerate(zip(points, kinds, confidences, strict=True)):
            yield name, number, point, kind, confidence


def nets_by_wire(annotation: Annotation) -> dict[int, int]:
    """Map the number of a wire to that of the first net that holds it, for the wires that belong to a net."""
    return {wire: number for number, net in reversed(list(enumerate(annotation.nets))) for wire in net}


def corners_by_list(annotation: Annotation) -> dict[str, np.ndarray]:
    """Map the name of a list of the annotation to the corners (N, 4, 2) float64 of its objects' boxes.

    Lines are boxes of the stroke width and points small squares.
    """
    shape, stroke_px = annotation.image_shape, annotation.stroke_px
    return {
        **{name: boxes_of_segments(getattr(annotation, name), stroke_px, shape) for name in LINES.values()},
        **{name: boxes_of_points(getattr(annotation, name), POINT_SIDE * stroke_px, shape) for name in POINTS.values()},
        "texts": corners_of_bounds(annotation.texts),
        "components": corners_of_bounds([component["bbox"] for component in annotation.components]),
    }
