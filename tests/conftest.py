"""What several test files share: a small folder of drawn sheets with exact annotations, and quiet libraries."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")

import cv2
import numpy as np
import pytest

from custom_annotation_format import Annotation, write_annotation
from safe_files import write_png


def draw_tiny_sheet(seed: int, width: int = 160, height: int = 128) -> tuple[np.ndarray, Annotation]:
    """A T of two wires with a dot, and a box that is no wire, at places that depend on the seed."""
    rng = np.random.default_rng(seed)
    x, y = (int(v) for v in rng.integers(40, 90, 2))
    grey = np.full((height, width), 255, np.uint8)
    grey[y:y + 2, 10:150] = 0
    grey[y:118, x:x + 2] = 0
    cv2.circle(grey, (x, y), 5, 0, -1)
    cv2.rectangle(grey, (10, 5), (60, 25), 0, 2)
    wires = [[10, y + 0.5, 149, y + 0.5], [x + 0.5, y + 0.5, x + 0.5, 117]]
    return grey, Annotation.build(image_path=f"{seed}.png", image_shape=grey.shape, wires=wires,
                                  junctions=[[x + 0.5, y + 0.5]], metadata={"source": "drawn", "stroke_width": 2.0})


def write_tiny_sheets(folder, count: int):
    """`count` tiny sheets in folder/images and folder/annotations; returns the two folders."""
    images, annotations = folder / "images", folder / "annotations"
    for number in range(count):
        grey, annotation = draw_tiny_sheet(number)
        write_png(images / f"sheet_{number}.png", grey)
        write_annotation(annotation, annotations / f"sheet_{number}.json")
    return images, annotations


@pytest.fixture
def tiny_sheets(tmp_path):
    """(images folder, annotations folder) of five tiny sheets."""
    return write_tiny_sheets(tmp_path, 5)


def whole_annotation() -> Annotation:
    """An annotation of `a.png`, 80x60 pixels, with everything in it that one can hold."""
    return Annotation.build(
        image_path="a.png", image_shape=(60, 80),
        wires=[[10, 20, 50, 20], [30.25, 20, 30.25, 40], [5, 5, 25, 15], [79, 30, 79, 50]],
        wire_confidences=[1, 0.75, 0.5, 0.125], junctions=[[30.25, 20], [60, 45]], junction_types=["dot", "cross"],
        junction_confidences=[0.875, 1], components=[{"bbox": [40.5, 22, 70, 35.5], "type": "ic", "confidence": 0.625}],
        pins=[[50, 20, 55, 20]], buses=[[8, 50, 40, 50]], texts=[[42, 24, 60, 30]], nets=[[0, 1], [2]],
        metadata={"source": "manual", "stroke_width": 2.0, "style": "textbook"})


@pytest.fixture
def whole_sheet(tmp_path):
    """(SheetFolder of the one image a.png, its whole_annotation)."""
    from sheet_folder import SheetFolder

    write_png(tmp_path / "images" / "a.png", np.full((60, 80), 255, np.uint8))
    return SheetFolder(tmp_path / "images"), whole_annotation()


def assert_same(read: Annotation, written: Annotation, *fields: str, atol: float = 1e-4) -> None:
    """`read` holds what `written` holds, in all fields or in those named."""
    for name in fields or written.__dataclass_fields__:
        one, other = getattr(read, name), getattr(written, name)
        if isinstance(other, np.ndarray):
            np.testing.assert_allclose(one, other, atol=atol, err_msg=name)
        else:
            assert one == other, name


def bars_of(*segments, width: float = 2.0):
    """Black bars of this width along level and upright segments x0 y0 x1 y1, from left to right, top to bottom."""
    from stroke_detection import Bars

    s = np.array(segments, np.float32).reshape(-1, 4)
    upright = s[:, 0] == s[:, 2]
    low, high, offset = (np.where(upright, s[:, a], s[:, b]) for a, b in ((1, 0), (3, 2), (0, 1)))
    return Bars(upright, low, high, offset, np.full(len(s), width, np.float32), np.ones(len(s), np.float32))


def meetings_of(bars, marks=(), radius: float = 4.0, stroke_px: float = 2.0):
    """Where `bars` meet, dots of this radius at `marks`."""
    from stroke_graph import find_meetings

    marks = np.array(marks, np.float32).reshape(-1, 2)
    return find_meetings(bars, marks, np.full(len(marks), radius, np.float32), stroke_px)
