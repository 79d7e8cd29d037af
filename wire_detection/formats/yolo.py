"""YOLO label files hold oriented boxes: labels/STEM.txt has one object per line, `class x1 y1 x2 y2 x3 y3 x4 y4`.

Coordinates are shares of the image's width and height, counted from its corner. A wire, pin or bus is a box of the
stroke width around its middle line and is read back as its longer axis; a junction is a small square; components and
texts are upright boxes. classes.txt names the classes in the order of their numbers; data.yaml says the same to YOLO.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import MAX_OBJECTS, AnnotationError, read_text
from wire_detection.formats.contract import CORNER_PX, Source, broken_source, in_file, rounded
from wire_detection.formats.objects import COMPONENT, LINES, ShapeLists, corners_by_list
from wire_detection.sheets.boxes import axes_of_boxes, bounds_of_boxes
from wire_detection.sheets.safe_files import write_text
from wire_detection.sheets.sheet_folder import SheetFolder

LABELS, CLASSES, DATA = "labels", "classes.txt", "data.yaml"
"""The folder and the files that YOLO looks for."""
FIXED_CLASSES = ("wire", "junction", "pin", "bus", "text")
MAX_LABEL_BYTES = 16 * 2**20
"""A larger file is refused unread: MAX_OBJECTS lines take some 9 MB."""


class Writer:
    """Writes labels/STEM.txt into a folder, and in the end the names of the classes."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._classes = list(FIXED_CLASSES)

    def add(self, annotation: Annotation, image: Path) -> None:
        size = np.array(annotation.image_shape[::-1], np.float64)
        lines = []
        for name, boxes in _boxes(annotation):
            if name not in self._classes:
                self._classes.append(name)
            shares = (boxes + CORNER_PX) / size
            lines += [
                f"{self._classes.index(name)} " + " ".join(f"{v:.8g}" for v in row)
                for row in np.clip(shares, 0, 1).reshape(-1, 8).tolist()
            ]
        write_text(self.folder / LABELS / f"{image.stem}.txt", "".join(f"{line}\n" for line in lines))

    def finish(self) -> None:
        write_text(self.folder / CLASSES, "".join(f"{name}\n" for name in self._classes))
        names = "".join(f"  {number}: {json.dumps(name)}\n" for number, name in enumerate(self._classes))
        write_text(
            self.folder / DATA,
            "# The sheets belong into the folder images beside the folder labels.\n"
            f"train: images\nval: images\nnames:\n{names}",
        )


def _boxes(annotation: Annotation) -> Iterator[tuple[str, np.ndarray]]:
    """Give class and boxes (N, 4, 2), in our own coordinates, of all objects."""
    boxes = corners_by_list(annotation)
    for name, lines in LINES.items():
        yield name, boxes[lines]
    yield "junction", boxes["junctions"]
    yield "text", boxes["texts"]
    for component, corners in zip(annotation.components, boxes["components"], strict=True):
        yield COMPONENT + " ".join(component["type"].split()), corners


def find_sources(folder: Path) -> Iterator[Source]:
    """List the label files of a folder, or of its folder `labels`."""
    inner = folder / LABELS
    paths = [p for p in sorted((inner if inner.is_dir() else folder).glob("*.txt")) if p != folder / CLASSES]
    if not paths:
        return
    try:
        classes = read_classes(folder / CLASSES)
    except AnnotationError as error:
        yield broken_source(CLASSES, error)
        return
    for path in paths:
        yield Source(path.name, lambda sheets, path=path: read_labels(path, classes, sheets))


def read_classes(path: Path) -> list[str]:
    """Read the names of the classes, one per line, numbered from 0."""
    return [line.strip() for line in read_text(path, MAX_LABEL_BYTES).splitlines()]


def read_labels(path: Path, classes: list[str], sheets: SheetFolder) -> Annotation:
    """Read the annotation of the sheet after which a label file is called.

    A tenth number in a line, as YOLO adds to its predictions, is the confidence.

    Raises:
        AnnotationError: when the file cannot be used.
        SheetError: when there is no such image among `sheets`, or it cannot be read.
    """
    text = read_text(path, MAX_LABEL_BYTES)
    with in_file(path):
        image = sheets.find(path.name)
        shape = image.shape()
        numbers, values = _rows(text, len(classes))
        corners = values[:, :8].reshape(-1, 4, 2) * shape[::-1] - CORNER_PX
        names = [classes[number] for number in numbers]
        return _objects_of(names, corners, values[:, 8]).annotation(image, shape, _metadata(names, corners))


def _rows(text: str, num_classes: int) -> tuple[list[int], np.ndarray]:
    """Read class numbers, and (N, 9) float64: eight shares and the confidence."""
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_OBJECTS:
        raise AnnotationError(f"holds {len(lines)} objects, more than the {MAX_OBJECTS} allowed")
    classes, values = [], np.ones((len(lines), 9))
    for row, (number, words) in enumerate(lines):
        if len(words) not in (9, 10):
            raise AnnotationError(f"line {number} has {len(words)} numbers; an oriented box needs a class and 8 shares")
        try:
            classes.append(int(words[0]))
            values[row, : len(words) - 1] = [float(word) for word in words[1:]]
        except ValueError:
            raise AnnotationError(f"line {number} holds what is no number: {' '.join(words)[:60]!r}") from None
        if not 0 <= classes[-1] < num_classes:
            raise AnnotationError(f"line {number}: class {words[0][:20]} is none of the {num_classes} of {CLASSES}")
        if not (np.abs(values[row]) <= 2).all():
            raise AnnotationError(f"line {number}: coordinates must be shares of the image from 0 to 1")
    return classes, values


def _objects_of(names: list[str], corners: np.ndarray, confidences: np.ndarray) -> ShapeLists:
    """Collect what class names, boxes (N, 4, 2) in our coordinates and confidences (N,) say."""
    axes, bounds, centres = map(rounded, (axes_of_boxes(corners)[0], bounds_of_boxes(corners), corners.mean(1)))
    objects = ShapeLists()
    for row, (name, confidence) in enumerate(zip(names, confidences.tolist(), strict=True)):
        if name in LINES:
            objects.add_line(name, axes[row], confidence)
        elif name == "junction":
            objects.add_junction(centres[row], confidence)
        else:
            objects.add_box(name, bounds[row], confidence)
    return objects


def _metadata(names: list[str], corners: np.ndarray) -> dict:
    """Make the metadata that boxes tell: strokes are as wide as the boxes of wires."""
    metadata: dict[str, object] = {"source": "manual"}
    wire_widths = axes_of_boxes(corners)[1][np.array(names, object) == "wire"]
    if len(wire_widths):
        metadata["stroke_width"] = round(float(np.median(wire_widths)), 3)
    return metadata
