"""The graph of a sheet, as all formats of graphs write it: nodes with x and y, and edges that are pieces of wires.

A node is an `end` of a single wire, a `corner` where two go on, a `junction`, or a `crossing`. No edge ends at a
crossing, nor at a junction that lies on no wire: the connected parts of the graph that have edges are the nets. An edge
is a piece of a `wire`, a `bridge` over a hop or gap, or a `link` between parts of a net between which nothing is drawn.
"""

from __future__ import annotations

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.contract import plain, rounded
from wire_detection.formats.net_graph import BRIDGE, NetGraph, net_graph


def graph_items(annotation: Annotation) -> tuple[dict, list[dict], list[dict]]:
    """List what is known of the graph as such, of its nodes and of its edges.

    Every node has an `id`, every edge a `source` and a `target`, ids of nodes; what does not apply is left out.
    """
    height, width = annotation.image_shape
    about = {
        "image": plain(annotation.image_path),
        "width": width,
        "height": height,
        "stroke_width": round(annotation.stroke_px, 4),
    }
    graph = net_graph(annotation)
    nodes = _wired_nodes(graph, annotation) + _lone_nodes(graph, annotation)
    for number, node in enumerate(nodes):
        node["id"] = number
    return about, nodes, _edges(graph, annotation)


def _wired_nodes(graph: NetGraph, annotation: Annotation) -> list[dict]:
    """List the nodes of the points of a net graph, in their order."""
    kinds = np.select([graph.degrees == 1, graph.degrees == 2], ["end", "corner"], "junction").tolist()
    nodes = [
        {"x": x, "y": y, "kind": kind, "net": net}
        for (x, y), kind, net in zip(rounded(graph.points), kinds, graph.point_nets.tolist(), strict=True)
    ]
    for point, junction in graph.junctions.tolist():
        nodes[point].update(_junction(annotation, junction))
    return nodes


def _lone_nodes(graph: NetGraph, annotation: Annotation) -> list[dict]:
    """List the nodes at which no edge ends: junctions on no wire, then crossings."""
    alone = np.setdiff1d(np.arange(len(annotation.junctions)), graph.junctions[:, 1]).tolist()
    places = rounded(annotation.junctions)
    nodes = [{"x": places[n][0], "y": places[n][1], **_junction(annotation, n)} for n in alone]
    crossings = zip(
        rounded(annotation.crossings), annotation.crossing_types, annotation.crossing_confidences, strict=True
    )
    return nodes + [
        {"x": x, "y": y, "kind": "crossing", "type": plain(kind), "confidence": round(float(confidence), 3)}
        for (x, y), kind, confidence in crossings
    ]


def _junction(annotation: Annotation, number: int) -> dict:
    return {
        "kind": "junction",
        "type": plain(annotation.junction_types[number]),
        "confidence": round(float(annotation.junction_confidences[number]), 3),
    }


def _edges(graph: NetGraph, annotation: Annotation) -> list[dict]:
    confidences = np.round(annotation.wire_confidences.astype(np.float64), 3).tolist()
    edges = []
    for (source, target), net, wire in zip(
        graph.edges.tolist(), graph.edge_nets.tolist(), graph.edge_wires.tolist(), strict=True
    ):
        of_wire = {"kind": "wire", "wire": wire, "confidence": confidences[wire]} if wire != BRIDGE else {}
        edges.append({"source": source, "target": target, "net": net, "kind": "bridge", **of_wire})
    return edges + [
        {"source": source, "target": target, "net": int(graph.point_nets[source]), "kind": "link"}
        for source, target in graph.links.tolist()
    ]
