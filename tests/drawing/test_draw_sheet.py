"""Drawn sheets: their truth lies on their ink, says what the wires' geometry says, and repeats for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.drawing.style_families import FAMILIES

SIZE = (900, 700)


@pytest.fixture(scope="module", params=list(FAMILIES))
def sheets(request) -> list[tuple[np.ndarray, Annotation]]:
    return [draw_sheet(seed, size=SIZE, style=request.param, degradation=0) for seed in (3, 4)]


def darkest_near(image: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The darkest value of the pixel at each (x, y) and its eight neighbours."""
    padded = np.pad(image, 1, constant_values=255)
    x, y = np.round(points).astype(int).T
    x, y = np.clip(x, 0, image.shape[1] - 1), np.clip(y, 0, image.shape[0] - 1)
    return np.min([padded[y + dy, x + dx] for dy in range(3) for dx in range(3)], axis=0)


def along(segments: np.ndarray) -> np.ndarray:
    """Points on (N, 4) segments, one about every pixel."""
    points = [
        np.linspace(s[:2], s[2:], max(2, int(np.hypot(*(s[2:] - s[:2]))) + 1)) for s in np.asarray(segments, float)
    ]
    return np.concatenate(points) if points else np.zeros((0, 2))


def distances(segments: np.ndarray, point) -> np.ndarray:
    """(N,) distances of a point from (N, 4) segments."""
    start, way = segments[:, :2], segments[:, 2:] - segments[:, :2]
    share = np.clip(((point - start) * way).sum(1) / np.maximum((way**2).sum(1), 1e-9), 0, 1)
    return np.hypot(*(start + share[:, None] * way - point).T)


def test_wires_and_pins_lie_on_ink(sheets):
    for image, annotation in sheets:
        paper = int(np.percentile(image, 99))
        for segments in (annotation.wires, annotation.pins):
            points = along(segments)
            assert (darkest_near(image, points) < paper - 25).all()


def test_sheets_have_wires_and_ink_elsewhere(sheets):
    assert sum(len(annotation.wires) for _, annotation in sheets) > 5
    for image, annotation in sheets:
        drawn = np.zeros(image.shape, bool)
        for points in (along(annotation.wires), along(annotation.pins)):
            x, y = np.round(points).astype(int).T
            for dx in range(-4, 5):
                for dy in range(-4, 5):
                    drawn[np.clip(y + dy, 0, image.shape[0] - 1), np.clip(x + dx, 0, image.shape[1] - 1)] = True
        assert (image[~drawn] < 200).any()  # symbols and letters, which are no wires


def test_junctions_are_where_three_ends_meet(sheets):
    for image, annotation in sheets:
        height, width = image.shape
        ends = np.concatenate([annotation.wires[:, :2], annotation.wires[:, 2:]])
        every = np.concatenate([ends, annotation.pins[:, :2], annotation.pins[:, 2:]])
        supplies = [c["bbox"] for c in annotation.components if c["type"] in ("ground", "supply", "power_flag")]
        for x, y in annotation.junctions:
            if min(x, y, width - 1 - x, height - 1 - y) < 2:
                continue  # the edge may have cut a wire off
            on_bus = len(annotation.buses) and distances(annotation.buses, (x, y)).min() < 0.1
            assert on_bus or (np.abs(ends - (x, y)).max(1) < 0.1).any()
            meeting = 3 * on_bus + int((np.abs(every - (x, y)).max(1) < 0.1).sum())
            touching = sum(b[0] - 1 <= x <= b[2] + 1 and b[1] - 1 <= y <= b[3] + 1 for b in supplies)
            assert meeting + touching >= 3  # a supply symbol has a pin without length
        for x, y in ends:
            if (np.abs(ends - (x, y)).max(1) < 0.01).sum() >= 3:
                assert (np.abs(annotation.junctions - (x, y)).max(1) < 0.1).any()


def test_junction_types(sheets):
    for _, annotation in sheets:
        ends = np.concatenate([annotation.wires[:, :2], annotation.wires[:, 2:]])
        for point, kind in zip(annotation.junctions, annotation.junction_types, strict=True):
            meeting = int((np.abs(ends - point).max(1) < 0.01).sum())
            assert kind in ("T", "dot", "cross")
            assert meeting <= 3 or kind == "cross"


def test_same_seed_same_sheet():
    first, second, other = (draw_sheet(seed, size=(400, 300)) for seed in (11, 11, 12))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1].wires, second[1].wires)
    np.testing.assert_array_equal(first[1].junctions, second[1].junctions)
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("size", [(32, 32), (64, 300), (2000, 200)])
def test_odd_sizes(size):
    image, annotation = draw_sheet(1, size=size)
    assert image.shape == annotation.image_shape == (size[1], size[0])
    assert image.dtype == np.uint8


def test_unknown_style_names_the_choices():
    with pytest.raises(ValueError, match="kicad"):
        draw_sheet(1, style="crayon")
