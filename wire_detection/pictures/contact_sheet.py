"""A contact sheet shows many overlays as small named tiles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

CONTACT_TILE_PX = 480
"""Side of a tile, large enough to see whether wires lie on their lines."""

CONTACT_LARGEST_PX = 8000
"""Width of the largest contact sheet; the tiles of more sheets are smaller, for viewers refuse huge pictures."""


def draw_contact_sheet(images: Sequence[np.ndarray], names: Sequence[str]) -> np.ndarray:
    """Draw all `images` (each (H, W, 3) uint8 RGB) as small named tiles on one white sheet (H, W, 3) uint8 RGB."""
    columns = max(1, int(np.ceil(np.sqrt(len(images)))))
    tile = min(CONTACT_TILE_PX, CONTACT_LARGEST_PX // columns)
    caption = 18
    rows = -(-len(images) // columns)
    sheet = np.full((max(1, rows) * (tile + caption), columns * tile, 3), 255, np.uint8)
    for number, (image, name) in enumerate(zip(images, names, strict=True)):
        scale = (tile - 8) / max(image.shape[:2])
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        top, left = number // columns * (tile + caption), number % columns * tile
        sheet[top + caption : top + caption + size[1], left + 4 : left + 4 + size[0]] = small
        label = name.encode("ascii", "replace").decode()[: max(1, tile // 8)]
        cv2.putText(sheet, label, (left + 4, top + 13), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
    return sheet


def read_overlay(path: str | Path, largest_px: int = 2 * CONTACT_TILE_PX) -> np.ndarray:
    """Read a written overlay (H, W, 3) uint8 RGB for a contact sheet, reduced to about `largest_px`."""
    data = np.frombuffer(Path(path).read_bytes(), np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB)
    scale = largest_px / max(image.shape[:2])
    return image if scale >= 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
