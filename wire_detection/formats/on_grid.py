"""A net graph is laid on the grid of an editor, without a change of what connects.

Points move to the grid with the whole straight line that they lie on, so that lines stay straight. Where one came to
lie on a wire that it does not connect to, or a wire shrank to nothing, the lines stay where the sheet has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wire_detection.annotations.annotation import TILT_DEG
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.grid import Grid, find_grid
from wire_detection.formats.net_graph import NetGraph
from wire_detection.sheets.geometry import SHORTEST_PX, exact_rows, points_near_segments
from wire_detection.sheets.groups import connected_groups

WIDEST_LINE = 1.0
"""Points up to so many steps of the grid apart across their line stay one line: more is a tilt that is to be seen."""

SEARCH_STEP = 8
"""So long is a step of the grid where contacts are sought: `points_near_segments` looks along wires 16 at a time."""

AROUND = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 1], [-1, 1], [-1, -1], [1, -1]])
"""Directions in which a point is moved off a wire of another net."""

WIDEST_MOVE = 8
"""A point that is still on one after so many units in each direction lies in a knot of wires that nobody can tell."""


@dataclass(frozen=True)
class GridDrawing:
    """A net graph on a grid; coordinates of its `places` (P, 2) int are parts of a step, counted from grid.origin.

    parts: units in a step of the grid
    """

    graph: NetGraph
    grid: Grid
    places: np.ndarray
    parts: int

    def units(self, points) -> np.ndarray:
        """(N, 2) float64 places, in units of the drawing, of points (N, 2) of the sheet."""
        return (exact_rows(points, 2) - self.grid.origin) * (self.parts / self.grid.step_px)


def draw_on_grid(graph: NetGraph, stroke_px: float, parts: Sequence[int]) -> GridDrawing:
    """Lay a net graph on the grid of its sheet or, where that would change what connects, on parts of its step.

    Args:
        parts: how many parts, from few to many; the first that keeps wires of several nets apart is chosen, or else the
            last, and there what still touches is moved apart.

    Raises:
        AnnotationError: when wires of several nets lie on one another so that they cannot be told apart.
    """
    graph = _without_crumbs(graph)
    grid = find_grid(_line_places(graph.points, *_lines(graph, np.inf)), stroke_px)
    widest_px = WIDEST_LINE * grid.step_px
    graph = _without_straight_points(graph, _lines(graph, widest_px))
    lines = _lines(graph, widest_px)
    means = _line_places(graph.points, *lines)
    steps = (np.stack([mean[line] for mean, line in zip(means, lines, strict=True)], 1) - grid.origin) / grid.step_px
    for part in parts:
        places = _snapped_where_apart(graph, lines, steps, part)
        if not len(_wrong_points(graph, places, part)):
            break
    return GridDrawing(graph, grid, _moved_apart(graph, places, part), part)


def _lines(graph: NetGraph, widest_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Number the vertical line, and the horizontal one, on which each point lies: twice (P,) int.

    A line of points that are further apart than `widest_px` across it is none; each of them is alone.
    """
    step = np.abs(graph.points[graph.edges[:, 1]] - graph.points[graph.edges[:, 0]])
    slope = np.tan(np.radians(TILT_DEG))
    count = len(graph.points)
    numbers = []
    for across in (0, 1):
        along = graph.edges[step[:, across] <= slope * step[:, 1 - across]]
        lines = connected_groups(along, count)
        values = graph.points[:, across]
        low, high = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(low, lines, values)
        np.maximum.at(high, lines, values)
        lines = np.where((high - low)[lines] > widest_px, count + np.arange(count), lines)
        numbers.append(np.unique(lines, return_inverse=True)[1])
    return numbers[0], numbers[1]


def _line_places(points: np.ndarray, *lines: np.ndarray) -> list[np.ndarray]:
    """Find the mean x of each vertical line and the mean y of each horizontal one."""
    return [np.bincount(line, points[:, axis]) / np.maximum(np.bincount(line), 1) for axis, line in enumerate(lines)]


def _without_crumbs(graph: NetGraph) -> NetGraph:
    """Shrink edges of SHORTEST_PX or less to points, but for nets that have no longer one."""
    short = np.hypot(*(graph.points[graph.edges[:, 1]] - graph.points[graph.edges[:, 0]]).T) <= SHORTEST_PX
    short &= np.isin(graph.edge_nets, graph.edge_nets[~short])
    number = connected_groups(graph.edges[short], len(graph.points))
    first = np.unique(number, return_index=True)[1]
    return replace(
        graph,
        points=graph.points[first],
        point_nets=graph.point_nets[first],
        edges=number[graph.edges[~short]],
        edge_nets=graph.edge_nets[~short],
        edge_wires=graph.edge_wires[~short],
        links=number[graph.links],
        junctions=np.stack([number[graph.junctions[:, 0]], graph.junctions[:, 1]], 1),
    )


def _without_straight_points(graph: NetGraph, lines: tuple[np.ndarray, np.ndarray]) -> NetGraph:
    """Join the edges of each straight line of the grid between the points where it ends, branches or has a name."""
    kept = np.ones(len(graph.points), bool)
    one, other = graph.edges.T
    for along, line in ((1, lines[0]), (0, lines[1])):
        on_line = line[one] == line[other]
        forward = graph.points[other, along] > graph.points[one, along]
        low, high = np.where(forward, one, other)[on_line], np.where(forward, other, one)[on_line]
        count = len(graph.points)
        before, behind = np.bincount(high, minlength=count), np.bincount(low, minlength=count)
        kept &= (before != 1) | (behind != 1)
    kept |= graph.degrees != 2
    kept[np.concatenate([graph.links.ravel(), graph.junctions[:, 0]])] = True
    return _joined(graph, kept)


def _joined(graph: NetGraph, kept: np.ndarray) -> NetGraph:
    """Join the two edges at each point that is not `kept` (P,) bool; such points form chains, never rings."""
    ends, owners = graph.edges.ravel(), np.repeat(np.arange(len(graph.edges)), 2)
    order = np.argsort(ends, kind="stable")
    between = order[~kept[ends[order]]]
    chains = connected_groups(owners[between].reshape(-1, 2), len(graph.edges))
    outer = kept[ends]
    order = np.argsort(chains[owners[outer]], kind="stable")
    number = np.cumsum(kept) - 1
    first = np.unique(chains, return_index=True)[1]
    return replace(
        graph,
        points=graph.points[kept],
        point_nets=graph.point_nets[kept],
        edges=number[ends[outer][order].reshape(-1, 2)],
        edge_nets=graph.edge_nets[first],
        edge_wires=graph.edge_wires[first],
        links=number[graph.links],
        junctions=np.stack([number[graph.junctions[:, 0]], graph.junctions[:, 1]], 1),
    )


def _snapped_where_apart(
    graph: NetGraph, lines: tuple[np.ndarray, np.ndarray], steps: np.ndarray, parts: int
) -> np.ndarray:
    """Round `steps` (P, 2), or where lines would touch others or shrink the `parts` of steps: (P, 2) int in parts."""
    exact, snapped = np.rint(steps * parts).astype(np.int64), np.rint(steps).astype(np.int64) * parts
    stays = [np.zeros(line.max(initial=-1) + 1, bool) for line in lines]
    while True:
        places = np.stack([np.where(stays[a][lines[a]], exact[:, a], snapped[:, a]) for a in (0, 1)], 1)
        point, edge = _contacts(graph, places, parts).T
        wrong = np.concatenate([point, graph.edges[edge].ravel(), graph.edges[_shrunk(graph, places)].ravel()])
        if all(stay[line[wrong]].all() for stay, line in zip(stays, lines, strict=True)):
            return places
        for stay, line in zip(stays, lines, strict=True):
            stay[line[wrong]] = True


def _moved_apart(graph: NetGraph, places: np.ndarray, parts: int) -> np.ndarray:
    """Move points off wires of other nets, and ends of a wire off one another, by as few units as that takes."""
    moved = places.copy()
    for turn in range(len(AROUND) * WIDEST_MOVE):
        wrong = _wrong_points(graph, moved, parts)
        if not len(wrong):
            return moved
        directions = AROUND[(turn + graph.point_nets[wrong]) % len(AROUND)]
        moved[wrong] = places[wrong] + directions * (1 + turn // len(AROUND))
    x, y = graph.points[wrong[0]]
    raise AnnotationError(f"wires of several nets lie on one another at x {x:.0f}, y {y:.0f}; correct them first")


def _wrong_points(graph: NetGraph, places: np.ndarray, parts: int) -> np.ndarray:
    """Number the points that lie on a wire of another net, and the second one of each edge of no length."""
    point, edge = _contacts(graph, places, parts).T
    foreign = graph.point_nets[point] != graph.edge_nets[edge]
    return np.unique(np.concatenate([point[foreign], graph.edges[_shrunk(graph, places), 1]]))


def _shrunk(graph: NetGraph, places: np.ndarray) -> np.ndarray:
    """Number the edges whose two ends have one place."""
    return np.flatnonzero((places[graph.edges[:, 0]] == places[graph.edges[:, 1]]).all(1))


def _contacts(graph: NetGraph, places: np.ndarray, parts: int) -> np.ndarray:
    """(K, 2) int pairs of a point and an edge on which it lies, be it at an end, without being one of its points."""
    scale = SEARCH_STEP / parts
    segments = places[graph.edges].reshape(-1, 4)
    point, edge = points_near_segments(places * scale, segments * scale, 1e-6 * SEARCH_STEP).T
    foreign = (graph.edges[edge] != point[:, None]).all(1)
    point, edge = point[foreign], edge[foreign]
    (x, y), (step_x, step_y) = (places[point] - segments[edge, :2]).T, (segments[edge, 2:] - segments[edge, :2]).T
    on_line = x * step_y == y * step_x
    return np.stack([point, edge], 1)[on_line]
