"""Overlays as small named tiles in their order."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.pictures.contact_sheet import (
    CAPTION_PX,
    TILE_PX,
    TILES,
    ContactSheets,
    contact_tile,
    draw_contact_sheet,
    read_tile,
)
from wire_detection.sheets.safe_files import write_png


def read_png(path) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR_RGB)


def test_an_overlay_is_read_small_and_in_its_colours(tmp_path):
    image = np.zeros((400, 1000, 3), np.uint8)
    image[..., 0] = 200
    write_png(tmp_path / "ü.png", image)
    tile = read_tile(tmp_path / "ü.png")
    assert tile.shape == (189, 472, 3) and tile[0, 0].tolist() == [200, 0, 0]


def test_tiles_of_a_contact_sheet_stand_in_a_square_in_their_order():
    """Five images: three columns, two rows; each tile has a margin of 4 px and a caption of 18."""
    tiles = [contact_tile(np.full((50, 100, 3), 10 * (number + 1), np.uint8)) for number in range(5)]
    drawn = draw_contact_sheet(tiles, list("abcde"))
    assert drawn.shape == (2 * (TILE_PX + CAPTION_PX), 3 * TILE_PX, 3)
    places = [(100 + row * (TILE_PX + CAPTION_PX), 100 + column * TILE_PX) for row in (0, 1) for column in (0, 1, 2)]
    assert [int(drawn[y, x, 0]) for y, x in places] == [10, 20, 30, 40, 50, 255]
    assert (drawn[:CAPTION_PX, :TILE_PX] < 128).any()  # the name
    wide = draw_contact_sheet([tiles[0]], ["ü" * 200])
    assert cv2.boundingRect((wide[:CAPTION_PX].min(2) < 128).astype(np.uint8))[2] <= TILE_PX


def test_no_overlay_is_a_white_sheet():
    assert (draw_contact_sheet([], []) == 255).all()


@pytest.mark.parametrize(("shape", "size"), [((100, 50), (472, 236)), ((50, 100), (236, 472))])
def test_a_tile_keeps_the_shape_of_its_sheet(shape, size):
    """The longer side fills the tile but for 4 px on both sides."""
    drawn = draw_contact_sheet([contact_tile(np.zeros((*shape, 3), np.uint8))], [""])
    assert cv2.boundingRect((drawn.max(2) < 128).astype(np.uint8)) == (4, CAPTION_PX, size[1], size[0])


def test_each_hundred_tiles_are_a_sheet_of_their_own_and_earlier_ones_are_removed(tmp_path):
    for name in ("contact_sheet.png", "contact_sheet_3.png", "contact_sheet_of_mine.png"):
        write_png(tmp_path / name, np.zeros((4, 4), np.uint8))
    sheets = ContactSheets(tmp_path)
    for number in range(TILES + 1):
        sheets.add(np.full((1, 1, 3), number, np.uint8), "")
    sheets.finish()
    assert {path.name for path in tmp_path.iterdir()} == {
        "contact_sheet.png",
        "contact_sheet_2.png",
        "contact_sheet_of_mine.png",
    }
    first, second = (read_png(tmp_path / name) for name in ("contact_sheet.png", "contact_sheet_2.png"))
    assert first[CAPTION_PX :: TILE_PX + CAPTION_PX, 4::TILE_PX, 0].ravel().tolist() == list(range(TILES))
    assert second.shape == (TILE_PX + CAPTION_PX, TILE_PX, 3) and second[CAPTION_PX, 4, 0] == TILES


def test_without_tiles_there_is_no_sheet(tmp_path):
    ContactSheets(tmp_path).finish()
    assert list(tmp_path.iterdir()) == []


def test_what_an_earlier_run_wrote_stays_until_all_is_written(tmp_path):
    old = [tmp_path / name for name in ("contact_sheet.png", "contact_sheet_2.png")]
    for path in old:
        path.write_bytes(b"old")
    sheets = ContactSheets(tmp_path)
    sheets.add(np.zeros((1, 1, 3), np.uint8), "")
    assert [path.read_bytes() for path in old] == [b"old", b"old"]
    sheets.finish()
    assert old[0].read_bytes() != b"old" and not old[1].exists()
