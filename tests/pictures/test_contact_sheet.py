"""Overlays as small named tiles in their order."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.pictures.contact_sheet import CONTACT_LARGEST_PX, CONTACT_TILE_PX, draw_contact_sheet, read_overlay
from wire_detection.sheets.safe_files import write_png


def test_an_overlay_is_read_small_and_in_its_colours(tmp_path):
    image = np.zeros((400, 1000, 3), np.uint8)
    image[..., 0] = 200
    write_png(tmp_path / "ü.png", image)
    assert read_overlay(tmp_path / "ü.png", 500).shape == (200, 500, 3)
    whole = read_overlay(tmp_path / "ü.png", 1000)
    assert whole.shape == (400, 1000, 3) and whole[0, 0].tolist() == [200, 0, 0]


def test_tiles_of_a_contact_sheet_stand_in_a_square_in_their_order():
    """Five images: three columns, two rows; each tile has a margin of 4 px and a caption of 18."""
    images = [np.full((50, 100, 3), 10 * (number + 1), np.uint8) for number in range(5)]
    drawn = draw_contact_sheet(images, list("abcde"))
    assert drawn.shape == (2 * (CONTACT_TILE_PX + 18), 3 * CONTACT_TILE_PX, 3)
    tile = CONTACT_TILE_PX
    assert [int(drawn[100 + row * (tile + 18), 100 + column * tile, 0]) for row in (0, 1) for column in (0, 1, 2)] == [
        10,
        20,
        30,
        40,
        50,
        255,
    ]
    assert (drawn[:18, :tile] < 128).any()  # the name
    wide = draw_contact_sheet([images[0]], ["ü" * 200])
    assert cv2.boundingRect((wide[:18].min(2) < 128).astype(np.uint8))[2] <= tile


def test_no_overlay_is_a_white_sheet():
    assert (draw_contact_sheet([], []) == 255).all()


def test_tiles_of_many_sheets_shrink_so_that_the_whole_stays_small():
    """400 tiles stand in 20 columns of 400 px."""
    drawn = draw_contact_sheet([np.zeros((4, 4, 3), np.uint8)] * 400, [""] * 400)
    assert drawn.shape == (20 * (400 + 18), CONTACT_LARGEST_PX, 3)


@pytest.mark.parametrize(("shape", "size"), [((100, 50), (472, 236)), ((50, 100), (236, 472))])
def test_a_tile_keeps_the_shape_of_its_sheet(shape, size):
    """The longer side fills the tile but for 4 px on both sides."""
    drawn = draw_contact_sheet([np.zeros((*shape, 3), np.uint8)], [""])
    assert cv2.boundingRect((drawn.max(2) < 128).astype(np.uint8)) == (4, 18, size[1], size[0])
