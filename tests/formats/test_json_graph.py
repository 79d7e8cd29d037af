"""JSON graphs, read back with NetworkX."""

from __future__ import annotations

import json

import networkx

from tests.formats.test_graphml import assert_same_graph
from tests.helpers.meetings import meetings_annotation
from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.json_graph import Writer


def export(tmp_path, annotation: Annotation) -> networkx.MultiGraph:
    Writer(tmp_path).add(annotation, tmp_path / "a.v1.png")
    content = json.loads((tmp_path / "a.v1.graph.json").read_text(encoding="utf-8"))
    return networkx.node_link_graph(content, edges="edges")


def test_the_graph_is_read_back(tmp_path):
    graph = export(tmp_path, meetings_annotation())
    assert graph.is_multigraph() and not graph.is_directed()
    assert_same_graph(graph, meetings_annotation())


def test_wires_between_the_same_points_are_two_edges(tmp_path):
    twice = Annotation.build(image_path="a.png", image_shape=(30, 40), wires=[[5, 5, 30, 5]] * 2, nets=[[0, 1]])
    assert sorted(wire for *_, wire in export(tmp_path, twice).edges(data="wire")) == [0, 1]


def test_a_sheet_without_wires(tmp_path):
    assert len(export(tmp_path, Annotation.build(image_path="a.png", image_shape=(30, 40)))) == 0
