"""Chains are strokes of any direction, as few straight segments that meet: simplified, moved to the middle of their ink
and ended on what they touch."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.sheets.geometry import points_near_segments
from wire_detection.sheets.raster import pixels_at

STEEPEST = 4.0
"""An end is drawn out along its line to what it touches by so many times the distance to it at most."""


def simplified(line: np.ndarray, bend_px: float) -> np.ndarray:
    """The few points (M, 2), two at least, of a line (N, 2) that stays within `bend_px` of it."""
    return cv2.approxPolyDP(np.ascontiguousarray(line, np.float32), bend_px, False).reshape(-1, 2)


def on_ink(chain: np.ndarray, ink: np.ndarray, stroke_px: float) -> np.ndarray:
    """Move the segments of a chain (M, 2) to the middle of the ink (H, W), and its corners to where they cross.

    Across each segment the ink is measured at places a stroke width apart; its middle in both halves tells by how much
    the ends have to move. Segments too short for that stay where they are.
    """
    starts, stops = chain[:-1].astype(np.float64), chain[1:].astype(np.float64)
    moved = [_on_ink(start, stop, ink, stroke_px) for start, stop in zip(starts, stops, strict=True)]
    corners = [moved[0][0]]
    for (a, b), (c, d) in zip(moved, moved[1:], strict=False):
        corners.append(_corner(a, b, c, d, 2 * stroke_px))
    return np.array([*corners, moved[-1][1]], np.float32)


def _on_ink(start, stop, ink: np.ndarray, stroke_px: float) -> tuple[np.ndarray, np.ndarray]:
    way = stop - start
    length = np.hypot(*way)
    count = int(length / stroke_px)
    if count < 4:
        return start, stop
    normal = np.array([-way[1], way[0]]) / length
    shares = (np.arange(count) + 0.5) / count
    aside = np.arange(-2 * stroke_px, 2 * stroke_px + 0.25, 0.5)
    places = start + shares[:, None, None] * way + aside[None, :, None] * normal
    found = pixels_at(ink, places[..., 0], places[..., 1]) > 0
    total = found.sum(1)
    seen = (total > 0) & (total * 0.5 <= 2 * stroke_px + 1)  # neither paper nor another stroke that runs across
    middle = np.where(seen, (found * aside).sum(1) / np.maximum(total, 1), np.nan)
    halves = middle[: count // 2], middle[count // 2 :]
    if any(np.isnan(half).all() for half in halves):
        return start, stop
    first, second = (_usual(half) for half in halves)
    return start + (1.5 * first - 0.5 * second) * normal, stop + (1.5 * second - 0.5 * first) * normal


def _usual(values: np.ndarray) -> float:
    """The mean of the values (N,), NaN left out, that lie within a pixel of their median; it, where none does."""
    median = np.nanmedian(values)
    near = values[np.abs(values - median) <= 1]
    return float(near.mean() if len(near) else median)


def _corner(a, b, c, d, farthest_px: float) -> np.ndarray:
    """Where the lines through a, b and c, d cross; the middle of b and c where that lies too far from both."""
    one, two, middle = b - a, d - c, (b + c) / 2
    turn = one[0] * two[1] - one[1] * two[0]
    if abs(turn) < 1e-6:
        return middle
    crossing = a + ((c[0] - a[0]) * two[1] - (c[1] - a[1]) * two[0]) / turn * one
    return crossing if np.hypot(*(crossing - middle)) <= farthest_px else middle


def ended_on(chains: list[np.ndarray], wires: np.ndarray, reach_px: float) -> np.ndarray:
    """The segments (M, 4) of chains, their ends on those of the `wires` (N, 4) and other chains within `reach_px`.

    An end is drawn out along its own line; where that does not meet the other, it moves to the nearest point.
    """
    owner = np.concatenate([np.full(len(wires), -1), *(np.full(len(c) - 1, i) for i, c in enumerate(chains))])
    others = np.concatenate([wires, *(np.concatenate([c[:-1], c[1:]], 1) for c in chains)])
    first = len(wires) + np.cumsum([0, *(len(chain) - 1 for chain in chains)])
    ends = [(segment, end) for i in range(len(chains)) for segment, end in ((first[i], 0), (first[i + 1] - 1, 1))]
    points = np.array([others[segment].reshape(2, 2)[end] for segment, end in ends])
    near: dict[int, list[int]] = {}
    for end, other in points_near_segments(points, others, reach_px).tolist():
        if owner[other] != owner[ends[end][0]]:
            near.setdefault(end, []).append(other)
    for number, touched in near.items():  # one after the other: the next one sees where this one went
        segment, end = ends[number]
        tip, before = others[segment].reshape(2, 2)[[end, 1 - end]]
        places = [_met(before, tip, others[other]) for other in touched]
        others[segment].reshape(2, 2)[end] = min(places, key=lambda place: np.hypot(*(place - tip)))
    return others[len(wires) :]


def _met(before: np.ndarray, tip: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where the line from `before` to `tip` meets the segment `other`, or its nearest point to the tip."""
    step, way = other[2:] - other[:2], tip - before
    nearest = other[:2] + np.clip((tip - other[:2]) @ step / max(step @ step, 1e-9), 0, 1) * step
    turn = way[0] * step[1] - way[1] * step[0]
    if abs(turn) < 1e-6:
        return nearest
    off = other[:2] - tip
    ahead, share = (off[0] * step[1] - off[1] * step[0]) / turn, (off[0] * way[1] - off[1] * way[0]) / turn
    crossing = tip + ahead * way
    close = np.hypot(*(crossing - tip)) <= STEEPEST * np.hypot(*(nearest - tip)) + 1
    return crossing if close and -0.02 <= share <= 1.02 else nearest
