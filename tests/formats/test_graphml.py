"""GraphML files, read back with NetworkX."""

from __future__ import annotations

import networkx
import pytest

from tests.helpers.meetings import meetings_annotation
from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.formats.graph_items import graph_items
from wire_detection.formats.graphml import Writer


def export(tmp_path, annotation: Annotation) -> networkx.Graph:
    Writer(tmp_path).add(annotation, tmp_path / "a.png")
    (path,) = tmp_path.iterdir()
    assert path.suffix == ".graphml"
    return networkx.read_graphml(path, node_type=lambda name: int(name.removeprefix("n")))


def assert_same_graph(graph: networkx.Graph, annotation: Annotation) -> None:
    """`graph` has the items of the annotation, and its connected parts with edges are the nets."""
    about, nodes, edges = graph_items(annotation)
    assert {key: graph.graph[key] for key in about} == about
    assert [{"id": node, **data} for node, data in graph.nodes(data=True)] == nodes
    read = [{"source": source, "target": target, **data} for source, target, data in graph.edges(data=True)]
    assert sorted(map(_either_way, read)) == sorted(map(_either_way, edges))
    parts = [part for part in networkx.connected_components(graph) if len(part) > 1]
    nets = [{graph.nodes[node]["net"] for node in part} for part in parts]
    assert sorted(map(list, nets)) == [[net] for net in range(len(annotation.nets))]


def _either_way(edge: dict) -> str:
    ends = sorted((edge["source"], edge["target"]))
    return repr((ends, sorted((key, value) for key, value in edge.items() if key not in ("source", "target"))))


def test_the_graph_is_read_back(tmp_path):
    graph = export(tmp_path, meetings_annotation())
    for *_, data in graph.edges(data=True):
        data.pop("id", None)
    assert_same_graph(graph, meetings_annotation())


@pytest.mark.parametrize("style", ["kicad", "drafting"])
def test_drawn_sheets_keep_their_nets(tmp_path, style):
    _, annotation = draw_sheet(3, size=(900, 700), style=style)
    graph = export(tmp_path, annotation)
    parts = [part for part in networkx.connected_components(graph) if len(part) > 1]
    assert len(parts) == len(annotation.nets) == len({graph.nodes[min(part)]["net"] for part in parts})


def test_names_that_xml_forbids(tmp_path):
    graph = export(tmp_path, Annotation.build(image_path='a & <b> "c"\x01.png', image_shape=(3, 4)))
    assert graph.graph["image"] == 'a & <b> "c"\N{REPLACEMENT CHARACTER}.png' and len(graph) == 0
