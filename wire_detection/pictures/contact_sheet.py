"""Contact sheets show many overlays as small named tiles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from wire_detection.sheets.safe_files import write_png

TILE_PX = 480
"""Side of a tile, large enough to see whether wires lie on their lines."""

MARGIN_PX = 4
"""Of white paper around the picture on a tile."""

CAPTION_PX = 18
"""Height of the name above a tile."""

TILES = 100
"""On one contact sheet, which is 4800 pixels wide then: viewers refuse huge pictures, and memory holds one sheet."""


def contact_tile(image: np.ndarray) -> np.ndarray:
    """Scale a picture (H, W, 3) uint8 RGB so that it fills a tile but for the margin, (h, w, 3) uint8 RGB."""
    scale = (TILE_PX - 2 * MARGIN_PX) / max(image.shape[:2])
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def read_tile(path: str | Path) -> np.ndarray:
    """Read a written overlay as a tile (h, w, 3) uint8 RGB."""
    return contact_tile(cv2.imdecode(np.frombuffer(Path(path).read_bytes(), np.uint8), cv2.IMREAD_COLOR_RGB))


def draw_contact_sheet(tiles: Sequence[np.ndarray], names: Sequence[str]) -> np.ndarray:
    """Put all `tiles`, as `contact_tile` makes them, on one white sheet (H, W, 3) uint8 RGB, each with its name."""
    columns = max(1, int(np.ceil(np.sqrt(len(tiles)))))
    rows = max(1, -(-len(tiles) // columns))
    sheet = np.full((rows * (TILE_PX + CAPTION_PX), columns * TILE_PX, 3), 255, np.uint8)
    for number, (tile, name) in enumerate(zip(tiles, names, strict=True)):
        top, left = number // columns * (TILE_PX + CAPTION_PX), number % columns * TILE_PX + MARGIN_PX
        sheet[top + CAPTION_PX : top + CAPTION_PX + tile.shape[0], left : left + tile.shape[1]] = tile
        label = name.encode("ascii", "replace").decode()[: TILE_PX // 8]
        cv2.putText(sheet, label, (left, top + 13), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
    return sheet


class ContactSheets:
    """Takes tiles one after the other, and writes them on as many contact sheets as they fill.

    The first of these is FOLDER/contact_sheet.png, those after it contact_sheet_2.png and so on. Those of an earlier
    run stay until others take their place or all are written, so that a run that is killed loses none.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self._tiles: list[np.ndarray] = []
        self._names: list[str] = []
        self._written = 0

    def add(self, tile: np.ndarray, name: str) -> None:
        """Take a tile, as `contact_tile` makes them."""
        self._tiles.append(tile)
        self._names.append(name)
        if len(self._tiles) == TILES:
            self._write()

    def finish(self) -> None:
        """Write the tiles that are left, and remove what an earlier run wrote beyond them."""
        if self._tiles:
            self._write()
        for path in self.folder.glob("contact_sheet*.png"):
            number = re.fullmatch(r"contact_sheet(?:_(\d+))?", path.stem)
            if number and int(number[1] or 1) > self._written:
                path.unlink()

    def _write(self) -> None:
        self._written += 1
        number = f"_{self._written}" if self._written > 1 else ""
        write_png(self.folder / f"contact_sheet{number}.png", draw_contact_sheet(self._tiles, self._names))
        self._tiles, self._names = [], []
