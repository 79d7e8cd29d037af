"""A large sheet is cut into overlapping tiles of one size."""

from __future__ import annotations

import numpy as np


def tile_starts(length: int, tile: int, overlap: int) -> list[int]:
    """Spread tiles evenly over 0..length with at least `overlap` pixels in common; where one is enough, it starts at 0.

    length 1000, tile 512, overlap 64: two tiles cover 512 + 448 = 960 < 1000, so three, from 0, 244 and 488.
    """
    if length <= tile:
        return [0]
    count = -(-(length - overlap) // (tile - overlap))
    return np.linspace(0, length - tile, count).round().astype(int).tolist()
