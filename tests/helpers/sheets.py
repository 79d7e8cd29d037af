"""Small sheets with exact annotations, and an annotation that holds everything."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.sheets.listing import Page
from wire_detection.sheets.safe_files import write_png


def draw_tiny_sheet(seed: int, width: int = 160, height: int = 128) -> tuple[np.ndarray, Annotation]:
    """A T of two wires with a dot, and a box that is no wire, at places that depend on the seed."""
    rng = np.random.default_rng(seed)
    x, y = (int(v) for v in rng.integers(40, 90, 2))
    grey = np.full((height, width), 255, np.uint8)
    grey[y : y + 2, 10:150] = 0
    grey[y:118, x : x + 2] = 0
    cv2.circle(grey, (x, y), 5, 0, -1)
    cv2.rectangle(grey, (10, 5), (60, 25), 0, 2)
    wires = [[10, y + 0.5, 149, y + 0.5], [x + 0.5, y + 0.5, x + 0.5, 117]]
    return grey, Annotation.build(
        image_path=f"{seed}.png",
        image_shape=grey.shape,
        wires=wires,
        junctions=[[x + 0.5, y + 0.5]],
        metadata={"source": "drawn", "stroke_width": 2.0},
    )


def write_tiny_sheets(folder, count: int):
    """`count` tiny sheets in folder/images and folder/annotations; returns the two folders."""
    images, annotations = folder / "images", folder / "annotations"
    for number in range(count):
        grey, annotation = draw_tiny_sheet(number)
        write_png(images / f"sheet_{number}.png", grey)
        write_annotation(annotation, annotations / f"sheet_{number}.json")
    return images, annotations


def image_page(path: str | Path) -> Page:
    """The page that an image file of a single picture is."""
    return Page(Path(path), Path(path).stem, Path(path).name)


def whole_annotation() -> Annotation:
    """An annotation of `a.png`, 80x60 pixels, with everything in it that one can hold."""
    return Annotation.build(
        image_path="a.png",
        image_shape=(60, 80),
        wires=[[10, 20, 50, 20], [30.25, 20, 30.25, 40], [5, 5, 25, 15], [79, 30, 79, 50]],
        wire_confidences=[1, 0.75, 0.5, 0.125],
        junctions=[[30.25, 20], [60, 45]],
        junction_types=["dot", "cross"],
        junction_confidences=[0.875, 1],
        crossings=[[15, 45], [70, 10]],
        crossing_types=["hop", "crossing"],
        crossing_confidences=[0.75, 1],
        components=[{"bbox": [40.5, 22, 70, 35.5], "type": "ic", "confidence": 0.625}],
        pins=[[50, 20, 55, 20]],
        buses=[[8, 50, 40, 50]],
        texts=[[42, 24, 60, 30]],
        nets=[[0, 1], [2]],
        metadata={"source": "manual", "stroke_width": 2.0, "style": "textbook"},
    )


def assert_same(read: Annotation, written: Annotation, *fields: str, atol: float = 1e-4) -> None:
    """`read` holds what `written` holds, in all fields or in those named."""
    for name in fields or written.__dataclass_fields__:
        one, other = getattr(read, name), getattr(written, name)
        if isinstance(other, np.ndarray):
            np.testing.assert_allclose(one, other, atol=atol, err_msg=name)
        else:
            assert one == other, name
