"""Masks and back: lines drawn into a mask are found in it again."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.masks import Writer, find_sources, junctions_of_mask, read_mask, wires_of_mask
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.raster import draw_points, draw_segments
from wire_detection.sheets.safe_files import write_png
from wire_detection.sheets.sheet_folder import SheetFolder

SHAPE = (300, 400)
WIRES = np.array([[50, 100, 350, 100], [200, 100, 200, 250], [80, 40, 80, 280], [200, 250, 380, 250]], np.float32)


def farthest(found: np.ndarray, wires: np.ndarray) -> float:
    """The greatest distance, in pixels, of an end of one of the `wires` from that of the `found` one most like it."""
    assert len(found) == len(wires)
    both = np.stack([found, found[:, [2, 3, 0, 1]]])
    return max(float(np.abs(both - wire).max(-1).min()) for wire in wires)


@pytest.mark.parametrize("width", [2, 3, 5, 9])
def test_wires_are_found_where_they_were_drawn(width):
    found, stroke_px = wires_of_mask(draw_segments(SHAPE, WIRES, width))
    assert farthest(found, WIRES) <= 0.51 and stroke_px == pytest.approx(width, abs=0.1)


def test_slanted_wires_meet_the_others():
    wires = np.array([[50, 100, 150, 100], [150, 100, 250, 220], [250, 220, 380, 220]], np.float32)
    found, _ = wires_of_mask(draw_segments(SHAPE, wires, 3))
    assert farthest(found, wires) <= 2.5


def test_a_tilted_sheet_keeps_its_tilt():
    wires = np.array([[40, 100, 360, 111.175], [200, 105.587, 194.762, 255.5]], np.float32)  # two degrees
    found, _ = wires_of_mask(draw_segments(SHAPE, wires, 3))
    assert farthest(found, wires) <= 2


def test_spots_are_junctions_and_an_empty_mask_holds_nothing():
    points = [[50, 60], [200.5, 100], [399, 299]]
    found = junctions_of_mask(draw_points(SHAPE, points, 4))
    assert np.abs(found[np.argsort(found[:, 0])][:2] - points[:2]).max() < 0.3 and len(found) == 3
    assert junctions_of_mask(np.zeros(SHAPE, bool)).shape == (0, 2)
    assert wires_of_mask(np.zeros(SHAPE, bool))[0].shape == (0, 4)


@pytest.mark.parametrize(
    "mask",
    [np.ones(SHAPE, bool), np.random.default_rng(0).random(SHAPE) < 0.5, np.ones((1, 1), bool)],
    ids=["full", "noise", "dot"],
)
def test_masks_that_are_no_drawing_do_no_harm(mask):
    wires, _ = wires_of_mask(mask)
    assert wires.shape[1] == 4 and np.isfinite(wires).all()


def test_noise_is_refused_before_it_takes_minutes():
    with pytest.raises(AnnotationError, match="more than the 10000 allowed"):
        wires_of_mask(np.random.default_rng(0).random((800, 800)) < 0.5)


@pytest.fixture
def folder(tmp_path):
    write_png(tmp_path / "images" / "v1.2.png", np.full(SHAPE, 255, np.uint8))
    annotation = Annotation.build(
        image_path="v1.2.png", image_shape=SHAPE, wires=WIRES, junctions=[[200, 100]], metadata={"stroke_width": 3.0}
    )
    Writer(tmp_path / "out").add(annotation, tmp_path / "images" / "v1.2.png")
    return tmp_path


def read(folder):
    (source,) = find_sources(folder / "out")
    return source.read(SheetFolder(folder / "images"))


def test_two_masks_a_sheet_and_back(folder):
    assert sorted(p.name for p in (folder / "out").iterdir()) == ["v1.2_junctions.png", "v1.2_wires.png"]
    annotation = read(folder)
    assert annotation.image_path == "v1.2.png" and farthest(annotation.wires, WIRES) <= 0.51
    np.testing.assert_allclose(annotation.junctions, [[200, 100]], atol=0.1)
    assert annotation.metadata == {"source": "manual", "stroke_width": 3.0}
    (folder / "out" / "v1.2_junctions.png").unlink()
    assert len(read(folder).junctions) == 0


def test_a_mask_of_zeros_and_ones_is_read_too(folder):
    mask = draw_segments(SHAPE, WIRES, 3)
    for values in (mask.astype(np.uint8), mask.astype(np.uint8) * 255):
        Image.fromarray(values).save(folder / "m.png")
        assert (read_mask(folder / "m.png", SHAPE) == mask).all()


@pytest.mark.parametrize("ending", ["_wires.png", "_junctions.png"])
def test_masks_that_cannot_be_used_are_named(folder, ending):
    path = folder / "out" / f"v1.2{ending}"
    for content, reason in ((np.zeros((299, 400), np.uint8), "400x299 pixels, but its sheet 400x300"), (None, "not a")):
        path.write_bytes(b"none") if content is None else write_png(path, content)
        with pytest.raises(AnnotationError, match=reason) as error:
            read(folder)
        assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_a_mask_without_a_sheet(folder):
    write_png(folder / "out" / "b_wires.png", np.zeros(SHAPE, np.uint8))
    with pytest.raises((AnnotationError, SheetError), match="'b.png', which"):
        next(iter(find_sources(folder / "out"))).read(SheetFolder(folder / "images"))


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".bmp"])
def test_black_on_white_and_other_kinds_of_images(folder, suffix):
    for name in ("v1.2_wires", "v1.2_junctions"):
        with Image.open(folder / "out" / f"{name}.png") as mask:
            inverted = mask.point(lambda value: 255 - value)
        (folder / "out" / f"{name}.png").unlink()
        inverted.save(folder / "out" / f"{name}{suffix}", quality=75)
    annotation = read(folder)
    assert farthest(annotation.wires, WIRES) <= 0.6
    np.testing.assert_allclose(annotation.junctions, [[200, 100]], atol=0.2)
