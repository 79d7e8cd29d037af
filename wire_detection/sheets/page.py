"""The page is a part of its picture: the desk, a frame or a scanner's edge may lie around it."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.reduce import reduced, reduction

LONGEST_SIDE_PX = 800
"""Of the copy in which the page is looked for: its strokes are thin, and its edges still sharp to a pixel or two."""

CLOSING_PX = 9
"""Strokes and letters up to this width in the copy vanish before page and desk are told apart."""

DESK_TONE = 0.8
"""A desk, a frame or a scanner's edge is darker than this share of the page's brightness beside it."""

PAGE_SHARE = 0.3
"""A bright part that is smaller than this share of the picture is no page."""

PAGE_FILL = 0.95
"""A page fills at least this share of its convex hull: seen by a camera it is convex."""

EDGE_SHARE = 0.7
"""Along how much of its edge (inside the picture) the page must be brighter than what lies beside it."""

EDGE_LENGTH = 0.5
"""The page's edge must run for so much of the picture's shorter side: a dark corner alone is part of the drawing."""

DESK_STROKES = 0.5
"""A desk shows at most this share of the strokes of the page, by area: a shaded half of a drawing shows as many."""

EDGE_PX = 2
"""The page's edge is soft over about so many pixels of the copy: they are cut off with the desk."""


def find_page(grey: np.ndarray) -> np.ndarray:
    """Find the corners (N, 2) float64 x y, in order, of the page in a picture (H, W) uint8; none where it fills it.

    A page is a bright convex part of the picture with something darker and nearly without strokes around it.
    """
    small = reduced(grey, LONGEST_SIDE_PX)
    closed = _without_strokes(small)
    _, bright = cv2.threshold(closed, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright)
    nothing = np.zeros((0, 2))
    if count == 1 or bright.all():
        return nothing
    number = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    area = stats[number, cv2.CC_STAT_AREA]
    outlines, _ = cv2.findContours((labels == number).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    page = cv2.fillConvexPoly(np.zeros(small.shape, np.uint8), hull, 1)
    if page.all() or area < max(PAGE_SHARE * page.size, PAGE_FILL * page.sum()) or not _stands_out(small, closed, page):
        return nothing
    return cv2.perspectiveTransform(hull.astype(np.float64), np.linalg.inv(reduction(grey.shape, small.shape))).reshape(
        -1, 2
    )


def _without_strokes(small: np.ndarray) -> np.ndarray:
    """Take the strokes out of a picture; beyond it lies darkness, so that a narrow strip of desk at its edge stays."""
    pad = CLOSING_PX
    padded = cv2.copyMakeBorder(small, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    return cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((pad, pad), np.uint8))[pad:-pad, pad:-pad]


def _stands_out(small: np.ndarray, closed: np.ndarray, page: np.ndarray) -> bool:
    """Tell whether what lies around the `page` (h, w) uint8 is darker, at a sharp edge, and holds few strokes."""
    reach = 2 * EDGE_PX + 1
    window = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    beside = (cv2.dilate(page, np.ones((3, 3), np.uint8)) > page) & (cv2.dilate(page, window) > 0)
    brightest = cv2.dilate(np.where(page, closed, 0).astype(np.uint8), window)
    darkest = cv2.erode(np.where(page, 255, closed).astype(np.uint8), window)
    steps = darkest[beside] < DESK_TONE * brightest[beside].astype(np.float64)
    if len(steps) < EDGE_LENGTH * min(page.shape) or steps.mean() < EDGE_SHARE:
        return False
    strokes = cv2.subtract(closed, small) / np.maximum(closed, 1)
    return strokes[page == 0].mean() <= DESK_STROKES * max(strokes[page > 0].mean(), 1e-6)


def page_alone(grey: np.ndarray, corners: np.ndarray) -> tuple[np.ndarray, tuple[int, int]]:
    """Cut out the part of a picture (H, W) uint8 that holds the page with these corners (N, 2); around it lies paper.

    Returns:
        (h, w) uint8, and the (left, top) pixel of the picture at which it begins.
    """
    step = max(1.0, max(grey.shape) / LONGEST_SIDE_PX)
    left, top = np.clip(np.floor(corners.min(0)), 0, np.array(grey.shape[::-1]) - 1).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(0)) + 1, 1, grey.shape[::-1]).astype(int)
    part = grey[top:bottom, left:right]
    page = cv2.fillConvexPoly(np.zeros(part.shape, np.uint8), np.rint(corners - (left, top)).astype(np.int32), 1)
    margin = 2 * int(np.ceil(EDGE_PX * step)) + 1
    page = cv2.erode(page, np.ones((margin, margin), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.where(page > 0, part, paper_beyond(part, page)), (int(left), int(top))


def paper_beyond(grey: np.ndarray, page: np.ndarray) -> np.ndarray:
    """Find (H, W) uint8, the tone that the paper of the `page` (H, W) uint8 would go on with on all sides of it."""
    small, inside = reduced(grey, LONGEST_SIDE_PX // 4), reduced(page * np.uint8(255), LONGEST_SIDE_PX // 4) == 255
    paper = cv2.dilate(np.where(inside, small, 0).astype(np.uint8), np.ones((3, 3), np.uint8))
    known = (paper > 0).astype(np.float32)
    total, weight = (cv2.GaussianBlur(v, (0, 0), 5) for v in (paper * known, known))
    usual = float(np.median(paper[paper > 0])) if known.any() else 255.0
    tone = np.where(weight > 1e-3, total / np.maximum(weight, 1e-3), usual)
    return cv2.resize(tone.astype(np.uint8), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
