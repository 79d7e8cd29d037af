"""Thin strokes tell by their tone whether a picture is dark on light paper or light on a dark ground."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.defaults import AUTO, LIGHT
from wire_detection.sheets.reduce import reduced

GROUND_WINDOW_PX = 21
"""Side of the window whose median is the ground: strokes cover less than half of it, in dense lettering too."""

LONGEST_SIDE_PX = 700
"""Of the picture on which the tones are compared; strokes get paler when it is reduced, but keep their sign."""


def has_light_strokes(grey: np.ndarray) -> bool:
    """Tell whether thin strokes are lighter than the ground around them; `grey` is (H, W) uint8.

    The tone of the ground itself tells nothing: a photograph in poor light is dark all over, and its strokes are
    darker still.
    """
    small = reduced(grey, LONGEST_SIDE_PX)
    ground = cv2.medianBlur(small, GROUND_WINDOW_PX)
    lighter = int(cv2.subtract(small, ground).sum(dtype=np.int64))
    darker = int(cv2.subtract(ground, small).sum(dtype=np.int64))
    return lighter > darker


def is_light_on_dark(grey: np.ndarray, polarity: str = AUTO) -> bool:
    """Tell whether the strokes of `grey` (H, W) uint8 are the light ones, as is found out or as `polarity` says."""
    return has_light_strokes(grey) if polarity == AUTO else polarity == LIGHT


def ground_tone(tones: np.ndarray) -> int:
    """Find the tone, 0 to 255, that shows what is visible of a transparent picture.

    Where most of the picture is opaque, it is the tone of most of that (its paper). Otherwise strokes alone are
    visible: light ones want black behind them. As soon as a tenth of what is visible is dark, those are the strokes,
    and what is light are filled shapes: they want white.

    Args:
        tones: (256,) how much of the picture has each tone, weighted by how opaque it is; the rest up to a sum of 1 is
            transparent.
    """
    visible = tones.sum()
    if visible > 0.5:
        return _quantile(tones, 0.5)
    return 0 if visible and _quantile(tones, 0.1) > 127 else 255


def _quantile(tones: np.ndarray, share: float) -> int:
    return int(np.searchsorted(np.cumsum(tones), share * tones.sum()))
