"""COCO files hold a folder of sheets in one JSON, wires as two keypoints and a polygon, junctions as one keypoint.

COCO's boxes and polygons count from the image's corner, so half a pixel is added to them; its keypoints are pixels
counted from 0, as ours are, and stay. What has no keypoints is read from its polygons, its mask or its box. Categories
are wire, junction, crossing, pin, bus, text and component:TYPE (any other name is taken for a component's type).
`score` holds the confidence, `attributes` the type of a point and the net of a wire, and `metadata` of an image the
annotation's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import AnnotationError, finite_rows, json_objects, read_json
from wire_detection.formats.coco_outlines import outline_of_segmentation
from wire_detection.formats.contract import CORNER_PX, Source, broken_source, by_hand, in_file, rounded
from wire_detection.formats.objects import (
    COMPONENT,
    LINES,
    MAX_ENTRIES,
    POINTS,
    ShapeLists,
    corners_by_list,
    net_number,
    nets_by_wire,
    object_name,
    typed_points,
)
from wire_detection.formats.spool import Spool
from wire_detection.sheets.boxes import corners_of_bounds
from wire_detection.sheets.safe_files import replacing
from wire_detection.sheets.sheet_folder import SheetFolder

COCO_FILE = "annotations.json"
MAX_COCO_BYTES = 256 * 2**20
"""One file holds all sheets of a folder, so it may be larger than an annotation."""

KEYPOINTS = {
    "wire": ["start", "end"],
    "pin": ["start", "end"],
    "bus": ["start", "end"],
    "junction": ["center"],
    "crossing": ["center"],
    "text": [],
}
"""Category -> names of its keypoints; components have none."""


class Writer:
    """Collects the annotations of all sheets and writes one file in the end."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._categories = list(KEYPOINTS)
        self._images, self._entries = Spool(folder, ", "), Spool(folder, ",\n")

    def add(self, annotation: Annotation, image: Path) -> None:
        height, width = annotation.image_shape
        self._images.append(
            _json(
                {
                    "id": len(self._images) + 1,
                    "file_name": image.name,
                    "width": width,
                    "height": height,
                    "metadata": annotation.metadata,
                }
            )
        )
        for entry in _entries(annotation):
            self._add_entry(**entry)

    def _add_entry(self, category: str, corners: np.ndarray, keypoints=(), **further) -> None:
        if category not in self._categories:
            self._categories.append(category)
        corners = corners + CORNER_PX
        low, high = corners.min(0), corners.max(0)
        x, y = corners.T
        area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
        points = np.asarray(keypoints, np.float64).reshape(-1, 2)
        self._entries.append(
            _json(
                {
                    "id": len(self._entries) + 1,
                    "image_id": len(self._images),
                    "category_id": self._categories.index(category) + 1,
                    "iscrowd": 0,
                    "area": rounded(area),
                    "bbox": rounded(np.concatenate([low, high - low])),
                    "segmentation": [rounded(corners.ravel())],
                    "keypoints": [value for point in rounded(points) for value in (*point, 2)],
                    "num_keypoints": len(points),
                    **further,
                }
            )
        )

    def finish(self) -> None:
        categories = [
            {
                "id": number + 1,
                "name": name,
                "supercategory": "component" if name.startswith(COMPONENT) else "schematic",
                "keypoints": KEYPOINTS.get(name, []),
                "skeleton": [[1, 2]] if name in LINES else [],
            }
            for number, name in enumerate(self._categories)
        ]
        with replacing(self.folder / COCO_FILE) as path, path.open("w", encoding="utf-8") as file:
            file.write('{"info": {"description": "wires and junctions of circuit schematics"}, "licenses": [],\n')
            file.write('"images": [')
            self._images.copy_to(file)
            file.write(f'],\n"categories": {_json(categories)},\n"annotations": [\n')
            self._entries.copy_to(file)
            file.write("\n]}\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _entries(annotation: Annotation) -> Iterator[dict]:
    """Give category, corners (4, 2) of the polygon, keypoints and further keys of every object; our own coordinates."""
    boxes, nets = corners_by_list(annotation), nets_by_wire(annotation)
    for name, lines in LINES.items():
        segments = getattr(annotation, lines)
        for number, corners in enumerate(boxes[lines]):
            further = {}
            if name == "wire":
                further = {
                    "score": round(float(annotation.wire_confidences[number]), 3),
                    "attributes": {"net": nets[number]} if number in nets else {},
                }
            yield {"category": name, "corners": corners, "keypoints": segments[number], **further}
    for name, number, point, kind, confidence in typed_points(annotation):
        yield {
            "category": name,
            "corners": boxes[POINTS[name]][number],
            "keypoints": point,
            "score": round(float(confidence), 3),
            "attributes": {"type": kind},
        }
    for component, corners in zip(annotation.components, boxes["components"], strict=True):
        yield {
            "category": f"{COMPONENT}{component['type']}",
            "corners": corners,
            "score": round(float(component["confidence"]), 3),
        }
    for corners in boxes["texts"]:
        yield {"category": "text", "corners": corners}


def find_sources(folder: Path) -> Iterator[Source]:
    """List every image of every COCO file of a folder."""
    for path in sorted(folder.glob("*.json")):
        yield from coco_file_sources(path)


def coco_file_sources(path: Path) -> list[Source]:
    """List every image of a COCO file; one broken source when the file itself cannot be used."""
    try:
        content = read_json(path, MAX_COCO_BYTES)
        with in_file(path):
            return _image_sources(path, content)
    except AnnotationError as error:
        return [broken_source(path.name, error)]


def _image_sources(path: Path, content: object) -> list[Source]:
    if not isinstance(content, dict) or "images" not in content or "annotations" not in content:
        raise AnnotationError("is no COCO file: it has no lists of images and annotations")
    names = {
        _id(c, "id", f"categories {n}"): object_name(str(c.get("name", "")))
        for n, c in enumerate(json_objects(content, "categories"))
    }
    images = {_id(image, "id", f"images {n}"): image for n, image in enumerate(json_objects(content, "images"))}
    entries: dict[int | str, list[tuple[int, str, dict]]] = {image: [] for image in images}
    for number, entry in enumerate(json_objects(content, "annotations", MAX_ENTRIES)):
        image, category = (_id(entry, key, f"annotations {number}") for key in ("image_id", "category_id"))
        if image not in entries or category not in names:
            raise AnnotationError(
                f"annotations {number} belongs to image {image!r:.40} and category {category!r:.40}, "
                "one of which the file does not list"
            )
        entries[image].append((number, names[category], entry))
    return [
        Source(
            f"{path.name}: {str(image.get('file_name', ''))[:80]!r}",
            lambda sheets, image=image, own=entries[key]: _annotation(path, image, own, sheets),
        )
        for key, image in images.items()
    ]


def _id(entry: dict, key: str, name: str) -> int | str:
    value = entry.get(key)
    if type(value) not in (int, str):
        raise AnnotationError(f"{name}: {key} must be a number, got {str(value)[:40]!r}")
    return value


def _annotation(path: Path, image: dict, entries: list[tuple[int, str, dict]], sheets: SheetFolder) -> Annotation:
    """Read the annotation of one image of the file `path`; `entries` are (number, category, object)."""
    with in_file(path):
        sheet = sheets.find(str(image.get("file_name", "")))
        shape = (image.get("height"), image.get("width"))
        return _objects_of(entries).annotation(sheet, shape, by_hand(image.get("metadata", {})))


def _objects_of(entries: list[tuple[int, str, dict]]) -> ShapeLists:
    """Collect what the objects of one image say."""
    objects = ShapeLists()
    for number, category, entry in entries:
        place = f"annotations {number}"
        confidence = entry.get("score", 1.0)
        attributes = entry.get("attributes") or {}
        if not isinstance(attributes, dict):
            raise AnnotationError(f"{place}: attributes must be an object")
        net = net_number(attributes.get("net"), f"{place}: net") if category == "wire" else None
        kind = attributes.get("type", "")
        keypoints = _keypoints(entry, len(KEYPOINTS.get(category, ())), place)
        if keypoints and category in POINTS:
            objects.add_point(category, keypoints[0], confidence, kind)
        elif keypoints:
            objects.add_line(category, [*keypoints[0], *keypoints[1]], confidence, net)
        else:
            objects.add_outline(category, _outline(entry, category, place), confidence, net, kind)
    return objects


def _outline(entry: dict, category: str, place: str) -> np.ndarray:
    """Read the corners (N, 2) of an object in our coordinates: of a line's polygons or mask, if any, or of its box."""
    segmentation = entry.get("segmentation")
    if segmentation and (category in LINES or entry.get("bbox") is None):
        with in_file(place):
            return outline_of_segmentation(segmentation) - CORNER_PX
    return corners_of_bounds(_bounds(entry, place))[0]


def _keypoints(entry: dict, count: int, place: str) -> list[list[float]] | None:
    """Read the keypoints [x, y], when all of them are there and labelled."""
    values = entry.get("keypoints")
    if not values or not count:
        return None
    if not isinstance(values, list) or len(values) != 3 * count:
        raise AnnotationError(f"{place}: keypoints must be {count} times x, y, visibility")
    rows = finite_rows([values[i : i + 3] for i in range(0, len(values), 3)], 3, f"{place} keypoint")
    return rounded(rows[:, :2]) if (rows[:, 2] > 0).all() else None


def _bounds(entry: dict, place: str) -> list[float]:
    """Read [x1, y1, x2, y2] from the box [x, y, width, height]."""
    x, y, width, height = finite_rows([entry.get("bbox")], 4, f"{place} bbox")[0].astype(np.float64) - (
        CORNER_PX,
        CORNER_PX,
        0,
        0,
    )
    if width < 0 or height < 0:
        raise AnnotationError(f"{place}: a box cannot be {width:g} x {height:g} pixels large")
    return rounded([x, y, x + width, y + height])
