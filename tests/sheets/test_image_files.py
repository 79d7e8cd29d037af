"""Every common kind of image becomes the same sheet; the stroke width comes back as it was drawn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from wire_detection.sheets import image_files as sheet_image
from wire_detection.sheets.image_files import SheetError, read_image, sheet_shape
from wire_detection.sheets.ink import ink_mask
from wire_detection.sheets.stroke_width import UNKNOWN_STROKE_WIDTH_PX, stroke_width_px


def drawing(width: int = 200, height: int = 120, stroke: int = 2) -> np.ndarray:
    grey = np.full((height, width), 255, np.uint8)
    grey[60 : 60 + stroke, 20:180] = 0
    grey[20:100, 100 : 100 + stroke] = 0
    return grey


def as_is(grey):
    return Image.fromarray(grey)


def sixteen_bit(grey):
    return Image.fromarray(grey.astype(np.uint16) * 257)


def palette(grey):
    return Image.fromarray(grey).convert("P")


def transparent(grey):
    """Black ink on a fully transparent black ground: only the alpha channel tells them apart."""
    rgba = np.zeros((*grey.shape, 4), np.uint8)
    rgba[..., 3] = 255 - grey
    return Image.fromarray(rgba)


def bilevel(grey):
    return Image.fromarray(grey).convert("1")


def cmyk(grey):
    return Image.fromarray(grey).convert("RGB").convert("CMYK")


def inverted(grey):
    return Image.fromarray(255 - grey)


@pytest.mark.parametrize(
    ("make", "name", "tolerance"),
    [
        (as_is, "a.png", 0),
        (as_is, "a b ü.PNG", 0),
        (sixteen_bit, "a.png", 0),
        (sixteen_bit, "a.tiff", 0),
        (palette, "a.png", 1),
        (palette, "a.gif", 1),
        (transparent, "a.png", 0),
        (bilevel, "a.tif", 0),
        (cmyk, "a.jpg", 40),
        (inverted, "a.png", 0),
        (as_is, "a.bmp", 0),
        (as_is, "a.webp", 25),
    ],
)
def test_every_kind_of_image_reads_as_dark_ink_on_white(tmp_path, make, name, tolerance):
    make(drawing()).save(tmp_path / name)
    read = read_image(tmp_path / name)
    assert read.dtype == np.uint8 and read.shape == (120, 200)
    assert np.abs(read.astype(int) - drawing()).max() <= tolerance


def test_exif_rotation_is_applied(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a quarter turn clockwise
    Image.fromarray(drawing()).save(tmp_path / "a.jpg", exif=exif, quality=95)
    assert read_image(tmp_path / "a.jpg").shape == (200, 120)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_shape_is_known_without_reading_the_pixels(tmp_path, orientation):
    exif = Image.Exif()
    exif[sheet_image.ORIENTATION] = orientation
    Image.fromarray(drawing()).save(tmp_path / "a.jpg", exif=exif)
    assert sheet_shape(tmp_path / "a.jpg") == read_image(tmp_path / "a.jpg").shape
    assert sheet_shape(tmp_path / "a.jpg") == ((120, 200) if orientation < 5 else (200, 120))


def test_bad_files_are_told_in_one_line_that_names_them(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    Image.fromarray(drawing()).save(tmp_path / "whole.jpg")
    (tmp_path / "half.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:600])
    for name in ("text.png", "half.jpg", "missing.png"):
        with pytest.raises(SheetError, match=name) as error:
            read_image(tmp_path / name)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("most", "told"),
    [
        (200 * 120 - 1, "200x120 pixels are more than 23999 allowed$"),
        (11_999, "more than twice the 11999 pixels allowed$"),
    ],
)
def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path, monkeypatch, most, told):
    Image.fromarray(drawing()).save(tmp_path / "a.png")
    monkeypatch.setattr(sheet_image, "MAX_PIXELS", most)
    with pytest.raises(SheetError, match=told):
        read_image(tmp_path / "a.png")
    assert Image.MAX_IMAGE_PIXELS == most  # for whoever else opens images with Pillow in this process


def soft_lines(stroke_px: float, angle_deg: float = 0) -> np.ndarray:
    """Lines of a fractional width, drawn eight times larger and averaged down."""
    large = np.full((8 * 300, 8 * 400), 255, np.uint8)
    for y in (500, 1003, 1702):
        cv2.rectangle(large, (200, y), (3000, y + round(8 * stroke_px) - 1), 0, -1)
    grey = cv2.resize(large, (400, 300), interpolation=cv2.INTER_AREA)
    turn = cv2.getRotationMatrix2D((200, 150), angle_deg, 1)
    return cv2.warpAffine(grey, turn, (400, 300), borderValue=255)


@pytest.mark.parametrize("stroke", [1.5, 2.0, 3.25, 5.0])
def test_the_stroke_width_is_measured_to_a_quarter_of_a_pixel(stroke):
    assert stroke_width_px(soft_lines(stroke)) == pytest.approx(stroke, abs=0.3)


def framed(frame_px: int, *strokes_px: int) -> np.ndarray:
    """A frame (600, 800) of strokes `frame_px` wide, around four shorter strokes of each of the other widths."""
    grey = np.full((600, 800), 255, np.uint8)
    grey[10:590, 10:790] = 0
    grey[10 + frame_px : 590 - frame_px, 10 + frame_px : 790 - frame_px] = 255
    for i, width in enumerate(strokes_px):
        for y in range(60, 540, 120):
            grey[y + 40 * i : y + 40 * i + width, 200:500] = 0
    return grey


@pytest.mark.parametrize(
    ("grey", "stroke_px"),
    [
        (framed(7, 2), 2),
        (framed(3, 2, 3), 3),  # drawn in two widths, of which the frame has one
        (framed(3), 3),
    ],
)
def test_a_bold_frame_does_not_pass_for_the_drawing(grey, stroke_px):
    assert stroke_width_px(grey) == pytest.approx(stroke_px, abs=0.1)


def test_a_sheet_without_ink_has_the_usual_stroke_width():
    assert stroke_width_px(np.full((40, 30), 255, np.uint8)) == UNKNOWN_STROKE_WIDTH_PX


def test_ink_is_found_on_uneven_paper():
    paper = np.linspace(250, 120, 400)[None] * np.ones((300, 1))
    sheet = (paper * soft_lines(2.0) / 255).astype(np.uint8)
    ink = ink_mask(sheet)
    assert ink[:, 20:380].sum() == pytest.approx((soft_lines(2.0) < 204)[:, 20:380].sum(), rel=0.1)
    assert not ink[:50].any()
