"""Thin strokes of one colour are of one kind: programs draw wires in one colour, symbols with their leads in another.

Networks see no colours, and a lead looks like the wire that it goes on as. But what the wire map says of all strokes of
a colour tells what the program draws in it, and so where a wire ends and a lead begins: where the colour changes.
"""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.reading.pieces import LARGEST_MAP_LOGIT, clipped_logits

HUES = 12
"""Colours that are told apart, beside grey: programs draw in red, green and blue, and screens shift them a little."""

LEAST_SATURATION = 0.25
"""Of a coloured stroke: how far its strongest channel is above the weakest, over how far that is from white. It is the
same all across a stroke whose rims fade into white paper."""

LEAST_DARKNESS = 50
"""How far below white the weakest channel of a stroke is: what is paler shows the paper's colour."""

THIN_PX = 5
"""In pixels of the map, where usual strokes are 1.3 to 2.8 wide: squares of this side fit into filled shapes, texts
of titles, buses and bold wires, which often have a colour of their own and are judged by the map alone."""

WIRES, EVIDENCE = 0.5, 0.25
"""Of a colour of wires: the least mean of the map, and its least share of all that the map takes for wires. Without
such a colour, as where all is drawn in one, the map is left as it is."""

MOSTLY, HARDLY = 0.8, 0.35
"""Means of the map over a colour, above which its strokes are wires and below which they are something else. Between
them, as where a program draws wires and symbols alike, the colour tells nothing."""

WEIGHT, MOST_LOGIT = 3.0, 8.0
"""How much the log-odds of a colour count beside those of a place, and how much at the most: the network is sure that
leads are wires, having learned from grey sheets where they look alike. But crosses at open pins, drawn in the colour of
wires, are none, of which it is surer still: MOST_LOGIT is how sure it may be of that."""


def judge_by_colour(wire: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """The wire map (h, w) float32, its log-odds raised and lowered by what the map says of each colour's thin strokes.

    Args:
        colours: (h, w, 3) uint8 RGB of the sheet where the map's pixels lie, ink dark on light.
    """
    weakest = colours.min(2)
    thin = _thin(weakest < 255 - LEAST_DARKNESS)
    hue = hues(colours)
    weight = np.where(thin, 255.0 - weakest, 0)
    total = np.bincount(hue.ravel(), weight.ravel(), minlength=HUES + 1)
    positive = np.bincount(hue.ravel(), (weight * wire).ravel(), minlength=HUES + 1)
    mean = positive / np.maximum(total, 1)
    if not ((mean >= WIRES) & (positive >= EVIDENCE * positive.sum()) & (positive > 0)).any():
        return wire
    tells = (total > 0) & ((mean >= MOSTLY) | (mean <= HARDLY))
    gain = np.where(tells, np.clip(WEIGHT * clipped_logits(mean), -MOST_LOGIT, MOST_LOGIT), 0)
    sure = np.clip(wire, 1 / (1 + np.exp(MOST_LOGIT)), 1 / (1 + np.exp(-LARGEST_MAP_LOGIT)))
    likelihood = 1 / (1 + np.exp(-(np.log(sure / (1 - sure)) + gain[hue])))
    return np.where(thin, likelihood, wire).astype(np.float32)


def hues(colours: np.ndarray) -> np.ndarray:
    """(H, W) int, which of HUES the colours (H, W, 3) uint8 RGB are, counted from red; HUES itself is grey."""
    strongest, weakest = colours.max(2).astype(np.float32), colours.min(2).astype(np.float32)
    degrees = 2 * cv2.cvtColor(colours, cv2.COLOR_RGB2HSV)[..., 0].astype(int)
    width = 360 // HUES
    is_grey = strongest - weakest < LEAST_SATURATION * np.maximum(255 - weakest, 1)
    return np.where(is_grey, HUES, (degrees + width // 2) % 360 // width)


def _thin(ink: np.ndarray) -> np.ndarray:
    """(H, W) bool, ink (H, W) bool that is no part of a shape into which a square of THIN_PX fits."""
    square = np.ones((THIN_PX, THIN_PX), np.uint8)
    filled = cv2.dilate(cv2.erode(ink.astype(np.uint8), square), np.ones((THIN_PX + 2, THIN_PX + 2), np.uint8))
    return ink & (filled == 0)
