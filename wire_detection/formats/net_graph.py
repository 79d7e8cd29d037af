"""A net graph cuts the wires of an annotation at the points where they connect.

Programs that connect wires only where ends meet see in it the nets that the annotation states: two of its nets share no
point, wherever they cross, and a net that goes through a hop or a gap is bridged there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.objects import nets_by_wire
from wire_detection.sheets.geometry import exact_rows, points_near_segments
from wire_detection.sheets.groups import connected_groups, members_of
from wire_detection.sheets.nets import connect_nets, facing_ends

CLOSE_STROKES = 0.5
"""Wires of one net that come so near, in stroke widths, meet there: their strokes overlap."""

REACH_STROKES = 2.0
"""An end that meets nothing so close, or another part of its net, looks so far: as far apart as readings let ends lie.
"""

BODY_STROKES = 1.5
"""The same of an end beside the inside of a wire, where the annotation states no nets."""

OWN_SHARE = 0.45
"""A wire's end reaches no further than this share of its length, or short wires would shrink to points."""

ENDS_AT_CROSSING = 16
"""Ends nearest to a hop or gap among which the two that face one another across it are sought."""

BRIDGE = -1
"""Stands for the number of a wire where an edge bridges a hop or a gap."""


@dataclass(frozen=True)
class NetGraph:
    """The points where wires end, turn or connect, and the edges between them; coordinates are the annotation's.

    points: (P, 2) float64 x y              point_nets: (P,) int
    edges: (E, 2) int, points at both ends  edge_nets: (E,) int      edge_wires: (E,) int, of which wire, or BRIDGE
    links: (L, 2) int, pairs of points of one net between whose parts nothing is drawn
    junctions: (J, 2) int, a point and the number of the annotation's junction that lies there
    """

    points: np.ndarray
    point_nets: np.ndarray
    edges: np.ndarray
    edge_nets: np.ndarray
    edge_wires: np.ndarray
    links: np.ndarray
    junctions: np.ndarray

    @property
    def degrees(self) -> np.ndarray:
        """(P,) int, how many edges end at each point."""
        return np.bincount(self.edges.ravel(), minlength=len(self.points))


def wire_nets(annotation: Annotation) -> np.ndarray:
    """Number the net of each wire, (N,) int: as `nets` of the annotation does, and from there on those in none.

    Where the annotation states no nets, those that its wires, junctions and crossings make.
    """
    count = len(annotation.wires)
    stated = nets_by_wire(annotation)
    if stated:
        alone = iter(range(len(annotation.nets), len(annotation.nets) + count))
        return np.array([stated[wire] if wire in stated else next(alone) for wire in range(count)], int)
    reach_px = REACH_STROKES * annotation.stroke_px
    return connect_nets(
        annotation.wires,
        annotation.junctions,
        end_px=reach_px,
        junction_px=reach_px,
        body_px=BODY_STROKES * annotation.stroke_px,
        passed=annotation.passed,
    )


@dataclass(frozen=True)
class Members:
    """The numbers of the wires and junctions of a net, in rising order."""

    wires: tuple[int, ...]
    junctions: tuple[int, ...]


def members_by_net(annotation: Annotation, graph: NetGraph) -> dict[int, Members]:
    """List the nets in rising order of their numbers, those that the annotation states without any wire included."""
    wires: dict[int, list[int]] = {net: [] for net in range(len(annotation.nets))}
    junctions: dict[int, list[int]] = {}
    for wire, net in enumerate(wire_nets(annotation).tolist()):
        wires.setdefault(net, []).append(wire)
    for point, junction in graph.junctions.tolist():
        junctions.setdefault(int(graph.point_nets[point]), []).append(junction)
    return {net: Members(tuple(wires[net]), tuple(sorted(junctions.get(net, ())))) for net in sorted(wires)}


def net_graph(annotation: Annotation) -> NetGraph:
    """Cut the wires of an annotation where those of one net meet, and connect what is left apart of each net."""
    reach_px, nets = REACH_STROKES * annotation.stroke_px, wire_nets(annotation)
    wires = exact_rows(annotation.wires, 4)
    anchors, anchor_nets, marks = _anchors(wires, nets, annotation.junctions, reach_px)
    meetings = _meetings(wires, nets, anchors, anchor_nets, reach_px)
    is_end = meetings.end >= 0
    same = np.stack([meetings.anchor, meetings.end], 1)[is_end]
    groups = connected_groups(same, len(anchors))
    cuts = ~is_end
    edges, edge_wires = _edges(len(wires), groups, meetings.wire[cuts], meetings.share[cuts], meetings.anchor[cuts])
    points = _places(anchors, groups, 2 * len(wires), meetings.anchor[cuts], meetings.foot[cuts])
    point_nets = np.zeros(len(points), int)
    point_nets[groups] = anchor_nets
    bridges = _bridges(wires, nets, groups, annotation.passed, reach_px)
    edges = np.concatenate([edges, bridges])
    return NetGraph(
        points=points,
        point_nets=point_nets,
        edges=edges,
        edge_nets=point_nets[edges[:, 0]],
        edge_wires=np.concatenate([edge_wires, np.full(len(bridges), BRIDGE)]),
        links=_links(points, point_nets, edges),
        junctions=np.stack([groups[2 * len(wires) :], marks], 1),
    )


@dataclass(frozen=True)
class _Meetings:
    """Anchors that lie on wires of their net: which `anchor` (K,) on which `wire`, at which `share` of its length.

    end: the anchor of the wire's end that lies there, -1 on its inside      foot: (K, 2), the nearest point of the wire
    """

    anchor: np.ndarray
    wire: np.ndarray
    share: np.ndarray
    end: np.ndarray
    foot: np.ndarray


def _anchors(
    wires: np.ndarray, nets: np.ndarray, junctions, reach_px: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Collect (A, 2) starts, then ends, of the wires, then each junction once for each net on it.

    Also (A,) their nets, and (J,) the numbers of the junctions.
    """
    at_junction = points_near_segments(junctions, wires, reach_px)
    marks = np.unique(np.stack([at_junction[:, 0], nets[at_junction[:, 1]]], 1), axis=0)
    points = np.concatenate([wires[:, :2], wires[:, 2:], exact_rows(junctions, 2)[marks[:, 0]]])
    return points, np.concatenate([nets, nets, marks[:, 1]]), marks[:, 0]


def _meetings(
    wires: np.ndarray, nets: np.ndarray, anchors: np.ndarray, anchor_nets: np.ndarray, reach_px: float
) -> _Meetings:
    count = len(wires)
    lengths = np.hypot(*(wires[:, 2:] - wires[:, :2]).T)
    reaches = np.full(len(anchors), reach_px)
    reaches[: 2 * count] = np.minimum(reach_px, OWN_SHARE * np.tile(lengths, 2))
    anchor, wire = points_near_segments(anchors, wires, reach_px).T
    others = (anchor_nets[anchor] == nets[wire]) & ((anchor >= 2 * count) | (anchor % max(count, 1) != wire))
    anchor, wire = anchor[others], wire[others]
    step = wires[wire, 2:] - wires[wire, :2]
    share = ((anchors[anchor] - wires[wire, :2]) * step).sum(1) / np.maximum((step**2).sum(1), 1e-18)
    share = np.clip(share, 0, 1)
    foot = wires[wire, :2] + share[:, None] * step
    distance = np.hypot(*(anchors[anchor] - foot).T)
    near = distance <= reaches[anchor]
    anchor, wire, share, foot, distance = (values[near] for values in (anchor, wire, share, foot, distance))
    met = _really_met(anchor, wire, distance <= reach_px * CLOSE_STROKES / REACH_STROKES, len(anchors), count)
    anchor, wire, share, foot = anchor[met], wire[met], share[met], foot[met]
    at_start = share < 0.5
    at_end = np.where(at_start, share, 1 - share) * lengths[wire] <= np.minimum(reach_px, OWN_SHARE * lengths[wire])
    return _Meetings(anchor, wire, share, np.where(at_end, np.where(at_start, wire, wire + count), -1), foot)


def _really_met(anchor: np.ndarray, wire: np.ndarray, close: np.ndarray, anchors: int, count: int) -> np.ndarray:
    """(K,) bool, which anchors meet which of the `count` wires, of (K,) that lie near one another.

    Those that are `close` (K,) bool do, and further ones where the anchor has none so close or it is in another part.
    """
    own = np.arange(anchors)
    own[: 2 * count] %= max(count, 1)
    own[2 * count :] -= count  # junctions stand behind the wires
    parts = connected_groups(np.stack([own[anchor], wire], 1)[close], anchors - count)
    alone = np.ones(anchors, bool)
    alone[anchor[close]] = False
    return close | alone[anchor] | (parts[own[anchor]] != parts[wire])


def _edges(
    count: int, groups: np.ndarray, wire: np.ndarray, share: np.ndarray, anchor: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cut `count` wires at the `share` of their lengths where an `anchor` lies: (E, 2) points, (E,) wires."""
    every = np.arange(count)
    owner = np.concatenate([every, wire, every])
    places = np.concatenate([np.full(count, -1.0), share, np.full(count, 2.0)])
    point = np.concatenate([groups[:count], groups[anchor], groups[count : 2 * count]])
    order = np.lexsort((places, owner))
    owner, point = owner[order], point[order]
    kept = (owner[:-1] == owner[1:]) & (point[:-1] != point[1:])
    return np.stack([point[:-1], point[1:]], 1)[kept], owner[:-1][kept]


def _places(anchors: np.ndarray, groups: np.ndarray, first_mark: int, cut: np.ndarray, foot: np.ndarray) -> np.ndarray:
    """Place the point of each group of anchors: on the wires that it cuts, or else at its junction, or amid its ends.

    Args:
        first_mark: number of the first anchor that is a junction.
        cut: (K,) anchors that cut a wire, at the points `foot` (K, 2).
    """
    count = groups.max(initial=-1) + 1
    points = np.zeros((count, 2))
    for owners, where in ((groups, anchors), (groups[first_mark:], anchors[first_mark:]), (groups[cut], foot)):
        number = np.bincount(owners, minlength=count)
        sums = np.stack([np.bincount(owners, where[:, axis], minlength=count) for axis in (0, 1)], 1)
        points[number > 0] = sums[number > 0] / number[number > 0, None]
    return points


def _bridges(wires: np.ndarray, nets: np.ndarray, groups: np.ndarray, passed, reach_px: float) -> np.ndarray:
    """(K, 2) points of the two ends of one net that face one another across a hop or a gap at one of `passed`."""
    count, passed = len(wires), exact_rows(passed, 2)
    if not count or not len(passed):
        return np.zeros((0, 2), int)
    ends = np.concatenate([wires[:, :2], wires[:, 2:]])
    near = cKDTree(ends).query(passed, k=min(ENDS_AT_CROSSING, 2 * count))[1].reshape(len(passed), -1)
    bridges = []
    for point, around in zip(passed, near, strict=True):
        candidates = np.unique(around % count)
        facing = facing_ends(wires[candidates], [point], reach_px)
        pairs = candidates[facing % len(candidates)]
        anchors = pairs + count * (facing < len(candidates))  # it numbers the ends of wires before their starts
        bridges.extend(groups[anchors[nets[pairs[:, 0]] == nets[pairs[:, 1]]]])
    bridges = np.array(bridges, int).reshape(-1, 2)
    return bridges[bridges[:, 0] != bridges[:, 1]]


def _links(points: np.ndarray, point_nets: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(L, 2) points, one link for each part of a net apart from its largest, from it to the nearest point of that."""
    parts = connected_groups(edges, len(points))
    whole = members_of(parts)
    by_net: dict[int, list[int]] = {}
    for part, members in enumerate(whole):
        by_net.setdefault(point_nets[members[0]], []).append(part)
    links = []
    for apart in by_net.values():
        if len(apart) == 1:
            continue
        largest = max(apart, key=lambda part: len(whole[part]))
        tree = cKDTree(points[whole[largest]])
        for part in apart:
            if part != largest:
                distances, nearest = tree.query(points[whole[part]])
                first = int(np.argmin(distances))
                links.append((whole[largest][nearest[first]], whole[part][first]))
    return np.array(links, int).reshape(-1, 2)
