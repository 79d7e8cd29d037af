"""What is read of a page: its strokes in grey, and their colours where it has any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COLOUR_STEP = 40
"""How far the channels of a coloured pixel differ: those of grey scans and JPEG files differ by less."""

COLOURED_SHARE = 0.0005
"""Of a coloured picture: a single wire across a sheet covers as much."""

EVERY_PX = 3
"""Every so many pixels, in x and y, it is looked whether a picture has colours."""


@dataclass(frozen=True)
class Picture:
    """A page's picture.

    grey: (H, W) uint8, ink dark on light
    colours: (H, W, 3) uint8 RGB, ink dark on light; None where the picture is grey
    """

    grey: np.ndarray
    colours: np.ndarray | None = None

    def turned_by_half(self) -> Picture:
        """Turn the picture by 180 degrees."""
        colours = None if self.colours is None else np.ascontiguousarray(self.colours[::-1, ::-1])
        return Picture(np.ascontiguousarray(self.grey[::-1, ::-1]), colours)


def has_colours(colours: np.ndarray) -> bool:
    """Tell whether a picture (H, W, 3) uint8 shows coloured strokes."""
    some = colours[::EVERY_PX, ::EVERY_PX]
    return bool((np.ptp(some, axis=2) > COLOUR_STEP).mean() >= COLOURED_SHARE)
