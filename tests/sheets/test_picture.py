"""Pictures with their colours: kept where there are some, turned and inverted as the grey is."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from wire_detection.sheets.image_files import picture_of_array, read_image, read_picture
from wire_detection.sheets.listing import find_pages
from wire_detection.sheets.picture import Picture

ORIENTATION = 274


def drawn(ground, stroke) -> np.ndarray:
    """(60, 90, 3) uint8 with a stroke from left to right."""
    pixels = np.full((60, 90, 3), ground, np.uint8)
    pixels[30:32, 10:80] = stroke
    return pixels


def test_colours_come_beside_the_grey(tmp_path):
    Image.fromarray(drawn(255, (0, 150, 0))).save(tmp_path / "a.png")
    picture = read_picture(tmp_path / "a.png")
    np.testing.assert_array_equal(picture.grey, read_image(tmp_path / "a.png"))
    np.testing.assert_array_equal(picture.colours, drawn(255, (0, 150, 0)))
    np.testing.assert_array_equal(find_pages(tmp_path).pages[0].picture().colours, picture.colours)


@pytest.mark.parametrize("pixels", [drawn(255, (60, 60, 60)), drawn(250, 0)[..., 0]], ids=["RGB", "L"])
def test_grey_pictures_have_no_colours(pixels):
    assert picture_of_array(pixels).colours is None


def test_light_strokes_are_inverted_with_their_colours():
    picture = picture_of_array(drawn(0, (0, 255, 0)))
    assert picture.grey[30, 40] < picture.grey[5, 5] == 255
    assert picture.colours[30, 40].tolist() == [255, 0, 255] and picture.colours[5, 5].tolist() == [255] * 3


def test_transparent_colours_lie_on_paper():
    pixels = np.dstack([drawn(0, (200, 0, 0)), np.zeros((60, 90), np.uint8)])
    pixels[30:32, 10:80, 3] = 255
    picture = picture_of_array(pixels)
    assert picture.colours[30, 40].tolist() == [200, 0, 0] and picture.colours[5, 5].tolist() == [255] * 3


def test_both_are_turned_as_the_camera_was_held(tmp_path):
    image = Image.fromarray(drawn(255, (0, 0, 200)))
    exif = image.getexif()
    exif[ORIENTATION] = 6
    image.save(tmp_path / "a.png", exif=exif)
    picture = read_picture(tmp_path / "a.png")
    assert picture.grey.shape == (90, 60) and picture.colours.shape == (90, 60, 3)
    assert picture.colours[40, 28].tolist() == [0, 0, 200], "its row 31 is the column 59 - 31"


def test_half_a_turn():
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3)
    assert Picture(grey).turned_by_half().grey.tolist() == [[5, 4, 3], [2, 1, 0]]
    assert Picture(grey).turned_by_half().colours is None
    assert Picture(grey, np.dstack([grey] * 3)).turned_by_half().colours[0, 0].tolist() == [5] * 3
