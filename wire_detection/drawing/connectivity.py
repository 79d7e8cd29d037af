"""What the wires of a drawing mean: where they connect, and the points where three or more of their ends meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wire_detection.drawing.drawing import Drawing
from wire_detection.sheets.nets import connect_nets, wires_of_nets

_ON_LINE = 1e-3
"""Grid units within which a point lies on a line: far more than rounding, far less than a stroke."""
MEET_PX = 0.75
"""Wire ends closer than this are one point: far more than rounding, far less than a stroke."""


@dataclass(frozen=True)
class Connectivity:
    """What drawn wires mean.

    wires: (N, 4), split where they connect      junctions: (M, 2)      ends: (M,) meeting there
    tips: (K, 2) of all leads
    """

    wires: np.ndarray
    junctions: np.ndarray
    ends: np.ndarray
    tips: np.ndarray


def find_connections(drawing: Drawing, count_pins: bool = True) -> Connectivity:
    """Wires split at their connections, and the points where three or more ends meet.

    Collinear wires that touch are one wire. What ends on the inside of a wire, be it a wire, a corner or a pin's
    tip, connects there; two wires that were drawn straight through one another do not.
    count_pins: whether a lead is one of the ends that make a junction (xschem draws dots for wires only).
    """
    drawn = np.array(drawing.wires, float).reshape(-1, 4)
    wires = _merged(drawn)
    tips = np.array([pin.tip for pin in drawing.pins], float).reshape(-1, 2)
    if len(wires):
        wires = _split(wires, np.concatenate([wires[:, :2], wires[:, 2:], tips, _nodes(drawn, wires)]))
    ends = np.concatenate([wires[:, :2], wires[:, 2:]])
    if count_pins and len(ends):
        on_wire = (np.abs(tips[:, None] - ends[None]).max(2) < _ON_LINE * 8).any(1)
        ends = np.concatenate([ends, tips[on_wire]])
    ends = np.concatenate([ends, np.repeat(np.array(drawing.bus_knots, float).reshape(-1, 2), 3, axis=0)])
    keys, counts = np.unique(np.round(ends * 64).astype(np.int64), axis=0, return_counts=True)
    return Connectivity(wires, keys[counts >= 3] / 64.0, counts[counts >= 3], tips)


def _merged(wires: np.ndarray) -> np.ndarray:
    """Horizontal and vertical wires that overlap or touch along their line, joined; diagonal ones as they are."""
    keep = [wires[(np.abs(wires[:, 0] - wires[:, 2]) > _ON_LINE) & (np.abs(wires[:, 1] - wires[:, 3]) > _ON_LINE)]]
    for along, across in ((0, 1), (1, 0)):
        same = wires[
            (np.abs(wires[:, across] - wires[:, across + 2]) <= _ON_LINE)
            & (np.abs(wires[:, along] - wires[:, along + 2]) > _ON_LINE)
        ]
        rows: dict[int, list] = {}
        for wire in same:
            low, high = sorted((wire[along], wire[along + 2]))
            rows.setdefault(round(wire[across] * 64), []).append((low, high))
        joined = [(low, high, row / 64.0) for row, spans in rows.items() for low, high in _union(spans)]
        for low, high, at in joined:
            keep.append(np.array([[low, at, high, at] if along == 0 else [at, low, at, high]]))
    return np.concatenate(keep)


def _union(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    spans = sorted(spans)
    joined = [spans[0]]
    for low, high in spans[1:]:
        if low <= joined[-1][1] + _ON_LINE:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def _nodes(drawn: np.ndarray, wires: np.ndarray) -> np.ndarray:
    """(N, 2) ends of `drawn` wires on the inside of two merged ones: they meet there and do not merely cross."""
    ends = np.unique(drawn.reshape(-1, 2), axis=0)
    return ends[_places(wires, ends)[0].sum(0) >= 2]


def _places(wires: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two (W, P) arrays: whether a point lies on the inside of a wire, and how far along it."""
    start, vector = wires[:, :2], wires[:, 2:] - wires[:, :2]
    length = np.hypot(*vector.T)
    unit = vector / length[:, None]
    rel = points[None] - start[:, None]
    along = (rel * unit[:, None]).sum(2)
    off = np.abs(rel[..., 0] * unit[:, None, 1] - rel[..., 1] * unit[:, None, 0])
    return (off < _ON_LINE * 8) & (along > 0.01) & (along < length[:, None] - 0.01), along


def _split(wires: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Cut every wire at the points that lie on its inside."""
    inside, along = _places(wires, points)
    pieces = []
    for i in range(len(wires)):
        order = np.flatnonzero(inside[i])
        order = order[np.argsort(along[i, order])]
        order = order[np.diff(along[i, order], prepend=-1.0) > 0.02]
        stops = np.concatenate([wires[i : i + 1, :2], points[order], wires[i : i + 1, 2:]])
        pieces.append(np.concatenate([stops[:-1], stops[1:]], 1))
    return np.concatenate(pieces)


def nets_of(wires: np.ndarray, junctions: np.ndarray, crossings: np.ndarray, types) -> tuple[tuple[int, ...], ...]:
    """The numbers of the wires of each net, of exact wires (N, 4), junctions (M, 2) and crossings (C, 2) in pixels.

    types: of the crossings; at hops and gaps the wire that passes goes on.
    """
    passed = np.asarray(crossings).reshape(-1, 2)[[kind != "crossing" for kind in types]]
    return wires_of_nets(connect_nets(wires, junctions, end_px=MEET_PX, junction_px=MEET_PX, passed=passed))
