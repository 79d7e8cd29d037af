"""The graph of a sheet: kinds of nodes and edges, and what is said of each."""

from __future__ import annotations

from collections import Counter

from tests.helpers.meetings import meetings_annotation
from tests.helpers.sheets import whole_annotation
from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.graph_items import graph_items


def test_what_is_known_of_a_small_sheet():
    about, nodes, edges = graph_items(whole_annotation())
    assert about == {"image": "a.png", "width": 80, "height": 60, "stroke_width": 2.0}
    assert nodes[1] == {
        "id": 1,
        "x": 30.25,
        "y": 20.0,
        "kind": "junction",
        "net": 0,
        "type": "dot",
        "confidence": 0.875,
    }
    assert nodes[8] == {"id": 8, "x": 60.0, "y": 45.0, "kind": "junction", "type": "cross", "confidence": 1.0}
    assert nodes[9] == {"id": 9, "x": 15.0, "y": 45.0, "kind": "crossing", "type": "hop", "confidence": 0.75}
    assert edges[2] == {"source": 1, "target": 5, "net": 0, "kind": "wire", "wire": 1, "confidence": 0.75}


def test_kinds_of_nodes_and_edges():
    _, nodes, edges = graph_items(meetings_annotation())
    assert Counter(node["kind"] for node in nodes) == {"end": 17, "corner": 5, "junction": 3, "crossing": 3}
    assert Counter(edge["kind"] for edge in edges) == {"wire": 15, "bridge": 2, "link": 1}
    assert {node["type"] for node in nodes if node["kind"] == "crossing"} == {"crossing", "hop", "gap"}
    touched = {edge[end] for edge in edges for end in ("source", "target")}
    lone = [node["kind"] for node in nodes if node["id"] not in touched]
    assert lone == ["junction", "crossing", "crossing", "crossing"]


def test_a_sheet_without_wires():
    assert graph_items(Annotation.build(image_path="a.png", image_shape=(3, 4)))[1:] == ([], [])
