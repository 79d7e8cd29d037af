"""How a sheet shows where its wires meet and where they pass each other: dots or none, crossings, hops and gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wire_detection.drawing.connectivity import Connectivity
from wire_detection.drawing.style import Style

APART = 0.05
"""Grid units from a wire's end within which another wire meets it and does not cross it."""

CLEARANCE = 0.2
"""Grid units that stay free between an arc or a gap and whatever comes next on the same wires."""

SMALLEST_HOP_STROKES = 2.2
"""Radius, in wire widths, below which an arc would fill up with ink."""

SMALLEST_GAP_STROKES = 1.5
"""Half of a gap, in wire widths: less would leave no paper beside the other wire."""

SHALLOW = 0.35
"""Sine of the angle below which the ends of a wire that hops or breaks would still touch the other wire."""

ARC_STEPS = 12
"""Pieces of an arc: a polygon of so many looks round at any size that is drawn."""


BOW_STEPS = 4
"""Pieces of a rounded corner, as of any curved wire: a chain of so few lies within a twentieth of its radius."""


@dataclass(frozen=True)
class Wiring:
    """The wires as a sheet shows them, in grid units.

    wires: (N, 4), split where they connect and where they hop or break
    junctions: (M, 2)      ends: (M,) wires and leads that end there      dotted: (M,) bool
    crossings: (C, 2)      crossing_types: C of "crossing", "hop" and "gap"
    arcs: polylines (K, 2) of the hops, ink that belongs to no wire
    """

    wires: np.ndarray
    junctions: np.ndarray
    ends: np.ndarray
    dotted: np.ndarray
    crossings: np.ndarray
    crossing_types: tuple[str, ...]
    arcs: tuple[np.ndarray, ...]


def show_wiring(net: Connectivity, style: Style, rng: np.random.Generator) -> Wiring:
    """The wires of `net` with the dots, hops and gaps that the style's habits and chance give them."""
    corners = round_corners(net.wires, net.tips, style.rounding) if style.rounding else net.wires
    wires, crossings, types, arcs = _pass(corners, style, rng)
    plain = "crossing" in types  # where such a crossing connects nothing, one that connects must have its dot
    dotted = np.where(
        net.ends > 3, style.cross_dots or plain, style.dots & (rng.random(len(net.ends)) < style.dot_share)
    )
    return Wiring(wires, net.junctions, net.ends, dotted.astype(bool), crossings, tuple(types), tuple(arcs))


def round_corners(wires: np.ndarray, tips: np.ndarray, radius: float) -> np.ndarray:
    """The wires (N, 4) with a chain of short ones at every corner where two meet at right angles and no tip (K, 2)."""
    wires, bows = wires.copy(), []
    ends = wires.reshape(-1, 2)  # a view: rows 2i and 2i + 1 are the ends of wire i
    keys, corner, counts = np.unique(
        np.round(np.concatenate([ends, tips]), 4), axis=0, return_inverse=True, return_counts=True
    )
    corner = corner.reshape(-1)[: len(ends)]
    lengths = np.hypot(*(wires[:, 2:] - wires[:, :2]).T)
    for index in range(len(keys)):
        here = np.flatnonzero(corner == index)
        if counts[index] != 2 or len(here) != 2 or here[0] // 2 == here[1] // 2:
            continue
        ways = np.array([ends[end ^ 1] - ends[end] for end in here])
        ways /= np.hypot(*ways.T)[:, None]
        reach = min(radius, *(0.45 * lengths[here // 2]))
        if abs(ways[0] @ ways[1]) > 1e-6:
            continue
        point = ends[here[0]].copy()
        t = np.linspace(0, np.pi / 2, BOW_STEPS + 1)[:, None]
        centre = point + reach * (ways[0] + ways[1])
        bow = centre - reach * (np.sin(t) * ways[0] + np.cos(t) * ways[1])
        ends[here[0]], ends[here[1]] = bow[0], bow[-1]
        bows.append(np.concatenate([bow[:-1], bow[1:]], 1))
    return np.concatenate([wires, *bows])


def find_crossings(wires: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(C, 2) indices of the wires (N, 4) that cross on the inside of both, and (C, 2) how far along each they do."""
    start, vector = wires[:, :2], wires[:, 2:] - wires[:, :2]
    length = np.hypot(*vector.T)
    way = vector / np.maximum(length, 1e-9)[:, None]
    turn = way[:, None, 0] * way[None, :, 1] - way[:, None, 1] * way[None, :, 0]
    between = start[None] - start[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (between[..., 0] * way[None, :, 1] - between[..., 1] * way[None, :, 0]) / turn
    inside = (np.abs(turn) > 1e-6) & (along > APART) & (along < length[:, None] - APART)
    first, second = np.nonzero(np.triu(inside & inside.T))
    return np.stack([first, second], 1), np.stack([along[first, second], along[second, first]], 1)


def _pass(wires: np.ndarray, style: Style, rng: np.random.Generator):
    """The wires split at hops and gaps, the crossings (C, 2), their types and the arcs."""
    pairs, along = find_crossings(wires)
    length = np.hypot(*(wires[:, 2:] - wires[:, :2]).T)
    way = (wires[:, 2:] - wires[:, :2]) / np.maximum(length, 1e-9)[:, None]
    stops: dict[int, list[float]] = {}
    for (i, j), (t, u) in zip(pairs.tolist(), along.tolist(), strict=True):
        stops.setdefault(i, []).append(t)
        stops.setdefault(j, []).append(u)
    kinds, weights = list(style.passing), np.array(list(style.passing.values()))
    chosen = rng.choice(len(kinds), size=len(pairs), p=weights / weights.sum())
    hop_vertical, left = rng.random(len(pairs)) < style.hop_vertical, rng.random(len(pairs)) < style.hop_left
    types, arcs, cuts = [], [], {}
    for index, ((i, j), (t, u)) in enumerate(zip(pairs.tolist(), along.tolist(), strict=True)):
        kind = kinds[chosen[index]]
        steep = abs(way[i, 1]) > abs(way[j, 1])
        over, at, other, there = (i, t, j, u) if steep == hop_vertical[index] else (j, u, i, t)
        room = _room(stops[over], at, length[over])
        if kind == "hop":
            room = min(room, _room(stops[other], there, length[other]))
        wanted, least = (
            (style.hop_radius, SMALLEST_HOP_STROKES) if kind == "hop" else (style.gap_half, SMALLEST_GAP_STROKES)
        )
        least *= style.stroke_px / style.grid_px
        half = min(max(wanted, least), room)
        if abs(way[i, 0] * way[j, 1] - way[i, 1] * way[j, 0]) < SHALLOW:
            kind = "crossing"
        elif kind != "crossing" and half < least:
            kind = "crossing"
        types.append(kind)
        if kind == "crossing":
            continue
        cuts.setdefault(over, []).append((at - half, at + half))
        if kind == "hop":
            arcs.append(_arc(wires[over, :2] + at * way[over], way[over] * half, left[index], style.hop_height))
    points = wires[pairs[:, 0], :2] + along[:, :1] * way[pairs[:, 0]]
    return _without(wires, way, length, cuts), points.reshape(-1, 2), types, arcs


def _room(stops: list[float], at: float, length: float) -> float:
    """What an arc or a gap may take on both sides of `at` on a wire that other wires cross at `stops`.

    Of the way to another crossing half is left to that one.
    """
    ways = [0.5 * abs(other - at) for other in stops if other != at]
    return min([*ways, at, length - at]) - 0.5 * CLEARANCE


def _arc(centre: np.ndarray, reach: np.ndarray, left: bool, height: float) -> np.ndarray:
    """(N, 2) points of half an ellipse from centre - reach to centre + reach, to the left or right of its way."""
    angles = np.linspace(np.pi, 0, ARC_STEPS + 1)[:, None]
    if reach[0] < -1e-9 or (abs(reach[0]) <= 1e-9 and reach[1] < 0):  # "left" shall not hang on how a wire was drawn
        reach = -reach
    side = np.array([reach[1], -reach[0]]) * (1 if left else -1) * height
    return centre + np.cos(angles) * reach + np.sin(angles) * side


def _without(wires: np.ndarray, way: np.ndarray, length: np.ndarray, cuts: dict[int, list]) -> np.ndarray:
    """The wires (N, 4) without the stretches `cuts` (from, to) of each."""
    pieces = [wires[[i for i in range(len(wires)) if i not in cuts]]]
    for i, stretches in sorted(cuts.items()):
        ends = np.array([0.0, *(v for cut in sorted(stretches) for v in cut), length[i]]).reshape(-1, 2)
        points = wires[i, :2] + ends[..., None] * way[i]
        pieces.append(points.reshape(-1, 4))
    return np.concatenate(pieces)
