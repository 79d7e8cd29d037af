"""CVAT's XML 1.1 for images holds a folder of sheets in one file, wires as polylines and junctions as points.

CVAT counts from the image's corner, so half a pixel is added to every coordinate. Shapes are told by their label:

    polyline        wire, pin, bus            group_id of a wire: its net
    points          junction, crossing        attribute type: T, cross, dot, ...; crossing, hop or gap
    box, polygon    text, component:TYPE      any other label is taken for a component's type; a wire, pin or bus is the
                                              long axis of its outline, a point the middle

The attribute confidence is what its name says. Other shapes are left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import MAX_OBJECTS, AnnotationError, finite_rows, read_text
from wire_detection.formats.contract import CORNER_PX, Source, broken_source, in_file
from wire_detection.formats.objects import (
    COMPONENT,
    LINES,
    MAX_ENTRIES,
    OUTLINED,
    POINTS,
    WITHOUT_CONFIDENCE,
    ShapeLists,
    net_number,
    nets_by_wire,
    object_name,
    typed_points,
)
from wire_detection.formats.spool import Spool
from wire_detection.sheets.boxes import corners_of_bounds
from wire_detection.sheets.listing import Page
from wire_detection.sheets.safe_files import replacing
from wire_detection.sheets.sheet_folder import SheetFolder

CVAT_FILE = "annotations.xml"
MAX_CVAT_BYTES = 256 * 2**20
MAX_DEPTH = 50
"""Of an element within others; CVAT's own files go down to 7."""

SHAPES = ("polyline", "points", "box", "polygon", "ellipse", "mask", "cuboid", "skeleton")
"""Elements of an image that are shapes; the first four can be used."""


class Writer:
    """Collects the annotations of all sheets and writes one file in the end."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._images = Spool(folder, "\n")

    def add(self, annotation: Annotation, image: Path) -> None:
        height, width = annotation.image_shape
        start = _tag("image", id=len(self._images), name=image.name, width=width, height=height)
        self._images.append("\n".join([f"<{start}>", *_shapes(annotation), "</image>"]))

    def finish(self) -> None:
        with replacing(self.folder / CVAT_FILE) as path, path.open("w", encoding="utf-8") as file:
            file.write('<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n')
            self._images.copy_to(file)
            file.write("\n</annotations>\n")


def _shapes(annotation: Annotation) -> Iterator[str]:
    """Write the elements of all objects of an annotation."""
    nets = nets_by_wire(annotation)
    for number, (wire, confidence) in enumerate(zip(annotation.wires, annotation.wire_confidences, strict=True)):
        group = {"group_id": nets[number]} if number in nets else {}
        yield _element("polyline", "wire", points=_points(wire), confidence=confidence, **group)
    for name in ("pin", "bus"):
        for segment in getattr(annotation, LINES[name]):
            yield _element("polyline", name, points=_points(segment))
    for name, _, point, kind, confidence in typed_points(annotation):
        yield _element("points", name, points=_points(point), confidence=confidence, kind=kind)
    for component in annotation.components:
        yield _element(
            "box", f"{COMPONENT}{component['type']}", **_bounds(component["bbox"]), confidence=component["confidence"]
        )
    for box in annotation.texts:
        yield _element("box", "text", **_bounds(box))


def _element(tag: str, label: str, *, confidence: float | None = None, kind: str | None = None, **values) -> str:
    """Write a shape; its confidence and its kind are attributes as CVAT understands them, elements within it."""
    stated = {"confidence": None if confidence is None else round(float(confidence), 3), "type": kind}
    inner = "".join(
        f"<attribute name={quoteattr(name)}>{_text(value)}</attribute>"
        for name, value in stated.items()
        if value is not None
    )
    return f"<{_tag(tag, label=label, **values)}>{inner}</{tag}>"


def _tag(tag: str, **values: object) -> str:
    return " ".join([tag, *(f"{name}={quoteattr(_plain(str(value)))}" for name, value in values.items())])


def _text(value: object) -> str:
    return quoteattr(_plain(str(value)))[1:-1]


def _plain(text: str) -> str:
    """Leave out of `text` the characters that XML cannot hold."""
    return "".join(character for character in text if character.isprintable())


def _points(coordinates) -> str:
    corners = np.asarray(coordinates, np.float64).reshape(-1, 2) + CORNER_PX
    return ";".join(f"{x:.4f},{y:.4f}" for x, y in corners)


def _bounds(box) -> dict[str, str]:
    values = np.asarray(box, np.float64) + CORNER_PX
    return {name: f"{value:.4f}" for name, value in zip(("xtl", "ytl", "xbr", "ybr"), values, strict=True)}


@dataclass
class _Image:
    """An element `image`: what it states of itself, and its shapes as (tag, what is stated, texts of attributes)."""

    stated: dict[str, str]
    shapes: list[tuple[str, dict[str, str], dict[str, list[str]]]] = field(default_factory=list)


def find_sources(folder: Path) -> Iterator[Source]:
    """List every image of every CVAT file of a folder."""
    for path in sorted(folder.glob("*.xml")):
        yield from cvat_file_sources(path)


def cvat_file_sources(path: Path) -> list[Source]:
    """List every image of a CVAT file; one broken source when the file itself cannot be used."""
    try:
        images = read_images(path)
    except AnnotationError as error:
        return [broken_source(path.name, error)]
    return [
        Source(
            f"{path.name}: {image.stated.get('name', '')[:80]!r}",
            lambda sheets, image=image: _annotation(path, image, sheets),
        )
        for image in images
    ]


def read_images(path: Path) -> list[_Image]:
    """Read the images of a CVAT file.

    A document type is refused, and with it entities, which could fill the memory or read other files.

    Raises:
        AnnotationError: when the file is no such XML.
    """
    text, images = read_text(path, MAX_CVAT_BYTES), []
    opened: list[tuple[str, dict, str]] = []  # of each element around: tag, its shape's attributes, its name
    shapes = 0

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal shapes
        around, attributes, _ = opened[-1] if opened else ("", {}, "")
        if tag == "image":
            images.append(_Image(values))
            refuse_beyond(len(images), MAX_OBJECTS, "images")
        elif tag in SHAPES and around == "image":
            attributes, shapes = {}, shapes + 1
            images[-1].shapes.append((tag, values, attributes))
            refuse_beyond(len(images[-1].shapes), MAX_OBJECTS, "shapes in one image")
            refuse_beyond(shapes, MAX_ENTRIES, "shapes")
        opened.append((tag, attributes, values.get("name", "")))
        refuse_beyond(len(opened), MAX_DEPTH, "elements within each other")

    def read(data: str) -> None:
        tag, attributes, name = opened[-1]
        if tag == "attribute":  # in pieces, as joining each to those before takes minutes of a long one
            attributes.setdefault(name, []).append(data)

    def refuse_beyond(count: int, most: int, what: str) -> None:
        if count > most:
            raise AnnotationError(f"holds more than the {most} {what} allowed")

    def refuse(*declared) -> None:
        raise AnnotationError("has a document type; CVAT's files have none")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, read
    parser.EndElementHandler = lambda tag: opened.pop()
    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True  # else each line of an attribute is a piece
    with in_file(path):
        try:
            parser.Parse(text, True)
        except expat.ExpatError as error:
            raise AnnotationError(f"is no XML ({error})") from None
        if not images:
            raise AnnotationError("is no CVAT file: it holds no image; export as CVAT for images 1.1")
    return images


def _annotation(path: Path, image: _Image, sheets: SheetFolder) -> Annotation:
    """Read the annotation of one image of the file `path`."""
    with in_file(path):
        page: Page = sheets.find(image.stated.get("name", ""))
        shape = [_whole(image.stated.get(side), f"image {side}") for side in ("height", "width")]
        return _objects_of(image).annotation(page, shape, {"source": "manual"})


def _objects_of(image: _Image) -> ShapeLists:
    """Collect what the shapes of an image say."""
    objects = ShapeLists()
    for number, (tag, stated, pieces) in enumerate(image.shapes):
        place, attributes = f"shape {number}", {name: "".join(texts) for name, texts in pieces.items()}
        label = object_name(stated.get("label", ""))
        name, _, kind = label.partition(":")
        points = _corners(tag, stated, place)
        confidence = 1.0 if name in WITHOUT_CONFIDENCE else _share(attributes.get("confidence"), place)
        net = net_number(_whole(stated.get("group_id"), f"{place} group_id"), place) if name == "wire" else None
        kind = attributes.get("type") or kind
        if tag == "polyline" and name in LINES and len(points) > 1:
            objects.add_path(name, points, confidence, net)
        elif tag == "points" and name in POINTS:
            for point in points.tolist():
                objects.add_point(name, point, confidence, kind)
        elif tag in ("box", "polygon") and label and len(points) > 2:
            objects.add_outline(name if name in OUTLINED else label, points, confidence, net, kind)
        else:
            objects.leave_out(f"{tag} of {len(points)} points labelled {label[:40]!r}")
    return objects


def _corners(tag: str, stated: dict[str, str], place: str) -> np.ndarray:
    """Read the points (N, 2) float64 of a shape in our coordinates."""
    if tag == "box":
        words = [[stated.get(side, "") for side in ("xtl", "ytl", "xbr", "ybr")]]
    else:
        words = [pair.split(",") for pair in stated.get("points", "").split(";") if pair.strip()]
    rows = finite_rows([[_number(word, place) for word in row] for row in words], 4 if tag == "box" else 2, place)
    points = corners_of_bounds(rows)[0] if tag == "box" else rows.astype(np.float64)
    return points - CORNER_PX


def _number(word: str, place: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise AnnotationError(f"{place} holds what is no number: {word[:40]!r}") from None


def _share(word: str | None, place: str) -> float:
    return 1.0 if word is None else _number(word, f"{place} confidence")


def _whole(word: str | None, place: str) -> int | None:
    if word is None or word == "":
        return None
    value = _number(word, place)
    if value != value // 1:
        raise AnnotationError(f"{place} must be a whole number, got {word[:40]!r}")
    return int(value)
