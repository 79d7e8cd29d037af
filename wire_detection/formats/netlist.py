"""Netlists hold the nets of a sheet in `STEM.netlist.json`: what belongs to each, and where something else takes it on.

    {"image": "amp.png", "image_shape": [height, width],
     "nets": [{"net": 0, "wires": [0, 3], "junctions": [1], "words": ["OUT"],
               "open_ends": [{"wire": 3, "at": [120.0, 80.0], "text": [124, 72, 160, 84], "word": "OUT"}]}]}

Wires and junctions are numbered as in the annotation. An open end is the end of a wire at which nothing else of its net
is: a symbol is there, a label or the edge of the sheet. `text` is the box [x1, y1, x2, y2] of the text nearest to it,
no further than its letters are high, and `word` what it says. `words` of a net are all words beside it that may be its
name. Both are there where the annotation knows what its texts say.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.contract import plain, rounded
from wire_detection.formats.net_graph import NetGraph, members_by_net, net_graph
from wire_detection.formats.net_words import FROM_MIDDLE, rows_of_letters, words_of_nets
from wire_detection.sheets.geometry import points_near_segments
from wire_detection.sheets.safe_files import write_json


class Writer:
    """Writes STEM.netlist.json files into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        write_json(self.folder / f"{image.stem}.netlist.json", netlist(annotation))

    def finish(self) -> None:
        """Every file is written already."""


def netlist(annotation: Annotation) -> dict:
    """Make the content of a file."""
    graph = net_graph(annotation)
    words = words_of_nets(annotation, graph)
    open_ends: dict[int, list[dict]] = {}
    for net, end in _open_ends(graph, annotation):
        open_ends.setdefault(net, []).append(end)
    return {
        "image": plain(annotation.image_path),
        "image_shape": list(annotation.image_shape),
        "nets": [
            {
                "net": net,
                "wires": list(members.wires),
                "junctions": list(members.junctions),
                **({"words": [plain(word) for word, _ in words[net]]} if net in words else {}),
                "open_ends": open_ends.get(net, []),
            }
            for net, members in members_by_net(annotation, graph).items()
        ],
    }


def _open_ends(graph: NetGraph, annotation: Annotation) -> list[tuple[int, dict]]:
    """List (net, open end) in the order of the graph's edges."""
    is_open = graph.degrees[graph.edges] == 1
    points, wires = graph.edges[is_open], np.repeat(graph.edge_wires, 2)[is_open.ravel()]
    boxes = _texts_beside(graph.points[points], annotation.texts)
    ends = zip(points.tolist(), wires.tolist(), rounded(graph.points[points]), strict=True)
    return [
        (int(graph.point_nets[point]), {"wire": wire, "at": place, **_text(annotation, boxes.get(number))})
        for number, (point, wire, place) in enumerate(ends)
    ]


def _text(annotation: Annotation, number: int | None) -> dict:
    """Give the place of a text, and what it says where that is known; nothing without a number."""
    if number is None:
        return {}
    said = {"word": plain(annotation.words[number])} if annotation.words else {}
    return {"text": rounded(annotation.texts[number]), **said}


def _texts_beside(points: np.ndarray, boxes: np.ndarray) -> dict[int, int]:
    """Map the number of each of the points (N, 2) that has a text beside it to that of its nearest box (K, 4)."""
    middles, heights = rows_of_letters(boxes)
    point, box = points_near_segments(points, middles, FROM_MIDDLE * heights.max(initial=0)).T
    outside = np.maximum(boxes[box, :2] - points[point], points[point] - boxes[box, 2:])
    distance = np.hypot(*np.maximum(outside, 0).T)
    near = np.flatnonzero(distance <= heights[box])
    farthest_first = near[np.argsort(-distance[near], kind="stable")]
    return dict(zip(point[farthest_first].tolist(), box[farthest_first].tolist(), strict=True))
