"""A sheet on which wires meet in every way, and what other programs would take for its nets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.net_graph import wire_nets
from wire_detection.sheets.geometry import points_near_segments
from wire_detection.sheets.groups import connected_groups

STEP = 20
"""Pixels between the lines of the sheet's grid."""


def meetings_annotation() -> Annotation:
    """An annotation of 400x300 pixels with a T, a crossing, a dotted cross, a hop, a gap, a corner and a net in parts.

    Net 0: a T of three wires, one of which crosses net 1. Net 1 hops over net 0 once and goes around a corner. Net 2: a
    wire with a gap, through which net 3 goes. Net 4: two wires that run through one another with a dot. Net 5: two
    wires far apart, as they are named alike.
    """
    return Annotation.build(
        image_path="meetings.png",
        image_shape=(300, 400),
        wires=[
            [40, 60, 360, 60],  # 0: the bar of the T
            [120, 60, 120, 240],  # 1: its stem
            [40, 120, 200, 120],  # 2: crosses the stem
            [200, 120, 200, 65],  # 3: up to the hop
            [200, 55, 200, 20],  # 4: and behind it
            [40, 160, 75, 160],  # 5: up to the gap
            [85, 160, 110, 160],  # 6: and behind it
            [80, 140, 80, 180],  # 7: goes through the gap
            [240, 160, 360, 160],  # 8
            [300, 100, 300, 220],  # 9: through 8, with a dot
            [40, 280, 100, 280],  # 10
            [300, 280, 360, 280],  # 11: named as 10
        ],
        wire_confidences=np.linspace(0.5, 0.94, 12),
        junctions=[[120, 60], [300, 160], [380, 20]],
        junction_types=["T", "cross", "dot"],
        junction_confidences=[0.875, 0.75, 0.25],
        crossings=[[120, 120], [200, 60], [80, 160]],
        crossing_types=["crossing", "hop", "gap"],
        crossing_confidences=[0.5, 0.625, 1],
        buses=[[360, 100, 360, 220]],
        texts=[[102, 272, 140, 286]],
        nets=[[0, 1], [2, 3, 4], [5, 6], [7], [8, 9], [10, 11]],
        metadata={"source": "manual", "stroke_width": 2.0},
    )


def nets_of_ends(segments, names) -> np.ndarray:
    """Number the nets of segments (N, 4) for a program that connects ends alone; (N,) int.

    names: (x, y, name) of labels; what has labels of one name connects, too.
    """
    return _nets(segments, names, lambda points, rows: _same(points, rows[:, :2]) + _same(points, rows[:, 2:]))


def nets_of_touching(segments, names) -> np.ndarray:
    """Number the nets of segments (N, 4) for a program that connects an end with whatever it lies on; (N,) int."""
    return _nets(segments, names, lambda points, rows: points_near_segments(points, rows, 1e-6).tolist())


def _nets(segments, names, meetings: Callable) -> np.ndarray:
    rows = np.asarray(segments, float).reshape(-1, 4)
    count = len(rows)
    meets = [(point % count, row) for point, row in meetings(np.concatenate([rows[:, :2], rows[:, 2:]]), rows)]
    places = np.array([place for *place, _ in names], float).reshape(-1, 2)
    by_name: dict[str, list[int]] = {}
    for label, row in points_near_segments(places, rows, 1e-6).tolist():
        by_name.setdefault(names[label][2], []).append(row)
    named = [(members[0], other) for members in by_name.values() for other in members]
    return connected_groups(meets + named, count)


def _same(points: np.ndarray, others: np.ndarray) -> list[tuple[int, int]]:
    where: dict[tuple, list[int]] = {}
    for number, other in enumerate(others.tolist()):
        where.setdefault(tuple(other), []).append(number)
    return [(number, other) for number, point in enumerate(points.tolist()) for other in where.get(tuple(point), [])]


def assert_nets_of(annotation: Annotation, segments, nets: np.ndarray, to_file: Callable) -> None:
    """`segments` (N, 4) of a file, in these `nets`, are the nets of the annotation, whose pixels `to_file` maps.

    A point inside each wire is sought among the segments; each of its nets must be one of the file's, and none two.
    """
    rows = np.asarray(segments, float).reshape(-1, 4)
    wires = annotation.wires.astype(float)
    inside = to_file(0.6 * wires[:, :2] + 0.4 * wires[:, 2:])  # not the middle, where wires like to cross
    step = rows[:, 2:] - rows[:, :2]
    share = ((inside[:, None] - rows[:, :2]) * step).sum(2) / (step**2).sum(1)
    foot = rows[:, :2] + np.clip(share, 0, 1)[..., None] * step
    found = nets[np.hypot(*(inside[:, None] - foot).transpose(2, 0, 1)).argmin(1)] if len(inside) else nets
    pairs = set(zip(wire_nets(annotation).tolist(), found.tolist(), strict=True))
    assert len(pairs) == len(set(wire_nets(annotation).tolist())) == len(set(nets.tolist()))
