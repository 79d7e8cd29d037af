"""A texture of specks on the paper (halftone, dotted paper, dust, salt-and-pepper noise) is levelled out.

Specks by the thousand look like letters to a network and like ends and dots to whatever follows strokes. A few of them
are full stops, dots of letters and dotted lines, and stay: only where they cover the whole sheet they are none of it.
"""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.ink import ink_mask

SPECK_PX = 4
"""Specks are at most so long and so wide: strokes are 2 px wide as a rule, and the dots of junctions 6 px."""

WINDOWS, WINDOW_PX = 4, 128
"""Specks are first counted in so many rows and columns of windows of this side, in a few milliseconds."""

FEWEST = 10
"""A window of a texture holds so many, 40 px from one to the next; one full of the finest lettering hardly does."""

AROUND_PX = 9
"""Side of the window whose bare pixels tell the tone of the paper below a speck."""


def without_specks(grey: np.ndarray) -> np.ndarray:
    """Level out the specks of a sheet (H, W) uint8 that is covered by them; any other is returned as it is."""
    if min(grey.shape) < WINDOW_PX:
        return grey
    tops, lefts = (np.linspace(0, side - WINDOW_PX, WINDOWS).astype(int) for side in grey.shape)
    counts = [
        find_specks(ink_mask(grey[top : top + WINDOW_PX, left : left + WINDOW_PX]))[1] for top in tops for left in lefts
    ]
    if np.median(counts) < FEWEST:
        return grey
    ink = ink_mask(grey)
    specks, _ = find_specks(ink)
    bare = (~ink).astype(np.float32)
    share = cv2.boxFilter(bare, -1, (AROUND_PX, AROUND_PX))
    paper = cv2.boxFilter(grey * bare, -1, (AROUND_PX, AROUND_PX)) / np.maximum(share, 1e-3)
    soft = cv2.dilate(specks.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where(specks | soft & ~ink, paper.astype(np.uint8), grey)


def find_specks(ink: np.ndarray) -> tuple[np.ndarray, int]:
    """Find which pixels of `ink` (H, W) bool are specks, (H, W) bool, and how many there are."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    small = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) <= SPECK_PX
    small[0] = False
    return small[labels], int(small.sum())
