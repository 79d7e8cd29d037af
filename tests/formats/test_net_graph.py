"""Wires cut where they connect: the nets are those that the annotation states."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from tests.helpers.meetings import meetings_annotation
from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.formats.net_graph import BRIDGE, Members, members_by_net, net_graph, wire_nets
from wire_detection.sheets.groups import connected_groups


def annotate(wires, **further) -> Annotation:
    return Annotation.build(image_path="a.png", image_shape=(200, 200), wires=wires, **further)


def parts_of(graph) -> list[int]:
    """The nets of the connected parts, sorted."""
    parts = connected_groups(np.concatenate([graph.edges, graph.links]), len(graph.points))
    pairs = {(part, net) for part, net in zip(parts.tolist(), graph.point_nets.tolist(), strict=True)}
    return sorted(net for _, net in pairs)


def test_a_wire_is_cut_where_a_stem_ends_on_it():
    graph = net_graph(annotate([[0, 50, 100, 50], [40, 51, 40, 90]], nets=[[0, 1]]))
    ends = [sorted(map(tuple, graph.points[edge].tolist())) for edge in graph.edges]
    assert ends == [[(0, 50), (40, 50)], [(40, 50), (100, 50)], [(40, 50), (40, 90)]]
    assert graph.edge_wires.tolist() == [0, 0, 1] and graph.degrees.tolist() == [1, 3, 1, 1]


def test_a_crossing_connects_only_with_a_junction():
    wires = [[0, 50, 100, 50], [40, 0, 40, 90]]
    assert len(net_graph(annotate(wires, nets=[[0], [1]])).edges) == 2
    graph = net_graph(annotate(wires, junctions=[[40, 50]], nets=[[0, 1]]))
    assert len(graph.edges) == 4 and graph.junctions.tolist() == [[4, 0]]
    assert graph.points[4].tolist() == [40, 50] and graph.degrees[4] == 4


def test_wires_of_several_nets_share_no_point_where_they_touch():
    graph = net_graph(annotate([[0, 50, 100, 50], [40, 50, 40, 90]], junctions=[[40, 50]], nets=[[0], [1]]))
    assert parts_of(graph) == [0, 1] and [graph.point_nets[p] for p, _ in graph.junctions] == [0, 1]


def test_every_net_is_one_part_with_bridges_over_hops_and_gaps_and_links_elsewhere():
    graph = net_graph(meetings_annotation())
    assert parts_of(graph) == [0, 1, 2, 3, 4, 5]
    bridges = graph.points[graph.edges[graph.edge_wires == BRIDGE]].tolist()
    assert sorted(sorted(bridge) for bridge in bridges) == [[[75, 160], [85, 160]], [[200, 55], [200, 65]]]
    assert [sorted(link) for link in graph.points[graph.links].tolist()] == [[[100, 280], [300, 280]]]


def test_nets_without_numbers_are_found_or_follow_those_with_one():
    wires = [[0, 50, 100, 50], [100, 50, 100, 90], [0, 10, 50, 10]]
    assert wire_nets(annotate(wires)).tolist() == [0, 0, 1]
    assert wire_nets(annotate(wires, nets=[[2], []])).tolist() == [2, 3, 0]
    hop = annotate([[0, 50, 45, 50], [55, 50, 100, 50]], crossings=[[50, 50]], crossing_types=["hop"])
    assert wire_nets(hop).tolist() == [0, 0]


def test_short_wires_stay_in_a_chain():
    chain = [[x, 50, x + 3, 50 + x % 2] for x in range(0, 30, 3)]
    graph = net_graph(annotate(chain, nets=[range(10)], metadata={"stroke_width": 3.0}))
    assert graph.edge_wires.tolist() == list(range(10)) and graph.degrees.tolist().count(1) == 2


def test_ends_of_readings_meet_across_two_strokes_and_no_further():
    corner = [[0, 50, 100, 50], [103.5, 52, 103.5, 90]]
    assert len(net_graph(annotate(corner, nets=[[0, 1]])).links) == 1
    assert len(net_graph(annotate(corner, nets=[[0, 1]], metadata={"stroke_width": 2.5})).links) == 0


def test_members_of_nets():
    annotation = meetings_annotation()
    members = members_by_net(annotation, net_graph(annotation))
    assert members[0] == Members((0, 1), (0,)) and members[4] == Members((8, 9), (1,))
    assert members[5] == Members((10, 11), ()) and list(members) == list(range(6))
    empty = replace(annotation, nets=(*annotation.nets, ()))
    assert members_by_net(empty, net_graph(empty))[6] == Members((), ())


def test_nothing_is_normal():
    graph = net_graph(annotate([], junctions=[[5, 5]], crossings=[[9, 9]], crossing_types=["hop"]))
    assert graph.points.shape == (0, 2) and graph.edges.shape == graph.links.shape == graph.junctions.shape == (0, 2)


def test_drawn_sheets_keep_their_nets_and_wires():
    for seed in range(6):
        _, annotation = draw_sheet(seed, size=(900, 700), degradation=0)
        graph = net_graph(annotation)
        assert parts_of(graph) == list(range(len(annotation.nets)))
        assert set(graph.edge_wires.tolist()) - {BRIDGE} == set(range(len(annotation.wires)))


def test_ten_thousand_wires_take_seconds():
    x, y = (axis.ravel() * 10.0 for axis in np.meshgrid(np.arange(100), np.arange(50)))
    wires = np.concatenate([np.stack([x, y, x + 10, y], 1), np.stack([x, y, x, y + 10], 1)])
    start = time.process_time()
    graph = net_graph(annotate(wires, nets=[range(len(wires))]))
    assert len(graph.edges) == len(wires) == 10_000 and time.process_time() - start < 10
