"""Nets and groups of any figure, against loops over all pairs and against NetworkX."""

from __future__ import annotations

from math import dist

import networkx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.figures import chained, distance, points, segments, steadily
from wire_detection.sheets.groups import connected_groups, members_of
from wire_detection.sheets.nets import connect_nets, wires_of_nets

END_PX, JUNCTION_PX, BODY_PX = 1.2345678, 2.3456789, 1.7654321
"""No distance between whole numbers comes near them by chance."""


@steadily
@given(
    st.integers(0, 9).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, max(n - 1, 0))] * 2)))
    )
)
def test_groups_are_the_components_that_networkx_finds(graph):
    count, edges = graph
    edges = edges if count else []
    plain = networkx.empty_graph(count)
    plain.add_edges_from(edges)
    groups = connected_groups(edges, count)
    components = sorted(map(sorted, networkx.connected_components(plain)))
    assert [members.tolist() for members in members_of(groups)] == components
    assert wires_of_nets(groups) == tuple(map(tuple, components))


@steadily
@given(segments, points)
def test_nets_are_the_chains_of_all_pairs_of_wires(wires, junctions):
    def connected(i: int, j: int) -> bool:
        one, other = wires[i], wires[j]
        ends = [(a[p : p + 2], b) for a, b in ((one, other), (other, one)) for p in (0, 2)]
        return (
            any(dist(one[p : p + 2], other[q : q + 2]) <= END_PX for p in (0, 2) for q in (0, 2))
            or any(distance(end, line) <= BODY_PX for end, line in ends)
            or any(max(distance(dot, one), distance(dot, other)) <= JUNCTION_PX for dot in junctions)
        )

    nets = connect_nets(wires, junctions, end_px=END_PX, junction_px=JUNCTION_PX, body_px=BODY_PX)
    groups = chained(len(wires), connected)
    assert nets.tolist() == [sorted(set(groups)).index(group) for group in groups]


@steadily
@given(segments, points, st.randoms(use_true_random=False))
def test_the_order_and_direction_of_wires_change_no_net(wires, junctions, random):
    order = random.sample(range(len(wires)), len(wires))
    other = [wires[i] if random.random() < 0.5 else wires[i][2:] + wires[i][:2] for i in order]
    one, two = (connect_nets(w, junctions, end_px=END_PX, junction_px=JUNCTION_PX) for w in (wires, other))
    moved = np.empty_like(one)
    moved[order] = two
    assert (np.equal.outer(one, one) == np.equal.outer(moved, moved)).all()
