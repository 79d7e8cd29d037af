"""GraphML files hold the graph of a sheet in `STEM.graphml`, for yEd, Gephi, NetworkX and others.

graph_items.py says what nodes and edges are. Nodes are called n0, n1, ... and edges e0, e1, ...
(http://graphml.graphdrawing.org/specification.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.graph_items import graph_items
from wire_detection.sheets.safe_files import write_text

TYPES = {str: "string", int: "int", float: "double"}
"""Python's types -> those of GraphML."""

KEYS = {
    "graph": {"image": str, "width": int, "height": int, "stroke_width": float},
    "node": {"x": float, "y": float, "kind": str, "net": int, "type": str, "confidence": float},
    "edge": {"net": int, "kind": str, "wire": int, "confidence": float},
}
"""What is said of the graph, of a node and of an edge, and of which type it is."""


class Writer:
    """Writes STEM.graphml files into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        text = draw_graph(*graph_items(annotation))
        write_text(self.folder / f"{image.stem}.graphml", text)

    def finish(self) -> None:
        """Every file is written already."""


def draw_graph(about: dict, nodes: list[dict], edges: list[dict]) -> str:
    """Write the text of a file from the items of a graph."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [
        f'<key id="{_key(owner, name)}" for="{owner}" attr.name="{name}" attr.type="{TYPES[kind]}"/>'
        for owner, names in KEYS.items()
        for name, kind in names.items()
    ]
    lines += ['<graph edgedefault="undirected">', *_data("graph", about)]
    for node in nodes:
        lines.append(f'<node id="n{node["id"]}">{"".join(_data("node", node))}</node>')
    for number, edge in enumerate(edges):
        ends = f'source="n{edge["source"]}" target="n{edge["target"]}"'
        lines.append(f'<edge id="e{number}" {ends}>{"".join(_data("edge", edge))}</edge>')
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def _data(owner: str, item: dict) -> Iterator[str]:
    for name in KEYS[owner]:
        if name in item:
            yield f'<data key="{_key(owner, name)}">{escape(str(item[name]))}</data>'


def _key(owner: str, name: str) -> str:
    return f"{owner}_{name}"
