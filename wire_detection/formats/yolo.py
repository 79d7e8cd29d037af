"""YOLO label files hold oriented boxes: labels/STEM.txt has one object per line, `class x1 y1 x2 y2 x3 y3 x4 y4`.

Coordinates are shares of the image's width and height, counted from its corner. A wire, pin or bus is a box of the
stroke width around its middle line and is read back as its longer axis; a junction is a small square; components and
texts are upright boxes. classes.txt names the classes in the order of their numbers; data.yaml says the same to YOLO,
and is read where there is no classes.txt. Polygons of more corners are read too, and upright boxes, `class x y width
height` with the box's middle; label files may lie in folders below, as labels/train.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import MAX_OBJECTS, AnnotationError, read_text
from wire_detection.formats.contract import CORNER_PX, Source, broken_source, in_file
from wire_detection.formats.objects import COMPONENT, LINES, ShapeLists, corners_by_list, object_name
from wire_detection.sheets.boxes import axes_of_boxes, corners_of_bounds
from wire_detection.sheets.safe_files import write_text
from wire_detection.sheets.sheet_folder import SheetFolder

LABELS, CLASSES, DATA = "labels", "classes.txt", "data.yaml"
"""The folder and the files that YOLO looks for."""
FIXED_CLASSES = ("wire", "junction", "pin", "bus", "text")
COMMENT = re.compile(r"(^|[ \t])#.*")
"""What YAML takes for a comment; each pattern here is tried in a time that grows as its text does."""
NUMBERED = re.compile(r"(?:-|([0-9]{1,9})[ \t]*:)[ \t]*")
"""Before an entry of a list or map in YAML; more digits are no number of a class."""

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
    """List the label files in the folders `labels` of a folder, and below them, or where there is none in itself."""
    inner = sorted(path for path in folder.rglob(LABELS) if path.is_dir())
    found = (path for below in inner for path in below.rglob("*.txt")) if inner else folder.glob("*.txt")
    paths = sorted({path for path in found if path.name != CLASSES})
    if not paths:
        return
    try:
        classes = read_classes(folder)
    except AnnotationError as error:
        yield broken_source(CLASSES, error)
        return
    for path in paths:
        place = path.relative_to(inner[0] if len(inner) == 1 else folder).as_posix()
        yield Source(place, lambda sheets, path=path: read_labels(path, classes, sheets))


def read_classes(folder: Path) -> list[str]:
    """Read the names of the classes, numbered from 0: the lines of classes.txt or, without it, `names` of data.yaml."""
    if (folder / CLASSES).is_file() or not (folder / DATA).is_file():
        lines = read_text(folder / CLASSES, MAX_LABEL_BYTES).splitlines()
    else:
        with in_file(folder / DATA):
            lines = _names_of_yaml(read_text(folder / DATA, MAX_LABEL_BYTES))
    return [object_name(line) for line in lines]


def _names_of_yaml(text: str) -> list[str]:
    """Read the entry `names` of a YAML file in the forms that YOLO's take: a list or a map, in brackets or below it."""
    names: dict[int, str] = {}
    for entry in _entries_of_yaml([COMMENT.sub("", line) for line in text.splitlines()]):
        begin = NUMBERED.match(entry)
        number, name = (begin[1], entry[begin.end() :]) if begin else (None, entry)
        names[len(names) if number is None else int(number)] = " ".join(name.split()).strip("\"'")
    if not names:
        raise AnnotationError("states no names of classes")
    if sorted(names) != list(range(len(names))):
        raise AnnotationError("the numbers of the classes must be 0, 1, 2, ...")
    return [names[number] for number in range(len(names))]


def _entries_of_yaml(lines: list[str]) -> list[str]:
    """List the entries of `names`, none where there is no such list or map."""
    start = next((number for number, line in enumerate(lines) if re.match(r"names[ \t]*:", line)), len(lines))
    value = "\n".join(lines[start:]).partition(":")[2].strip()
    if value.startswith(("[", "{")):
        found = re.match(r"([^\]}]*)[\]}]", value[1:])
        entries = found[1].split(",") if found else []
    else:
        below = map(str.strip, value.split("\n"))
        entries = list(takewhile(lambda line: not line or NUMBERED.match(line), below))
    return [entry.strip() for entry in entries if entry.strip()]


def read_labels(path: Path, classes: list[str], sheets: SheetFolder) -> Annotation:
    """Read the annotation of the sheet after which a label file is called.

    One number more in a line, as YOLO adds to its predictions, is the confidence.

    Raises:
        AnnotationError: when the file cannot be used.
        SheetError: when there is no such image among `sheets`, or it cannot be read.
    """
    text = read_text(path, MAX_LABEL_BYTES)
    with in_file(path):
        image = sheets.find(path.name)
        shape = image.shape()
        objects, widths = ShapeLists(), []
        for name, shares, confidence in _rows(text, classes):
            outline = shares * shape[::-1] - CORNER_PX
            objects.add_outline(name, outline, confidence)
            if name == "wire" and len(outline) == 4:
                widths.append(axes_of_boxes(outline)[1][0])
        metadata = {"source": "manual"}
        if widths:  # as wide as the wires' boxes are the strokes
            metadata["stroke_width"] = round(float(np.median(widths)), 3)
        return objects.annotation(image, shape, metadata)


def _rows(text: str, classes: list[str]) -> Iterator[tuple[str, np.ndarray, float]]:
    """Read class, outline (N, 2) float64 in shares of the image and confidence of each line that is not empty."""
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_OBJECTS:
        raise AnnotationError(f"holds {len(lines)} objects, more than the {MAX_OBJECTS} allowed")
    for number, words in lines:
        if len(words) < 5:
            raise AnnotationError(
                f"line {number} has {len(words)} numbers; a class and 4 shares of a box, 8 of an oriented one or more "
                "of a polygon are needed"
            )
        try:
            place, values = int(words[0]), np.array([float(word) for word in words[1:]])
        except ValueError:
            raise AnnotationError(f"line {number} holds what is no number: {' '.join(words)[:60]!r}") from None
        if not 0 <= place < len(classes):
            raise AnnotationError(f"line {number}: class {words[0][:20]} is none of the {len(classes)} of {CLASSES}")
        if not (np.abs(values) <= 2).all():
            raise AnnotationError(f"line {number}: coordinates must be shares of the image from 0 to 1")
        confidence = float(values[-1]) if len(values) % 2 else 1.0
        shares = values[: len(values) // 2 * 2].reshape(-1, 2)
        yield classes[place], _corners(*shares) if len(shares) == 2 else shares, confidence


def _corners(middle: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Find the corners (4, 2) of an upright box."""
    return corners_of_bounds([*(middle - size / 2), *(middle + size / 2)])[0]
