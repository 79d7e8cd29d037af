"""The words beside a net name it: netlists list them, and editors show them as labels.

A word belongs to the nearest wire that is no further from it than its letters are high. Editors connect what has labels
of one name, and nothing shall connect that the annotation keeps apart: what stands on several of its nets is no label.
"""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.net_graph import NetGraph
from wire_detection.sheets.geometry import nearest_on_segments, points_near_segments

FROM_MIDDLE = 1.5
"""From the middle of a row of letters, in their heights: one height beside them."""

NAME = re.compile(r"(?=.*[a-z])[a-z+~/_-]\S+", re.IGNORECASE | re.ASCII)
"""Names of nets begin with a letter or a sign and have two characters; values begin with a digit, pins may be one."""

DESIGNATOR = re.compile(r"(R|C|L|Q|M|MN|MP|U|J|K|T|X|Y|IC|SW|TP|FB|LED)\d+[A-Z]?")
"""Names of parts, as IEEE 315 and SPICE have them, but for letters that number the lines of buses too: A, B, D."""

MADE_UP = re.compile(r"net\d+", re.IGNORECASE)
"""Names that this program gives to nets which have none."""

UNUSUAL = re.compile(r"[^\w+.#~-]", re.ASCII)
"""Characters that one of the editors forbids in a name."""


def rows_of_letters(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the middle lines (K, 4) of text boxes (K, 4) along their longer sides, and their heights (K,)."""
    size = boxes[:, 2:] - boxes[:, :2]
    half = np.where(size[:, :1] >= size[:, 1:], [[1, 0]], [[0, 1]]) * size / 2
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.concatenate([middle - half, middle + half], 1), size.min(1)


def words_of_nets(annotation: Annotation, graph: NetGraph) -> dict[int, list[tuple[str, int]]]:
    """List for each net that has any the names beside it, the nearest first, each with the nearest point of the net."""
    numbers = [number for number, word in enumerate(annotation.words) if _is_name(word)]
    middles, heights = rows_of_letters(annotation.texts[numbers].astype(np.float64))
    text, point, distance = _near(middles, FROM_MIDDLE * heights.max(initial=0), graph)
    distance = distance / np.maximum(heights[text], 1e-9)
    order = np.argsort(distance, kind="stable")
    order = order[distance[order] <= FROM_MIDDLE]
    nearest = order[np.sort(np.unique(text[order], return_index=True)[1])]
    words = defaultdict(list)
    for number, where in zip(text[nearest].tolist(), point[nearest].tolist(), strict=True):
        word, others = annotation.words[numbers[number]].strip(), words[int(graph.point_nets[where])]
        if all(word != other for other, _ in others):  # words at the rim of a tile may be read twice
            others.append((word, where))
    return dict(words)


def _is_name(word: str) -> bool:
    word = word.strip()
    return bool(NAME.fullmatch(word)) and not DESIGNATOR.fullmatch(word) and not MADE_UP.fullmatch(word)


def _near(middles: np.ndarray, reach_px: float, graph: NetGraph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find texts (M,) by number and points (M,) of the graph whose wires are near them, and how far away (M,).

    Between a middle line and a wire that do not cross it is an end of one of them that comes nearest. Where one of the
    text's does, the point is the nearer one of the wire's ends.
    """
    ends, wires = np.concatenate([middles[:, :2], middles[:, 2:]]), graph.points[graph.edges].reshape(-1, 4)
    end, edge = points_near_segments(ends, wires, reach_px).T
    to_ends = np.linalg.norm(graph.points[graph.edges[edge]] - ends[end][:, None], axis=2)
    point, text = points_near_segments(graph.points, middles, reach_px).T
    return (
        np.concatenate([end % max(len(middles), 1), text]),
        np.concatenate([graph.edges[edge, to_ends.argmin(1)], point]),
        np.concatenate([_distances(ends[end], wires[edge]), _distances(graph.points[point], middles[text])]),
    )


def _distances(points: np.ndarray, segments: np.ndarray) -> np.ndarray:
    return np.hypot(*(points - nearest_on_segments(points, segments)).T)


def labels_of(annotation: Annotation, graph: NetGraph) -> list[tuple[int, str]]:
    """List the labels (point, name) that an editor needs, by points.

    Those at both ends of each link, where nothing is drawn between the parts of a net, and one of each further net that
    has a name of its own.
    """
    words = words_of_nets(annotation, graph)
    owners = defaultdict(set)
    for net, named in words.items():
        for word, _ in named:
            owners[_as_label(word).casefold()].add(net)
    labels, names = {}, {}
    for net, named in words.items():
        own = [(word, point) for word, point in named if owners[_as_label(word).casefold()] == {net}]
        if own:
            names[net], labels[own[0][1]] = _as_label(own[0][0]), _as_label(own[0][0])
    for point in np.unique(graph.links).tolist():
        net = int(graph.point_nets[point])
        labels[point] = names.get(net, f"net{net}")
    return sorted(labels.items())


def _as_label(word: str) -> str:
    return UNUSUAL.sub("_", word)
